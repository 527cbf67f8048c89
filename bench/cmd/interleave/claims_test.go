package main_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
	"github.com/interleave-go/interleave/scenarios"
)

// ruleRun makes up a run of a claim with one rule of it, in which the quantity
// is factor times what the rule asks, but for the noise.
func ruleRun(rule bench.Rule, factor, noise float64) *record.Run {
	rule.Beside = false
	claim := bench.Claim{Name: "one", Text: "it is so", Rules: []bench.Rule{rule}}.Resolve(scenarios.All(), 2)
	q := claim.Rules[0].Quantity
	run := new(record.Run)
	add := func(e record.Event) { run.Add(e) }
	add(record.Event{Settings: []record.Setting{{Key: "cpus", Value: "2"}}})
	all := scenarios.All()
	for i := range all {
		for _, e := range record.Describe(&all[i], "") {
			add(e)
		}
	}
	add(record.Event{Claim: &claim})
	if q.Of == bench.Schedules {
		s := record.Schedules{Pattern: q.Pattern, Way: q.Way, Exhaustive: true, Count: 20}
		if factor < 1 { // the bad side of a rule that counts
			s.Wrong, s.Witness, s.Outcome = 4, "ABBA", "2 paid"
		}
		add(record.Event{Schedules: &s})
		return run
	}
	value := claim.Rules[0].Limit() * factor
	if q.PerCore {
		value *= 2
	}
	trials := func(c bench.Case, ns float64, metrics map[string]float64, anomaly string) {
		for fork := 1; fork <= 6; fork++ {
			wobble := 1 + noise*math.Sin(float64(5*fork+7*c.Workers+11*len(c.Variant)+3*c.Procs))
			own := make(map[string]float64)
			for unit, v := range metrics {
				own[unit] = v * wobble
			}
			add(record.Event{Measurement: &record.Measurement{
				Case: c, Place: record.Place{Fork: fork, Round: 1, Order: 1, Anomaly: anomaly}, Ops: 1, Elapsed: time.Duration(1e9 * ns * wobble), Metrics: own,
			}})
		}
	}
	base := func(c bench.Case) bench.Case {
		for i := range all {
			if all[i].Name == c.Scenario {
				c, _ = all[i].Against(c)
			}
		}
		return c
	}
	together := map[string]float64{"overlap": 1}
	switch q.Of {
	case bench.Wrong:
		anomaly := ""
		if (rule.Is == bench.Some) == (factor > 1) {
			anomaly = "9 of 10"
		}
		if anomaly != "" && rule.Is == bench.None { // such a variant may not be wrong
			add(record.Event{Void: &record.Void{Case: q.Case.Name(), Wrong: true, Why: anomaly}})
			return run
		}
		trials(q.Case, 1, together, anomaly)
	case bench.Speedup:
		trials(base(q.Case), value, nil, "")
		trials(q.Case, 1, together, "")
		if q.Over != (bench.Case{}) {
			trials(base(q.Over), 1, nil, "")
			trials(q.Over, 1, together, "")
		}
	case bench.Time:
		trials(q.Case, value, together, "")
		trials(q.Over, 1, together, "")
	case bench.Metric:
		trials(q.Case, 1, map[string]float64{q.Unit: value, "overlap": 1}, "")
	}
	return run
}

// Whatever a claim stands on, it can hold, be refuted and stay unclear, and says
// which, and what was found turns with the data.
func TestClaimsTurn(t *testing.T) {
	for _, c := range scenarios.Claims() {
		for i, rule := range c.Rules {
			good, bad := 1.3, 1/1.3
			if rule.Is == bench.AtMost {
				good, bad = bad, good
			}
			want := map[float64]report.Ruling{good: report.Holds, bad: report.Refuted}
			if rule.Is == bench.Some {
				want[bad] = report.Unclear // that none was seen proves nothing
			}
			findings := make(map[string]bool)
			for factor, ruling := range want {
				got := report.New(ruleRun(rule, factor, 0.003)).Claims[0]
				if got.Ruling != ruling {
					t.Errorf("%s, rule %d at %.2f of its bound: %s, want %s: %s", c.Name, i+1, factor, got.Ruling, ruling, got.Finding)
				}
				findings[got.Finding] = true
				checkFinding(t, got)
			}
			if len(findings) != 2 {
				t.Errorf("%s, rule %d: the finding does not turn with the data: %v", c.Name, i+1, findings)
			}
			if rule.Counts() {
				continue
			}
			if got := report.New(ruleRun(rule, 1, 0.2)).Claims[0]; got.Ruling != report.Unclear || !strings.Contains(got.Finding, "nclear about ") {
				t.Errorf("%s, rule %d at its bound, with noise: %s: %s", c.Name, i+1, got.Ruling, got.Finding)
			}
		}
	}
}

// checkFinding checks that what was found is a sentence without gaps.
func checkFinding(t *testing.T, c report.Claim) {
	t.Helper()
	if f := c.Finding; f == "" || strings.Contains(f, "%") && strings.Contains(f, "%s") || !strings.HasSuffix(f, ".") || strings.ToUpper(f[:1]) != f[:1] {
		t.Errorf("the finding is no sentence: %q", f)
	}
	if len(c.Figures) != 1 || c.Figures[0].Label == "" || c.Figures[0].Value == "" || c.Figures[0].Value == "–" {
		t.Errorf("figures %+v", c.Figures)
	}
}

// A run that has nothing of what a claim needs says so of each claim.
func TestClaimsWithoutCases(t *testing.T) {
	run := new(record.Run)
	for _, c := range scenarios.Claims() {
		c = c.Resolve(scenarios.All(), 2)
		run.Add(record.Event{Claim: &c})
	}
	r := report.New(run)
	if len(r.Claims) != len(scenarios.Claims()) {
		t.Fatalf("%d claims, want %d", len(r.Claims), len(scenarios.Claims()))
	}
	for _, c := range r.Claims {
		if c.Ruling != report.NotTestable || !strings.Contains(c.Finding, "not ") {
			t.Errorf("%s: %s: %s", c.Name, c.Ruling, c.Finding)
		}
	}
	var b strings.Builder
	if err := r.ClaimsText(&b); err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Claims {
		if !strings.Contains(b.String(), c.Name) {
			t.Errorf("%s is dropped without a word:\n%s", c.Name, b.String())
		}
	}
}
