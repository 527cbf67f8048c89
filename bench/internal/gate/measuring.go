package gate

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/judge"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// A measuring is one plan over the cases of some questions.
type measuring struct {
	*Check
	open   []*pending
	level  float64
	first  *measuring // it confirms what failed there; nil: it is the first
	shared float64    // the level of all comparisons that the plan of verdicts decides together
	exact  bool       // counts only: a fixed number of forks, and nothing for the run file
	blocks []measure.Block
	watch  *judge.Watch
	record record.Run
	needed map[bench.Case]int // forks, beside what the watch wants
	forks  map[bench.Case]map[int]bool
	died   map[string]string // by case: that a process died or hung while it was measured
	pace   map[string]*pace  // by block
	before string            // the block of the last fork
	passed time.Duration     // until that was done
}

// A pace is how long the forks of a block took. The first of several in a row
// is not counted, since it comes after other things.
type pace struct {
	took  time.Duration
	forks int
}

// each returns how long a fork takes, 0 when it is not known.
func (p *pace) each() time.Duration {
	if p == nil || p.forks == 0 {
		return 0
	}
	return p.took / time.Duration(p.forks)
}

func (c *Check) newMeasuring(open []*pending, level float64, first *measuring) *measuring {
	m := &measuring{
		Check: c, open: open, level: level, first: first,
		needed: make(map[bench.Case]int), forks: make(map[bench.Case]map[int]bool), died: make(map[string]string), pace: make(map[string]*pace),
	}
	var comparisons []judge.Comparison
	for _, p := range open {
		if against, ok := p.against(); ok {
			p.comparison = len(comparisons)
			comparisons = append(comparisons, judge.Comparison{Old: p.Base, New: p.Case, Against: against, AtLeast: p.AtLeast == (p.Kind == Ratio), Suspected: first != nil})
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
	if m.shared = level * float64(len(comparisons)); first != nil {
		m.shared = first.shared // the plan shares it among those that are left
	}
	if m.watch = judge.NewWatch(verdict.Plan{Level: m.shared}, comparisons); first == nil {
		m.watch.Screen()
	}
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
	if w := e.Warning; w != nil && w.Case != "" {
		m.died[w.Case] = w.Text
	}
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
	if m.before == block {
		p := m.pace[block]
		if p == nil {
			p = new(pace)
			m.pace[block] = p
		}
		p.took += at.Passed - m.passed
		p.forks++
	}
	m.before, m.passed = block, at.Passed
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
