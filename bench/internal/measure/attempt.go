package measure

import (
	"context"
	"fmt"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// trialLimit bounds one trial of a case whose cost is known, as a multiple of
// it and at least: beyond that the process hangs. Where the budget ends before,
// a smaller multiple must do.
const (
	trialLimitShort = 10
	trialLimitFloor = 3 * time.Second
	trialLimitTimes = 50
	trialLimitLeast = 10 * time.Second
)

// failuresVoid is how many processes a case may take with it until it is void,
// and how many starts in a row the system may refuse.
const failuresVoid = 3

// start starts the process of a fork. That the system refuses one now and then
// costs a block; that it refuses the first, or several in a row, ends the run.
func (r *runner) start(b *Planned) (Fork, error) {
	fork, err := r.Starter.Start(r.ctx, b.Procs)
	switch {
	case err == nil:
		r.refused, r.started = 0, true
		return fork, nil
	case r.ctx.Err() != nil, !r.started:
		return nil, err
	}
	if r.refused++; r.refused == failuresVoid {
		return nil, err
	}
	return nil, r.warn("%s: a process is missing: %v", b.Name(), err)
}

func (r *runner) warn(format string, args ...any) error {
	return r.Sink(record.Event{Warning: &record.Warning{Text: brief(fmt.Sprintf(format, args...))}})
}

// fork measures all rounds of one fork. A trial that takes its process with it
// costs the rest of the fork.
func (r *runner) fork(b *Planned, number int) (lost bool, err error) {
	fork, err := r.start(b)
	if err != nil || fork == nil {
		return true, err
	}
	defer fork.Close()
	r.warm, r.cut = make(map[bench.Case]bool), false
	for round := 1; round <= b.Rounds; round++ {
		for i, c := range b.order(r.plan.Options.Seed, number, round) {
			if !r.room(&c) {
				r.cut = true
				continue
			}
			at := record.Place{Fork: number, Round: round, Order: i + 1}
			if lost, err := r.measure(fork, b, c, at); err != nil || lost {
				return lost, err
			}
		}
	}
	return false, nil
}

// measure makes one trial and records it. The first of a rate case in a fork
// comes after one that warms up.
func (r *runner) measure(fork Fork, b *Planned, c PlannedCase, at record.Place) (lost bool, err error) {
	if b.Scenario.Fixed == 0 && !r.warm[c.Case] {
		r.warm[c.Case] = true
		if ok, lost, err := r.attempt(fork, b, c.Case, Request{Case: c.Case, N: warmUp(c.N)}, nil); !ok {
			return lost, err
		}
	}
	began := r.passed()
	_, lost, err = r.attempt(fork, b, c.Case, Request{Case: c.Case, N: c.N}, func(a Answer) error {
		if a.Elapsed <= 0 { // it cannot run backwards: durations come from the monotonic clock
			return r.void(b, c.Case, Problem{Text: "the clock did not move during the trial: make the work of one operation longer"})
		}
		at.Anomaly, r.measured[c.Case] = a.Anomaly, true
		return r.Sink(record.Event{Measurement: &record.Measurement{
			Case: c.Case, Place: at, Racy: b.Racy, Ops: operations(b.Scenario, c.N), Elapsed: a.Elapsed, Metrics: a.Metrics,
		}})
	})
	r.took[c.Case] = r.passed() - began
	return lost, err
}

// attempt makes a trial and hands its answer on. ok is false when there is none
// to hand on, and lost is true when the process is of no more use.
func (r *runner) attempt(fork Fork, b *Planned, c bench.Case, req Request, use func(Answer) error) (ok, lost bool, err error) {
	began := r.passed()
	a, err := r.trial(fork, b, req)
	if took := r.passed() - began; err == nil && a.Elapsed > took {
		err = fmt.Errorf("the measuring process says that the trial took %v, but only %v have passed: its clock jumped, or it answers nonsense", a.Elapsed, took)
	}
	switch {
	case r.ctx.Err() != nil:
		return false, true, r.ctx.Err()
	case err != nil:
		return false, true, r.failed(b, c, err)
	case a.Problem != nil:
		return false, false, r.void(b, c, *a.Problem)
	case use != nil:
		err = use(a)
	}
	return err == nil, false, err
}

// failed records that a case took its process with it: it crashed, hung or
// answered nonsense. Once may be bad luck and costs a block; a case that does
// it again and again has no speed.
func (r *runner) failed(b *Planned, c bench.Case, err error) error {
	n := r.failures[c].n + 1
	r.failures[c] = failures{n, err}
	if n < failuresVoid {
		text := fmt.Sprintf("%s: failure %d of at most %d, which costs the process: %v", c.Name(), n, failuresVoid-1, err)
		return r.Sink(record.Event{Warning: &record.Warning{Text: brief(text), Case: c.Name()}})
	}
	return r.void(b, c, Problem{Text: fmt.Sprintf("%d processes failed, the last so: %v", failuresVoid, err)})
}

// trial asks a fork for a trial, and gives it up when it takes far too long.
func (r *runner) trial(fork Fork, b *Planned, req Request) (Answer, error) {
	limit := trialLimitLeast
	if c := b.at(req.Case); !c.Guess {
		limit = max(limit, trialLimitTimes*c.Cost)
		if budget := r.plan.Budget; budget > 0 {
			limit = min(limit, max(budget-r.passed(), trialLimitShort*c.Cost, trialLimitFloor))
		}
	}
	ctx, cancel := context.WithTimeout(r.ctx, limit)
	defer cancel()
	a, err := fork.Trial(ctx, req)
	if err != nil && ctx.Err() != nil && r.ctx.Err() == nil {
		err = fmt.Errorf("the trial did not end within %v: make the job smaller, or look for a deadlock", limit.Round(time.Millisecond))
	}
	return a, err
}

// void records that a case has no speed, and takes it out of the block.
func (r *runner) void(b *Planned, c bench.Case, p Problem) error {
	b.drop(c)
	return r.Sink(record.Event{Void: &record.Void{Case: c.Name(), Wrong: p.Wrong, Why: brief(p.Text)}})
}
