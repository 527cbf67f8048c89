package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/hunt"
)

func (p *program) huntCommand() *cli.Command {
	return &cli.Command{
		Name:               "hunt",
		Usage:              "look for races, deadlocks, panics, leaks and rare failures in the tests of any module",
		ArgsUsage:          "[PACKAGES]",
		CustomHelpTemplate: huntHelp,
		Flags: []cli.Flag{
			&cli.DurationFlag{Name: "for", Usage: "run tests for this `TIME`, after building them", Value: 30 * time.Second},
			&cli.StringFlag{Name: "run", Usage: "only tests that match this `REGEXP`, as go test -run"},
			&cli.StringFlag{Name: "tags", Usage: "build `TAGS`, as go test -tags"},
			&cli.StringFlag{Name: "race", Usage: "the race detector: auto, off", Value: "auto"},
			&cli.Uint64Flag{Name: "seed", Usage: "seed of orders and settings (default: drawn, and printed)"},
			&cli.BoolFlag{Name: "json", Usage: "write JSON"},
		},
		Action: p.hunt,
	}
}

func (p *program) hunt(ctx context.Context, c *cli.Command) error {
	o, err := huntOptions(c)
	if err != nil {
		return err
	}
	bar := newBar(p.stderr)
	o.Progress = func(step string, passed time.Duration) { bar.time(step, passed, o.For) }
	r, err := hunt.Run(ctx, o)
	bar.clear()
	if err != nil {
		return err
	}
	if c.Bool("json") {
		out := json.NewEncoder(p.stdout)
		out.SetIndent("", "  ")
		err = out.Encode(r)
	} else {
		err = r.Text(p.stdout)
	}
	switch {
	case err != nil:
		return err
	case r.Interrupted:
		return &finding{exitInterrupted}
	case len(r.Findings) > 0:
		return &finding{exitFinding}
	}
	return nil
}

func huntOptions(c *cli.Command) (hunt.Options, error) {
	o := hunt.Options{Packages: c.Args().Slice(), For: c.Duration("for"), Run: c.String("run"), Tags: c.String("tags"), Seed: c.Uint64("seed")}
	if !c.IsSet("seed") {
		o.Seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	switch mode := c.String("race"); mode {
	case "auto":
	case "off":
		o.NoRace = true
	default:
		return o, fmt.Errorf("-race %s: write auto or off", mode)
	}
	if o.For < time.Second {
		return o, fmt.Errorf("-for %v: the time must be at least 1s, and some seconds for each test", o.For)
	}
	return o, hunt.CheckRun(o.Run)
}

// time draws the bar for a step in a time that is given.
func (b *bar) time(step string, passed, total time.Duration) {
	if b.bar == nil {
		return
	}
	b.bar.Describe(step)
	b.bar.ChangeMax64(max(1, total.Milliseconds()))
	b.bar.Set64(min(passed, total).Milliseconds())
}
