package revision

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// values gives a value of a side in a fork and a round.
type values func(side, fork, round int) float64

// pairOf makes a pair with slices that report a metric in 12 forks of 3 rounds.
func pairOf(unit string, v values) *Pair {
	p := &Pair{Package: "p", Name: "BenchmarkX", Procs: 1, Rounds: 3, Forks: 12, units: []string{unit}}
	if unit == "" {
		p.units = nil
	}
	for fork := 1; fork <= 12; fork++ {
		for round := 1; round <= 3; round++ {
			for side, name := range sideNames {
				s := Slice{Place: record.Place{Fork: fork, Round: round}, Side: name, N: 1, Elapsed: time.Duration(1000 + fork)}
				if unit == "" {
					s.Elapsed = time.Duration(1e6 * v(side, fork, round))
				} else {
					s.Metrics = map[string]float64{unit: v(side, fork, round)}
				}
				p.Slices = append(p.Slices, s)
			}
		}
	}
	return p
}

// wiggle is a number near 1 that differs from place to place.
func wiggle(side, fork, round int) float64 {
	return math.Exp(0.01 * math.Sin(float64(side)+float64(7*fork+31*round)*float64(98+side)))
}

func rules(tolerance float64) Rules {
	return Rules{Level: 0.01, Tolerance: func(*Pair) float64 { return tolerance }, General: tolerance}
}

func TestJudgeMetrics(t *testing.T) {
	constant := func(old, new float64) values {
		return func(side, _, _ int) float64 {
			if side == head {
				return new
			}
			return old
		}
	}
	varying := func(old, new float64) values {
		c := constant(old, new)
		return func(side, fork, round int) float64 { return c(side, fork, round) * wiggle(base, fork, round) }
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
		{"it varies", "B/op", func(side, fork, round int) float64 { return wiggle(side, fork, round) }, stats.Same, false, false},
		{"it varies and grows", "B/op", varying(100, 120), stats.Regressed, true, false},
		{"it varies and falls", "jobs/s", func(side, fork, round int) float64 {
			return constant(100, 50)(side, fork, round) * wiggle(side, fork, round)
		}, stats.Regressed, false, false},
		{"it varies around zero", "B/op", func(_, fork, _ int) float64 { return float64(fork % 2) }, stats.Unclear, false, false},
		{"nobody knows", "things", constant(1, 2), stats.Unclear, true, true},
		{"nobody knows, equal", "things", constant(2, 2), stats.Same, true, false},
	} {
		p := pairOf(test.unit, test.values)
		row := p.metricRow(test.unit, 0.01, 0.05)
		if row.Verdict != test.verdict || row.Exact != test.exact || row.Changed != test.changed || row.Reason == "" {
			t.Errorf("%s: %v (%s), exact %v, changed %v", test.name, row.Verdict, row.Reason, row.Exact, row.Changed)
		}
		if math.IsNaN(row.Change.Value) || math.IsNaN(row.Base) || math.IsNaN(row.Head) {
			t.Errorf("%s: %+v", test.name, row)
		}
	}
}

// What few processes say is no finding, however exact.
func TestJudgeFewForks(t *testing.T) {
	for unit, old := range map[string]float64{"B/op": 0, "allocs/op": 3} {
		p := pairOf(unit, sides(always(old), always(old+1)))
		p.Slices = slices.DeleteFunc(p.Slices, func(s Slice) bool { return s.Fork >= verdict.FirstLook })
		if row := p.metricRow(unit, 0.01, 0.05); row.Verdict != stats.Unclear {
			t.Errorf("%s: %v (%s)", unit, row.Verdict, row.Reason)
		}
	}
}

// slower makes the head so many times as slow, with noise.
func slower(times float64) values {
	return func(side, fork, round int) float64 {
		if side == head {
			return times * wiggle(side, fork, round)
		}
		return wiggle(side, fork, round)
	}
}

// A difference that two processes of the same binary have as well is none.
func TestJudgeFloor(t *testing.T) {
	for control, want := range map[float64]stats.Verdict{1: stats.Regressed, 1.3: stats.Unclear, 0.7: stats.Unclear} {
		c := &Comparison{Pairs: []*Pair{pairOf("", slower(1.15)), pairOf("", slower(control))}}
		c.Pairs[1].Control = true
		rows := c.Judge(rules(0.05))
		if len(rows) != 1 || rows[0].Verdict != want {
			t.Errorf("control at %v: %v (%s), want %v", control, rows[0].Verdict, rows[0].Reason, want)
		}
		if got := c.Control(); got.Pairs != 1 || (got.Floor > 0) != (control != 1) || math.Abs(got.Most-math.Abs(math.Log(control))) > 0.01 {
			t.Errorf("control at %v: %+v", control, got)
		}
	}
}

// What the head takes is shown by its own slices, except on a shared core, where
// the times of slices are no times.
func TestJudgeLevels(t *testing.T) {
	for _, design := range []Design{InTurn, Pinned, SharedCore} {
		p := pairOf("", slower(2))
		p.Design, p.Level = design, 50
		row := (&Comparison{Pairs: []*Pair{p}}).Judge(rules(0.05))[0]
		want := 1e6
		if design == SharedCore {
			want = 50
		}
		if math.Abs(row.Base/want-1) > 0.02 || math.Abs(row.Head/row.Base/2-1) > 0.02 {
			t.Errorf("%v: %v to %v", design, row.Base, row.Head)
		}
	}
}

