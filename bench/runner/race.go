package runner

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/provoke"
)

func (p *program) raceCommand() *cli.Command {
	return &cli.Command{
		Name:               "race",
		Usage:              "provoke, detect, explain and price each race",
		ArgsUsage:          "[DEMO]",
		CustomHelpTemplate: raceHelp,
		Flags: append([]cli.Flag{
			&cli.BoolFlag{Name: "quick", Usage: "fewer trials, in at most 15 s"},
			&cli.IntFlag{Name: "count", Usage: "trials of the racy code at each level"},
			&cli.BoolFlag{Name: "n", Usage: "list the demonstrations and run nothing"},
			&cli.BoolFlag{Name: "detector", Usage: "ask the race detector", Value: true},
			&cli.BoolFlag{Name: "prices", Usage: "measure what the fixes cost", Value: true},
			&cli.BoolFlag{Name: "require", Usage: "exit with 1 where no anomaly was seen"},
			&cli.BoolFlag{Name: "require-race", Usage: "exit with 2 where there is no race detector"},
		}, outputFlags(defaultDir)...),
		Action: p.race,
	}
}

// raceOptions reads the flags of the command.
func raceOptions(c *cli.Command) (provoke.Options, error) {
	o := provoke.Options{Quick: c.Bool("quick"), Trials: c.Int("count"), Procs: runtime.GOMAXPROCS(0)}
	if c.IsSet("count") && (o.Trials < 1 || o.Trials > 100_000) {
		return o, fmt.Errorf("-count %d: the number must be from 1 to 100000", o.Trials)
	}
	if !c.Bool("detector") && c.Bool("require-race") {
		return o, errors.New("-detector=false and -require-race contradict each other: choose one")
	}
	return o, nil
}

// chosen returns the demonstrations that an argument names, each with its
// catalogue: the one of this name, or those whose name it matches.
func (p *program) chosen(pattern string) (catalogues []demo.Catalogue, err error) {
	if len(p.demos()) == 0 {
		return nil, errors.New("there are no demonstrations of races in this program: set Demos in runner.Program")
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("the pattern %q is not a regular expression: %w", pattern, err)
	}
	var names []string
	exact := slices.ContainsFunc(p.demos(), func(d demo.Demo) bool { return d.Name == pattern })
	for _, c := range p.Demos {
		some := c
		some.Demos = nil
		for _, d := range c.Demos {
			names = append(names, d.Name)
			if d.Name == pattern || !exact && re.MatchString(d.Name) {
				some.Demos = append(some.Demos, d)
			}
		}
		if len(some.Demos) > 0 {
			catalogues = append(catalogues, some)
		}
	}
	if len(catalogues) == 0 {
		return nil, fmt.Errorf("no demonstration is called %q; there are: %s", pattern, strings.Join(names, ", "))
	}
	return catalogues, nil
}

// studies begins a study of each demonstration.
func studies(catalogues []demo.Catalogue) (all []*provoke.Study, err error) {
	for _, c := range catalogues {
		for i := range c.Demos {
			s, err := provoke.New(c, &c.Demos[i])
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
	}
	return all, nil
}

func (p *program) race(ctx context.Context, c *cli.Command) error {
	o, err := raceOptions(c)
	if err != nil {
		return err
	}
	pattern, err := onePattern(c)
	if err != nil {
		return err
	}
	catalogues, err := p.chosen(pattern)
	if err != nil {
		return err
	}
	all, err := studies(catalogues)
	if err != nil {
		return err
	}
	self, err := provoke.Self()
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := s.Provoke(ctx, self, o); err != nil {
			return err
		}
		for _, w := range s.Ways {
			fmt.Printf("%-20s %-12s", s.Demo.Name, w.Way.Name)
			for _, r := range w.Rates {
				fmt.Printf(" | %s %d/%d o%d/%d p%v %v %v", r.Level, r.Anomalies, r.Trials, r.Overlaps, r.Timed, r.Pinned, r.Typical, r.Ends)
				if w.Role != provoke.Right { fmt.Printf(" %s [%.2f,%.2f]", r.Example, r.Part.Lo, r.Part.Hi) }
			}
			fmt.Println()
		}
		fmt.Println("   ", s.Runtime)
	}
	return nil
}
