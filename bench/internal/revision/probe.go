package revision

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// An allowance is the time that a pair has.
type allowance struct {
	share time.Duration // of the budget
	probe time.Duration // to find out how much one side needs
}

// allow returns the allowance of a pair with a share of what is left of the
// budget. As in finding it, no benchmark takes more than a quarter of all, or
// its share if that is more; half of it for each side. Below leastShare nothing
// could be found out at all.
func allow(share, left time.Duration) allowance {
	return allowance{share, min(max(share/2, left/8, leastShare), discoverWithin)}
}

// probe is what one arm needs.
type probe struct {
	perOp     float64 // nanoseconds
	fixed     time.Duration
	idle      float64 // nanoseconds of each iteration that the timer does not show
	allocates bool
	alone     bool
}

// probe tries one side with more and more iterations until they take a good
// part of a slice, within a time.
func (p *Pair) probe(ctx context.Context, side int, want Length, within time.Duration) (probe, error) {
	process, err := p.arms[side].binaries[0].Start(ctx, p.arms[side].test, p.Procs)
	if err != nil {
		return probe{}, err
	}
	defer process.Close()
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	enough := targetPlain / 2
	if want.Time > 0 {
		enough = want.Time / 4
	}
	var first, last trial
	suspect := false
	for n := max(want.N, 1); ; {
		began := time.Now()
		r, a, err := slice(limited, process, p, n)
		if err != nil {
			if limited.Err() != nil && ctx.Err() == nil {
				err = last.tooLong(n, time.Since(began), within)
			}
			return probe{}, err
		}
		if last = (trial{n, r.Elapsed, a.Spent}); first.n == 0 {
			first = last
		}
		if needs := last.needs(first, enough); needs > within && want.N == 0 {
			if !suspect { // the process may have been held up: once more
				suspect = true
				continue
			}
			return probe{}, last.idle(needs)
		}
		suspect = false
		if r.Elapsed >= enough || n >= mostN || want.N > 0 {
			if r.Elapsed <= 0 {
				return probe{}, fmt.Errorf("%d iterations took no time: it reports no ns/op, or its loop is empty", n)
			}
			found := newProbe(r, a)
			if a.Spent <= longestSlice {
				found, err = p.steady(limited, process, found, n)
			}
			if limited.Err() != nil && ctx.Err() == nil {
				err = nil // the first is good enough
			}
			return found.split(first, n), err
		}
		n = more(n, r.Elapsed, enough)
	}
}

// errNoTime means that only a longer budget would tell more.
var errNoTime = errors.New("the time does not suffice")

// A trial is a run of some iterations.
type trial struct {
	n     int
	timed time.Duration // by the benchmark's own timer
	spent time.Duration // in all
}

// tooLong explains why n iterations did not end, after the trial that came
// before. They should have taken hardly more than a slice: what takes far longer
// than its set-up did hangs, or its timer does not say what it takes.
func (last trial) tooLong(n int, waited, within time.Duration) error {
	switch {
	case last.n > 0 && waited > 10*last.spent:
		return fmt.Errorf("%d iterations did not end within %v, though its timer ran for %v when there were %d: it hangs, or stops its timer", n, within, last.timed, last.n)
	case within < discoverWithin:
		return errNoTime
	}
	return fmt.Errorf("%d iterations did not end within %v", n, within)
}

// idle explains why a benchmark cannot be sized that needs so much time.
func (last trial) idle(needs time.Duration) error {
	if needs <= discoverWithin {
		return errNoTime
	}
	return fmt.Errorf("its timer ran for %v of the %v that %d iterations took, so that its slices cannot be sized: let it run while that is done which is to be measured", last.timed, last.spent.Round(time.Millisecond), last.n)
}

// split tells what goes with each iteration from what goes with a slice: longer
// slices pay for set-up alone. Set-up comes twice, and varies.
func (p probe) split(first trial, n int) probe {
	if more := p.fixed - 3*(first.spent-first.timed); more > 0 && n > 1 {
		p.idle, p.fixed = float64(more)/float64(n), p.fixed-more
	}
	return p
}

// needs estimates how long iterations would take until the timer shows enough,
// where that is far more than the timer shows: 0 where nothing points to it.
// What was spent on the first iteration is set-up, which more iterations make
// twice: package testing runs a single one before.
func (now trial) needs(first trial, enough time.Duration) time.Duration {
	idle := now.spent - now.timed - 3*first.spent
	if idle <= longestSlice || now.timed >= enough {
		return 0
	}
	return time.Duration(min(float64(idle)*float64(enough)/float64(max(now.timed, 1)), math.MaxInt64/2))
}

// retries is how often a probe is repeated. A process that is held up for a
// moment makes a benchmark look expensive, and its slices would be too long.
const retries = 2

// steady makes the last run of a probe again and keeps the least of each.
func (p *Pair) steady(ctx context.Context, process *served.Process, first probe, n int) (probe, error) {
	best := first
	for range retries {
		r, a, err := slice(ctx, process, p, n)
		if err != nil {
			return best, err
		}
		again := newProbe(r, a)
		if r.Elapsed > 0 {
			best.perOp = min(best.perOp, again.perOp)
		}
		best.fixed = min(best.fixed, again.fixed)
		best.alone = again.alone // the first run also starts what the runtime needs
	}
	return best, nil
}

// newProbe reads what a run says. Package testing starts a goroutine for each
// part of the name, and one more for the iterations: a benchmark that starts
// none runs alone, unless goroutines of the package were there before.
func newProbe(r served.Result, a served.Answer) probe {
	return probe{
		perOp:     float64(r.Elapsed) / float64(r.N),
		fixed:     max(a.Spent-r.Elapsed, 0),
		allocates: r.Metrics["allocs/op"] > 0,
		alone:     a.Started > 0 && a.Started <= strings.Count(r.Name, "/")+2,
	}
}

// more returns the next number of iterations to try: at most a hundred times
// as many, as short runs mislead, and at least twice as many, so that it ends.
func more(n int, took, enough time.Duration) int {
	want := 1.3 * float64(n) * float64(enough) / float64(max(took, 1))
	return int(min(max(want, 2*float64(n)), 100*float64(n), mostN))
}
