package revision

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// How long the timed part of a slice should be, unless the benchmark needs
// longer ones. Many short slices beat few long ones. Allocating work wants some
// cycles of the collector in each.
const (
	targetPlain      = 4 * time.Millisecond
	targetAllocating = 10 * time.Millisecond

	// On a shared core the kernel alternates the sides, however long slices are.
	targetShared = 12 * time.Millisecond
)

// What goes with a slice (set-up in the benchmark, a collection of garbage) is
// at most as long as its timed part, up to slices of this length.
const longestSlice = 100 * time.Millisecond

// A slice of allocating work begins with a collection of garbage, and then so
// many cycles of the collector should fit in: with one or two, a slowdown of 3 %
// is nothing in a slice in which it makes no cycle more, and 7 % where it does.
// What is left of that is spread by giving the slices of a fork different
// numbers of iterations, so that the ends of slices are spread over one cycle.
const (
	cyclesWanted = 3
	mostCycles   = 50 * time.Millisecond // that slices are lengthened to for it
)

// decade is how many times as many iterations show whether time depends on them.
const decade = 10

// mostFixed is the part of a slice that may be the same in every run, however
// many iterations it has: a benchmark of go test runs for a second, and then it
// is nothing.
const mostFixed = 0.05

// mostlySetUp is the part from which a level is not that of an iteration.
const mostlySetUp = 0.2

// mostVaries is by how much the time of an iteration may change, as a logarithm,
// when there are ten times as many, until slices are as long as the longest run
// that was tried.
const mostVaries = 0.12

// longestRun bounds the slices of benchmarks that need long ones: it is what a
// benchmark of go test runs for.
const longestRun = time.Second

// mostN bounds iterations: beyond it, they cost nothing.
const mostN = 1_000_000_000

// A Length is a wish for the length of slices: like -benchtime of go test, a
// time or a number of iterations. The zero value leaves it to us.
type Length struct {
	Time time.Duration
	N    int
}

// An allowance is the time that a pair has.
type allowance struct {
	share time.Duration // of the budget
	probe time.Duration // to find out how much one side needs
}

// allow returns the allowance of a pair with a share of the budget, of which so
// much is left. As in finding it, no benchmark takes more than a quarter of
// all, or its share if that is more; half of it for each side. Below leastShare
// nothing could be found out at all.
func allow(share, left time.Duration) allowance {
	return allowance{share, min(max(share/2, left/8, leastShare), discoverWithin)}
}

// longest returns how long the longest run of sizing is: long enough to show
// how time depends on the number of iterations, and a small part of the share.
func (a allowance) longest() time.Duration {
	return min(max(a.share/50, 5*targetPlain), 100*time.Millisecond)
}

// errNoTime means that only a longer budget would tell more.
var errNoTime = errors.New("there was not enough time")

// size finds out how many iterations make a slice, and which design suits the
// pair. Its times are not data. Both sides get the same number of iterations:
// benchmarks that set up within the timed region would look faster with more.
// The base climbs to the longest run; the head only shows that it is alike.
func (r *measuring) size(ctx context.Context, p *Pair, want Length, allowed allowance) error {
	limited, cancel := context.WithTimeout(ctx, 2*allowed.probe)
	defer cancel()
	profiles, err := r.profiles(ctx, limited, p, want, allowed)
	if err == nil {
		err = r.look(ctx, limited, p, profiles)
	}
	if err == nil {
		p.plan(profiles, want, allowed, r.beside(p))
	}
	return err
}

// profiles looks at both sides on all cores, and chooses the length of slices.
func (r *measuring) profiles(ctx, limited context.Context, p *Pair, want Length, allowed allowance) (profiles [2]*profile, err error) {
	c, err := r.couple(ctx, p, 0, base, served.Launch{Procs: p.Procs})
	if err != nil {
		return profiles, err
	}
	defer func() {
		again := err != nil && c.used() && !p.apart && limited.Err() == nil
		r.release(c, err != nil)
		if again {
			p.apart = true
			profiles, err = r.profiles(ctx, limited, p, want, allowed)
		}
	}()
	var sides [2]*prober
	for side := range sides {
		sides[side] = &prober{Pair: p, process: c.processes[side], want: want, within: allowed.probe, enough: allowed.longest(), from: max(want.N, 1)}
		if want.Time > 0 {
			sides[side].enough = want.Time
		}
		if side == head {
			sides[head].from = max(want.N, sides[base].last().n/10, 1)
			sides[head].enough /= 2
		}
		if err := sides[side].explore(limited, allowed); err != nil {
			return profiles, &sideError{side, interrupted(ctx, err)}
		}
		profiles[side] = &profile{procs: p.Procs, growth: grows(sides[side].trials), widest: sides[side].widest}
	}
	p.cut(sides, profiles, want, allowed)
	for side, probe := range sides {
		if profiles[side].steady, err = probe.steady(limited, p.facts(profiles[base].perOp)); err != nil {
			return profiles, &sideError{side, errTime(ctx, limited, err)}
		}
		profiles[side].level = timed(profiles[side].steady)
	}
	return profiles, nil
}

