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

	// Machine, if not nil, is read before and after each fork, to record what
	// disturbed it.
	Machine Machine

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

// Run runs the plan. It returns when all is measured, or with the error of the
// context, of the sink, or of starting a fork. Failing cases are void events.
func (p *Plan) Run(ctx context.Context, c Config) error {
	r := &runner{
		Config: c, ctx: ctx, plan: p, began: c.Clock(), states: make([]state, len(p.Blocks)),
		took: make(map[bench.Case]time.Duration), whole: make(map[bench.Case]bool), measured: make(map[bench.Case]bool), failures: make(map[bench.Case]failures),
	}
	err := r.blocks()
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

type runner struct {
	Config
	ctx    context.Context
	plan   *Plan
	began  time.Duration
	states []state                      // of the blocks
	spare  bool                         // the rest of the budget is being shared out
	warm   map[bench.Case]bool          // in the fork at hand
	took   map[bench.Case]time.Duration // the last measured trial, by the parent's clock
	whole  map[bench.Case]bool          // measured, and in a fork that is not void
	kept   time.Duration                // of the budget, for racy blocks and those of claims to come
	cut    bool                         // a trial of the fork at hand had no room in the budget

	measured map[bench.Case]bool
	failures map[bench.Case]failures
	started  bool          // at least one process
	refused  int           // processes in a row that could not be started
	until    time.Duration // when sequential sampling of the block ends at the latest
}

// failures are the processes that a case has taken with it.
type failures struct {
	n    int
	last error
}

func (r *runner) passed() time.Duration { return r.Clock() - r.began }

// room reports whether the budget has room for a trial of a case, beside the
// blocks to come that it is kept for.
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
	r.kept = r.plan.keptAfter(i)
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
		if err := r.unmeasured(b, c); err != nil {
			return err
		}
	}
	r.until = 0
	if b.most > 0 {
		r.until = r.passed() + share
	}
	if share > 0 {
		share = max(share-b.pictureTime(), 1)
	}
	if err := r.forks(i, share); err != nil {
		return err
	}
	if err := r.timelines(b); err != nil {
		return err
	}
	if r.states[i].open {
		return nil // again may go on with it
	}
	return r.end(i)
}

// end says that nothing more will be measured of a block.
func (r *runner) end(i int) error {
	if err := r.wasted(&r.plan.Blocks[i]); err != nil {
		return err
	}
	return r.report(Progress{Block: i, Forks: r.states[i].forks, Done: true})
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
	if r.spare {
		p.Left = max(r.plan.Budget-p.Passed, 0)
		return r.Progress(p)
	}
	for i := range r.plan.Blocks[p.Block+1:] {
		p.Left += r.plan.Blocks[p.Block+1+i].Time()
	}
	return r.Progress(p)
}

// unmeasured records why a case was not measured: since there was no time, or
// since its processes died or hung instead.
func (r *runner) unmeasured(b *Planned, c bench.Case) error {
	if f := r.failures[c]; f.n > 0 {
		return r.void(b, c, Problem{Text: fmt.Sprintf("no process came to the end of a trial, the last since %v", f.last)})
	}
	const why = "the budget does not allow it; use -all, or a longer -for"
	return r.Sink(record.Event{Omitted: &record.Omitted{Case: c.Name(), Why: why}})
}

// forks measures a block within its share of the budget, from the fork on that
// it has come to.
func (r *runner) forks(i int, share time.Duration) error {
	b, s := &r.plan.Blocks[i], &r.states[i]
	began, earlier := r.passed(), s.spent
	wanted := max(b.lastFork(), failuresVoid)
	for s.open, r.cut = false, false; s.forks < b.lastFork(); {
		fork := s.forks + 1
		s.spent = earlier + r.passed() - began
		if share > 0 && fork > stopAfter {
			// Forks differ in cost: expensive cases are in the first ones
			// only. The next is judged by what the others took against the
			// plan.
			pace := float64(s.spent) / float64(s.planned)
			next := time.Duration(pace * float64(b.forkTime(fork)))
			if s.spent-earlier+next > share+share/slackBlock {
				return r.stopped(i)
			}
		}
		s.planned += b.forkTime(fork)
		lost, err := r.watched(b, fork)
		if err != nil {
			return err
		}
		if lost && s.replaced < wanted { // a machine that loses every process must come to an end
			b.another(fork)
			s.replaced++
		}
		s.forks = fork
		r.decided(b, fork)
		if err := r.report(Progress{Block: i, Forks: fork}); err != nil {
			return err
		}
		if r.cut && s.forks < b.lastFork() {
			return r.stopped(i)
		}
	}
	s.spent = earlier + r.passed() - began
	if r.cut {
		return r.missing(b)
	}
	return nil
}

// decided takes the cases out of the forks to come that have been measured
// enough.
func (r *runner) decided(b *Planned, fork int) {
	if r.Done == nil || b.Racy { // anomalies are counted, so there are never enough
		return
	}
	for j := range b.Cases {
		if c := &b.Cases[j]; c.Forks > fork && r.Done(c.Case) {
			c.Forks = fork
		}
	}
}

// stopped ends a block before its last fork. Sequential sampling is meant to end
// so, but not before all of the budget is spent: the block stays open.
func (r *runner) stopped(i int) error {
	b, s := &r.plan.Blocks[i], &r.states[i]
	if s.open = b.most > 0; s.open {
		return nil
	}
	if err := r.warn("%s: stopped after %d of %d forks, as they took longer than planned and the budget is spent", b.Name(), s.forks, b.Forks); err != nil {
		return err
	}
	return r.missing(b)
}

// missing records which cases of a block never had their turn.
func (r *runner) missing(b *Planned) error {
	for _, c := range slices.Clone(b.Cases) {
		if r.measured[c.Case] {
			continue
		}
		if err := r.unmeasured(b, c.Case); err != nil {
			return err
		}
	}
	return nil
}
