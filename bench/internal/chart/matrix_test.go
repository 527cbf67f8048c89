package chart

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// matrix is every kind of chart with the data that are hard on a layout: names
// that are long or look like HTML, 1 and 40 variants, one sample and thousands,
// missing cells, values without intervals, six decades, many workers.
func matrix() map[string]figurer {
	const sentence = "Whether goroutine-per-item-with-a-very-long-name differs from <script>alert(1)</script> & \"others\" is unclear with 64 workers"
	name := func(i int) string {
		return []string{"mutex", "a-variant-with-a-name-that-goes-on-and-on-and-on", "<script>alert(1)</script>", "channel & \"lock\""}[i%4] + fmt.Sprint("-", i)
	}
	charts := make(map[string]figurer)
	for _, variants := range []int{1, 4, 40} {
		for _, workers := range []int{1, 4, 8} {
			dots := Dots{Title: sentence, Subtitle: sentence, XLabel: "time of one operation", Log: true, Format: nanoseconds, Reference: 3, ReferenceLabel: "as fast as sequential"}
			lines := Lines{Title: sentence, Subtitle: sentence, XLabel: "workers", YLabel: "speedup over the sequential loop", LogY: true, IdealFrom: 1, Mark: 2, MarkLabel: "2 cores"}
			strips := Strips{Title: sentence, Subtitle: sentence, XLabel: "time of one operation", Log: true, Format: nanoseconds}
			for w := range workers {
				dots.Series = append(dots.Series, fmt.Sprintf("%d goroutines", 1<<w))
			}
			for i := range variants {
				row, line, strip := Row{Label: name(i)}, Line{Name: name(i)}, Strip{Label: name(i)}
				for w := range workers {
					v := math.Pow(10, math.Mod(float64(i*7+w*3)*0.61, 6))
					pt := Point{X: v, Lo: v * 0.7, Hi: v * 1.5, Label: nanoseconds(math.Round(v))}
					switch (i + w) % 7 {
					case 3:
						pt = Point{Missing: true, Label: "not measured"}
					case 5:
						pt.Open = true
					}
					row.Points = append(row.Points, pt)
					if !pt.Missing {
						line.Points = append(line.Points, XY{X: float64(int(1) << w), Y: v, Lo: pt.Lo, Hi: pt.Hi})
					}
					for k := range []int{1, 20, 200}[i%3] {
						strip.Samples = append(strip.Samples, v*(1+0.2*math.Sin(float64(k))))
					}
				}
				dots.Rows, lines.Series, strips.Rows = append(dots.Rows, row), append(lines.Series, line), append(strips.Rows, strip)
			}
			of := fmt.Sprintf("%d-%d", variants, workers)
			charts["dots-"+of], charts["lines-"+of], charts["strips-"+of] = dots, lines, strips
			charts["timeline-"+of] = matrixTimeline(sentence, name, variants, workers)
		}
	}
	for _, threads := range []int{1, 2, 6} {
		s := Schedule{Title: sentence, Subtitle: sentence, State: []StateRow{{Name: name(1), Start: "0"}, {Name: name(2), Start: "a list of many words"}}}
		for i := range threads {
			s.Lanes = append(s.Lanes, name(i))
		}
		for i := range 12 * threads {
			s.Steps = append(s.Steps, Step{Lane: i % threads, Label: []string{"load", "compare-and-swap"}[i%2], Detail: "n = " + fmt.Sprint(1000*i), Kind: []string{"", "stale read", name(3)}[i%3]})
			s.State[0].Values = append(s.State[0].Values, fmt.Sprint(i))
			s.State[1].Values = append(s.State[1].Values, "some <b>words</b>")
			if i > 1 && threads > 1 {
				s.Arrows = append(s.Arrows, Arrow{i - 1, i})
			}
		}
		charts[fmt.Sprint("schedule-", threads)] = s
	}
	return charts
}

// matrixTimeline has a sequential group above a parallel one with so many lanes.
func matrixTimeline(title string, name func(int) string, items, lanes int) Timeline {
	t := Timeline{Title: title, Subtitle: title, XLabel: "milliseconds", Unit: 1e-3, Kinds: []string{"work", "wait"}, Idle: []string{"wait"}}
	lane := func(first, step int) (spans []Span) {
		at := 0.0
		for i := first; i < items*items; i += step {
			end := at + 0.0001*float64(1+i%5)
			spans = append(spans, Span{at, end, t.Kinds[i%2], fmt.Sprint(i)})
			at = end
		}
		if first == 1 {
			spans = append(spans, Span{at, at, "note", "done " + name(2)})
		}
		return spans
	}
	t.Groups = []Group{{name(1), []Lane{{"worker 1", lane(0, 1)}}}, {Name: name(2)}}
	for i := range lanes * lanes {
		t.Groups[1].Lanes = append(t.Groups[1].Lanes, Lane{fmt.Sprint("worker ", i+1), lane(i, lanes*lanes)})
	}
	return t
}

// A box is where a text of an SVG is.
type box struct {
	text           string
	x0, x1, y0, y1 vg.Length
}

var textTag = regexp.MustCompile(`<text x="([^"]*)" y="([^"]*)"[^>]*>([^<]*)</text>`)

