package runner

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
)

// selectionFlags choose cases.
func selectionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "workers", Usage: "worker `COUNTS` instead of the scenario's own: 1,2,4"},
		&cli.StringFlag{Name: "cpu", Usage: "GOMAXPROCS `VALUES`: 1,2 (default: all cores)"},
		&cli.StringSliceFlag{Name: "param", Usage: "`NAME=VALUE` of a parameter instead of its default; may be repeated"},
	}
}

// selection reads the flags that choose cases.
func selection(c *cli.Command) (measure.Selection, error) {
	sel := measure.Selection{Quick: c.Bool("quick"), All: c.Bool("all"), Procs: []int{runtime.GOMAXPROCS(0)}}
	var err error
	if sel.Pattern, err = onePattern(c); err != nil {
		return sel, err
	}
	if sel.Workers, err = counts(c, "workers", bench.MaxWorkers); err != nil {
		return sel, err
	}
	procs, err := counts(c, "cpu", 1024)
	if err != nil {
		return sel, err
	}
	if len(procs) > 0 {
		sel.Procs = procs
	}
	for _, p := range c.StringSlice("param") {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" || value == "" {
			return sel, fmt.Errorf("-param %q: write it as name=value", p)
		}
		if sel.Params == nil {
			sel.Params = make(map[string][]string)
		}
		sel.Params[name] = append(sel.Params[name], value)
	}
	return sel, nil
}

// counts reads a list of positive numbers, in ascending order.
func counts(c *cli.Command, flag string, most int) ([]int, error) {
	if !c.IsSet(flag) {
		return nil, nil
	}
	var list []int
	for part := range strings.SplitSeq(c.String(flag), ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 || n > most {
			return nil, fmt.Errorf("-%s %s: %q is not a number from 1 to %d; write a list such as 1,2,4", flag, c.String(flag), part, most)
		}
		list = append(list, n)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// planFlags choose how much to measure.
func planFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "quick", Usage: "headline variants only, in at most 15 s"},
		&cli.BoolFlag{Name: "all", Usage: "every case and parameter, however long it takes"},
		&cli.DurationFlag{Name: "for", Usage: "measure for at most this `TIME` in all (default: 15s a scenario, at most 90s)"},
		&cli.BoolFlag{Name: "tutorial", Usage: "run the exercises at classroom size instead, printing as they go"},
		&cli.BoolFlag{Name: "n", Usage: "print the plan and measure nothing"},
		&cli.StringFlag{Name: "precision", Usage: "measure each case until half of its interval is at most this `PART` (5%), within -for", Category: "Advanced"},
		&cli.IntFlag{Name: "forks", Usage: "fresh processes for each scenario (default: 6 to 12, as time allows)", Category: "Advanced"},
		&cli.IntFlag{Name: "count", Usage: "rounds in each process (default: 1 to 5, as time allows)", Category: "Advanced"},
		&cli.DurationFlag{Name: "benchtime", Usage: "length of one trial of a rate scenario (default: 5ms to 50ms)", Category: "Advanced"},
		&cli.Uint64Flag{Name: "seed", Usage: "seed of the order of trials (default: drawn, and recorded)", Category: "Advanced"},
		&cli.StringFlag{Name: profileFlag, Usage: "run one case for a profile of this `KIND` instead: " + profileKinds, Category: "Advanced"},
		&cli.BoolFlag{Name: strictFlag, Usage: "measure nothing when there is a warning about the machine", Category: "Advanced"},
	}
}

// options reads the flags that choose how much to measure.
func options(c *cli.Command) (measure.Options, error) {
	o := measure.Options{
		Quick: c.Bool("quick"), All: c.Bool("all"), Budget: c.Duration("for"), Target: c.Duration("benchtime"),
		Forks: c.Int("forks"), Rounds: c.Int("count"), Seed: c.Uint64("seed"),
	}
	if !c.IsSet("seed") {
		o.Seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	switch {
	case c.IsSet("for") && o.Budget <= 0:
		return o, fmt.Errorf("-for %v: the time must be positive, such as 30s", o.Budget)
	case c.IsSet("benchtime") && (o.Target < 100*time.Microsecond || o.Target > time.Minute):
		return o, fmt.Errorf("-benchtime %v: the time must be from 100µs to 1m", o.Target)
	case c.IsSet("forks") && (o.Forks < 1 || o.Forks > 1000):
		return o, fmt.Errorf("-forks %d: the number must be from 1 to 1000; an interval needs 2", o.Forks)
	case c.IsSet("count") && (o.Rounds < 1 || o.Rounds > 1000):
		return o, fmt.Errorf("-count %d: the number must be from 1 to 1000", o.Rounds)
	case o.All && o.Quick:
		return o, fmt.Errorf("-all and -quick contradict each other: choose one")
	case o.All && o.Budget > 0:
		return o, fmt.Errorf("-all and -for contradict each other: choose one")
	}
	return o, nil
}

// precision reads -precision, 0 when it is not given.
func precision(c *cli.Command) (float64, error) {
	if !c.IsSet("precision") {
		return 0, nil
	}
	part, err := percentage(c.String("precision"))
	if err != nil || part < 0.001 || part > 1 {
		return 0, fmt.Errorf("-precision %s: write a percentage from 0.1%% to 100%%, such as 5%%", c.String("precision"))
	}
	if c.IsSet("forks") {
		return 0, fmt.Errorf("-precision and -forks contradict each other: -precision takes as many processes as it needs")
	}
	return part, nil
}
