package revision

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// How long the timed part of a slice should be. Many short slices beat few long
// ones, but where memory is allocated a cycle of the collector must fit in: of
// 2, 10 and 40 ms, 2 ms gave the narrowest intervals after ten seconds for
// sorting and for a mutex (0.4 % and 1.7 % against 1.9 % and 3.6 % at 10 ms),
// and 10 ms for allocating work (1.7 % against 3.2 % at 2 ms).
const (
	targetPlain      = 2 * time.Millisecond
	targetAllocating = 10 * time.Millisecond
)

// What goes with a slice (the parent benchmark's set-up, one iteration, three
// collections) is at most as long as its timed part, up to slices of this
// length.
const longestSlice = 100 * time.Millisecond

// blockTime is how long a fork measures: several times what starting it takes.
const blockTime = 150 * time.Millisecond

// forksWanted is how many forks a share of the budget should have room for: a
// verdict takes six, each of which has a control and what goes with slices
// besides, and a short budget is better spent on another fork than on longer
// ones. With a tenth, a slowdown of 10 % was undecided after 2 s in 2 of 6
// trials, since there were not six forks.
const forksWanted = 25

// mostRounds bounds the slices of a side in a fork.
const mostRounds = 30

// mostN bounds iterations: beyond it, they cost nothing.
const mostN = 1_000_000_000

// A Length is a wish for the length of slices: like -benchtime of go test, a
// time or a number of iterations. The zero value leaves it to us.
type Length struct {
	Time time.Duration
	N    int
}

// probe is what one arm needs.
type probe struct {
	perOp     float64 // nanoseconds
	fixed     time.Duration
	allocates bool
	alone     bool
}

// size finds out how many iterations make a slice. Its times are not data.
// Both sides get the same number: benchmarks that set up within the timed
// region would look faster with more.
func (p *Pair) size(ctx context.Context, want Length, share time.Duration) error {
	var probes [2]probe
	for i := range p.arms {
		var err error
		if probes[i], err = p.probe(ctx, i, want); err != nil {
			return fmt.Errorf("%s: %w", sideNames[i], err)
		}
	}
	perOp := math.Sqrt(probes[base].perOp * probes[head].perOp)
	fixed := max(probes[base].fixed, probes[head].fixed)
	target := targetPlain
	if probes[base].allocates || probes[head].allocates {
		target = targetAllocating
	}
	if want.Time > 0 {
		target = want.Time
	} else if fixed > target {
		target = min(fixed, longestSlice)
	}
	p.N = roundTwo(float64(target) / perOp)
	if want.N > 0 {
		p.N = want.N
	}
	// The fastest slices of allocating work are those without the collector.
	p.Alone = probes[base].alone && probes[head].alone && !probes[base].allocates && !probes[head].allocates
	timed := time.Duration(perOp * float64(p.N))
	p.Slice = timed + fixed
	block := min(max(share/forksWanted, blockTime/3), blockTime)
	p.Rounds = int(min(max(block/(2*p.Slice), 1), mostRounds))
	if p.Alone && p.Slice <= longestSlice/5 {
		p.Rounds = max(p.Rounds, stats.ManyRounds)
	}
	if fixed > timed+timed/10 && want == (Length{}) {
		p.Rounds = 1
		p.Notes = append(p.Notes, fmt.Sprintf("its set-up takes %v, longer than a slice may be (%v): one sample a process", fixed.Round(time.Millisecond), longestSlice))
	}
	return nil
}

// probe tries one side with more and more iterations until they take a good
// part of a slice.
func (p *Pair) probe(ctx context.Context, side int, want Length) (probe, error) {
	process, err := p.arms[side].binaries[0].Start(ctx, p.arms[side].test, p.Procs)
	if err != nil {
		return probe{}, err
	}
	defer process.Close()
	limited, cancel := context.WithTimeout(ctx, discoverWithin)
	defer cancel()
	enough := targetPlain / 2
	if want.Time > 0 {
		enough = want.Time / 4
	}
	for n := 1; ; {
		if want.N > 0 {
			n = want.N
		}
		r, a, err := slice(limited, process, p, n)
		if err != nil {
			if limited.Err() != nil && ctx.Err() == nil {
				err = fmt.Errorf("%d iterations did not end within %v", n, discoverWithin)
			}
			return probe{}, err
		}
		if r.Elapsed >= enough || n >= mostN || want.N > 0 {
			if r.Elapsed <= 0 {
				return probe{}, fmt.Errorf("%d iterations took no time: it reports no ns/op, or its loop is empty", n)
			}
			first := newProbe(r, a)
			if a.Spent > longestSlice {
				return first, nil
			}
			return p.steady(limited, process, first, n)
		}
		n = more(n, r.Elapsed, enough)
	}
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

// roundTwo rounds to two significant digits, at least 1.
func roundTwo(x float64) int {
	if !(x >= 1) {
		return 1
	}
	x = min(x, mostN)
	scale := math.Pow(10, math.Floor(math.Log10(x))-1)
	return int(max(1, math.Round(math.Round(x/scale)*scale)))
}