// boxes returns where the texts of an SVG are, from the top left.
func boxes(svg []byte) (all []box) {
	for _, m := range textTag.FindAllSubmatch(svg, -1) {
		x, _ := strconv.ParseFloat(string(m[1]), 64)
		y, _ := strconv.ParseFloat(string(m[2]), 64)
		p := labelPen
		switch tag := string(m[0]); {
		case strings.Contains(tag, "font-size:12px"):
			p = titlePen
		case strings.Contains(tag, "weight:bold"):
			p = headingPen
		}
		s := html.UnescapeString(string(m[3]))
		// Capitals and their descenders, which may touch the line above.
		all = append(all, box{s, vg.Length(x), vg.Length(x) + p.width(s), vg.Length(y) - 0.7*p.size(), vg.Length(y) + 0.15*p.size()})
	}
	return all
}

// Nothing is cut, no text lies on another, and no SVG is large.
func TestMatrix(t *testing.T) {
	slowUnderRace(t)
	for name, c := range matrix() {
		t.Run(name, func(t *testing.T) {
			f := mustFigure(t, c)
			svg := mustSVG(t, c)
			if len(svg) > 100_000 {
				t.Errorf("%d bytes", len(svg))
			}
			parse(t, svg)
			texts := boxes(svg)
			for i, a := range texts {
				if a.x0 < 1 || a.y0 < 1 || a.x1 > f.width-1 || a.y1 > f.height-1 {
					t.Errorf("%q is cut: %v", a.text, a)
				}
				for _, b := range texts[:i] {
					if a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1 {
						t.Errorf("%q lies on %q: %v, %v", a.text, b.text, a, b)
					}
				}
			}
			if testing.Verbose() { // to be looked at, with -artifacts
				keep(t, name, c)
			}
		})
	}
}

// Every colour of the palette is seen on the paper, every text read, on white
// and on dark.
func TestContrast(t *testing.T) {
	least := map[string]float64{"paper": 1, "grid": 1, "track": 1, "rule": 2.5, "on-dark": 0, "on-light": 0, "ink": 4.5, "text": 4.5, "faint": 4.5}
	for _, p := range paints {
		want, ok := least[p.name]
		if !ok {
			want = 3
		}
		if got := contrast(p.light, paper); got < want {
			t.Errorf("%s on white: %.2f, want %g", p.name, got, want)
		}
		if got := contrast(p.dark, paints[0].dark); got < want {
			t.Errorf("%s on dark: %.2f, want %g", p.name, got, want)
		}
	}
	dark := make(map[string]paint)
	for _, p := range paints {
		dark[hex(p.light)] = p
	}
	for i, c := range palette {
		on := inkOn(c)
		if got := contrast(on, c); got < 4.5 {
			t.Errorf("text on colour %d: %.2f", i+1, got)
		}
		if got := contrast(dark[hex(on)].dark, dark[hex(c)].dark); got < 4.5 {
			t.Errorf("text on colour %d in the dark: %.2f", i+1, got)
		}
		for k := range i {
			if paints[9+i].dark == paints[9+k].dark {
				t.Errorf("colours %d and %d are one in the dark", k+1, i+1)
			}
		}
	}
	for i, p := range paints {
		for _, q := range paints[:i] {
			if name, err := paintOf(hex(p.light)); err != nil || name != p.name || p.name == q.name {
				t.Errorf("%s is taken for %q, %v", p.name, name, err)
			}
		}
	}
	if _, err := paintOf("#123456"); err == nil {
		t.Error("a colour without a dark counterpart is accepted")
	}
}

var (
	classes  = regexp.MustCompile(`class="([^"]*)"`)
	selector = regexp.MustCompile(`(?m)([^{}\n]+)\{`)
)

// An SVG brings rules for all its classes and for nothing else, and every
// colour has its dark counterpart. Nothing refers to an id, which would have to
// be unique on a page of several charts.
func TestStyleSheet(t *testing.T) {
	for _, s := range samples {
		svg := string(mustSVG(t, s.chart))
		if !strings.Contains(svg, `<svg xmlns="http://www.w3.org/2000/svg" class="il" role="img"`) {
			t.Errorf("%s: the root is not of class il", s.name)
		}
		_, rules, _ := strings.Cut(svg, "<style>")
		rules, body, _ := strings.Cut(rules, "</style>")
		light, dark, _ := strings.Cut(rules, "@media screen and (prefers-color-scheme:dark)")
		for _, m := range selector.FindAllStringSubmatch(light+dark, -1) {
			if sel := m[1]; !strings.HasPrefix(sel, "svg.il .il-") && sel != ":where(body svg.il)" && sel != ":where(svg.il)" {
				t.Errorf("%s: a rule for %s", s.name, sel)
			}
		}
		for _, m := range classes.FindAllStringSubmatch(body, -1) {
			for class := range strings.FieldsSeq(m[1]) {
				if !strings.Contains(light, "svg.il ."+class+"{") {
					t.Errorf("%s: no rule for %s", s.name, class)
				}
				if name := strings.TrimSuffix(class, "-l"); class != "il-half" && !strings.Contains(dark, "--"+name+":#") {
					t.Errorf("%s: %s is not dark in the dark", s.name, class)
				}
			}
		}
		for _, odd := range []string{" id=", "url(", "href", "transform", "fill:", "stroke:"} {
			if strings.Contains(body, odd) {
				t.Errorf("%s: %q in the document", s.name, odd)
			}
		}
	}
	const pixels = float64(pageWidth) * 4 / 3
	if size := float64(leastText) * 4 / 3 * SmallestWidth / pixels; size < 9 {
		t.Errorf("text is %.2f pixels high at %d", size, SmallestWidth)
	}
	if size := float64(leastText) * 4 / 3 * 360 / pixels; size < 7 {
		t.Errorf("text is %.2f pixels high at 360", size)
	}
}
