package gate

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/judge"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
	"github.com/interleave-go/interleave/bench/internal/stats"
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
			// What cannot be compared yet is what an update is for.
			why = c.incomparable(p.Question)
			p.only = why != "" && c.Updating
		}
		if why != "" {
			p.Outcome, p.Reason = Skipped, why
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
	r := &Report{Header: c.header(m, level)}
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

func (c *Check) blank(q *Question) Result {
	return Result{
		Rule: q.Rule.Name, Subject: q.Case.Short(), Bound: q.Ask.String(), Required: q.Rule.Required,
		File: c.Budgets.File, Line: q.Line,
	}
}

func (c *Check) header(m int, level float64) []string {
	lines := []string{c.Facts.String()}
	if m > 0 {
		lines = append(lines, fmt.Sprintf("%s at a level of %s each, %s together", some(m, "statistical question"), percent(level), percent(alpha)))
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
	first := c.newMeasuring(timed, level)
	if len(first.blocks) == 0 {
		return nil
	}
	if least := measure.Least(first.blocks, first.options(c.Budget)); c.Budget < least {
		return fmt.Errorf("-for %v is too short for any decision, which takes at least %d processes of each scenario: allow at least %v, or choose fewer cases",
			c.Budget, stats.FirstLook, least.Round(time.Second)+time.Second)
	}
	left := max(c.Budget-(c.Clock()-began), c.Budget/2)
	if err := first.run(ctx, left, false); err != nil {
		return err
	}
	first.answer()
	r.Warnings = append(r.Warnings, first.record.Warnings...)
	r.Header = append(r.Header, report.Disturbance(&first.record)...)
	return c.confirm(ctx, timed, level, c.Budget-(c.Clock()-began), r)
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
	m := c.newMeasuring(exact, 0)
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
// of its own, and takes back what does not fail again. That a comparison fails
// twice by chance is far less likely than the level says; and what failed since
// something happened on the machine in that half minute will not fail again.
func (c *Check) confirm(ctx context.Context, open []*pending, level float64, left time.Duration, r *Report) error {
	var failed []*pending
	var again []*pending
	for _, p := range open {
		if p.Outcome == Fail && p.Kind.statistical() && p.Estimate.Known() {
			failed = append(failed, p)
			again = append(again, &pending{Question: p.Question, comparison: -1, Result: c.blank(p.Question)})
		}
	}
	if len(failed) == 0 {
		return nil
	}
	second := c.newMeasuring(again, level)
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

// A measuring is one plan over the cases of some questions.
type measuring struct {
	*Check
	open   []*pending
	level  float64
	exact  bool // counts only: a fixed number of forks, and nothing for the run file
	blocks []measure.Block
	watch  *judge.Watch
	record record.Run
	needed map[bench.Case]int // forks, beside what the watch wants
	forks  map[bench.Case]map[int]bool
	pace   map[string]*pace // by block
}

// A pace is how long the forks of a block took.
type pace struct {
	first, last time.Duration
	forks       int
}

// each returns how long a fork takes, 0 when it is not known.
func (p *pace) each() time.Duration {
	if p == nil || p.forks < 2 {
		return 0
	}
	return (p.last - p.first) / time.Duration(p.forks-1)
}

func (c *Check) newMeasuring(open []*pending, level float64) *measuring {
	m := &measuring{
		Check: c, open: open, level: level,
		needed: make(map[bench.Case]int), forks: make(map[bench.Case]map[int]bool), pace: make(map[string]*pace),
	}
	var comparisons []judge.Comparison
	for _, p := range open {
		if against, ok := p.against(); ok {
			p.comparison = len(comparisons)
			comparisons = append(comparisons, judge.Comparison{Old: p.Base, New: p.Case, Against: against, Test: stats.Test{Level: level}})
		}
		forks := exactForks
		if p.Kind == Regression {
			forks = referenceForks
		}
		for _, needed := range p.cases() {
			m.needed[needed] = max(m.needed[needed], forks)
			m.add(needed)
		}
	}
	m.watch = judge.NewWatch(comparisons)
	m.order()
	return m
}

// order puts the blocks first that decide soonest: what they leave of their even
// share of the budget goes to those that are harder.
func (m *measuring) order() {
	least := func(b measure.Block) time.Duration { return measure.Least([]measure.Block{b}, m.options(0)) }
	slices.SortStableFunc(m.blocks, func(a, b measure.Block) int {
		if a.Racy != b.Racy {
			if a.Racy {
				return 1
			}
			return -1
		}
		return cmp.Compare(least(a), least(b))
	})
}

// against returns the bound as a ratio time(case)/time(base), for the questions
// that a watch answers.
func (q *Question) against() (float64, bool) {
	switch q.Kind {
	case Speedup, Scaling:
		return 1 / q.Bound, true
	case Ratio:
		return q.Bound, true
	}
	return 0, false
}

// add puts a case into its block, in the order of the scenarios' own cases.
func (m *measuring) add(c bench.Case) {
	i := slices.IndexFunc(m.Scenarios, func(s bench.Scenario) bool { return s.Name == c.Scenario })
	s := &m.Scenarios[i]
	racy := s.Variant(c.Variant).Racy
	j := slices.IndexFunc(m.blocks, func(b measure.Block) bool {
		return b.Scenario == s && b.Params == c.Params && b.Procs == c.Procs && b.Racy == racy
	})
	if j < 0 {
		j = len(m.blocks)
		m.blocks = append(m.blocks, measure.Block{Scenario: s, Params: c.Params, Procs: c.Procs, Racy: racy})
	}
	if b := &m.blocks[j]; !slices.Contains(b.Cases, c) {
		b.Cases = append(b.Cases, c)
	}
}

func (m *measuring) options(budget time.Duration) measure.Options {
	if m.exact {
		return measure.Options{Budget: budget, Forks: exactForks, Rounds: 1, Seed: m.Seed}
	}
	return measure.Options{Budget: budget, Sequential: true, Seed: m.Seed}
}

func (m *measuring) run(ctx context.Context, budget time.Duration, confirming bool) error {
	plan := measure.NewPlan(m.blocks, m.options(budget))
	if m.Begin != nil && !m.exact {
		if err := m.Begin(plan, confirming); err != nil {
			return err
		}
	}
	sink := func(e record.Event) error {
		m.take(e)
		if m.Sink == nil || confirming || m.exact {
			return nil
		}
		return m.Sink(e)
	}
	if err := m.describe(sink); err != nil {
		return err
	}
	return plan.Run(ctx, measure.Config{
		Starter: m.Starter, Clock: m.Clock, Machine: m.Machine, Done: m.done, Sink: sink,
		Progress: func(at measure.Progress) error {
			m.timed(plan.Blocks[at.Block].Name(), at)
			if m.Progress == nil {
				return nil
			}
			return m.Progress(plan, at)
		},
	})
}

// describe says what the scenarios are, which the tables of overlap need.
func (m *measuring) describe(sink func(record.Event) error) error {
	seen := make(map[string]bool)
	for _, b := range m.blocks {
		if seen[b.Scenario.Name] {
			continue
		}
		seen[b.Scenario.Name] = true
		for _, e := range record.Describe(b.Scenario, "") {
			if err := sink(e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *measuring) take(e record.Event) {
	m.record.Add(e)
	m.watch.Take(e)
	if e.Measurement != nil {
		c := e.Measurement.Case
		if m.forks[c] == nil {
			m.forks[c] = make(map[int]bool)
		}
		m.forks[c][e.Measurement.Fork] = true
	}
}

func (m *measuring) timed(block string, at measure.Progress) {
	if at.Done {
		return
	}
	p := m.pace[block]
	if p == nil {
		p = &pace{first: at.Passed}
		m.pace[block] = p
	}
	p.last = at.Passed
	p.forks++
}

// done reports whether a case has been measured enough for all that is asked.
func (m *measuring) done(c bench.Case) bool {
	return len(m.forks[c]) >= m.needed[c] && m.watch.Done(c)
}

// more is how much longer a judgement would probably take.
func (m *measuring) more(c bench.Case, forks float64) time.Duration {
	const hour = 3600
	block := measure.Block{Scenario: &bench.Scenario{Name: c.Scenario}, Params: c.Params, Procs: c.Procs}
	seconds := m.pace[block.Name()].each().Seconds() * forks
	if math.IsInf(seconds, 0) || math.IsNaN(seconds) || seconds > hour {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}
