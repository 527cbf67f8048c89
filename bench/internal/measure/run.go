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

	// Done, if not nil, is asked after each fork which cases have been
	// measured enough.
	Done func(bench.Case) bool

	// Progress, if not nil, is called after each fork, and once more when a
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

// stopAfter is how many forks a block gets although they take longer than
// planned, as long as there is budget at all: two are the fewest that give an
// interval.
const stopAfter = 2

// A block may exceed its share by a fraction of it before it is stopped, and
// the run its budget by another, since the last of several forks is seldom
// exactly as long as planned.
const (
	slackBlock = 40
	slackRun   = 25
)

// trialLimit bounds one trial of a case whose cost is known, as a multiple of
// it and at least: beyond that the process hangs. Where the budget ends before,
// a smaller multiple must do.
const (
	trialLimitShort = 10
	trialLimitFloor = time.Second
	trialLimitTimes = 50
	trialLimitLeast = 10 * time.Second
)

// failuresVoid is how many processes a case may take with it until it is void,
// and how many starts in a row the system may refuse.
const failuresVoid = 3

// Run runs the plan. It returns when all is measured, or with the error of the
// context, of the sink, or of starting a fork. Failing cases are void events.
func (p *Plan) Run(ctx context.Context, c Config) error {
	r := &runner{
		Config: c, ctx: ctx, plan: p, began: c.Clock(),
		took: make(map[bench.Case]time.Duration), measured: make(map[bench.Case]bool), failures: make(map[bench.Case]int),
	}
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
	warm  map[bench.Case]bool          // in the fork at hand
	took  map[bench.Case]time.Duration // the last measured trial, by the parent's clock
	kept  time.Duration                // of the budget, for racy blocks to come
	cut   bool                         // a trial of the fork at hand had no room in the budget

	measured map[bench.Case]bool
	failures map[bench.Case]int // processes that a case has taken with it
	started  bool               // at least one process
	refused  int                // processes in a row that could not be started
	until    time.Duration      // when sequential sampling of the block ends at the latest
}

func (r *runner) passed() time.Duration { return r.Clock() - r.began }

// room reports whether the budget has room for a trial of a case, beside the
// racy blocks to come.
func (r *runner) room(c *PlannedCase) bool {
	needs := cmp.Or(r.took[c.Case], c.Cost) + r.kept
	return r.plan.Budget == 0 || r.passed()+needs <= r.plan.Budget+r.plan.Budget/slackRun
}

// block measures one block: the pilot, the plan made again with what it found,
// the forks, and the trials that are for looking at.
func (r *runner) block(i int) error {
	b := &r.plan.Blocks[i]
	began := r.passed()
	left := r.plan.Budget - began
	if b.Racy {
		left += r.plan.Budget / slackRun // it was kept for them, whatever came before
	}
	share := r.plan.share(left, i)
	r.kept = r.plan.racyAfter(i)
	b.fit(share, r.plan.Options) // what has no room needs no pilot either
	if err := r.pilot(b, share); err != nil {
		return err
	}
	b.piloted = true
	if share > 0 {
		share = max(share-(r.passed()-began), 1)
	}
	b.fit(share, r.plan.Options)
	for _, c := range b.Left {
		if err := r.omit(c); err != nil {
			return err
		}
	}
	r.until = 0
	if b.most > 0 {
		r.until = r.passed() + share
	}
	done, err := r.forks(i, share)
	if err != nil {
		return err
	}
	if err := r.timelines(b); err != nil {
		return err
	}
	return r.report(Progress{Block: i, Forks: done, Done: true})
}

// report passes on how far the run is.
func (r *runner) report(p Progress) error {
	if r.Progress == nil {
		return nil
	}
	p.Passed = r.passed()
	if !p.Done {
		p.Left = r.plan.Blocks[p.Block].timeFrom(p.Forks + 1)
		if r.until > 0 {
			p.Left = max(min(p.Left, r.until-p.Passed), 0)
		}
	}
	for i := range r.plan.Blocks[p.Block+1:] {
		p.Left += r.plan.Blocks[p.Block+1+i].Time()
	}
	return r.Progress(p)
}

func (r *runner) omit(c bench.Case) error {
	const why = "the budget does not allow it; use -all, or a longer -for"
	return r.Sink(record.Event{Omitted: &record.Omitted{Case: c.Name(), Why: why}})
}

// forks measures a block within its share of the budget, and returns how many
// forks it took.
func (r *runner) forks(i int, share time.Duration) (done int, err error) {
	b := &r.plan.Blocks[i]
	began, planned := r.passed(), time.Duration(0)
	if share > 0 {
		share = max(share-b.pictureTime(), 1)
	}
	for fork := 1; fork <= b.lastFork(); fork++ {
		if share > 0 && fork > stopAfter {
			// Forks differ in cost: expensive cases are in the first ones
			// only. The next is judged by what the others took against the
			// plan.
			spent := r.passed() - began
			pace := float64(spent) / float64(planned)
			next := time.Duration(pace * float64(b.forkTime(fork)))
			if spent+next > share+share/slackBlock {
				return done, r.stopped(b, done)
			}
		}
		planned += b.forkTime(fork)
		lost, err := r.fork(b, fork)
		if err != nil {
			return done, err
		}
		if lost {
			b.another(fork)
		}
		done = fork
		if r.Done != nil && !b.Racy { // anomalies are counted, so there are never enough
			for j := range b.Cases {
				if c := &b.Cases[j]; c.Forks > fork && r.Done(c.Case) {
					c.Forks = fork
				}
			}
		}
		if err := r.report(Progress{Block: i, Forks: fork}); err != nil {
			return done, err
		}
		if r.cut {
			return done, r.stopped(b, done)
		}
	}
	return done, nil
}

// stopped records that a block was stopped before its last fork, and which of
// its cases never had their turn. Sequential sampling is meant to end so.
func (r *runner) stopped(b *Planned, done int) error {
	if b.most == 0 {
		text := fmt.Sprintf("%s: stopped after %d of %d forks, as they took longer than planned and the budget is spent", b.Name(), done, b.Forks)
		if err := r.Sink(record.Event{Warning: &record.Warning{Text: text}}); err != nil {
			return err
		}
	}
	for _, c := range slices.Clone(b.Cases) {
		switch {
		case r.measured[c.Case]:
		case r.failures[c.Case] > 0:
			if err := r.void(b, c.Case, Problem{Text: "no process came to the end of a trial, and the budget is spent"}); err != nil {
				return err
			}
		default:
			if err := r.omit(c.Case); err != nil {
				return err
			}
		}
	}
	return nil
}

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
	r.failures[c]++
	if n := r.failures[c]; n < failuresVoid {
		return r.warn("%s: failure %d of at most %d, which costs the process: %v", c.Name(), n, failuresVoid-1, err)
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
		err = fmt.Errorf("the trial did not end within %v: make the job smaller, or look for a deadlock", limit)
	}
	return a, err
}

// void records that a case has no speed, and takes it out of the block.
func (r *runner) void(b *Planned, c bench.Case, p Problem) error {
	b.drop(c)
	return r.Sink(record.Event{Void: &record.Void{Case: c.Name(), Wrong: p.Wrong, Why: brief(p.Text)}})
}
