package gate

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench"
)

// toys are scenarios to write rules about.
func toys() []bench.Scenario {
	none := func(context.Context, bench.Setup) (*bench.Trial, error) { return nil, nil }
	return []bench.Scenario{
		{Name: "nap", Fixed: 1, Workers: []int{2, 8}, Variants: []bench.Variant{{Name: "one", New: none, Headline: true}, {Name: "many", New: none, Headline: true}}},
		{Name: "count", Workers: []int{1, 2}, Params: []bench.Param{{Name: "size", Values: []string{"small", "large"}}}, Variants: []bench.Variant{
			{Name: "plain", New: none, Workers: []int{1}}, {Name: "lock", New: none, Contended: true}, {Name: "atom", New: none},
			{Name: "wild", New: none, Racy: true, Workers: []int{2}},
		}},
	}
}

const fullBudgets = `# all that there is
rules:
  - name: naps overlap
    cases: nap/many/workers=2$
    speedup: ">= 1.9"
    required: true
  - cases: count/large/atom
    params: {size: large}
    scaling: ">= 1.5"
    ratio: "<= 0.8"
    versus: count/large/lock/workers=1$
    needs: {cpus: 2, cgo: true, same-machine: true}
  - cases: count/small/(plain|lock|atom)
    allocs: "<= 0"
    lost: 0
    race: clean
  - cases: count/small/wild
    race: found
  - name: like before
    cases: nap
    regression: {against: reference, tolerance: 5%}
    portable: true
`

func TestResolveAndExplain(t *testing.T) {
	b, err := ParseBudgets("budgets.yaml", []byte(fullBudgets))
	if err != nil {
		t.Fatal(err)
	}
	questions, err := b.Resolve(toys(), 2)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.Explain(&out, questions); err != nil {
		t.Fatal(err)
	}
	golden(t, "explain.txt", out.Bytes())
}

