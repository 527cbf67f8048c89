package judge

import (
	"math"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/verdict"
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
	w := NewWatch(verdict.Plan{}, []Comparison{
		{Old: old, New: slow, Tolerance: 0.05},
		{Old: old, New: equal},
		{Old: old, New: slow, Against: 1.1},
		{Old: old, New: slow, Against: 1.1, AtLeast: true},
		{Old: old, New: equal, Unit: "B/op", Tolerance: 0.05},
	})
	if w.Done(old) {
		t.Error("done before anything was measured")
	}
	for n := 1; n <= 12; n++ { // four to suspect, eight to confirm
		fork(w.Take, n, map[bench.Case]float64{old: 100, slow: 120, equal: 100.01})
		if got, want := w.Done(slow), n >= 12; got != want {
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
	for i, want := range []stats.Verdict{stats.Regressed, stats.Unclear, stats.Regressed, stats.Improved} {
		if all[i].Verdict != want {
			t.Errorf("comparison %d: %v (%s), want %v", i, all[i].Verdict, all[i].Reason, want)
		}
	}
	if got := w.Estimate(2, 0.95); math.Abs(got.Value-1.2) > 0.01 || got.N != 12 {
		t.Errorf("the estimate is %+v, want 1.2 over 12 forks", got)
	}
	for _, i := range []int{2, 3} {
		if got := w.Ratio(i, all[i].Log); got.Lo < 1.1 || got.Lo > 1.2 || got.Hi < 1.2 {
			t.Errorf("comparison %d: the ratio is %+v, want about 1.2", i, got)
		}
	}
	// A metric that does not vary is not for this test.
	if all[4].Verdict != stats.Unclear || all[4].Reason == "" {
		t.Errorf("a metric without variance: %+v", all[4])
	}
}

// A watch that screens ends at a suspicion, and one over suspects confirms it in
// fewer forks; a suspicion that was wrong ends in a bound that is kept.
func TestScreen(t *testing.T) {
	times := map[bench.Case]float64{old: 100, slow: 120}
	screen := NewWatch(verdict.Plan{}, []Comparison{{Old: old, New: slow, Against: 1.1}})
	screen.Screen()
	again := NewWatch(verdict.Plan{}, []Comparison{{Old: old, New: slow, Against: 1.1, Suspected: true}, {Old: old, New: slow, Against: 1.3, Suspected: true}})
	for n := 1; n <= 8; n++ {
		fork(screen.Take, n, times)
		fork(again.Take, n, times)
		if got, want := screen.Done(slow), n >= verdict.FirstLook; got != want {
			t.Errorf("after %d forks the screen is done: %v", n, got)
		}
		if got, want := again.Done(slow), n == 8; got != want {
			t.Errorf("after %d forks it is confirmed: %v", n, got)
		}
	}
	if r := screen.Final()[0]; r.Verdict != stats.Unclear || !r.Suspect {
		t.Errorf("screened: %+v", r)
	}
	if r := again.Final(); r[0].Verdict != stats.Regressed || r[1].Verdict != stats.Improved {
		t.Errorf("confirmed: %+v", r)
	}
}

// A fork that the clock jumped in is as if it had not been.
func TestWatchVoidFork(t *testing.T) {
	w := NewWatch(verdict.Plan{}, []Comparison{{Old: old, New: slow}})
	for n := 1; n <= 7; n++ {
		times := map[bench.Case]float64{old: 100, slow: 120}
		if n == 3 {
			times[slow] = 9000
		}
		fork(w.Take, n, times)
		if n == 3 {
			w.Take(record.Event{Fork: &record.Fork{Scenario: "s", Procs: 2, Fork: 3, Void: "the clock jumped"}})
			w.Take(record.Event{Fork: &record.Fork{Scenario: "other", Procs: 2, Fork: 1, Void: "the clock jumped"}})
		}
	}
	if got := w.Estimate(0, 0.95); got.N != 6 || math.Abs(got.Value-1.2) > 0.01 {
		t.Errorf("the estimate is %+v, want 1.2 over 6 forks", got)
	}
}

// A void case settles what needs it, and nothing else.
func TestWatchVoid(t *testing.T) {
	w := NewWatch(verdict.Plan{}, []Comparison{{Old: old, New: slow}, {Old: old, New: equal}})
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
	w := NewWatch(verdict.Plan{}, nil)
	allocates := at("allocates", 1)
	w.Take(record.Event{Measurement: &record.Measurement{Case: allocates, Ops: 1000, Elapsed: 1, Metrics: map[string]float64{"B/op": 4096}}})
	collected := at("collected", 1)
	w.Take(record.Event{Measurement: &record.Measurement{Case: collected, Ops: 1000, Elapsed: 1, Metrics: map[string]float64{"B/op": 4096, "gc-cycles": 1}}})
	for _, c := range []bench.Case{slow, at("x", 2)} {
		w.Take(record.Event{Measurement: &record.Measurement{Case: c, Ops: 1000, Elapsed: 1}})
	}
	w.Take(record.Event{Measurement: &record.Measurement{Case: old, Ops: 1000, Elapsed: 1, Metrics: map[string]float64{"B/op": 4}}})
	for _, tt := range []struct {
		c     Comparison
		pairs []stats.Paired
		want  string
	}{
		{Comparison{Old: old, New: allocates}, many, stats.PairMedian.Name},
		{Comparison{Old: allocates, New: old}, many, stats.PairMedian.Name},
		{Comparison{Old: collected, New: old}, many, stats.OwnMinima.Name},
		{Comparison{Old: old, New: slow}, many, stats.OwnMinima.Name},
		{Comparison{Old: old, New: slow}, few, stats.PairMedian.Name},
		{Comparison{Old: old, New: slow}, nil, stats.PairMedian.Name},
		{Comparison{Old: old, New: at("x", 2)}, many, stats.PairMedian.Name},
		{Comparison{Old: at("x", 2), New: slow}, many, stats.PairMedian.Name},
		{Comparison{Old: old, New: slow, Unit: "B/op"}, many, stats.PairMedian.Name},
	} {
		if got := w.estimator(&tt.c, tt.pairs); got.Name != tt.want {
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
		if n < verdict.FirstLook && (p.Done(slow) || p.Done(old)) {
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
