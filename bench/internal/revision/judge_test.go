package revision

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// values gives a value of a variant in a fork and a round.
type values func(variant string, fork, round int) float64

// pairOf makes a pair with measurements of a metric in 12 forks of 3 rounds.
func pairOf(unit string, v values) *Pair {
	p := &Pair{Package: "p", Name: "BenchmarkX", Procs: 1, Rounds: 3, units: []string{unit}}
	for fork := 1; fork <= 12; fork++ {
		for round := 1; round <= 3; round++ {
			for _, variant := range []string{variantOld, variantNew, variantControl} {
				m := record.Measurement{Case: bench.Case{Variant: variant}, Place: record.Place{Fork: fork, Round: round}, Ops: 1, Elapsed: 1000}
				if unit == "" {
					m.Elapsed = time.Duration(1e6 * v(variant, fork, round))
				} else {
					m.Metrics = map[string]float64{unit: v(variant, fork, round)}
				}
				p.Measurements = append(p.Measurements, m)
			}
		}
	}
	return p
}

// wiggle is a number near 1 that differs from place to place.
func wiggle(variant string, fork, round int) float64 {
	return math.Exp(0.01 * math.Sin(float64(len(variant))+float64(7*fork+31*round)*(1+float64((variant + "a")[0]))))
}

func TestJudgeMetrics(t *testing.T) {
	constant := func(old, new float64) values {
		return func(v string, _, _ int) float64 {
			if v == variantNew {
				return new
			}
			return old
		}
	}
	varying := func(old, new float64) values {
		c := constant(old, new)
		return func(v string, fork, round int) float64 { return c(v, fork, round) * wiggle("", fork, round) }
	}
	for _, test := range []struct {
		name    string
		unit    string
		values  values
		verdict stats.Verdict
		exact   bool
		changed bool
	}{
		{"equal", "allocs/op", constant(3, 3), stats.Same, true, false},
		{"both zero", "allocs/op", constant(0, 0), stats.Same, true, false},
		{"one more", "allocs/op", constant(3, 4), stats.Regressed, true, false},
		{"one less", "allocs/op", constant(4, 3), stats.Improved, true, false},
		{"from nothing", "allocs/op", constant(0, 1), stats.Regressed, true, false},
		{"to nothing", "B/op", constant(8, 0), stats.Improved, true, false},
		{"within the tolerance", "B/op", constant(1000, 1049), stats.Same, true, false},
		{"beyond the tolerance", "B/op", constant(1000, 1051), stats.Regressed, true, false},
		{"throughput falls", "jobs/s", constant(100, 50), stats.Regressed, true, false},
		{"throughput rises", "jobs/s", constant(50, 100), stats.Improved, true, false},
		{"throughput falls and varies", "jobs/s", varying(100, 50), stats.Regressed, true, false},
		{"it varies within processes", "B/op", varying(100, 100), stats.Same, true, false},
		{"it varies", "B/op", func(v string, fork, round int) float64 { return wiggle(v, fork, round) }, stats.Same, false, false},
		{"it varies and grows", "B/op", varying(100, 120), stats.Regressed, true, false},
		{"it varies and falls", "jobs/s", func(v string, fork, round int) float64 {
			return constant(100, 50)(v, fork, round) * wiggle(v, fork, round)
		}, stats.Regressed, false, false},
		{"it varies around zero", "B/op", func(v string, fork, _ int) float64 { return float64(fork % 2) }, stats.Unclear, false, false},
		{"nobody knows", "things", constant(1, 2), stats.Unclear, true, true},
		{"nobody knows, equal", "things", constant(2, 2), stats.Same, true, false},
	} {
		p := pairOf(test.unit, test.values)
		row := p.row(test.unit, 0.01, 0.05, 0)
		if row.Verdict != test.verdict || row.Exact != test.exact || row.Changed != test.changed || row.Reason == "" {
			t.Errorf("%s: %v (%s), exact %v, changed %v", test.name, row.Verdict, row.Reason, row.Exact, row.Changed)
		}
		if math.IsNaN(row.Change.Value) || math.IsNaN(row.Base) || math.IsNaN(row.Head) {
			t.Errorf("%s: %+v", test.name, row)
		}
	}
}

