package gate

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
)

// How many processes measure a case that needs no sequential test. Exact counts
// are the same in every trial; a comparison with the reference looks once, and
// what it is unsure of is mostly how much whole runs differ, not processes.
const (
	exactForks     = 3
	referenceForks = 12
)

// A Check answers questions by measuring.
type Check struct {
	Budgets   *Budgets
	Questions []Question
	Scenarios []bench.Scenario
	Budget    time.Duration // for measuring; confirming a failure may take some more
	Seed      uint64
	Facts     Facts      // about this machine
	Reference *Reference // nil when there is none
	Floor     float64    // by what part two runs differ though nothing changed; 0: DefaultFloor
	Updating  bool       // this run is to become a reference: it may be the first

	Starter measure.Starter
	Clock   measure.Clock
	Machine measure.Machine // nil: disturbance is not recorded

	// Detect runs a case under the race detector. It is asked about race
	// rules only.
	Detect Detector

	// Begin, Sink and Progress may be nil. Begin is called before anything is
	// measured, and once more before failures are confirmed. Sink gets what is
	// measured, without what confirms failures and what is
	// only counted.
	Begin    func(plan *measure.Plan, confirming bool) error
	Sink     func(record.Event) error
	Progress func(*measure.Plan, measure.Progress) error
}

// A question that is being answered.
type pending struct {
	*Question
	comparison int  // in the watch; -1: none
	only       bool // measured for the reference, not for an answer
	Result
}

// Run measures what the questions need and answers them. An error means that it
// could not be done; what is wrong with a case stands in the report.
func (c *Check) Run(ctx context.Context) (*Report, error) {
	if err := c.referenceMissing(); err != nil {
		return nil, err
	}
	all := make([]pending, len(c.Questions))
	var open []*pending
	m := 0
	for i := range all {
		p := &all[i]
		*p = pending{Question: &c.Questions[i], comparison: -1}
		p.Result = c.blank(p.Question)
		why := c.unmet(p.Question)
		if why == "" && p.Kind == Regression {
			// An update is there for what cannot be compared yet.
			why = c.incomparable(p.Question)
			p.only = why != "" && c.Updating
		}
		if why != "" {
			p.Outcome, p.Reason = c.without(p), why
			if p.only {
				open = append(open, p)
			}
			continue
		}
		open = append(open, p)
		if p.Kind.statistical() {
			m++
		}
	}
	level := alpha / float64(max(m, 1))
	r := &Report{Header: c.header(m)}
	if err := c.decide(ctx, open, level, r); err != nil {
		return nil, err
	}
	if err := c.races(ctx, open); err != nil {
		return nil, err
	}
	for i := range all {
		r.Results = append(r.Results, all[i].Result)
	}
	c.list(r)
	return r, nil
}

// without is the outcome of a question that is not asked here. A required rule
// may be skipped for a need that it declares, and for nothing else.
func (c *Check) without(p *pending) Outcome {
	if p.Required && !p.only && c.unmet(p.Question) == "" {
		return Undecided
	}
	return Skipped
}

func (c *Check) blank(q *Question) Result {
	r := Result{
		Rule: q.Rule.Name, Subject: q.Case.Short(), Bound: q.Ask.String(), Required: q.Rule.Required,
		File: c.Budgets.File, Line: q.Line,
	}
	if q.Kind != Race && q.Kind != Lost {
		r.Meant = changeBudget
	}
	return r
}

// changeBudget is what to do when what a budget forbids was meant.
const changeBudget = "change the budget"

func (c *Check) header(m int) []string {
	lines := []string{c.Facts.String()}
	if m > 0 {
		lines = append(lines, fmt.Sprintf("%s at a level of %s together", some(m, "statistical question"), percent(alpha)))
	}
	return lines
}

// decide measures, answers, and measures again what failed.
func (c *Check) decide(ctx context.Context, open []*pending, level float64, r *Report) error {
	began := c.Clock()
	timed, exact := split(open)
	if err := c.count(ctx, exact, r); err != nil {
		return err
	}
	first := c.newMeasuring(timed, level, nil)
	if len(first.blocks) == 0 {
		return nil
	}
	if least := measure.Least(first.blocks, first.options(c.Budget)); c.Budget < least {
		return fmt.Errorf("-for %v is too short for any decision, which takes at least %d processes of each scenario: allow at least %v, or choose fewer cases",
			c.Budget, measure.LeastSequential, least.Round(time.Second)+time.Second)
	}
	left := max(c.Budget-(c.Clock()-began), c.Budget/2)
	if err := first.run(ctx, left, false); err != nil {
		return err
	}
	first.answer()
	r.Warnings = append(r.Warnings, first.record.Warnings...)
	r.Header = append(r.Header, report.Disturbance(&first.record)...)
	return c.confirm(ctx, first, c.Budget-(c.Clock()-began), r)
}

// split separates the exact questions about cases that are not timed. They are
// measured on their own and first: a round with all of them in it would be so
// long that the cases which are timed got one round a process.
func split(open []*pending) (timed, exact []*pending) {
	among := make(map[bench.Case]bool)
	for _, p := range open {
		if p.Kind.statistical() {
			for _, c := range p.cases() {
				among[c] = true
			}
		}
	}
	for _, p := range open {
		if p.Kind.statistical() || p.Kind == Race || among[p.Case] {
			timed = append(timed, p)
		} else {
			exact = append(exact, p)
		}
	}
	return timed, exact
}

// count answers exact questions.
func (c *Check) count(ctx context.Context, exact []*pending, r *Report) error {
	m := c.newMeasuring(exact, 0, nil)
	if m.exact = true; len(m.blocks) == 0 {
		return nil
	}
	if err := m.run(ctx, c.Budget/2, false); err != nil {
		return err
	}
	m.answer()
	r.Warnings = append(r.Warnings, m.record.Warnings...)
	return nil
}

// confirm measures what failed for statistical reasons once more, in processes
// of its own, and takes back what does not fail again. For bounds of ratios this
// is where the plan of verdicts confirms what its screen found; and what failed
// since something happened on the machine in that half minute will not fail
// again.
func (c *Check) confirm(ctx context.Context, first *measuring, left time.Duration, r *Report) error {
	var failed []*pending
	var again []*pending
	for _, p := range first.open {
		if p.Outcome == Fail && p.Kind.statistical() && p.Estimate.Known() {
			failed = append(failed, p)
			again = append(again, &pending{Question: p.Question, comparison: -1, Result: c.blank(p.Question)})
		}
	}
	if len(failed) == 0 {
		return nil
	}
	second := c.newMeasuring(again, first.level, first)
	budget := max(left, c.Budget/3, 2*measure.Least(second.blocks, second.options(0)))
	if err := second.run(ctx, budget, true); err != nil {
		return err
	}
	second.answer()
	for _, text := range second.record.Warnings {
		r.Warnings = append(r.Warnings, text+" (while confirming)")
	}
	for i, p := range failed {
		p.Result = confirmed(p.Result, again[i].Result)
	}
	return nil
}

// confirmed joins what the first and the second measurement of a question say.
func confirmed(first, second Result) Result {
	switch second.Outcome {
	case Fail:
		first.Reason += fmt.Sprintf("; measured again in fresh processes: %s", cmp.Or(second.number(), second.Reason))
		return first
	case Broken:
		return second
	}
	first.Outcome = Undecided
	first.Reason = fmt.Sprintf("not confirmed: at first %s, but measured again in fresh processes %s", first.Reason, cmp.Or(second.Reason, second.number()+", which holds"))
	return first
}
