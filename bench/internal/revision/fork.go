package revision

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// A fork is a process of each side that measure some slices of a benchmark
// together: processes that this benchmark has not had before.
type fork struct {
	*measuring
	*Pair
	index  int // of the pair
	number int
	layout int
	cpu    int
	rng    *rand.Rand

	couple *couple
	slices []Slice
	side   int // whose error it is
	err    error
	took   time.Duration

	before, after measure.Reading
}

// prepare makes the next fork of a pair, to be run on a core if its design
// wants one.
func (r *measuring) prepare(p *Pair, layout, cpu int) *fork {
	p.Forks++
	return &fork{measuring: r, Pair: p, number: p.Forks, layout: layout, cpu: cpu, rng: rand.New(rand.NewPCG(r.rng.Uint64(), 0))}
}

// run measures a fork.
func (f *fork) run(ctx context.Context) {
	if f.Machine != nil {
		f.before = f.Machine()
	}
	began := f.Clock()
	f.side, f.err = f.measure(ctx)
	f.release(f.couple, f.err != nil)
	f.took = f.Clock() - began
	if f.Machine != nil {
		f.after = f.Machine()
	}
}

// take takes up what a fork has measured. One that fails costs itself; what
// fails again and again costs the pair.
func (r *measuring) take(ctx context.Context, f *fork) error {
	f.Pair.forked += f.took
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case f.err != nil:
		f.slices = nil
		if f.couple.used() {
			f.Pair.apart = true
			return nil
		}
		return r.lost(ctx, f.Pair, f.side, f.err)
	}
	f.keep(f.before, f.after, f.took)
	for i := range f.slices {
		if err := r.Sink(f.Pair, &f.slices[i]); err != nil {
			return err
		}
	}
	return nil
}

// keep takes up the slices of a fork.
func (f *fork) keep(before, after measure.Reading, took time.Duration) {
	if f.Machine != nil && f.disturbed(before, after, took) {
		f.slices = nil
	}
	for i := range f.slices {
		f.Timed += f.slices[i].Elapsed
	}
	f.Slices = append(f.Slices, f.slices...)
}

// measure starts the processes and makes the slices of a fork. With an error it
// says whose it is.
func (f *fork) measure(ctx context.Context) (side int, err error) {
	first := f.rng.IntN(2)
	l := served.Launch{Procs: f.procs(), Pinned: f.Design != InTurn, CPU: f.cpu}
	if f.couple, err = f.measuring.couple(ctx, f.Pair, f.layout, first, l); err != nil {
		return sideOf(err), err
	}
	if f.warms() {
		if side, _, err := f.round(ctx, first, f.N); err != nil {
			return side, err
		}
	}
	for n := 1; n <= f.Rounds; n++ {
		first := f.rng.IntN(2)
		iterations := f.iterations()
		side, answers, err := f.round(ctx, first, iterations)
		if err != nil {
			return side, err
		}
		for side, a := range answers {
			order := 1
			if side != first {
				order = 2
			}
			s := Slice{Place: record.Place{Fork: f.number, Round: n, Order: order}, Side: sideNames[side], Layout: f.layout, Design: f.Design, N: iterations, Elapsed: a.Run.Timed, Metrics: f.metrics(a.Run)}
			if f.Design == SharedCore {
				s.Elapsed = a.Run.Used
			}
			if s.Elapsed <= 0 {
				return side, refuse("%d iterations took no time", iterations)
			}
			f.slices = append(f.slices, s)
		}
	}
	return 0, nil
}

// iterations returns how many iterations the slices of the next round have, the
// same on both sides.
func (f *fork) iterations() int {
	n := float64(f.N) * (1 + f.spread*(f.rng.Float64()-0.5))
	return max(int(n+0.5), 1)
}

// warms reports whether a first slice is not counted. Where a single one is all
// there is time for, its iteration before the others must do.
func (f *fork) warms() bool { return f.Rounds > 1 }

// round makes a slice of each side: at once on a shared core, and otherwise in
// turn.
func (f *fork) round(ctx context.Context, first, n int) (side int, answers [2]served.Answer, err error) {
	limited, cancel := context.WithTimeout(ctx, f.limit())
	defer cancel()
	var errs [2]error
	ask := func(side int) {
		answers[side], errs[side] = f.slice(limited, f.couple.processes[side], n)
	}
	if f.Design == SharedCore {
		var both sync.WaitGroup
		for _, side := range []int{first, 1 - first} {
			both.Go(func() { ask(side) })
		}
		both.Wait()
	} else {
		if ask(first); errs[first] == nil {
			ask(1 - first)
		}
	}
	for _, side := range []int{base, head} {
		if errs[side] != nil {
			if limited.Err() != nil && ctx.Err() == nil {
				errs[side] = fmt.Errorf("%d iterations did not end within %v", n, f.limit().Round(time.Second))
			}
			return side, answers, errs[side]
		}
	}
	return 0, answers, nil
}

// How long a round may take: so many times what it took in sizing, and at least
// some seconds.
const (
	roundTimes = 50
	roundLeast = 5 * time.Second
)

func (f *fork) limit() time.Duration { return max(roundTimes*2*f.Slice, roundLeast) }

// sideOf returns the side whose error it is.
func sideOf(err error) int {
	var failed *sideError
	if errors.As(err, &failed) {
		return failed.side
	}
	return base
}

// mostFailures is how many processes a pair may lose until it cannot be
// measured. What a benchmark says itself it will say again.
const mostFailures = 3

// lost takes up that a process of a side failed.
func (r *measuring) lost(ctx context.Context, p *Pair, side int, err error) error {
	var said *refusal
	if p.failures++; p.failures < mostFailures && !errors.As(err, &said) {
		p.Notes = append(p.Notes, fmt.Sprintf("a process failed, %d of at most %d (%s): %v", p.failures, mostFailures-1, sideNames[side], err))
		return nil
	}
	return r.fail(ctx, p, side, err)
}

// fail says why a pair cannot be measured. What the head does is new only if
// the base does not do it, too.
func (r *measuring) fail(ctx context.Context, p *Pair, side int, err error) error {
	p.Problem, p.New = fmt.Sprintf("%s: %v", sideNames[side], err), false
	if side == base {
		return nil
	}
	p.New = true
	process, failed := r.launch(ctx, p, base, 0, served.Launch{Test: p.arms[base].test, Procs: p.Procs})
	if failed == nil {
		limited, cancel := context.WithTimeout(ctx, (&fork{Pair: p}).limit())
		_, failed = p.slice(limited, process, max(p.N, 1))
		cancel()
		process.Close()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed != nil {
		p.Problem, p.New = fmt.Sprintf("both sides: %v", err), false
	}
	return nil
}

// disturbed takes up what the machine did during a fork, and reports whether
// that makes it count for nothing. Only what meets both sides alike does, such
// as a clock that was set.
func (p *Pair) disturbed(before, after measure.Reading, took time.Duration) bool {
	if why := measure.Jumped(before, after, took); why != "" {
		p.Notes = append(p.Notes, fmt.Sprintf("a pair of processes counts for nothing: %s", why))
		return true
	}
	if before.Known && after.Known {
		processor, stolen := measure.Spent(before, after, took)
		p.processor, p.stolen = p.processor+processor, p.stolen+stolen
	}
	return false
}
