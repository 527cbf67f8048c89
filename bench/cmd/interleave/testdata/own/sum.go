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
		{Name: "sequential", Doc: "one loop", New: newSum, Workers: []int{1}},
		{Name: "parallel", Doc: "a loop for each worker", New: newSum, Headline: true},
	},
})

// newSum makes a trial. It is called for each, and not timed.
func newSum(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	team, sum := bench.NewTeam(setup), new(atomic.Int64)
	run := func(context.Context) error { // timed
		team.Run(func(w int) { // worker w adds up w, w+Workers, w+2*Workers, …
			part := 0
			for i := range team.Share(setup.N, w) {
				part += w + i*setup.Workers
			}
			sum.Add(int64(part)) // once: sharing a word costs more than all the rest
		})
		return nil
	}
	verify := func() error { // not timed; a wrong result has no speed
		if want := setup.N * (setup.N - 1) / 2; int(sum.Load()) != want {
			return fmt.Errorf("sum %d, want %d", sum.Load(), want)
		}
		return nil
	}
	return &bench.Trial{Run: run, Verify: verify}, nil
}
