package gate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
)

// A Question is what a rule asks of one case.
type Question struct {
	Rule *Rule
	Ask
	Case bench.Case
	Base bench.Case // what it is compared with within the run; the zero value for nothing
	Racy bool       // the case races: it has no speed
}

// cases returns the cases that must be measured to answer it. For a race that
// is done by another program, and the case has no need to be fast.
func (q *Question) cases() []bench.Case {
	switch {
	case q.Kind == Race:
		return nil
	case q.Base == bench.Case{}:
		return []bench.Case{q.Case}
	}
	return []bench.Case{q.Base, q.Case}
}

func (b *Budgets) fail(line int, format string, args ...any) error {
	return &fileError{b.File, line, fmt.Sprintf(format, args...)}
}

// Resolve finds what the rules ask of which case of the scenarios, at one
// GOMAXPROCS, in the order of the file. A rule that selects nothing, or two that
// contradict each other, are errors that name the line.
func (b *Budgets) Resolve(all []bench.Scenario, procs int) ([]Question, error) {
	var questions []Question
	for i := range b.Rules {
		r := &b.Rules[i]
		if r.Benchmarks != "" {
			continue // it is about a file
		}
		blocks, err := b.blocks(all, r, r.Cases, r.casesLine, procs)
		if err != nil {
			return nil, err
		}
		for _, a := range r.Asks {
			before := len(questions)
			for _, block := range blocks {
				if questions, err = b.ask(questions, all, r, a, block); err != nil {
					return nil, err
				}
			}
			if len(questions) == before {
				return nil, b.fail(a.Line, "%s selects no case that has a %s: %s", r.Cases, a.Kind, why[a.Kind])
			}
		}
	}
	return questions, b.contradiction(questions)
}

// why says what cases lack that have no such quantity.
var why = map[Kind]string{
	Speedup:    "it matches only baselines, which all others are compared with",
	Scaling:    "it matches only cases with one worker, which the others are compared with",
	Ratio:      "it matches only the case that versus names",
	Regression: "a baseline has no speedup to compare on another machine, leave out portable",
}

// blocks selects the cases of a pattern, without baselines that it does not
// match.
func (b *Budgets) blocks(all []bench.Scenario, r *Rule, pattern string, line, procs int) ([]measure.Block, error) {
	sel := measure.Selection{Pattern: pattern, Procs: []int{procs}, Alone: true}
	if len(r.Params) > 0 {
		sel.Params = make(map[string][]string)
		for name, value := range r.Params {
			sel.Params[name] = []string{value}
			line = max(line, 1)
		}
	}
	blocks, _, err := measure.Select(all, sel)
	if err != nil {
		if strings.Contains(err.Error(), "parameter") && r.paramsLine > 0 {
			line = r.paramsLine
		}
		return nil, b.fail(line, "%v", err)
	}
	return blocks, nil
}

// ask adds the questions of one ask to the cases of a block.
func (b *Budgets) ask(questions []Question, all []bench.Scenario, r *Rule, a Ask, block measure.Block) ([]Question, error) {
	s := block.Scenario
	var versus bench.Case
	if a.Kind == Ratio {
		var err error
		if versus, err = b.versus(all, r, block); err != nil {
			return nil, err
		}
	}
	for _, c := range block.Cases {
		q := Question{Rule: r, Ask: a, Case: c, Racy: block.Racy}
		if block.Racy && a.Kind.statistical() {
			return nil, b.fail(a.Line, "%s races: it has no speed that %s could be about; ask for lost or race", c.Short(), a.Kind)
		}
		skip := false
		switch a.Kind {
		case Speedup:
			base, ok := s.Against(c)
			q.Base, skip = base, !ok
		case Scaling:
			one := c
			one.Workers = 1
			if !slices.Contains(s.WorkerCounts(s.Variant(c.Variant)), 1) {
				return nil, b.fail(a.Line, "%s is never measured with one worker: scaling has nothing to compare with", c.Short())
			}
			q.Base, skip = one, one == c
		case Ratio:
			q.Base, skip = versus, versus == c
		case Regression:
			if r.Portable {
				base, ok := s.Against(c)
				q.Base, skip = base, !ok
			}
		}
		if skip {
			continue
		}
		if base := q.Base; base != (bench.Case{}) && !slices.Contains(s.WorkerCounts(s.Variant(base.Variant)), base.Workers) {
			return nil, b.fail(a.Line, "%s has nothing to compare with: %s is not a case of the scenario; choose fewer cases", c.Short(), base.Short())
		}
		questions = append(questions, q)
	}
	return questions, nil
}

// versus finds the one case that a ratio compares with, among those that share
// the forks of a block.
func (b *Budgets) versus(all []bench.Scenario, r *Rule, block measure.Block) (bench.Case, error) {
	blocks, err := b.blocks(all, r, r.Versus, r.versusLine, block.Procs)
	if err != nil {
		return bench.Case{}, err
	}
	var hits []bench.Case
	for _, other := range blocks {
		if other.Scenario == block.Scenario && other.Params == block.Params && !other.Racy {
			hits = append(hits, other.Cases...)
		}
	}
	if len(hits) != 1 {
		return bench.Case{}, b.fail(r.versusLine, "versus %q matches %d cases of %s, not one: only cases of one scenario and the same parameters share their processes; add a variant and workers=1$, for example",
			r.Versus, len(hits), block.Name())
	}
	return hits[0], nil
}

// contradiction finds two questions about one quantity of one case that cannot
// both be meant.
func (b *Budgets) contradiction(questions []Question) error {
	for i := range questions {
		for j := range questions[:i] {
			q, o := &questions[i], &questions[j]
			if q.Kind != o.Kind || q.Case != o.Case || q.Base != o.Base {
				continue
			}
			text := ""
			switch {
			case q.Kind == Race && q.Found != o.Found:
				text = "contradicts"
			case q.Kind == Race, q.Kind == Lost, q.Kind == Regression, q.AtLeast == o.AtLeast:
				text = "is given twice, as"
			case q.AtLeast && q.Bound > o.Bound, o.AtLeast && o.Bound > q.Bound:
				text = "contradicts"
			}
			if text != "" {
				return b.fail(q.Line, "%s for %s %s %s on line %d: leave one out", q.Ask, q.Case.Short(), text, o.Ask, o.Line)
			}
		}
	}
	return nil
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
