package revision

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"golang.org/x/sync/errgroup"

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
// many iterations it has: a benchmark of go test runs for a second, of which it
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

// A fork measures for several times what starting it takes, and for longer where
// there is time: on a busy host most of the noise is within forks, and changes
// within milliseconds.
const (
	leastBlock = 50 * time.Millisecond
	blockTime  = 200 * time.Millisecond
	mostBlock  = 400 * time.Millisecond
)

// leastRounds and mostRounds bound the slices of a side in a fork, unless they
// are so long that a single one must do.
const (
	leastRounds = 3
	mostRounds  = 48
)

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

// plan chooses the number of slices in a fork, when so many forks run at once. A
// first look takes four of them and its part of the budget.
func (p *Pair) plan(profiles [2]*profile, want Length, allowed allowance, beside int) {
	if p.Design == InTurn && p.short > 0 { // beside other noise the cycles of the collector are nothing
		p.N, p.spread = p.short, 0
	}
	onOne := 1.0 // times as long on one core
	if p.Design == SharedCore {
		perOp := profiles[base].onOne()
		onOne = max(perOp/profiles[base].level, 1)
		if want == (Length{}) && p.spread == 0 {
			p.N = max(p.N, roundTwo(float64(targetShared)/perOp))
		}
	}
	p.own = !profiles[base].parallel() && !profiles[head].parallel() && !profiles[base].allocates() && !profiles[head].allocates()
	p.Level = profiles[base].level
	for _, unit := range p.units {
		if profiles[base].follows(unit) && profiles[head].follows(unit) {
			p.derived = append(p.derived, unit)
		}
	}
	slice, idle, around := time.Duration(0), time.Duration(0), time.Duration(0)
	for _, side := range profiles {
		around = max(around, side.around)
		extra := time.Duration(leastOf(side.steady, func(a served.Answer) time.Duration { return a.Spent - a.Run.Timed - side.around }) * float64(p.N))
		idle = max(idle, extra)
		slice = max(slice, time.Duration(onOne*side.level*float64(p.N))+side.around+extra)
	}
	p.Slice = slice
	block := min(max(allowed.share*time.Duration(beside)/12, leastBlock), mostBlock)
	p.Rounds = int(min(max(block/(2*max(slice, time.Microsecond)), 1), mostRounds))
	if 2*leastRounds*slice <= max(blockTime, allowed.share/8) {
		p.Rounds = max(p.Rounds, leastRounds)
	}
	timed := time.Duration(p.Level * float64(p.N))
	switch {
	case want != (Length{}):
	case p.N == mostN && timed < targetPlain/2:
		p.Notes = append(p.Notes, fmt.Sprintf("its time does not grow with b.N (%v for %d iterations): what is compared is not the time of an iteration", timed, p.N))
	case idle > longestSlice && idle > timed:
		p.Rounds = 1
		p.Notes = append(p.Notes, fmt.Sprintf("its timer stands still for %v of a slice of %v: one sample a process", idle.Round(time.Millisecond), p.Slice.Round(time.Millisecond)))
	case around > longestSlice && 2*around > timed:
		p.Rounds = 1
		p.Notes = append(p.Notes, fmt.Sprintf("its set-up takes %v, longer than a slice may be (%v): one sample a process", around.Round(time.Millisecond), longestSlice))
	}
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
