package revision

import (
	"context"
	"math"
	"time"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A DesignTrial is what it makes of a benchmark whose sides are to be
// compared: how narrow an interval becomes in some time.
type DesignTrial struct {
	Benchmark string
	Design    Design
	Chosen    bool          // it is the one that the benchmark would get
	Forks     int           // pairs of processes
	Took      time.Duration // for all of them
	Change    stats.Interval
}

// Half returns half of the 99 % interval of the log ratio that so much time
// gives: it shrinks with the root of it.
func (d DesignTrial) Half(after time.Duration) float64 {
	log := d.Change.Half()
	if d.Took <= 0 {
		return log
	}
	return log * math.Sqrt(float64(d.Took)/float64(after))
}

// Designs measures every pair in every design, in turn fork by fork, until each
// has had its time: the experiment by which designs are chosen. A pair that a
// design cannot measure has no trial of it.
func (c *Comparison) Designs(ctx context.Context, m Measuring, each time.Duration) ([]DesignTrial, error) {
	r := c.measuring(m)
	r.Budget = each * time.Duration(3*len(c.Pairs))
	var arms []*designArm
	for _, p := range c.Pairs {
		if err := r.size(ctx, p, r.Length, allow(each, each)); err != nil {
			return nil, err
		}
		for _, d := range []Design{InTurn, Pinned, SharedCore} {
			own := *p
			own.Design = d
			arms = append(arms, &designArm{Pair: &own, chosen: d == p.Design})
		}
	}
	for open := true; open; {
		open = false
		for _, i := range r.rng.Perm(len(arms)) {
			a := arms[i]
			if a.Pair.forked >= each || a.Pair.Problem != "" {
				continue
			}
			open = true
			f := r.prepare(a.Pair, 0, r.cores[r.rng.IntN(len(r.cores))])
			f.run(ctx)
			if err := r.take(ctx, f); err != nil {
				return nil, err
			}
		}
	}
	var trials []DesignTrial
	for _, a := range arms {
		logs := a.Pair.logs("")
		trials = append(trials, DesignTrial{a.Name, a.Design, a.chosen, len(logs), a.forked, stats.Mean(logs, 0.99)})
	}
	return trials, nil
}

type designArm struct {
	*Pair
	chosen bool
}
