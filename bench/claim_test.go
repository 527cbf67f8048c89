package bench

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// claimable are scenarios that claims can be about.
func claimable() []Scenario {
	never := func(context.Context, Setup) (*Trial, error) { return nil, nil }
	return []Scenario{{
		Name: "sleep", Workers: []int{2, 8}, Params: []Param{{Name: "step", Values: []string{"10ms", "1s"}}},
		Variants: []Variant{{Name: "sequential", New: never, Workers: []int{1}}, {Name: "goroutines", New: never}},
	}}
}

func goroutines(workers int) Case {
	return Case{Scenario: "sleep", Variant: "goroutines", Workers: workers}
}

func soundRule() Rule {
	return Rule{Label: "x", Quantity: Quantity{Of: Speedup, Case: goroutines(2)}, Is: AtLeast, Bound: 2, Tolerance: 0.05, Yes: "%s", No: "no"}
}

func TestCheckClaims(t *testing.T) {
	if err := CheckClaims([]Claim{{Name: "a-1", Text: "x", Rules: []Rule{soundRule()}}}, claimable()); err != nil {
		t.Fatal(err)
	}
	one := func(change func(*Rule)) []Claim {
		r := soundRule()
		change(&r)
		return []Claim{{Name: "a", Text: "x", Rules: []Rule{r}}}
	}
	for _, tt := range []struct {
		claims []Claim
		want   string
	}{
		{[]Claim{{Name: "A b"}}, `claim 1: it is called "A b": give it a Name of lower case letters`},
		{[]Claim{{Name: ""}}, `claim 1: it is called ""`},
		{append(one(func(*Rule) {}), one(func(*Rule) {})...), `claim "a" is defined twice`},
		{[]Claim{{Name: "a", Rules: []Rule{soundRule()}}}, `claim "a": it has no Text`},
		{[]Claim{{Name: "a", Text: "x"}}, "it stands on no rule"},
		{one(func(r *Rule) { r.Beside = true }), "it stands on no rule"},
		{one(func(r *Rule) { r.Label = "" }), "rule 1: it has no Label"},
		{one(func(r *Rule) { r.Yes = "%s of %s" }), "with %s at most once"},
		{one(func(r *Rule) { r.No = "5 % less" }), "with %s at most once"},
		{one(func(r *Rule) { r.No = "" }), "with %s at most once"},
		{one(func(r *Rule) { r.Is = "=" }), `there is no relation "="`},
		{one(func(r *Rule) { r.Is = None }), `"none" cannot be asked of "speedup"`},
		{one(func(r *Rule) { r.Quantity.Of = Wrong }), `">=" cannot be asked of "wrong"`},
		{one(func(r *Rule) { r.Quantity.Of, r.Is = Schedules, None }), "its schedules are of no Pattern"},
		{one(func(r *Rule) { r.Quantity.Of, r.Is, r.Quantity.Over = Wrong, None, goroutines(8) }), "leave out Over"},
		{one(func(r *Rule) { r.Quantity.Of = "size" }), `there is no measure "size"`},
		{one(func(r *Rule) { r.Quantity.Of = Time }), "divide it by that of another case"},
		{one(func(r *Rule) { r.Quantity.Of = Metric }), "has no Unit"},
		{one(func(r *Rule) { r.Bound = 0 }), "its Bound must be positive"},
		{one(func(r *Rule) { r.Tolerance = 1 }), "a part from 0 to 1"},
		{one(func(r *Rule) { r.Is, r.Tolerance = About, 0 }), "give it a Tolerance"},
		{one(func(r *Rule) { r.Quantity.Case.Scenario = "x" }), `there is no scenario "x"`},
		{one(func(r *Rule) { r.Quantity.Case.Variant = "x" }), `has no variant "x"`},
		{one(func(r *Rule) { r.Quantity.Case.Workers = 3 }), "is not measured with 3 workers"},
		{one(func(r *Rule) { r.Quantity.Over = goroutines(3) }), "is not measured with 3 workers"},
		{one(func(r *Rule) { r.Quantity.Case.Params = "step=2s" }), "choose among step=10ms, step=1s"},
		{one(func(r *Rule) { r.Quantity.Case.Procs = -1 }), "its GOMAXPROCS is negative"},
	} {
		err := CheckClaims(tt.claims, claimable())
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want %q", err, tt.want)
		}
	}
}

func TestRuleWords(t *testing.T) {
	one := goroutines(2)
	one.Params, one.Procs = "step=1s", 1
	for want, r := range map[string]Rule{
		"the speedup of sleep goroutines workers=2 is at least 1.9": soundRule(),
		"the time of sleep step=1s goroutines workers=2 at GOMAXPROCS=1 over that of sleep goroutines workers=8 is at most 1.05": {
			Quantity: Quantity{Of: Time, Case: one, Over: goroutines(8)}, Is: AtMost, Bound: 1, Tolerance: 0.05},
		"the number of busy cores of sleep goroutines workers=2, divided by the number of cores, is 0.5 within a factor of 1.1": {
			Quantity: Quantity{Of: Metric, Unit: "cpus", Case: goroutines(2), PerCore: true}, Is: About, Bound: 0.5, Tolerance: 0.1},
		"the metric late-ns of sleep goroutines workers=2 is at most 1ms": {Quantity: Quantity{Of: Metric, Unit: "late-ns", Case: goroutines(2)}, Is: AtMost, Bound: 1e6},
		"the metric conns of sleep goroutines workers=2 is at most 3":     {Quantity: Quantity{Of: Metric, Unit: "conns", Case: goroutines(2)}, Is: AtMost, Bound: 3},
		"no trial of sleep goroutines workers=2 is wrong":                 {Quantity: Quantity{Of: Wrong, Case: goroutines(2)}, Is: None},
		"at least one schedule of overdraft locked is wrong":              {Quantity: Quantity{Of: Schedules, Pattern: "overdraft", Way: "locked"}, Is: Some},
	} {
		if got := r.String(); got != want {
			t.Errorf("rule in words:\n got %s\nwant %s", got, want)
		}
	}
}

// A claim that is resolved is about one machine, and leaves the one that it was
// made from as it was.
func TestResolve(t *testing.T) {
	r := soundRule()
	r.Quantity.Over = goroutines(8)
	r.Quantity.Over.Procs, r.Quantity.Over.Params = 1, "step=1s"
	c := Claim{Name: "a", Text: "x", Rules: []Rule{r, {Quantity: Quantity{Of: Schedules}}}}
	before, _ := json.Marshal(c)
	got := c.Resolve(claimable(), 4)
	q := got.Rules[0].Quantity
	if want := (Case{Scenario: "sleep", Params: "step=10ms", Variant: "goroutines", Workers: 2, Procs: 4}); q.Case != want {
		t.Errorf("case %+v, want %+v", q.Case, want)
	}
	if want := (Case{Scenario: "sleep", Params: "step=1s", Variant: "goroutines", Workers: 8, Procs: 1}); q.Over != want {
		t.Errorf("over %+v, want %+v", q.Over, want)
	}
	if got.Rules[1].Quantity != (Quantity{Of: Schedules}) {
		t.Errorf("schedules have a case: %+v", got.Rules[1].Quantity)
	}
	if after, _ := json.Marshal(c); string(before) != string(after) {
		t.Error("the claim itself has changed")
	}
	var back Claim
	data, err := json.Marshal(got)
	if err == nil {
		err = json.Unmarshal(data, &back)
	}
	if diff := cmp.Diff(got, back); err != nil || diff != "" {
		t.Errorf("a claim differs after JSON (-first +second): %v\n%s", err, diff)
	}
}
