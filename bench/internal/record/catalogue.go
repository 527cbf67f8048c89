package record

import "github.com/interleave-go/interleave/bench"

// A catalogue finds the scenarios and variants of a run that is being read by
// name: a file may describe ten thousand, and has a line for each trial.
type catalogue struct {
	run       *Run
	scenarios map[string]int     // → index in Run.Scenarios
	variants  map[variantKey]int // → index in Scenario.Variants
	timelines map[string]int     // → index in Run.Timelines
	units     map[string]bool    // of metrics, that can stand in a benchmark line
}

type variantKey struct{ scenario, variant string }

// A knownCase is a case that has a benchmark line. All but its name is known
// only when its first line was joined with what the file describes.
type knownCase struct {
	bench.Case
	name        string // of the benchmark
	racy        bool
	ops         int // of each trial
	fork, round int // of the trial before
}

func newCatalogue(run *Run) catalogue {
	return catalogue{
		run: run, scenarios: make(map[string]int), variants: make(map[variantKey]int),
		timelines: make(map[string]int), units: make(map[string]bool),
	}
}

func (c *catalogue) scenario(name string) *Scenario {
	if i, ok := c.scenarios[name]; ok {
		return &c.run.Scenarios[i]
	}
	return nil
}

func (c *catalogue) variant(scenario, name string) *Variant {
	if i, ok := c.variants[variantKey{scenario, name}]; ok {
		return &c.scenario(scenario).Variants[i]
	}
	return nil
}

// add takes up one event, as [Run.Add] does, without looking through all that
// there is.
func (c *catalogue) add(e Event) {
	switch {
	case e.Scenario != nil:
		c.scenarios[e.Scenario.Name] = len(c.run.Scenarios)
		c.run.Add(e)
	case e.Variant != nil:
		s := c.scenario(e.Variant.Scenario)
		c.variants[variantKey{s.Name, e.Variant.Name}] = len(s.Variants)
		s.Variants = append(s.Variants, *e.Variant)
	case e.Spans != nil:
		i, ok := c.timelines[e.Spans.Case]
		if !ok {
			i = len(c.run.Timelines)
			c.timelines[e.Spans.Case] = i
		}
		c.run.addSpans(i, e.Spans)
	default:
		c.run.Add(e)
	}
}
