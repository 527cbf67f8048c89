package revision

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// controlForks is in how many forks of a pair the control takes part.
const controlForks = 6

// mostForks bounds the forks of a pair: no test looks at more.
const mostForks = stats.LastLook

// leastShare is the time that a pair gets as long as there is any: with less,
// none of many would be decided.
const leastShare = time.Second

// leastSlices is about how many iterations at least it takes to find out the
// length of slices and to measure a single pair of them.
const leastSlices = 4

// A Measuring is how to measure.
type Measuring struct {
	Budget  time.Duration // for all pairs together
	Length  Length
	Control bool
	Seed    uint64
	Clock   measure.Clock
	Machine measure.Machine // may be nil

	// Decided says whether a pair needs no more forks.
	Decided func(*Pair) bool

	// Sink takes up every measurement as it is made.
	Sink func(*Pair, record.Measurement) error

	// Progress, if not nil, is called between forks.
	Progress func(Progress)

	// start replaces the processes in tests.
	start func(*Pair) measure.Starter
	size  func(context.Context, *Pair, Length, allowance) error
}

// Progress says how far measuring is.
type Progress struct {
	Pair    *Pair
	Decided int // pairs that need no more
	Total   int
	Passed  time.Duration
	Budget  time.Duration
}

// Measure measures all pairs. Each has an equal share of what is left of the
// budget; what the decided ones do not need goes to those that come later,
// and at last once more to the undecided. A pair that fails costs itself alone.
func (c *Comparison) Measure(ctx context.Context, m Measuring) error {
	r := &measuring{Measuring: m, began: m.Clock(), total: len(c.Pairs)}
	if r.start == nil {
		r.start = func(p *Pair) measure.Starter {
			seed := m.Seed ^ uint64(slices.Index(c.Pairs, p))<<32
			return &starter{Pair: p, control: m.Control, rng: rand.New(rand.NewPCG(seed, uint64(p.forks)))}
		}
		r.size = func(ctx context.Context, p *Pair, l Length, a allowance) error { return p.size(ctx, l, a) }
	}
	open := slices.Clone(c.Pairs)
	for len(open) > 0 {
		before := r.forks
		for i, p := range open {
			left := m.Budget - r.passed()
			share := min(max(left/time.Duration(len(open)-i), leastShare), left)
			if left <= 0 || p.forks == 0 && leastSlices*p.once > left {
				p.Starved = p.forks == 0
				continue
			}
			if err := r.pair(ctx, p, share); err != nil {
				return err
			}
		}
		open = slices.DeleteFunc(open, func(p *Pair) bool {
			return p.Problem != "" || p.Starved || p.forks >= mostForks || m.Decided(p)
		})
		if r.forks == before {
			break // nobody's share allows another fork
		}
	}
	return nil
}

type measuring struct {
	Measuring
	began   time.Duration
	total   int
	forks   int
	decided map[*Pair]bool
}

func (r *measuring) passed() time.Duration { return r.Clock() - r.began }

// pair measures one pair until it is decided or its share is spent.
func (r *measuring) pair(ctx context.Context, p *Pair, share time.Duration) error {
	began := r.passed()
	defer func() { p.Spent += r.passed() - began }()
	if p.N == 0 {
		err := r.size(ctx, p, r.Length, allow(share, r.Budget-began))
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return ctx.Err() // it was interrupted, and has not failed
		case errors.Is(err, errNoTime):
			p.Starved = true
			return nil
		default:
			p.Problem = err.Error()
			return nil
		}
		if 2*p.Slice > r.Budget-began {
			p.Starved = true // not a single slice of each side
			return nil
		}
	}
	control := r.Control && p.forks < controlForks
	s := p.scenario(control)
	plan := measure.NewPlan([]measure.Block{{Scenario: s, Procs: p.Procs, Paired: true, Cases: s.Cases("", p.Procs)}},
		measure.Options{All: true, Forks: mostForks - p.forks, Rounds: p.Rounds, Seed: r.Seed + uint64(p.forks)})
	for i := range plan.Blocks[0].Cases {
		planned := &plan.Blocks[0].Cases[i]
		planned.N, planned.Cost = p.N, p.Slice
	}
	earlier := p.forks
	stop := false
	took := func() time.Duration { return r.passed() - began }
	err := plan.Run(ctx, measure.Config{
		Starter: counted{r.start(p), &r.forks},
		Clock:   r.Clock,
		Machine: r.Machine,
		Sink: func(e record.Event) error {
			switch {
			case e.Void != nil:
				p.Problem, stop = e.Void.Why, true
			case e.Fork != nil:
				p.disturbed(e.Fork, earlier)
			case e.Measurement != nil:
				e.Measurement.Fork += earlier
				p.Measurements = append(p.Measurements, *e.Measurement)
				return r.Sink(p, *e.Measurement)
			}
			return nil
		},
		Done: func(c bench.Case) bool {
			done := p.forks - earlier
			if c.Variant == variantControl && p.forks >= controlForks {
				return true
			}
			next := took() / time.Duration(max(done, 1))
			return stop || took()+next > share || r.Decided(p)
		},
		Progress: func(at measure.Progress) error {
			if r.Progress != nil && !at.Done {
				r.Progress(Progress{Pair: p, Decided: r.countDecided(p), Total: r.total, Passed: r.passed(), Budget: r.Budget})
			}
			return nil
		},
	})
	var failed *startError
	if errors.As(err, &failed) {
		p.Problem = failed.Error()
		return nil
	}
	return err
}

// disturbed takes up what the machine did during a fork. Only what meets both
// sides alike, such as a clock that was set, removes a fork.
func (p *Pair) disturbed(f *record.Fork, earlier int) {
	if f.Void == "" {
		p.stolen, p.processor = p.stolen+f.Stolen, p.processor+f.Processor
		return
	}
	p.Notes = append(p.Notes, fmt.Sprintf("a pair of processes counts for nothing: %s", f.Void))
	p.Measurements = slices.DeleteFunc(p.Measurements, func(m record.Measurement) bool { return m.Fork == f.Fork+earlier })
}

func (r *measuring) countDecided(p *Pair) int {
	if r.decided == nil {
		r.decided = make(map[*Pair]bool)
	}
	if r.Decided(p) {
		r.decided[p] = true
	}
	return len(r.decided)
}

// counted counts the forks that a starter starts, and marks its errors: they
// cost the pair, and not the run.
type counted struct {
	measure.Starter
	n *int
}

func (c counted) Start(ctx context.Context, procs int) (measure.Fork, error) {
	*c.n++
	f, err := c.Starter.Start(ctx, procs)
	if err != nil && ctx.Err() == nil {
		err = &startError{err}
	}
	return f, err
}

type startError struct{ error }
