package revision

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench/internal/child"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/revision/served"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// leastShare is the time that a pair gets as long as there is any: with less,
// none of many would be decided.
const leastShare = time.Second

// startCost is about what it takes to start two processes.
const startCost = 30 * time.Millisecond

// A Measuring is how to measure.
type Measuring struct {
	Rules
	Budget  time.Duration // for all pairs together
	Length  Length
	Control bool // compare the base with itself, too
	Seed    uint64
	Clock   measure.Clock
	Machine measure.Machine // may be nil

	// Sink takes up every slice as it is made.
	Sink func(*Pair, *Slice) error

	// Progress, if not nil, is called between forks.
	Progress func(Progress)

	// These replace the processes and the builds in tests.
	launch func(ctx context.Context, p *Pair, side, layout int, l served.Launch) (process, error)
	relink func(ctx context.Context, p *Pair, layout int) error
	cores  []int
	atOnce int // forks; 0: one a core
}

// Progress says how far measuring is.
type Progress struct {
	Doing   string // a benchmark, or what else takes time
	Decided int    // pairs that need no more
	Total   int
	Passed  time.Duration
	Budget  time.Duration
}

type measuring struct {
	Measuring
	*Comparison
	rng    *rand.Rand
	began  time.Duration
	paused time.Duration // building, which is not part of the budget
	watch  *verdict.Watch
	flight inFlight
	couples
}

// Measure measures all pairs: which of them gets the next fork is what the plan
// of verdicts says, as long as there is time. A pair that fails costs itself
// alone. At the end it looks whether the slices tell what an ordinary run of
// the benchmarks does.
func (c *Comparison) Measure(ctx context.Context, m Measuring) error {
	if m.Control {
		c.controls()
	}
	r := c.measuring(m)
	r.watch = c.watched(m.Rules)
	defer r.closeIdle()
	if err := r.forks(ctx); err != nil {
		return err
	}
	for _, p := range c.Pairs {
		p.Starved = p.Starved || p.Problem == "" && len(p.Slices) == 0
	}
	return r.ordinary(ctx)
}

// measuring prepares measuring in real processes, unless a test brings others.
func (c *Comparison) measuring(m Measuring) *measuring {
	r := &measuring{Measuring: m, Comparison: c, rng: rand.New(rand.NewPCG(m.Seed, 0)), began: m.Clock()}
	if r.launch == nil {
		r.launch = func(ctx context.Context, p *Pair, side, layout int, l served.Launch) (process, error) {
			return p.arms[side].binaries[layout].Start(ctx, l)
		}
		r.Measuring.relink, r.cores = c.linkBoth, child.Cores()
	}
	return r
}

func (r *measuring) passed() time.Duration { return r.Clock() - r.began - r.paused }

// share is the part of the budget that a pair may count on.
func (r *measuring) share() time.Duration {
	return max(r.Budget/time.Duration(max(len(r.Pairs), 1)), leastShare)
}

// Spent implements verdict.Costs.
func (r *measuring) Spent(i int) time.Duration { return r.Pairs[i].Spent }

// settle takes a pair that cannot be measured out of the plan.
func (r *measuring) settle(i int) {
	if p := r.Pairs[i]; p.Problem != "" {
		r.watch.Void(i, p.Problem)
	} else if p.Starved {
		r.watch.Void(i, errNoTime.Error())
	}
}

// sized finds out the size of a pair. What goes wrong costs the pair alone.
func (r *measuring) sized(ctx context.Context, i int) error {
	p := r.Pairs[i]
	began := r.passed()
	defer func() { p.Spent += r.passed() - began }()
	err := r.size(ctx, p, r.Length, allow(r.share(), r.Budget-r.passed()))
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errNoTime):
		p.Starved = true
	case err != nil:
		if err := r.fail(ctx, p, sideOf(err), err); err != nil {
			return err
		}
	}
	r.settle(i)
	r.watch.Group(i, int(p.Design))
	return nil
}

// link builds a layout of both sides if that has not been done. Without it the
// usual one must do. It takes none of the budget.
func (r *measuring) link(ctx context.Context, p *Pair, layout *int) error {
	r.progress("linking " + p.Package + " in another order")
	began := r.Clock()
	defer func() { r.paused += r.Clock() - began }()
	err := r.Measuring.relink(ctx, p, *layout)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		if *layout = 0; p.unlinked == nil {
			p.unlinked = err
			p.Notes = append(p.Notes, fmt.Sprintf("it could not be linked in another order, so that layout may have a part in its verdict: %v", err))
		}
	}
	return nil
}

func (r *measuring) progress(doing string) {
	if r.Progress == nil {
		return
	}
	decided := 0
	for i := range r.Pairs {
		if r.watch.Done(i) {
			decided++
		}
	}
	r.Progress(Progress{Doing: doing, Decided: decided, Total: len(r.Pairs), Passed: r.passed(), Budget: r.Budget})
}

// controls adds pairs whose sides are both the base.
func (c *Comparison) controls() {
	for _, p := range slices.Clone(c.Pairs) {
		control := *p
		control.Control, control.OneSided = true, nil
		control.arms[head] = control.arms[base]
		c.Pairs = append(c.Pairs, &control)
	}
}
