package page

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQuantity(t *testing.T) {
	for text, want := range map[string]float64{
		"1": 1, "2.00 ±0.01": 2, "1/20 ±0.6": 0.05, "6.83 ns ±6.4%": 6.83, "1.5 µs": 1500, "102 ms ±0.2%": 102e6, "2 s": 2e9,
		"12%": 0.12, "12 %": 0.12, "<0.1%": 0.001, "18/20": 0.9, "18 of 20": 0.9, "0.1–15 %": 0.001, "2Mi": 2 << 20, "1k": 1000, "-3": -3, "2.95×": 2.95,
	} {
		if got, ok := quantity(text); !ok || got < want*0.999999 && want > 0 || got > want*1.000001 && want > 0 || want < 0 && got != want {
			t.Errorf("quantity(%q) = %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "–", "unclear", "mutex 8.36", "0 of 0", "a–b", "1/0", "sequential (at 1)", "NaN", "Inf", "±", "no rate", "3 to 6 forks"} {
		if got, ok := quantity(text); ok {
			t.Errorf("quantity(%q) = %v, want none", text, got)
		}
	}
}

func TestInline(t *testing.T) {
	const in = `<?xml version="1.0"?><!DOCTYPE svg><!-- c --><svg xmlns="http://www.w3.org/2000/svg" width="1pt" viewBox="0 0 1 1" aria-labelledby="t">
<title id="t">a &amp; b &lt;</title><defs><clipPath id="c"><rect width="3"/></clipPath></defs>
<g clip-path="url( '#c' )"><use href="#c"/><text> x  y</text></g></svg>
`
	const want = `<svg viewBox="0 0 1 1" aria-labelledby="p-t"><title id="p-t">a &amp; b &lt;</title><defs><clipPath id="p-c"><rect width="3"/></clipPath></defs>` +
		`<g clip-path="url(#p-c)"><use href="#p-c"/><text> x  y</text></g></svg>`
	got, err := inline([]byte(in), "p-")
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
	for in, why := range map[string]string{
		"":                                      "no end",
		"x":                                     "no end",
		"<svg>":                                 "no end",
		"<svg></g></svg>":                       "no beginning",
		"</svg>":                                "no beginning",
		"<html></html>":                         "no <html>",
		"<g></g>":                               "is one <svg>",
		"<svg></svg><svg></svg>":                "is one <svg>",
		"<svg><script>x</script></svg>":         "no <script>",
		"<svg><x:script/></svg>":                "no <x:script>",
		"<svg><foreignObject/></svg>":           "no <foreignObject>",
		"<svg><image href='x'/></svg>":          "no <image>",
		"<svg onload='x'/>":                     "no attribute onload",
		"<svg><g OnClick='x'/></svg>":           "no attribute OnClick",
		"<svg><use href='//x'/></svg>":          "outside itself",
		"<svg><g style='fill:url(x)'/></svg>":   "from elsewhere",
		"<svg><style>@import 'x'</style></svg>": "from elsewhere",
		"<svg><style>a{b:url(//x)}</style></svg>":    "from elsewhere",
		"<svg><style>a{b:u\\72l(//x)}</style></svg>": "from elsewhere",
		"<svg><g style='a:\\75rl(//x)'/></svg>":      "from elsewhere",
	} {
		if got, err := inline([]byte(in), "p-"); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %q, %v, want an error with %q", in, got, err, why)
		}
	}
}

func TestParse(t *testing.T) {
	const in = "# One\n\na  \nb\nc\n\n- x\n  - y `z`\n- https://a.b/c\n\n| h\\|1 | n |\n|:--|--:|\n| a | 1 | 2 |\n| b |\n\n```go\n# no heading\n```\n![p](q.svg)\n## Two\n```\nopen"
	got := parse(in)
	want := []Block{
		{Level: 1, Text: "One"},
		{Lines: []string{"a", "b c"}},
		{Items: []Item{{Text: "x"}, {Depth: 1, Text: "y z"}, {Text: "https://a.b/c", Link: true}}},
		{Table: &Grid{Head: []Head{{Text: "h|1", Left: true}, {Text: "n"}}, Rows: [][]Cell{
			{{Text: "a", Left: true}, {Text: "1", Sort: "1"}}, {{Text: "b", Left: true}, {}},
		}}},
		{Code: "# no heading\n"},
		{Level: 2, Text: "Two"},
		{Code: "open\n"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Whatever a file holds, it is read, nothing is made up, and tables have a cell
// for each head.
func FuzzParse(f *testing.F) {
	f.Add("# a\n\n- b\n\n| c |\n|---|\n| d |\n\n```\ne\n")
	f.Add("|\n|\n||")
	f.Add("- ")
	f.Add("\\|\n  - x\n#\n####### y\n```")
	f.Fuzz(func(t *testing.T, text string) {
		for _, b := range parse(text) {
			parts := 0
			for _, there := range []bool{b.Level > 0, b.Lines != nil, b.Items != nil, b.Code != "", b.Table != nil} {
				if there {
					parts++
				}
			}
			if parts != 1 {
				t.Errorf("a block has %d parts: %+v", parts, b)
			}
			if b.Table == nil {
				continue
			}
			for _, row := range b.Table.Rows {
				if len(row) != len(b.Table.Head) {
					t.Errorf("a row has %d cells below %d heads", len(row), len(b.Table.Head))
				}
			}
		}
	})
}

// What comes out of a chart is an SVG element, and nothing that acts.
func FuzzInline(f *testing.F) {
	f.Add(`<svg><g id="a" style="x:url(#a)"/><text>&lt;</text></svg>`)
	f.Add(`<svg><style>a</style></svg>`)
	f.Add("<svg a='\"'/>")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := inline([]byte(text), "p-")
		if err != nil {
			return
		}
		low := strings.ToLower(string(got))
		if !strings.HasPrefix(low, "<svg") || strings.Contains(low, "<script") || strings.Contains(low, "<foreignobject") {
			t.Errorf("%q gave %q", text, got)
		}
		again, err := inline([]byte(got), "")
		if err != nil || again != got {
			t.Errorf("%q gave %q, and that %q (%v)", text, got, again, err)
		}
	})
}

func TestIDs(t *testing.T) {
	v := &view{ids: map[string]bool{"answers": true}}
	for _, tt := range [][2]string{
		{"counter", "counter"}, {"counter", "counter-2"}, {"Counter", "counter-3"}, {"answers", "answers-2"}, {"", "s-"},
		{"1µs x", "s-1-s-x"}, {"<script>", "s--script-"}, {"a_b-c", "a_b-c"},
	} {
		if got := v.id(tt[0]); got != tt[1] {
			t.Errorf("id(%q) = %q, want %q", tt[0], got, tt[1])
		}
	}
}
