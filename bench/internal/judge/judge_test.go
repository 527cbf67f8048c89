package judge

import (
	"math"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

func at(variant string, workers int) bench.Case {
	return bench.Case{Scenario: "s", Variant: variant, Workers: workers, Procs: 2}
}

var old, slow, equal = at("old", 1), at("slow", 1), at("equal", 1)

// fork feeds the measurements of one fork: three rounds, in which each case
// takes its time, with a little noise that depends on the fork alone.
func fork(take func(record.Event), number int, times map[bench.Case]float64) {
	for round := 1; round <= 3; round++ {
		for c, ns := range times {
			noise := 1 + 0.01*math.Sin(float64(number)*ns*7)
			take(record.Event{Measurement: &record.Measurement{
				Case: c, Place: record.Place{Fork: number, Round: round}, Ops: 1000,
				Elapsed: time.Duration(1000 * ns * noise), Metrics: map[string]float64{"B/op": ns},
			}})
		}
	}
}

func TestWatch(t *testing.T) {
	test := stats.Test{Tolerance: 0.05, Level: 0.01}
	w := NewWatch([]Comparison{
		{Old: old, New: slow, Test: test},
		{Old: old, New: equal, Test: stats.Test{Tolerance: 0, Level: 0.01}},
		{Old: old, New: slow, Against: 1.2, Test: test},
		{Old: old, New: equal, Unit: "B/op", Test: test},
	})
	if w.Done(old) {
		t.Error("done before anything was measured")
	}
	for n := 1; n <= 8; n++ {
		fork(w.Take, n, map[bench.Case]float64{old: 100, slow: 120, equal: 100.01})
		if got, want := w.Done(slow), n >= stats.FirstLook; got != want {
			t.Errorf("after %d forks the slow case is done: %v", n, got)
		}
		if w.Done(old) {
			t.Errorf("after %d forks the baseline is done, though a comparison still needs it", n)
		}
	}
	if w.Done(equal) {
		t.Error("equal arms are decided without a tolerance")
	}
	if !w.Done(at("other", 1)) {
		t.Error("a case that nothing asks about is not done")
	}
	all := w.Final()
	for i, want := range []stats.Verdict{stats.Regressed, stats.Unclear, stats.Same} {
		if all[i].Verdict != want {
			t.Errorf("comparison %d: %v (%s), want %v", i, all[i].Verdict, all[i].Reason, want)
		}
	}
	if got := w.Estimate(2, 0.95); math.Abs(got.Value-1.2) > 0.01 || got.N != 8 {
		t.Errorf("the estimate is %+v, want 1.2 over 8 forks", got)
	}
	// A metric that does not vary is not for this test.
	if all[3].Verdict != stats.Unclear || all[3].Reason == "" {
		t.Errorf("a metric without variance: %+v", all[3])
	}
	if w.Decided() != 4 {
		t.Errorf("%d are settled after the final look", w.Decided())
	}
}

// A void case settles what needs it, and nothing else.
func TestWatchVoid(t *testing.T) {
	w := NewWatch([]Comparison{{Old: old, New: slow, Test: stats.Test{Level: 0.01}}, {Old: old, New: equal, Test: stats.Test{Level: 0.01}}})
	w.Take(record.Event{Void: &record.Void{Case: slow.Name(), Why: "it crashed"}})
	if !w.Done(slow) || w.Done(old) {
		t.Errorf("done: %v, %v", w.Done(slow), w.Done(old))
	}
	if j := w.Final()[0]; j.Verdict != stats.Unclear || j.Reason != slow.Name()+" is void: it crashed" {
		t.Errorf("%+v", j)
	}
}

// Work of one goroutine with many rounds is judged by its fastest trials, all
// else by the median of pairs: a burst in one round must not move either.
func TestEstimator(t *testing.T) {
	many := []stats.Paired{{Old: make([]float64, stats.ManyRounds), New: make([]float64, stats.ManyRounds)}}
	few := []stats.Paired{{Old: make([]float64, 3), New: make([]float64, 3)}}
	for _, tt := range []struct {
		c     Comparison
		pairs []stats.Paired
		want  string
	}{
		{Comparison{Old: old, New: slow}, many, stats.OwnMinima.Name},
		{Comparison{Old: old, New: slow}, few, stats.PairMedian.Name},
		{Comparison{Old: old, New: slow}, nil, stats.PairMedian.Name},
		{Comparison{Old: old, New: at("x", 2)}, many, stats.PairMedian.Name},
		{Comparison{Old: at("x", 2), New: slow}, many, stats.PairMedian.Name},
		{Comparison{Old: old, New: slow, Unit: "B/op"}, many, stats.PairMedian.Name},
	} {
		if got := tt.c.estimator(tt.pairs); got.Name != tt.want {
			t.Errorf("%+v: %s, want %s", tt.c, got.Name, tt.want)
		}
	}
}

func TestPrecision(t *testing.T) {
	s := bench.Scenario{Name: "s", Variants: []bench.Variant{{Name: "old", Workers: []int{1}}, {Name: "slow"}, {Name: "equal"}}}
	p := NewPrecision(0.03, []measure.Block{
		{Scenario: &s, Cases: []bench.Case{old, slow, equal}},
		{Scenario: &s, Racy: true, Cases: []bench.Case{at("racy", 2)}},
	})
	for n := 1; n <= 6; n++ {
		noisy := 100 + 30*math.Sin(float64(n))
		fork(p.Take, n, map[bench.Case]float64{old: 100, slow: 120, equal: noisy})
		if n < 6 && (p.Done(slow) || p.Done(old)) {
			t.Errorf("precise after %d forks", n)
		}
	}
	if !p.Done(slow) || p.Done(equal) || p.Done(old) {
		t.Errorf("done: slow %v, noisy %v, baseline %v", p.Done(slow), p.Done(equal), p.Done(old))
	}
	if missed := p.Missed(); len(missed) != 1 || missed[0] != equal {
		t.Errorf("missed %v", missed)
	}
	p.Take(record.Event{Void: &record.Void{Case: equal.Name()}})
	if !p.Done(old) || len(p.Missed()) != 0 {
		t.Error("a void case keeps its baseline")
	}
}
