package revision

import (
	"context"
	"fmt"
	"math"
	"time"

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

// size finds out how many iterations make a slice. Its times are not data.
// Both sides get the same number: benchmarks that set up within the timed
// region would look faster with more.
func (p *Pair) size(ctx context.Context, want Length, allowed allowance) error {
	var probes [2]probe
	for i := range p.arms {
		var err error
		if probes[i], err = p.probe(ctx, i, want, allowed.probe); err != nil {
			return fmt.Errorf("%s: %w", sideNames[i], err)
		}
	}
	perOp := math.Sqrt(probes[base].perOp * probes[head].perOp)
	fixed := max(probes[base].fixed, probes[head].fixed)
	idlePerOp := max(probes[base].idle, probes[head].idle)
	target := targetPlain
	if probes[base].allocates || probes[head].allocates {
		target = targetAllocating
	}
	if want.Time > 0 {
		target = want.Time
	} else if fixed > target && idlePerOp < perOp { // otherwise most of what is longer would not be seen
		target = min(fixed, longestSlice)
	}
	p.N = roundTwo(float64(target) / perOp)
	if want.N > 0 {
		p.N = want.N
	}
	// The fastest slices of allocating work are those without the collector.
	p.Alone = probes[base].alone && probes[head].alone && !probes[base].allocates && !probes[head].allocates
	timed := time.Duration(perOp * float64(p.N))
	idle := time.Duration(idlePerOp * float64(p.N))
	p.Slice = timed + fixed + idle
	block := min(max(allowed.share/forksWanted, blockTime/3), blockTime)
	p.Rounds = int(min(max(block/(2*p.Slice), 1), mostRounds))
	if p.Alone && p.Slice <= longestSlice/5 {
		p.Rounds = max(p.Rounds, stats.ManyRounds)
	}
	switch {
	case p.N == mostN && want.N == 0 && timed < target/2:
		p.Notes = append(p.Notes, fmt.Sprintf("its time does not grow with b.N (%v for %d iterations): what is compared is not the time of an iteration", timed, p.N))
	case idle > longestSlice && want == (Length{}):
		p.Rounds = 1
		p.Notes = append(p.Notes, fmt.Sprintf("its timer stands still for %v of a slice of %v: one sample a process", idle.Round(time.Millisecond), p.Slice.Round(time.Millisecond)))
	case fixed > longestSlice && fixed > timed+timed/10 && want == (Length{}):
		p.Rounds = 1
		p.Notes = append(p.Notes, fmt.Sprintf("its set-up takes %v, longer than a slice may be (%v): one sample a process", fixed.Round(time.Millisecond), longestSlice))
	}
	return nil
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
