package measure

import (
	"math"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// warmPart is which part of a trial's operations warms a fork up for a case.
const warmPart = 10

// maxN bounds the operations of a trial: more would only show that the clock
// stands still.
const maxN = min(1<<34, math.MaxInt)

// warmUp returns the operations that warm a fork up for trials of n.
func warmUp(n int) int { return max(1, n/warmPart) }

// pilot finds out what is not known before measuring: how many operations make
// a trial of the target length, and what a job costs that nobody has estimated.
// Its times are not data: they are the first that the process sees, and they
// choose the numbers by which they would be judged. Cases that are still unknown
// when the share of the budget is spent are left out.
func (r *runner) pilot(b *Planned, share time.Duration) error {
	if !b.needsPilot() {
		return nil
	}
	began := r.passed()
	var fork Fork
	defer func() {
		if fork != nil {
			fork.Close()
		}
	}()
	for _, c := range slices.Clone(b.Cases) {
		if b.Scenario.Fixed > 0 && !c.Guess {
			continue
		}
		for lost := true; lost && b.has(c.Case); {
			if share > 0 && r.passed()-began >= share {
				b.Left = append(b.Left, c.Case)
				b.drop(c.Case)
				break
			}
			var err error
			if fork == nil {
				if fork, err = r.start(b); err != nil {
					return err
				}
				if fork == nil {
					continue
				}
			}
			if lost, err = r.size(fork, b, c.Case); err != nil {
				return err
			}
			if lost {
				fork.Close()
				fork = nil // it may have been bad luck, and the other cases deserve a new one
			}
		}
	}
	b.even()
	return nil
}

// even gives the arms of one comparison equal trials: an operation may cost
// more in a trial with fewer of them, whatever the arm.
func (b *Planned) even() {
	if !b.Paired || b.Scenario.Fixed > 0 {
		return
	}
	n := 0
	for _, c := range b.Cases {
		if n == 0 || c.N < n {
			n = c.N
		}
	}
	for i := range b.Cases {
		c := &b.Cases[i]
		c.Cost = time.Duration(float64(c.Cost-trialOverhead)*float64(n)/float64(max(c.N, 1))) + trialOverhead
		c.N = n
	}
}

func (b *Planned) needsPilot() bool {
	for _, c := range b.Cases {
		if b.Scenario.Fixed == 0 || c.Guess {
			return true
		}
	}
	return false
}

// size finds out the operations of a trial and what it costs. lost is true when
// the process went with the trial.
func (r *runner) size(fork Fork, b *Planned, c bench.Case) (lost bool, err error) {
	target := r.plan.Options.target(b.Block, c)
	var took time.Duration
	try := func(n int) (ok bool) {
		req := Request{Case: c, N: n}
		ok, lost, err = r.attempt(fork, b, c, req, func(a Answer) error {
			took = a.Elapsed
			if b.Paired && r.plan.Options.Target == 0 {
				target = allocating(a.Metrics["B/op"]*float64(req.N), took)
			}
			return nil
		})
		return ok
	}
	p := b.at(c)
	if b.Scenario.Fixed > 0 {
		if try(1) {
			p.N, p.Cost, p.Guess = 1, took+trialOverhead, false
		}
		return lost, err
	}
	for n := 1; try(n); n = grow(n, took, target) {
		if first := took; first >= target/4 && first < 10*target {
			// Once more: a process that was held up for a moment makes a
			// few operations look like many.
			if !try(n) {
				break
			}
			took = min(took, first)
		}
		if took >= target/4 || n >= maxN {
			perOp := float64(took) / float64(n)
			p.N = roundTwo(min(float64(target)/perOp, maxN))
			p.Cost = time.Duration(perOp*float64(p.N)) + trialOverhead
			break
		}
	}
	return lost, err
}

// allocating returns how long a trial of an arm should last that allocated so
// many bytes in the time.
func allocating(bytes float64, took time.Duration) time.Duration {
	rate := bytes / took.Seconds()
	if took <= 0 || rate < bytesIgnored {
		return targetPaired
	}
	enough := time.Duration(bytesPaired / rate * float64(time.Second))
	return min(max(enough, targetPaired), targetPairedMost)
}

// grow returns the next number of operations to try: what would take a third
// of the target, but neither more than a hundred times as many, as short
// trials mislead, nor fewer than twice as many, so that it ends.
func grow(n int, elapsed, target time.Duration) int {
	want := float64(n) * float64(target) / 3 / float64(max(elapsed, 1))
	return int(min(max(want, 2*float64(n)), 100*float64(n), maxN))
}

// roundTwo rounds to two significant digits, at least 1: the last digits of a
// pilot's estimate mean nothing, and round numbers are easier to repeat.
func roundTwo(x float64) int {
	if x < 1 {
		return 1
	}
	scale := math.Pow(10, math.Floor(math.Log10(x))-1)
	return int(max(1, math.Round(math.Round(x/scale)*scale)))
}
