package measure

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// A Config is what a plan needs to be run.
type Config struct {
	Starter Starter
	Clock   Clock

	// Sink takes up everything that is measured, as soon as it is.
	Sink func(record.Event) error

	// Done, if not nil, is asked between forks which cases have been measured
	// enough.
	Done func(bench.Case) bool

	// Progress, if not nil, is called between forks, and once more when a
	// block is done.
	Progress func(Progress) error
}

// Progress says how far a run is.
type Progress struct {
	Block  int // index in Plan.Blocks
	Forks  int // of the block that are done
	Done   bool
	Passed time.Duration
	Left   time.Duration // estimated, of all blocks
}

// stopAfter is how many forks a block gets whatever the clock says: two are
// the fewest that give an interval.
const stopAfter = 2

// trialLimit bounds one trial of a case whose cost is known, as a multiple of
// it and at least: beyond that the process hangs.
const (
	trialLimitTimes = 50
	trialLimitLeast = 30 * time.Second
)

// Run runs the plan. It returns when all is measured, or with the error of the
// context, of the sink, or of starting a fork. Failing cases are void events.
func (p *Plan) Run(ctx context.Context, c Config) error {
	r := &runner{Config: c, ctx: ctx, plan: p, began: c.Clock()}
	for i := range p.Blocks {
		if err := r.block(i); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return err
		}
	}
	return nil
}

type runner struct {
	Config
	ctx   context.Context
	plan  *Plan
	began time.Duration
	warm  map[bench.Case]bool // in the fork at hand
}

func (r *runner) passed() time.Duration { return r.Clock() - r.began }

// block measures one block: the pilot, the plan made again with what it found,
// the forks, and the trials that are for looking at.
func (r *runner) block(i int) error {
	b := &r.plan.Blocks[i]
	began := r.passed()
	share := r.plan.share(r.plan.Budget-began, i)
	if err := r.pilot(b); err != nil {
		return err
	}
	if spent := r.passed() - began; share > 0 {
		share = max(share-spent, 1)
	}
	b.fit(share, r.plan.Options)
	for _, c := range b.Left {
		if err := r.omit(c, "the budget does not allow it; use -all, or a longer -for"); err != nil {
			return err
		}
	}
	if err := r.forks(i, share); err != nil {
		return err
	}
	if err := r.timelines(b); err != nil {
		return err
	}
	return r.report(Progress{Block: i, Forks: b.Forks, Done: true})
}

// report passes on how far the run is.
func (r *runner) report(p Progress) error {
	if r.Progress == nil {
		return nil
	}
	p.Passed = r.passed()
	b := &r.plan.Blocks[p.Block]
	if !p.Done {
		p.Left = b.Time() * time.Duration(b.Forks-p.Forks) / time.Duration(b.Forks)
	}
	for i := range r.plan.Blocks[p.Block+1:] {
		p.Left += r.plan.Blocks[p.Block+1+i].Time()
	}
	return r.Progress(p)
}

func (r *runner) omit(c bench.Case, why string) error {
	return r.Sink(record.Event{Omitted: &record.Omitted{Case: c.Name(), Why: why}})
}

// forks measures a block within its share of the budget.
func (r *runner) forks(i int, share time.Duration) error {
	b := &r.plan.Blocks[i]
	began, planned := r.passed(), time.Duration(0)
	for fork := 1; fork <= b.Forks && len(b.Cases) > 0; fork++ {
		// Forks differ in cost: expensive cases are in the first ones only.
		// What the next will take is judged by what the others took against
		// the plan.
		spent, next := r.passed()-began, b.forkTime(fork)
		if planned > 0 {
			next = time.Duration(float64(next) * float64(spent) / float64(planned))
		}
		if share > 0 && fork > stopAfter && spent+next > share+share/20 {
			text := fmt.Sprintf("%s: stopped after %d of %d forks, as they took longer than planned and the budget is spent", b.Name(), fork-1, b.Forks)
			return r.Sink(record.Event{Warning: &record.Warning{Text: text}})
		}
		planned += b.forkTime(fork)
		if err := r.fork(b, fork); err != nil {
			return err
		}
		if err := r.report(Progress{Block: i, Forks: fork}); err != nil {
			return err
		}
		if r.Done != nil {
			b.Cases = slices.DeleteFunc(b.Cases, func(c PlannedCase) bool { return r.Done(c.Case) })
		}
	}
	return nil
}

// fork measures all rounds of one fork. A process that is lost costs its case
// and the rest of its fork; the next fork goes on without that case.
func (r *runner) fork(b *Planned, number int) error {
	fork, err := r.Starter.Start(r.ctx, b.Procs)
	if err != nil {
		return err
	}
	defer fork.Close()
	r.warm = make(map[bench.Case]bool)
	for round := 1; round <= b.Rounds; round++ {
		for i, c := range b.order(r.plan.Options.Seed, number, round) {
			at := record.Place{Fork: number, Round: round, Order: i + 1}
			lost, err := r.measure(fork, b, c, at)
			if err != nil || lost {
				return err
			}
		}
	}
	return nil
}

