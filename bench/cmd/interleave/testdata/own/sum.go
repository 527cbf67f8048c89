package scenarios

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench"
)

// Sum adds up the numbers below N. The first variant is the baseline.
var Sum = add(bench.Scenario{
	Name: "sum", Doc: "add up numbers", Unit: "number", Workers: []int{1, 2, 4},
	Variants: []bench.Variant{
		{Name: "sequential", Doc: "one loop", New: newSum(func(_ *bench.Team, work func(int)) { work(0) }), Workers: []int{1}},
		{Name: "parallel", Doc: "a goroutine for each share", New: newSum((*bench.Team).Run), Headline: true},
	},
})

func newSum(run func(*bench.Team, func(int))) func(context.Context, bench.Setup) (*bench.Trial, error) {
	return func(_ context.Context, setup bench.Setup) (*bench.Trial, error) { // called for each trial, and not timed
		team, sum := bench.NewTeam(setup), new(atomic.Int64)
		work := func(w int) { // worker w adds up w, w+Workers, w+2*Workers, …
			part := 0
			for i := range team.Share(setup.N, w) {
				part += w + i*setup.Workers
			}
			sum.Add(int64(part)) // once: a shared word costs more than all the rest
		}
		return &bench.Trial{
			Run: func(context.Context) error { run(team, work); return nil }, // timed
			Verify: func() error { // not timed; a wrong result has no speed
				if want := setup.N * (setup.N - 1) / 2; int(sum.Load()) != want {
					return fmt.Errorf("sum %d, want %d", sum.Load(), want)
				}
				return nil
			},
		}, nil
	}
}
