package calibrate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"golang.org/x/perf/benchmath"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/judge"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// Level is the level that verdicts are calibrated at: half of what is promised
// by default, so that the promise holds with room.
const Level = 0.005

// A slowed arm performs ⌈n(1+by)⌉ operations where n are asked for and
// reported, so that it is slower by a known part whatever the machine does.
// Stretching measured times would not be: it would leave the noise as it is.
type slowed struct {
	measure.Starter
	by   float64
	real float64 // the ratio performed in the last trial
}

func (s *slowed) Start(ctx context.Context, procs int) (measure.Fork, error) {
	f, err := s.Starter.Start(ctx, procs)
	return slowedFork{f, s}, err
}

type slowedFork struct {
	measure.Fork
	arm *slowed
}

func (f slowedFork) Trial(ctx context.Context, r measure.Request) (measure.Answer, error) {
	n := r.N
	r.N = int(math.Ceil(float64(n)*(1+f.arm.by) - 1e-9)) // 1000·1.1 is a little more than 1100 in floating point
	f.arm.real = float64(r.N) / float64(n)
	return f.Fork.Trial(ctx, r)
}

// A workshop is what trials are made with.
type workshop struct {
	starter measure.Starter
	clock   measure.Clock
	procs   int
	load    *load
	random  *rand.Rand
	arena   arena
}

// paired compares the arms of cells as check and diff do: in rounds, in pairs of
// fresh processes, judged while it is measured. Several cells are those of diff.
func (w *workshop) paired(ctx context.Context, cells []Cell) ([]Outcome, error) {
	if cells[0].work().benchmark() != "" {
		return w.compare(ctx, cells)
	}
	return one(w.check(ctx, cells[0]))
}

// check compares the arms of a scenario.
func (w *workshop) check(ctx context.Context, c Cell) (Outcome, error) {
	work := c.work()
	scenario := work.scenario()
	old, new := work.cases(w.procs)
	slow := &slowed{Starter: w.starter, by: c.Slowdown}
	arms := &measure.Arms{Variants: []string{oldArm, newArm}, Starters: []measure.Starter{w.starter, slow}, Random: w.random}
	block := measure.Block{Scenario: &scenario, Procs: w.procs, Paired: true, Cases: []bench.Case{old, new}}
	plan := measure.NewPlan([]measure.Block{block}, measure.Options{
		Budget: c.Limit, Sequential: true, Seed: w.random.Uint64(),
	})
	watch := judge.NewWatch(verdict.Plan{Level: Level}, []judge.Comparison{{Old: old, New: new, Tolerance: c.Tolerance}})
	began := w.clock()
	err := w.under(ctx, c.Regime, func(half func() error) error {
		var void string
		err := plan.Run(ctx, measure.Config{
			Starter: arms, Clock: w.clock, Done: watch.Done,
			Sink: func(e record.Event) error {
				watch.Take(e)
				if e.Void != nil {
					void = e.Void.Why
				}
				return nil
			},
			Progress: func(p measure.Progress) error {
				if p.Passed >= c.Limit/2 {
					return half()
				}
				return nil
			},
		})
		if err == nil && void != "" {
			err = fmt.Errorf("a calibration trial went wrong: %s", void)
		}
		return err
	})
	if err != nil {
		return Outcome{}, err
	}
	ratio := watch.Estimate(0, stats.Confidence)
	return Outcome{
		Cell: c.Key, Protocol: Paired, Verdict: watch.Final()[0].Verdict.String(), Ratio: ratio.Value, Real: slow.real,
		Forks: ratio.N, Seconds: (w.clock() - began).Seconds(),
	}, nil
}

// samples is how often the usual protocol measures each side.
const samples = 10

// usual compares the arms in the usual way and in the same time: one process
// makes ten samples of the old, then another ten of the new, and the U test at
// 5 % says whether they differ.
func (w *workshop) usual(ctx context.Context, c Cell, limit time.Duration) (Outcome, error) {
	work := c.work()
	old, new := work.cases(w.procs)
	slow := &slowed{Starter: w.starter, by: c.Slowdown}
	began := w.clock()
	var values [2][]float64
	err := w.under(ctx, c.Regime, func(half func() error) (err error) {
		if work.benchmark() != "" {
			values[0], values[1], err = w.usualDiff(ctx, c, limit, half)
			slow.real = 1 + c.Slowdown
			return err
		}
		n := 0
		for i, arm := range []struct {
			bench.Case
			measure.Starter
		}{{old, w.starter}, {new, slow}} {
			if i == 1 {
				if err := half(); err != nil {
					return err
				}
			}
			var err error
			if values[i], n, err = w.block(ctx, arm.Starter, arm.Case, n, limit/2); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	a, b := benchmath.NewSample(values[0], &benchmath.DefaultThresholds), benchmath.NewSample(values[1], &benchmath.DefaultThresholds)
	o := Outcome{
		Cell: c.Key, Protocol: Usual, Verdict: stats.Unclear.String(), Real: slow.real,
		Ratio: stats.Median(values[1]) / stats.Median(values[0]), Seconds: (w.clock() - began).Seconds(),
	}
	// People who set a threshold want the test to be significant and the
	// medians to differ by more.
	if test := benchmath.AssumeNothing.Compare(a, b); test.P < 0.05 && math.Abs(math.Log(o.Ratio)) > math.Log1p(c.Tolerance) {
		if o.Verdict = stats.Regressed.String(); o.Ratio < 1 {
			o.Verdict = stats.Improved.String()
		}
	}
	return o, nil
}

// block makes ten samples of one arm in one process. Where n is not known, it
// finds it first, as go test does.
func (w *workshop) block(ctx context.Context, s measure.Starter, c bench.Case, n int, limit time.Duration) (values []float64, ops int, err error) {
	fork, err := s.Start(ctx, c.Procs)
	if err != nil {
		return nil, 0, err
	}
	defer fork.Close()
	sample := limit / (samples + 1)
	for one := 1; n == 0; {
		a, err := answer(fork.Trial(ctx, measure.Request{Case: c, N: one}))
		if err != nil {
			return nil, 0, err
		}
		if a.Elapsed >= sample/8 {
			n = max(1, int(float64(one)*float64(sample)/float64(a.Elapsed)))
		}
		one *= 2
	}
	for range samples {
		a, err := answer(fork.Trial(ctx, measure.Request{Case: c, N: n}))
		if err != nil {
			return nil, 0, err
		}
		values = append(values, float64(a.Elapsed)/float64(n))
	}
	return values, n, nil
}

func answer(a measure.Answer, err error) (measure.Answer, error) {
	if err == nil && a.Problem != nil {
		err = fmt.Errorf("a calibration trial went wrong: %s", a.Problem.Text)
	}
	return a, err
}

// under runs something under the load of a regime. half must be called at half
// of the time.
func (w *workshop) under(ctx context.Context, regime string, run func(half func() error) error) error {
	defer w.load.off()
	half := func() error { return nil }
	switch regime {
	case Steady:
		if err := w.load.on(ctx); err != nil {
			return err
		}
	case Half:
		half = func() error { return w.load.on(ctx) }
	}
	return run(half)
}