// What one process says is no finding, however exact.
func TestJudgeFewForks(t *testing.T) {
	for unit, old := range map[string]float64{"B/op": 0, "allocs/op": 3} {
		p := pairOf(unit, func(v string, _, _ int) float64 {
			if v == variantNew {
				return old + 1
			}
			return old
		})
		p.Measurements = slices.DeleteFunc(p.Measurements, func(m record.Measurement) bool { return m.Fork >= stats.FirstLook })
		if row := p.row(unit, 0.01, 0.05, 0); row.Verdict != stats.Unclear {
			t.Errorf("%s: %v (%s)", unit, row.Verdict, row.Reason)
		}
	}
}

// A difference that two processes of the same binary have as well is none.
func TestJudgeFloor(t *testing.T) {
	times := func(control float64) values {
		return func(v string, fork, round int) float64 {
			x := wiggle(v, fork, round)
			switch v {
			case variantNew:
				x *= 1.1
			case variantControl:
				x *= control
			}
			return x
		}
	}
	rules := Rules{Level: 0.01, Tolerance: func(*Pair) float64 { return 0.05 }}
	for control, want := range map[float64]stats.Verdict{1: stats.Regressed, 1.05: stats.Regressed, 1.3: stats.Unclear, 0.7: stats.Unclear} {
		c := &Comparison{Pairs: []*Pair{pairOf("", times(control))}}
		c.Pairs[0].units = nil
		rows := c.Judge(rules)
		if len(rows) != 1 || rows[0].Verdict != want {
			t.Errorf("control at %v: %v (%s), want %v", control, rows[0].Verdict, rows[0].Reason, want)
		}
		if got := c.Control(); (got.Floor > 0) != (control != 1) || math.Abs(got.Most-math.Abs(math.Log(control))) > 0.01 {
			t.Errorf("control at %v: %+v", control, got)
		}
	}
}

// A single goroutine with many slices is judged by its fastest ones, and so are
// the times that are shown.
func TestJudgeAlone(t *testing.T) {
	p := pairOf("", func(v string, fork, round int) float64 {
		x := wiggle(v, fork, round)
		if v == variantNew && round > 1 {
			x *= 2 // disturbed
		}
		return x
	})
	if row := p.row("", 0.01, 0.05, 0); row.Change.Value < 1.8 {
		t.Errorf("%v", row.Change)
	}
	p.Alone, p.Rounds = true, stats.ManyRounds
	row := p.row("", 0.01, 0.05, 0)
	if row.Verdict != stats.Same || math.Abs(row.Head/row.Base-row.Change.Value) > 1e-6 {
		t.Errorf("%v %v/%v %v", row.Verdict, row.Head, row.Base, row.Change)
	}
}

// Under heavy steal nothing is found, and a fork in which the clock jumped
// counts for nothing, on both sides.
func TestJudgeDisturbed(t *testing.T) {
	slower := func(v string, fork, round int) float64 {
		x := wiggle(v, fork, round)
		if v == variantNew {
			x *= 1.5
		}
		return x
	}
	p := pairOf("", slower)
	p.disturbed(&record.Fork{Fork: 1, Processor: 100, Stolen: 10}, 0)
	p.disturbed(&record.Fork{Fork: 2, Processor: 100, Stolen: 90, Void: "the clock jumped"}, 1)
	if row := p.row("", 0.01, 0.05, 0); row.Verdict != stats.Regressed || row.Change.N != 11 || p.Stolen() != 0.1 || len(p.Notes) != 1 {
		t.Errorf("%v (%s), %d forks, %v", row.Verdict, row.Reason, row.Change.N, p.Notes)
	}
	p.disturbed(&record.Fork{Fork: 4, Processor: 100, Stolen: 80}, 0)
	if row := p.row("", 0.01, 0.05, 0); row.Verdict != stats.Unclear {
		t.Errorf("%v (%s)", row.Verdict, row.Reason)
	}
}

// The level is that of the whole comparison.
func TestJudgeLevels(t *testing.T) {
	c := &Comparison{Pairs: []*Pair{{units: []string{"a", "b"}}, {units: []string{"a"}}}}
	r := Rules{Level: 0.01}
	if sum := 2*c.timeLevel(r) + 3*c.metricLevel(r); math.Abs(sum-0.01) > 1e-12 {
		t.Errorf("the levels add up to %v", sum)
	}
}
