package calibrate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/judge"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/table"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// slices are the lengths of trials that are compared.
var sliceLengths = []time.Duration{2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond}

// Estimators measures equal arms with trials of several lengths, and returns
// what each way of estimating would have come to: half of a 99 % interval of
// the ratio, in percent, after as much time as was spent on each length, and
// how far the estimate is from no difference in standard errors. It is how the
// estimator and the lengths were chosen; see the comments of package stats and
// of the works here.
func (e *Experiment) Estimators(ctx context.Context, each time.Duration) (table.Table, error) {
	t := table.Table{Head: []string{"work, trial × rounds"}, Left: map[int]bool{}}
	for _, est := range stats.Estimators {
		t.Head = append(t.Head, est.Name)
	}
	t.Head = append(t.Head, "processes")
	random := rand.New(rand.NewPCG(e.Seed, 0))
	for i := range works {
		if works[i].benchmark() != "" {
			continue
		}
		for _, slice := range sliceLengths {
			rounds, pairs, err := e.pairs(ctx, &works[i], slice, each, random)
			if err != nil {
				return t, err
			}
			row := []string{fmt.Sprintf("%s, %v × %d", works[i].name, slice, rounds)}
			for _, est := range stats.Estimators {
				in := stats.Mean(stats.Logs(pairs, est), 0.99)
				row = append(row, fmt.Sprintf("%.2f (%+.1f)", 100*in.Half(), in.Value/(in.Half()/stats.TQuantile(0.995, in.N-1))))
			}
			t.Add(append(row, fmt.Sprint(len(pairs)))...)
		}
	}
	return t, nil
}

// pairs measures equal arms for some time.
func (e *Experiment) pairs(ctx context.Context, w *work, slice, each time.Duration, random *rand.Rand) (int, []stats.Paired, error) {
	scenario := w.scenario()
	old, new := w.cases(e.Procs)
	arms := &measure.Arms{Variants: []string{oldArm, newArm}, Starters: []measure.Starter{e.Starter, e.Starter}, Random: random}
	block := measure.Block{Scenario: &scenario, Procs: e.Procs, Paired: true, Cases: []bench.Case{old, new}}
	plan := measure.NewPlan([]measure.Block{block}, measure.Options{Budget: each, Sequential: true, Target: slice, Seed: random.Uint64()})
	watch := judge.NewWatch(verdict.Plan{}, []judge.Comparison{{Old: old, New: new}})
	err := plan.Run(ctx, measure.Config{Starter: arms, Clock: e.Clock, Done: func(bench.Case) bool { return false }, Sink: func(ev record.Event) error {
		watch.Take(ev)
		return nil
	}})
	return plan.Blocks[0].Rounds, watch.Rounds(0), err
}
