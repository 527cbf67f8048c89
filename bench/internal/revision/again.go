package revision

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// Fresh returns the comparison of some benchmarks as they were found, whatever
// has been measured of them: to compare them again, and to see how often that is
// wrong.
func (c *Comparison) Fresh(names ...string) (*Comparison, error) {
	fresh := &Comparison{trees: c.trees}
	for _, name := range names {
		i := slices.IndexFunc(c.Pairs, func(p *Pair) bool { return p.Name == name && !p.Control })
		if i < 0 {
			return nil, fmt.Errorf("there is no benchmark %s on both sides", name)
		}
		p := c.Pairs[i]
		fresh.Pairs = append(fresh.Pairs, &Pair{
			Package: p.Package, Name: p.Name, Procs: p.Procs,
			once: p.once, function: p.function, holds: p.holds, units: p.units, arms: p.arms,
		})
	}
	return fresh, nil
}

// Usual measures the only benchmark of a comparison in the usual way: one
// process of the base makes so many samples, each of about a time, and then one
// of the head. It returns nanoseconds an iteration. between is called between
// the two.
func (c *Comparison) Usual(ctx context.Context, samples int, each time.Duration, between func() error) (old, new []float64, err error) {
	p, r := c.Pairs[0], c.measuring(Measuring{Clock: func() time.Duration { return 0 }})
	n := 0
	for side, values := range []*[]float64{&old, &new} {
		if side == head {
			if err := between(); err != nil {
				return nil, nil, err
			}
		}
		process, err := r.launch(ctx, p, side, 0, served.Launch{Test: p.arms[side].test, Procs: p.Procs})
		if err != nil {
			return nil, nil, err
		}
		defer process.Close()
		probe := &prober{Pair: p, process: process, within: discoverWithin, enough: each, from: 1}
		if n == 0 {
			if err := probe.climb(ctx); err != nil {
				return nil, nil, err
			}
			n = max(1, int(float64(each)/probe.last().perOp()))
		}
		for range samples {
			a, err := p.slice(ctx, process, n)
			if err != nil {
				return nil, nil, err
			}
			*values = append(*values, float64(a.Run.Timed)/float64(n))
		}
	}
	return old, new, nil
}