// measure makes one trial and records it.
func (r *runner) measure(fork Fork, b *Planned, c PlannedCase, at record.Place) (lost bool, err error) {
	if !slices.ContainsFunc(b.Cases, func(p PlannedCase) bool { return p.Case == c.Case }) {
		return false, nil // void since the round began
	}
	warmUp := b.Scenario.Fixed == 0 && !r.warm[c.Case]
	r.warm[c.Case] = true
	if warmUp {
		if ok, lost, err := r.attempt(fork, b, c, Request{Case: c.Case, N: max(1, c.N/warmPart)}, nil); !ok {
			return lost, err
		}
	}
	_, lost, err = r.attempt(fork, b, c, Request{Case: c.Case, N: c.N}, func(a Answer) error {
		at.Anomaly = a.Anomaly
		return r.Sink(record.Event{Measurement: &record.Measurement{
			Case: c.Case, Place: at, Ops: operations(b.Scenario, c.N), Elapsed: a.Elapsed, Metrics: a.Metrics,
		}})
	})
	return lost, err
}

// attempt makes a trial and hands its answer on. ok is false when the case is
// void, and lost is true when the process went with it.
func (r *runner) attempt(fork Fork, b *Planned, c PlannedCase, req Request, use func(Answer) error) (ok, lost bool, err error) {
	a, err := r.trial(fork, req)
	switch {
	case r.ctx.Err() != nil:
		return false, true, r.ctx.Err()
	case err != nil:
		return false, true, r.void(b, c.Case, Problem{Text: err.Error()})
	case a.Problem != nil:
		return false, false, r.void(b, c.Case, *a.Problem)
	case a.Elapsed <= 0:
		return false, false, r.void(b, c.Case, Problem{Text: "the clock did not move during the trial"})
	case use != nil:
		err = use(a)
	}
	return err == nil, false, err
}

// trial asks a fork for a trial, and gives it up when it takes far too long.
func (r *runner) trial(fork Fork, req Request) (Answer, error) {
	limit := trialLimitLeast
	for i := range r.plan.Blocks {
		for _, c := range r.plan.Blocks[i].Cases {
			if c.Case == req.Case && !c.Guess {
				limit = max(limit, trialLimitTimes*c.Cost)
			}
		}
	}
	ctx, cancel := context.WithTimeout(r.ctx, limit)
	defer cancel()
	a, err := fork.Trial(ctx, req)
	if err != nil && ctx.Err() != nil && r.ctx.Err() == nil {
		err = fmt.Errorf("the trial did not end within %v", limit)
	}
	return a, err
}

// void records that a case has no speed, and takes it out of the block.
func (r *runner) void(b *Planned, c bench.Case, p Problem) error {
	b.drop(c)
	return r.Sink(record.Event{Void: &record.Void{Case: c.Name(), Wrong: p.Wrong, Why: p.Text}})
}

// timelines makes one more trial of the headline cases of a fixed scenario, to
// be looked at: recording who did what when takes time of its own.
func (r *runner) timelines(b *Planned) error {
	if b.Scenario.Fixed == 0 || b.Racy || len(b.Cases) == 0 {
		return nil
	}
	fork, err := r.Starter.Start(r.ctx, b.Procs)
	if err != nil {
		return err
	}
	defer fork.Close()
	for _, c := range b.pictured() {
		a, err := r.trial(fork, Request{Case: c.Case, N: c.N, Timeline: true})
		if err != nil {
			return r.ctx.Err() // the picture is not worth a void case
		}
		if len(a.Spans) == 0 {
			continue
		}
		if err := r.Sink(record.Event{Spans: &record.Spans{Case: c.Name(), Spans: a.Spans}}); err != nil {
			return err
		}
	}
	return nil
}

// pictured returns the cases worth a timeline: of each headline variant the
// fewest workers that are more than one, otherwise its only case.
func (b *Planned) pictured() []PlannedCase {
	var cases []PlannedCase
	for i := range b.Scenario.Variants {
		v := &b.Scenario.Variants[i]
		if !v.Headline && i > 0 {
			continue
		}
		var best *PlannedCase
		for j := range b.Cases {
			c := &b.Cases[j]
			if c.Variant == v.Name && c.Cost < time.Second && (best == nil || cmp.Less(rank(c), rank(best))) {
				best = c
			}
		}
		if best != nil {
			cases = append(cases, *best)
		}
	}
	return cases
}

func rank(c *PlannedCase) int {
	if c.Workers == 1 {
		return bench.MaxWorkers + 1
	}
	return c.Workers
}
