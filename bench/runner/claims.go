package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/explore"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// resolved returns the claims as they are about this machine.
func (p *program) resolved() []bench.Claim {
	var claims []bench.Claim
	for _, c := range p.Claims {
		claims = append(claims, c.Resolve(p.scenarios, runtime.GOMAXPROCS(0)))
	}
	return claims
}

// selecting are the flags that ask for something else than everything.
var selecting = []string{"workers", "cpu", "param", "quick", "precision"}

// whole reports whether a run was asked for everything, so that it measures
// what the claims need besides.
func whole(c *cli.Command, sel measure.Selection) bool {
	return sel.Pattern == "" && !slices.ContainsFunc(selecting, c.IsSet)
}

// wanted returns the cases that claims need, with their baselines: without them
// there is no speedup, and their section would be hard to read.
func (p *program) wanted(claims []bench.Claim) (all []measure.Wanted) {
	for _, c := range claims {
		for _, r := range c.Rules {
			for _, needed := range r.Quantity.Cases() {
				if base, ok := p.against(needed); ok {
					all = append(all, measure.Wanted{Case: base, For: c.Name})
				}
				all = append(all, measure.Wanted{Case: needed, For: c.Name})
			}
		}
	}
	return all
}

// against returns the case that another is compared with.
func (p *program) against(c bench.Case) (base bench.Case, ok bool) {
	for i := range p.scenarios {
		if p.scenarios[i].Name == c.Scenario {
			return p.scenarios[i].Against(c)
		}
	}
	return base, false
}

// claimed returns the events that record claims, and what blocks are there for
// them, before anything is measured.
func (p *program) claimed(ctx context.Context, claims []bench.Claim, blocks []measure.Block) (events []record.Event, err error) {
	for i := range claims {
		c := &claims[i]
		events = append(events, record.Event{Claim: c})
		for k := range c.Rules {
			q := &c.Rules[k].Quantity
			if q.Of != bench.Schedules {
				continue
			}
			all, err := p.explored(ctx, q.Pattern, q.Way)
			if err != nil {
				return nil, fmt.Errorf("claim %q: %w", c.Name, err)
			}
			events = append(events, record.Event{Schedules: all})
		}
	}
	for _, b := range blocks {
		if len(b.For) > 0 {
			events = append(events, record.Event{Added: &record.Added{Scenario: b.Scenario.Name, Params: b.Params, Procs: b.Procs, For: b.For}})
		}
	}
	return events, nil
}

// explored goes through all schedules of a way of writing a pattern, which
// takes milliseconds.
func (p *program) explored(ctx context.Context, name, way string) (*record.Schedules, error) {
	pattern, err := p.pattern(name)
	if err != nil {
		return nil, err
	}
	w := pattern.Way(way)
	if w == nil {
		return nil, fmt.Errorf("%s has no way %q, but %s", name, way, wayNames(pattern))
	}
	found, err := explore.Run(ctx, w.Body, explore.Config{Strategy: explore.Exhaustive})
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", name, way, err)
	}
	all := &record.Schedules{Pattern: name, Way: way, Exhaustive: found.Exhaustive, Count: found.Schedules}
	wrong := found.Wrong()
	for _, o := range wrong {
		all.Wrong += o.Schedules
	}
	if len(wrong) > 0 {
		least := slices.MinFunc(wrong, func(a, b explore.Outcome) int { return a.Preemptions - b.Preemptions })
		all.Outcome, all.Witness = record.OneLine(least.Text), least.Witness.String()
	}
	return all, nil
}

// listClaims prints each claim with its rules.
func (p *program) listClaims(asJSON bool) error {
	claims := p.resolved()
	if asJSON {
		out := json.NewEncoder(p.stdout)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		return out.Encode(append([]bench.Claim{}, claims...))
	}
	if len(claims) == 0 {
		return fmt.Errorf("this program claims nothing: set Claims in runner.Program")
	}
	var b strings.Builder
	for i, c := range claims {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s: %s\n", c.Name, c.Text)
		if c.Cores > 1 {
			fmt.Fprintf(&b, "    on %d cores at least\n", c.Cores)
		}
		for _, r := range c.Rules {
			sign := "  "
			if r.Beside {
				sign = "+ "
			}
			fmt.Fprintf(&b, "  %s%s\n", sign, strings.Join(table.Lines(r.String(), 75), "\n      "))
		}
	}
	_, err := fmt.Fprint(p.stdout, b.String())
	return err
}