// TestBadBudgets is the part of the table of bad inputs that is about the file
// itself: each is an error of one line that names the line of the file.
func TestBadBudgets(t *testing.T) {
	rule := func(lines ...string) string { return "rules:\n  - " + strings.Join(lines, "\n    ") + "\n" }
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "budgets.yaml: the budgets file is empty"},
		{"comments only", "# nothing yet\n", "budgets.yaml: the budgets file is empty"},
		{"bad YAML", "rules:\n  - cases: [nap\n", "this is not YAML"},
		{"tab", "rules:\n\t- cases: nap\n", "this is not YAML"},
		{"binary", "\x00\x01\x02", "budgets.yaml"},
		{"two documents", fullBudgets + "---\nrules: []\n", "second document"},
		{"a list at the top", "- cases: nap\n", "budgets.yaml:1: there is a list, not the key rules"},
		{"unknown key at the top", "rulez: []\n", `budgets.yaml:1: unknown key "rulez"`},
		{"no rules", "rules: []\n", "budgets.yaml:1: rules is empty"},
		{"rules without a list", "rules:\n", "budgets.yaml:1: rules is nothing"},
		{"a rule that is a word", "rules:\n  - nap\n", "budgets.yaml:2: a rule is a value"},
		{"unknown key", rule("cases: nap", `speedupp: ">= 1.9"`), `budgets.yaml:3: unknown key "speedupp"`},
		{"key twice", rule("cases: nap", "cases: nap", "lost: 0"), "budgets.yaml:3: "},
		{"no cases", rule("lost: 0"), "budgets.yaml:2: the rule selects nothing"},
		{"nothing asked", rule("cases: nap"), "budgets.yaml:2: the rule asks nothing"},
		{"selects nothing", rule("cases: snooze", "lost: 0"), `budgets.yaml:2: the pattern "snooze" matches no case`},
		{"bad pattern", rule("cases: nap(", "lost: 0"), "budgets.yaml:2: the pattern"},
		{"only baselines", rule("cases: nap/one", `speedup: ">= 1"`), "budgets.yaml:3: nap/one selects no case that has a speedup"},
		{"only one worker", rule("cases: count/small/atom/workers=1$", `scaling: ">= 1"`), "selects no case that has a scaling"},
		{"no one worker", rule("cases: nap/many", `scaling: ">= 1"`), "is never measured with one worker"},
		{"racy speedup", rule("cases: count/small/wild", `speedup: ">= 1"`), "Count/size=small/variant=wild/workers=2-2 races"},
		{"unknown parameter", rule("cases: count", "params: {weight: 2}", "lost: 0"), `budgets.yaml:3: no scenario has`},
		{"unknown value", rule("cases: count", "params: {size: huge}", "lost: 0"), `budgets.yaml:3: parameter size has no value "huge"`},
		{"bound without an operator", rule("cases: nap/many", "speedup: 1.9"), "budgets.yaml:3: speedup is \"1.9\": write a bound in quotes"},
		{"bound without quotes", rule("cases: nap/many", "speedup: >= 1.9"), "budgets.yaml:3: a bound needs quotes"},
		{"bound with another operator", rule("cases: nap/many", `speedup: "> 1.9"`), "budgets.yaml:3: speedup is \"> 1.9\": a bound begins with >= or <="},
		{"bound beyond all numbers", rule("cases: nap/many", `speedup: "<= 1e400"`), "must be a positive number of a usual size"},
		{"UTF-16", "\xff\xfer\x00u\x00", "budgets.yaml:1: this is UTF-16: save it as UTF-8"},
		{"bound that is no number", rule("cases: nap/many", `speedup: ">= fast"`), "budgets.yaml:3: speedup is \">= fast\""},
		{"NaN", rule("cases: nap/many", `speedup: ">= NaN"`), "must be a positive number"},
		{"infinite", rule("cases: nap/many", `speedup: ">= Inf"`), "must be a positive number"},
		{"zero", rule("cases: nap/many", `speedup: ">= 0"`), "must be a positive number"},
		{"negative", rule("cases: nap/many", `allocs: "<= -1"`), "must be a positive number"},
		{"at least so many allocations", rule("cases: nap/many", `allocs: ">= 1"`), "fewer allocations are never wrong"},
		{"some may be lost", rule("cases: nap/many", "lost: 1"), "budgets.yaml:3: lost is \"1\": it must be 0"},
		{"race maybe", rule("cases: nap/many", "race: maybe"), "budgets.yaml:3: race is \"maybe\": write clean or found"},
		{"percentage without a sign", rule("cases: nap/many", "regression: {against: reference, tolerance: 5}"), "budgets.yaml:3: tolerance is \"5\": write the percent sign"},
		{"percentage that is none", rule("cases: nap/many", "regression: {against: reference, tolerance: much}"), "write a percentage such as 5%"},
		{"negative percentage", rule("cases: nap/many", "regression: {against: reference, tolerance: -5%}"), "above 0%"},
		{"against nothing", rule("cases: nap/many", "regression: {tolerance: 5%}"), "regression is not complete"},
		{"against main", rule("cases: nap/many", "regression: {against: main, tolerance: 5%}"), "against is \"main\""},
		{"cases against base", rule("cases: nap/many", "regression: {against: base, tolerance: 5%}"), "budgets.yaml:2: against: base is for benchmarks"},
		{"regression as a word", rule("cases: nap/many", "regression: 5%"), "budgets.yaml:3: regression is a value"},
		{"ratio without versus", rule("cases: count", `ratio: "<= 0.8"`), "ratio needs to know"},
		{"versus without ratio", rule("cases: count", "lost: 0", "versus: count"), "budgets.yaml:4: versus belongs to ratio"},
		{"versus too many", rule("cases: count/small/atom", `ratio: "<= 0.8"`, "versus: count/small/lock"), "budgets.yaml:4: versus \"count/small/lock\" matches 2 cases"},
		{"versus elsewhere", rule("cases: count/small/atom", `ratio: "<= 0.8"`, "versus: nap/many/workers=2$"), "matches 0 cases"},
		{"portable without regression", rule("cases: nap/many", "lost: 0", "portable: true"), "portable belongs to regression"},
		{"required perhaps", rule("cases: nap/many", "lost: 0", "required: perhaps"), "budgets.yaml:4: required is \"perhaps\": write true or false"},
		{"unknown need", rule("cases: nap/many", "lost: 0", "needs: {gpu: 1}"), "budgets.yaml:4: unknown need \"gpu\""},
		{"no CPUs", rule("cases: nap/many", "lost: 0", "needs: {cpus: 0}"), "cpus is \"0\""},
		{"anchor", "rules: &a\n  - cases: nap\n    lost: 0\n", "anchors, aliases and tags are not read"},
		{"given twice", rule("cases: nap/many", `speedup: ">= 1.9"`) + "  - cases: nap\n    speedup: \">= 1.8\"\n", "is given twice, as speedup >= 1.9 on line 3"},
		{"contradicting bounds", rule("cases: nap/many", `speedup: ">= 1.9"`) + "  - cases: nap\n    speedup: \"<= 1.8\"\n", "contradicts speedup >= 1.9 on line 3"},
		{"contradicting bounds, the upper first", rule("cases: nap/many", `speedup: "<= 1.8"`) + "  - cases: nap\n    speedup: \">= 1.9\"\n", "contradicts speedup <= 1.8 on line 3"},
		{"contradicting races", rule("cases: count/small/lock", "race: clean") + "  - cases: count/small/lock\n    race: found\n", "contradicts race clean on line 3"},
		{"the same name", rule("cases: nap/many", "name: a", "lost: 0") + "  - cases: nap/one\n    name: a\n    lost: 0\n", "stands on line 2, too"},
	} {
		b, err := ParseBudgets("budgets.yaml", []byte(tt.text))
		if err == nil {
			_, err = b.Resolve(toys(), 2)
		}
		switch {
		case err == nil:
			t.Errorf("%s: no error", tt.name)
		case !strings.Contains(err.Error(), tt.want):
			t.Errorf("%s: error %q, want %q in it", tt.name, err, tt.want)
		case strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "budgets.yaml"):
			t.Errorf("%s: the error is not one line that names the file: %q", tt.name, err)
		}
	}
}

