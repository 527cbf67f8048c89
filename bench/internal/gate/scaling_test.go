package gate

import (
	"strings"
	"testing"
)

const scalingBudgets = `rules:
  - name: encoding scales
    benchmarks: ^Encode
    from: 1
    to: 4
    scaling: ">= 2"
  - name: no allocations
    benchmarks: Encode
    allocs: "<= 0"
`

// askFile answers budgets about a file.
func askFile(t *testing.T, budgets, text string) (*Report, error) {
	t.Helper()
	b, err := ParseBudgets("budgets.yaml", []byte(budgets))
	if err != nil {
		return nil, err
	}
	f, err := parseBenchFile("new.txt", []byte(text))
	if err != nil {
		return nil, err
	}
	r := new(Report)
	return r, b.AskFile(f, r)
}

func TestScalingOfAFile(t *testing.T) {
	file := func(four float64, more string) string {
		return goTest("p").bench("Encode", 10, 100, more).bench("Encode-2", 10, 60, more).bench("Encode-4", 10, four, more).
			bench("Decode", 10, 50, "").end()
	}
	const none = "\t 0 B/op\t 0 allocs/op"
	for _, tt := range []struct {
		name, text string
		want       Outcome
		allocs     Outcome
		reason     string
		code       int
	}{
		{"it scales", file(30, none), Pass, Pass, "", 0},
		{"a lock came back", file(95, none), Fail, Pass, "misses the bound", 1},
		{"near the bound", file(50, none), Undecided, Pass, "contains the bound: (about|no number)", 0},
		{"it allocates", file(30, "\t 8 B/op\t 1 allocs/op"), Pass, Fail, "", 1},
		{"allocations not measured", file(30, ""), Pass, Broken, "", 2},
		{"one value of -cpu", goTest("p").bench("Encode", 10, 100, none).end(), Broken, Pass, "GOMAXPROCS=1 only: measure with -cpu 1,4", 2},
		{"the other value", goTest("p").bench("Encode-4", 10, 100, none).end(), Broken, Pass, "GOMAXPROCS=4 only", 2},
		{"one sample", goTest("p").bench("Encode", 1, 100, none).bench("Encode-4", 1, 30, none).end(), Undecided, Pass, "too few samples", 0},
		{"a number at the end of a name", goTest("p").bench("Encode/size-64", 10, 100, none).bench("Encode/size-64-4", 10, 30, none).end(), Pass, Pass, "", 0},
	} {
		r, err := askFile(t, scalingBudgets, tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		s := outcomeOf(t, r, "encoding scales")
		if s.Outcome != tt.want || !matches(tt.reason, s.Reason) {
			t.Errorf("%s: %v (%s), want %v (%s)", tt.name, s.Outcome, s.Reason, tt.want, tt.reason)
		}
		if got := outcomeOf(t, r, "no allocations"); got.Outcome != tt.allocs {
			t.Errorf("%s: allocations %v (%s), want %v", tt.name, got.Outcome, got.Reason, tt.allocs)
		}
		if code := r.ExitCode(false); code != tt.code {
			t.Errorf("%s: exit code %d, want %d", tt.name, code, tt.code)
		}
		if s.Outcome == Pass && (s.Estimate.Value < 3 || s.Estimate.Value > 4 || s.Line != 6 || s.File != "budgets.yaml") {
			t.Errorf("%s: %+v", tt.name, s)
		}
	}
}

func TestScalingOfTwoPackages(t *testing.T) {
	w := goTest("a").bench("Encode", 6, 100, "").bench("Encode-4", 6, 30, "")
	w.head("b")
	w.bench("Encode", 6, 100, "").bench("Encode-4", 6, 99, "")
	r, err := askFile(t, strings.Split(scalingBudgets, "  - name: no")[0], w.end())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Results) != 2 || r.Results[0].Subject != "a.Encode" || r.Results[0].Outcome != Pass || r.Results[1].Outcome != Fail {
		t.Errorf("%+v", r.Results)
	}
}

func TestBadFileRules(t *testing.T) {
	text := goTest("p").bench("Encode", 6, 100, "").bench("Encode-2", 6, 100, "").end()
	for rule, want := range map[string]string{
		"benchmarks: Encode\n    scaling: '>= 2'":                                                "budgets.yaml:2: .*add from: 1 and to: 4",
		"benchmarks: Encode\n    from: 4\n    to: 1\n    scaling: '>= 2'":                        "to must be the larger",
		"benchmarks: Encode\n    from: 0\n    to: 1\n    scaling: '>= 2'":                        "budgets.yaml:3: from is \"0\"",
		"benchmarks: Encode\n    from: 1\n    to: 4":                                             "asks nothing",
		"benchmarks: Encode\n    from: 1\n    to: 4\n    allocs: '<= 0'":                         "which this rule does not ask for",
		"benchmarks: Encode\n    speedup: '>= 2'":                                                "budgets.yaml:3: speedup cannot be asked",
		"benchmarks: Encode\n    cases: x\n    allocs: '<= 0'":                                   "two rules",
		"benchmarks: Encode\n    params: {a: b}\n    allocs: '<= 0'":                             "have no meaning",
		"cases: x\n    from: 1\n    to: 4\n    scaling: '>= 2'":                                  "belong to benchmarks",
		"benchmarks: 'En(code'\n    allocs: '<= 0'":                                              "budgets.yaml:2: benchmarks is \"En\\(code\"",
		"benchmarks: Unpack\n    allocs: '<= 0'":                                                 "budgets.yaml:2: benchmarks Unpack selects nothing in new.txt",
		"benchmarks: Encode\n    from: 4\n    to: 8\n    scaling: '>= 2'":                        "with GOMAXPROCS 4 and 8: measure with -cpu 4,8",
		"benchmarks: Encode/large\n    from: 1\n    to: 2\n    scaling: '>= 2'":                  "selects nothing",
		"benchmarks: Encode\n    from: 1\n    to: 2\n    scaling: 2":                             "write a bound in quotes",
		"benchmarks: Encode\n    from: 1\n    to: 2\n    scaling: '>= 2'\n    at: most":          "unknown key \"at\"",
		"benchmarks: Encode\n    regression: {against: reference, tolerance: 5%}":                "budgets.yaml:3: benchmarks have no reference: write against: base",
		"benchmarks: Encode\n    regression: {against: base, tolerance: 5%}\n    required: true": "budgets.yaml:2: required has no meaning",
	} {
		if _, err := askFile(t, "rules:\n  - "+rule+"\n", text); err == nil || !matches(want, err.Error()) {
			t.Errorf("%s\nerror %v, want %q", rule, err, want)
		}
	}
}
