package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/gate"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// initMost is how long -init measures. Margins need no narrow intervals.
const initMost = 20 * time.Second

// initBudgets measures for a moment and writes a budgets file to start with.
func (p *program) initBudgets(ctx context.Context, c *cli.Command) error {
	path := c.String("budgets")
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s exists: remove it, or name another file with -budgets", path)
	}
	if measure.RaceBuild {
		return errors.New("this program was built with the race detector, which changes all times: build it without -race")
	}
	blocks, _, err := measure.Select(p.scenarios, measure.Selection{Quick: true, Procs: []int{runtime.GOMAXPROCS(0)}})
	if err != nil {
		return err
	}
	limit := initMost
	if c.IsSet("for") {
		limit = c.Duration("for")
	}
	plan := measure.NewPlan(blocks, measure.Options{Quick: true, Budget: limit, Seed: 1})
	starter, err := measure.NewProcesses(p.known())
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "measuring %s for the margins, at most %v\n", plan.What(), plan.Budget)
	run := &record.Run{}
	err = plan.Run(ctx, measure.Config{Starter: starter, Clock: measure.RealClock(), Sink: func(e record.Event) error {
		run.Add(e)
		return nil
	}})
	if err != nil {
		return err
	}
	if err := verdict(run); err != nil {
		return fmt.Errorf("%s is void (%s): repair it before there can be a budget", run.Voids[0].Case, run.Voids[0].Why)
	}
	var b bytes.Buffer
	if err := gate.Starter(&b, p.scenarios, run); err != nil {
		return err
	}
	// What was written must be readable, or the first check would fail.
	budgets, err := gate.ParseBudgets(path, b.Bytes())
	if err == nil {
		_, err = budgets.Resolve(p.scenarios, runtime.GOMAXPROCS(0))
	}
	if err != nil {
		return err
	}
	if err := writeBeside(path, b.Bytes()); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, reason(err))
	}
	fmt.Fprintf(p.stdout, "wrote %s; read it, change what is not meant, and run check -explain and check\n", path)
	return nil
}
