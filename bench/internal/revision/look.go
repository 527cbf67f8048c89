package revision

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// look chooses the design. Where that takes a look at one core and says that
// others are needed, a second look adds to it: the first core, or the moment, may
// have been a slow one.
func (r *measuring) look(ctx, limited context.Context, p *Pair, profiles [2]*profile) error {
	p.Design, p.Why = choose(profiles, len(r.cores))
	if !profiles[base].mayShare() || !profiles[head].mayShare() || len(r.cores) < 2 {
		return nil
	}
	cores := r.rng.Perm(len(r.cores))
	for n, i := range cores[:2] {
		if n > 0 {
			if err := r.widen(ctx, limited, p, profiles); err != nil {
				return err
			}
		}
		if err := r.single(ctx, limited, p, profiles, r.cores[i]); err != nil {
			return err
		}
		if p.Design, p.Why = choose(profiles, len(r.cores)); p.Design != InTurn {
			return nil
		}
	}
	return nil
}

// widen looks at both sides on all cores once more.
func (r *measuring) widen(ctx, limited context.Context, p *Pair, profiles [2]*profile) (err error) {
	c, err := r.couple(ctx, p, 0, base, served.Launch{Procs: p.Procs})
	if err != nil {
		return err
	}
	defer func() { r.release(c, err != nil) }()
	for side := range profiles {
		probe := &prober{Pair: p, process: c.processes[side]}
		more, err := probe.steady(limited, profiles[side].steady[0].Run.N)
		if err != nil {
			return &sideError{side, errTime(ctx, limited, err)}
		}
		profiles[side].wide = append(profiles[side].wide, more...)
	}
	return nil
}

// single looks at slices on one core with GOMAXPROCS=1: of both sides at once on
// the same core, since what counts is processor time, and cores differ.
func (r *measuring) single(ctx, limited context.Context, p *Pair, profiles [2]*profile, cpu int) (err error) {
	c, err := r.couple(ctx, p, 0, base, served.Launch{Procs: 1, Pinned: true, CPU: cpu})
	if err != nil {
		return err
	}
	defer func() { r.release(c, err != nil) }()
	var group errgroup.Group
	for side := range c.processes {
		group.Go(func() error {
			probe, n := &prober{Pair: p, process: c.processes[side]}, profiles[side].steady[0].Run.N
			err := error(nil)
			if profiles[side].steady[0].Run.Timed < steadyTime { // otherwise it needs no warming up
				_, err = p.slice(limited, c.processes[side], n)
			}
			if err == nil {
				var runs []served.Answer
				runs, err = probe.steady(limited, n)
				profiles[side].single = append(profiles[side].single, runs...)
			}
			if err != nil {
				return &sideError{side, errTime(ctx, limited, err)}
			}
			return nil
		})
	}
	err = group.Wait()
	return err
}
