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
const maxN = 1 << 34

// pilot finds out what is not known before measuring: how many operations make
// a trial of the target length, and what a job costs that nobody has estimated.
// Its times are not data: they are the first that the process sees, and they
// choose the numbers by which they would be judged.
func (r *runner) pilot(b *Planned) error {
	if !b.needsPilot() {
		return nil
	}
	fork, err := r.Starter.Start(r.ctx, b.Procs)
	if err != nil {
		return err
	}
	defer func() { fork.Close() }()
	for _, c := range slices.Clone(b.Cases) {
		if b.Scenario.Fixed > 0 && !c.Guess {
			continue
		}
		n, cost, ok, err := r.size(fork, b, c.Case)
		switch {
		case err == nil && ok:
			p := b.at(c.Case)
			p.N, p.Cost, p.Guess = n, cost+trialOverhead, false
			continue
		case r.ctx.Err() != nil:
			return r.ctx.Err()
		case err != nil:
			// The process is lost; the other cases deserve a new one.
			if err := r.void(b, c.Case, Problem{Text: err.Error()}); err != nil {
				return err
			}
			fork.Close()
			if fork, err = r.Starter.Start(r.ctx, b.Procs); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *Planned) needsPilot() bool {
	for _, c := range b.Cases {
		if b.Scenario.Fixed == 0 || c.Guess {
			return true
		}
	}
	return false
}

// size returns the operations of a trial and what it costs. ok is false when
// the case turned out void.
func (r *runner) size(fork Fork, b *Planned, c bench.Case) (n int, cost time.Duration, ok bool, err error) {
	target := r.plan.Options.target(b.Scenario.Variant(c.Variant), c)
	for n = 1; ; {
		a, err := r.trial(fork, Request{Case: c, N: n})
		if err != nil {
			return 0, 0, false, err
		}
		if a.Problem != nil {
			return 0, 0, false, r.void(b, c, *a.Problem)
		}
		if b.Scenario.Fixed > 0 {
			return 1, a.Elapsed, true, nil
		}
		if a.Elapsed >= target/4 || n >= maxN {
			perOp := float64(a.Elapsed) / float64(n)
			n = roundTwo(float64(target) / max(perOp, 1e-3))
			return n, target, true, nil
		}
		n = grow(n, a.Elapsed, target)
	}
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
