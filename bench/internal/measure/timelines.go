package measure

import (
	"cmp"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// timelines makes one more trial of the headline cases of a fixed scenario, to
// be looked at: recording who did what when takes time of its own.
func (r *runner) timelines(b *Planned) error {
	cases := slices.DeleteFunc(b.pictured(), func(c PlannedCase) bool { return !r.room(&c) })
	if len(cases) == 0 {
		return nil
	}
	fork, err := r.Starter.Start(r.ctx, b.Procs)
	if err != nil {
		return err
	}
	defer fork.Close()
	for _, c := range cases {
		a, err := r.trial(fork, b, Request{Case: c.Case, N: c.N, Timeline: true})
		if err != nil {
			return r.ctx.Err() // the picture is not worth a void case
		}
		if len(a.Spans) == 0 {
			continue
		}
		if err := r.Sink(record.Event{Spans: &record.Spans{Case: c.Name(), Spans: a.Spans}}); err != nil {
			return err
		}
	}
	return nil
}

// pictured returns the cases worth a timeline: of each headline variant the
// fewest workers that are more than one, otherwise its only case.
func (b *Planned) pictured() []PlannedCase {
	if b.Scenario.Fixed == 0 || b.Racy || b.added() {
		return nil
	}
	var cases []PlannedCase
	for i := range b.Scenario.Variants {
		v := &b.Scenario.Variants[i]
		if !v.Headline && i > 0 {
			continue
		}
		var best *PlannedCase
		for j := range b.Cases {
			c := &b.Cases[j]
			if c.Variant == v.Name && c.Cost < time.Second && (best == nil || cmp.Less(rank(c), rank(best))) {
				best = c
			}
		}
		if best != nil {
			cases = append(cases, *best)
		}
	}
	return cases
}

func rank(c *PlannedCase) int {
	if c.Workers == 1 {
		return bench.MaxWorkers + 1
	}
	return c.Workers
}