// A mark of UTF-8 at the beginning, and the line ends of other systems, do no
// harm.
func TestOtherEditors(t *testing.T) {
	text := strings.ReplaceAll("\ufeffrules:\n  - cases: nap/many\n    lost: 0\n", "\n", "\r\n")
	if b, err := ParseBudgets("budgets.yaml", []byte(text)); err != nil || len(b.Rules) != 1 {
		t.Errorf("%+v, %v", b, err)
	}
}

// TestBoundsThatAgree holds that a lower and an upper bound may stand together.
func TestBoundsThatAgree(t *testing.T) {
	b, err := ParseBudgets("budgets.yaml", []byte("rules:\n  - cases: nap/many\n    speedup: \">= 1.9\"\n  - cases: nap/many\n    speedup: \"<= 1.9\"\n"))
	if err == nil {
		_, err = b.Resolve(toys(), 2)
	}
	if err != nil {
		t.Error(err)
	}
}

// FuzzBudgets holds that no file makes the parser panic, and that what it
// accepts is complete and can be resolved or refused.
func FuzzBudgets(f *testing.F) {
	f.Add([]byte(fullBudgets))
	f.Add([]byte("rules:\n  - cases: nap\n    lost: 0\n"))
	f.Add([]byte("rules: [{cases: nap, lost: 0}]"))
	f.Add([]byte("rules: [{benchmarks: a/b, regression: {against: base, tolerance: 3%}}]"))
	f.Add([]byte("? a\n: b\n"))
	f.Add([]byte("rules:\n  - cases: |\n      nap\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ParseBudgets("budgets.yaml", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "budgets.yaml") {
				t.Errorf("error %q does not name the file", err)
			}
			return
		}
		if len(b.Rules) == 0 {
			t.Error("a file without rules was accepted")
		}
		for _, r := range b.Rules {
			if r.Cases+r.Benchmarks == "" || len(r.Asks) == 0 || r.Name == "" || r.Line < 1 {
				t.Errorf("an incomplete rule was accepted: %+v", r)
			}
		}
		tolerances, err := b.Tolerances()
		for _, tolerance := range tolerances {
			if err != nil || !(tolerance.Part > 0) {
				t.Errorf("%v and the tolerance %v", err, tolerance.Part)
			}
			tolerance.Matches("BenchmarkA/b")
		}
		questions, err := b.Resolve(toys(), 2)
		aboutFiles := func(r Rule) bool { return r.Benchmarks != "" }
		if err == nil && len(questions) == 0 && !slices.ContainsFunc(b.Rules, aboutFiles) {
			t.Error("rules that ask nothing were accepted")
		}
	})
}