// Under heavy steal nothing is found by the clock.
func TestJudgeDisturbed(t *testing.T) {
	now := time.Now()
	p := pairOf("", slower(1.5))
	reading := func(busy, stolen time.Duration) measure.Reading {
		return measure.Reading{Known: true, Wall: now.Add(100), Busy: busy, Stolen: stolen}
	}
	before := measure.Reading{Known: true, Wall: now}
	if p.disturbed(before, reading(90, 10), 100) || !p.disturbed(before, measure.Reading{Known: true, Wall: now.Add(time.Hour)}, 100) {
		t.Error("a clock that jumped, and nothing else, costs a fork")
	}
	judge := func() Row { return (&Comparison{Pairs: []*Pair{p}}).Judge(rules(0.05))[0] }
	if row := judge(); row.Verdict != stats.Regressed || p.Stolen() != 0.1 || len(p.Notes) != 1 {
		t.Errorf("%v (%s), %v, %v", row.Verdict, row.Reason, p.Stolen(), p.Notes)
	}
	p.disturbed(before, reading(20, 80), 100)
	if row := judge(); row.Verdict != stats.Unclear {
		t.Errorf("%v (%s)", row.Verdict, row.Reason)
	}
	if p.Design = SharedCore; judge().Verdict != stats.Regressed {
		t.Error("what the host takes is no processor time")
	}
}

// The level is that of the whole comparison.
func TestJudgeMetricLevel(t *testing.T) {
	c := &Comparison{Pairs: []*Pair{{units: []string{"a", "b"}}, {units: []string{"a"}}}}
	if got := 3 * c.metricLevel(rules(0)); math.Abs(got-0.002) > 1e-12 {
		t.Errorf("the levels of metrics add up to %v", got)
	}
}

// A metric that is the time in other words is not judged a second time.
func TestFollows(t *testing.T) {
	for _, test := range []struct {
		name   string
		metric func(perOp float64, fork int) float64
		want   bool
	}{
		{"operations a second", func(perOp float64, _ int) float64 { return 1e9 / perOp }, true},
		{"microseconds", func(perOp float64, _ int) float64 { return perOp / 1000 }, true},
		{"rounded", func(perOp float64, _ int) float64 { return math.Round(1e9 / perOp) }, true},
		{"its own", func(perOp float64, fork int) float64 { return perOp * float64(1+fork%2) }, false},
		{"constant", func(float64, int) float64 { return 3 }, false},
		{"zero", func(float64, int) float64 { return 0 }, false},
	} {
		p := pairOf("", slower(1))
		for i := range p.Slices {
			s := &p.Slices[i]
			s.Metrics = map[string]float64{"x": test.metric(s.PerOp(), s.Fork)}
		}
		if got := p.follows("x"); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// Which estimate a fork gives is known before it is measured.
func TestEstimatorOfDesign(t *testing.T) {
	for _, test := range []struct {
		pair Pair
		unit string
		want stats.Estimator
	}{
		{Pair{Design: SharedCore, Rounds: stats.ManyRounds}, "", stats.OwnFastest},
		{Pair{Design: SharedCore, Rounds: stats.ManyRounds - 1}, "", stats.PairMedian},
		{Pair{Design: SharedCore, Rounds: 20, spread: 0.1}, "", stats.PairMean},
		{Pair{Design: SharedCore, Rounds: 20}, "B/op", stats.PairMedian},
		{Pair{Design: InTurn, Rounds: 20}, "", stats.AllRatios},
		{Pair{Design: Pinned, Rounds: 20}, "", stats.AllRatios},
	} {
		if got := test.pair.estimator(test.unit); got.Name != test.want.Name {
			t.Errorf("%v, %d rounds, spread %v, %q: %s, want %s", test.pair.Design, test.pair.Rounds, test.pair.spread, test.unit, got.Name, test.want.Name)
		}
	}
}

// A verdict stands in spite of a doubt only where the doubt cannot change it.
func TestBeyondDoubt(t *testing.T) {
	band := math.Log1p(0.05)
	for _, test := range []struct {
		verdict stats.Verdict
		lo, hi  float64
		off     float64
		want    bool
	}{
		{stats.Regressed, 0.4, 0.5, 0.3, true},
		{stats.Regressed, 0.3, 0.5, 0.3, false},
		{stats.Regressed, 0.4, 0.5, 0, false}, // nobody knows by how much it is off
		{stats.Improved, -0.5, -0.4, 0.3, true},
		{stats.Improved, -0.5, -0.3, 0.3, false},
		{stats.Same, -0.01, 0.01, 0.03, true},
		{stats.Same, -0.03, 0.01, 0.03, false},
		{stats.Same, -0.01, 0.03, 0.03, false},
		{stats.Same, -0.01, 0.01, 0, false},
	} {
		p := &Pair{Off: test.off}
		if got := p.beyondDoubt(test.verdict, stats.Interval{Lo: test.lo, Hi: test.hi}, band); got != test.want {
			t.Errorf("%v %v to %v, off by %v: %v", test.verdict, test.lo, test.hi, test.off, got)
		}
	}
}