// explore tries more and more iterations, and then fewer.
func (p *prober) explore(ctx context.Context, allowed allowance) error {
	err := p.climb(ctx)
	if p.want != (Length{}) || err != nil {
		return err
	}
	if last := p.last(); last.n < decade && decade*last.spent <= allowed.share/4 {
		// One iteration is a long run: more of them may take hardly longer.
		p.enough = decade * last.timed
		if err := p.climb(ctx); err != nil {
			return err
		}
	}
	if p.last().spent <= allowed.share/20 {
		err = p.sizes(ctx)
	}
	if err == nil && grows(p.trials).varies { // or the moment was a bad one
		err = p.repeat(ctx)
	}
	if err == nil && grows(p.trials).varies {
		// Until it no longer does, or until a run is as long as those of go test.
		p.enough = min(max(allowed.share/20, p.enough), longestRun)
		err = p.climb(ctx)
	}
	return err
}

// interrupted returns the reason of an interruption in place of what it led to.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// facts returns how many iterations show what kind of work a benchmark is: a
// slice, unless it is long.
func (p *Pair) facts(perOp float64) int {
	return max(1, min(p.N, int(float64(2*targetAllocating)/perOp)))
}

// A sideError is what went wrong on one side.
type sideError struct {
	side int
	error
}

func (e *sideError) Unwrap() error { return e.error }

// errTime tells a limit that ran out from an interruption and from what failed.
func errTime(ctx, limited context.Context, err error) error {
	if ctx.Err() == nil && limited.Err() != nil {
		return errNoTime
	}
	return err
}

// cut chooses the number of iterations of a slice.
func (p *Pair) cut(sides [2]*prober, profiles [2]*profile, want Length, allowed allowance) {
	perOp := math.Sqrt(profiles[base].perOp * profiles[head].perOp)
	target, longest := targetPlain, time.Duration(0)
	each := time.Duration(max(profiles[base].fixed, profiles[head].fixed))
	for side, probe := range sides {
		if probe.allocates {
			target = targetAllocating
		}
		longest = max(longest, probe.last().timed)
		profiles[side].around = leastAround(probe.trials)
	}
	around := max(profiles[base].around, profiles[head].around)
	if around > target {
		target = min(around, longestSlice)
	}
	most := min(max(allowed.share/20, longest, targetPlain), longestRun)
	if need := time.Duration(float64(each) / mostFixed); need > target {
		target = min(need, most)
		p.Long = true
		switch part := float64(each) / float64(target); {
		case want != (Length{}):
		case part > mostlySetUp:
			p.Doubt = fmt.Sprintf("its time is mostly set-up: %v of each run of %v do not depend on b.N", each.Round(time.Microsecond), target.Round(time.Millisecond))
		case part > mostFixed:
			p.Notes = append(p.Notes, fmt.Sprintf("%.0f%% of its slices of %v is set-up that does not depend on b.N", 100*part, target.Round(time.Millisecond)))
		}
	}
	if profiles[base].varies && profiles[head].varies { // noise seldom meets both
		target = max(target, longest)
		p.Long = true
	}
	cycle := 0.0 // iterations
	for _, probe := range sides {
		if top := probe.last(); top.collections > 0 {
			cycle = max(cycle, float64(top.n)/float64(top.collections))
		}
	}
	p.short = 0
	if cycle > 0 {
		if want == (Length{}) && !p.Long {
			p.short = roundTwo(float64(target) / perOp)
		}
		target = max(target, min(time.Duration(cyclesWanted*cycle*perOp), mostCycles, max(allowed.share/40, targetAllocating)))
	}
	if want.Time > 0 {
		target = want.Time
	}
	if p.N = roundTwo(float64(target) / perOp); want.N > 0 {
		p.N = want.N
	}
	if cycle > 0 && want == (Length{}) {
		p.spread = min(cycle/float64(p.N), 0.5)
	}
}

// leastAround returns what goes with a run beside its timed part, at least.
func leastAround(trials []trial) time.Duration {
	least := time.Duration(math.MaxInt64)
	for _, t := range trials {
		least = min(least, max(t.spent-t.timed, 0))
	}
	return least
}

// roundTwo rounds to two significant digits, at least 1.
func roundTwo(x float64) int {
	if !(x >= 1) {
		return 1
	}
	x = min(x, mostN)
	scale := math.Pow(10, math.Floor(math.Log10(x))-1)
	return int(max(1, math.Round(math.Round(x/scale)*scale)))
}
