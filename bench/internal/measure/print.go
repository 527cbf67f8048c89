package measure

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Time estimates how long the plan takes.
func (p *Plan) Time() time.Duration {
	total := time.Duration(0)
	for i := range p.Blocks {
		total += p.Blocks[i].Time()
	}
	return total
}

// What names the scenarios of the plan: "sleep, counter".
func (p *Plan) What() string {
	var names []string
	for _, b := range p.Blocks {
		if len(names) == 0 || names[len(names)-1] != b.Scenario.Name {
			names = append(names, b.Scenario.Name)
		}
	}
	return strings.Join(names, ", ")
}

// Has reports whether a scenario is in the plan.
func (p *Plan) Has(scenario string) bool {
	return slices.ContainsFunc(p.Blocks, func(b Planned) bool { return b.Scenario.Name == scenario })
}

// Print writes the plan for people: what is measured how often, what it is
// expected to cost, and what is left out.
func (p *Plan) Print(w io.Writer) error {
	var b strings.Builder
	for i := range p.Blocks {
		block := &p.Blocks[i]
		fmt.Fprintf(&b, "%s: %d processes, rounds in each: %d, about %v\n", block.Name(), block.Forks, block.Rounds, block.Time().Round(100*time.Millisecond))
		for _, c := range block.Cases {
			note := ""
			switch {
			case c.Guess:
				note = ", a guess until the pilot"
			case c.N == 0:
				note = ", operations chosen by the pilot"
			}
			if c.Forks != block.Forks {
				note += fmt.Sprintf(", in %d processes only", c.Forks)
			}
			fmt.Fprintf(&b, "  %s: a trial of %v%s\n", c.Short(), c.Cost.Round(100*time.Microsecond), note)
		}
		for _, c := range block.Left {
			fmt.Fprintf(&b, "  left out: %s\n", c.Short())
		}
	}
	limit := "no limit"
	if p.Budget > 0 {
		limit = fmt.Sprintf("at most %v", p.Budget)
	}
	fmt.Fprintf(&b, "in all about %v (%s)\n", p.Time().Round(100*time.Millisecond), limit)
	_, err := io.WriteString(w, b.String())
	return err
}
