package gate

import (
	"bytes"
	"strings"
	"testing"
)

const toleranceRules = `rules:
  - cases: nap/many/workers=2$
    speedup: ">= 1.9"
  - benchmarks: Encode
    regression: {against: base, tolerance: 3%}
  - benchmarks: ^encode$/small
    allocs: "<= 0"
    regression:
      against: base
      tolerance: 10%
`

func TestTolerances(t *testing.T) {
	b, err := ParseBudgets("budgets.yaml", []byte(toleranceRules))
	if err != nil {
		t.Fatal(err)
	}
	all, err := b.Tolerances()
	if err != nil || len(all) != 2 {
		t.Fatalf("%v, %v", all, err)
	}
	for name, want := range map[string]float64{
		"BenchmarkEncode": 0.03, "BenchmarkReencode/large": 0.03, "BenchmarkEncode/small": 0.1, "BenchmarkEncode/smaller/x": 0.1, "BenchmarkReencode/small": 0.03, "BenchmarkDecode": 0,
	} {
		got := 0.0
		for _, tolerance := range all {
			if tolerance.Matches(name) {
				got = tolerance.Part
			}
		}
		if got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	// The same file serves check, which leaves these rules alone.
	questions, err := b.Resolve(toys(), 2)
	if err != nil || len(questions) != 1 {
		t.Errorf("%v, %v", questions, err)
	}
	var out bytes.Buffer
	if err := b.Explain(&out, questions); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(out.String()), " ")
	if n := strings.Count(text, "asked by interleave diff -budgets FILE"); n != 2 {
		t.Errorf("diff is named %d times in\n%s", n, out.String())
	}
	if n := strings.Count(text, "asked by check -new FILE"); n != 1 || !strings.Contains(text, "above that of the base by at most 10 %") {
		t.Errorf("check -new is named %d times in\n%s", n, out.String())
	}
}

// A rule that selects nothing is a mistake, unless what it selects may be in
// what was not run.
func TestTolerancesUnused(t *testing.T) {
	b, err := ParseBudgets("budgets.yaml", []byte(toleranceRules))
	if err != nil {
		t.Fatal(err)
	}
	all, err := b.Tolerances()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		names, functions []string
		unused           string // of the last rule
	}{
		{[]string{"BenchmarkEncode/small"}, nil, ""},
		{[]string{"BenchmarkEncode/large"}, []string{"BenchmarkEncode"}, ""},
		{[]string{"BenchmarkEncode/large"}, []string{"BenchmarkDecode"}, "budgets.yaml:6: benchmarks ^encode$/small selects nothing"},
		{nil, nil, "budgets.yaml:6: "},
	} {
		err := all[1].Unused(test.names, test.functions)
		if test.unused == "" && err != nil || test.unused != "" && (err == nil || !strings.HasPrefix(err.Error(), test.unused)) {
			t.Errorf("%v, %v: %v, want %q", test.names, test.functions, err, test.unused)
		}
	}
	none, err := ParseBudgets("budgets.yaml", []byte("rules:\n  - benchmarks: a\n    allocs: \"<= 0\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := none.Tolerances(); err == nil || !strings.HasPrefix(err.Error(), "budgets.yaml: no rule is about a comparison of revisions") {
		t.Errorf("%v", err)
	}
}

// A pattern of the command line means what it means in a file.
func TestNewTolerance(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"^parse", "BenchmarkParse", true},
		{"^Parse$/small", "BenchmarkParse/small", true},
		{"^Parse$/small", "BenchmarkParse", false},
		{"Parse", "BenchmarkReparse/x", true},
		{"Benchmark", "BenchmarkParse", false},
		{"example", "BenchmarkParse", false},
	} {
		tolerance, err := NewTolerance("-tolerance "+test.pattern+"=60%", test.pattern, 0.6)
		if err != nil {
			t.Fatal(err)
		}
		if got := tolerance.Matches(test.name); got != test.want || tolerance.Part != 0.6 {
			t.Errorf("%s, %s: %v, %v", test.pattern, test.name, got, tolerance.Part)
		}
		err = tolerance.Unused([]string{test.name}, nil)
		if unused := "-tolerance " + test.pattern + "=60%: " + test.pattern + " selects nothing"; test.want != (err == nil) || err != nil && !strings.HasPrefix(err.Error(), unused) {
			t.Errorf("%s, %s: %v", test.pattern, test.name, err)
		}
	}
	if _, err := NewTolerance("-tolerance a(=5%", "a(", 0.05); err == nil || !strings.HasPrefix(err.Error(), `-tolerance a(=5%: "a(" is not a regular expression`) {
		t.Errorf("%v", err)
	}
}
