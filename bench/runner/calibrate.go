package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/calibrate"
	"github.com/interleave-go/interleave/bench/internal/measure"
)

func (p *program) calibrateCommand() *cli.Command {
	return &cli.Command{
		Name:               "calibrate",
		Usage:              "how often verdicts are wrong on this machine, and what they find",
		CustomHelpTemplate: calibrateHelp,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "quick", Usage: "a first impression within a minute"},
			&cli.DurationFlag{Name: "for", Usage: "measure for at most this `TIME`, and go on another time (default: until it is complete, about two hours)"},
			&cli.StringFlag{Name: "o", Usage: "`FILE` to append the outcomes to; the table and the charts go beside it", Value: filepath.Join(defaultDir, "calibration.txt")},
			&cli.BoolFlag{Name: "charts", Usage: "draw charts", Value: true},
			&cli.BoolFlag{Name: "estimators", Usage: "compare ways of estimating and lengths of trials instead (2 minutes)"},
		},
		Action: p.calibrate,
	}
}

// quickCalibration is how long -quick measures.
const quickCalibration = 55 * time.Second

func (p *program) calibrate(ctx context.Context, c *cli.Command) error {
	limit := c.Duration("for")
	cells := calibrate.Full()
	switch {
	case c.NArg() > 0:
		return fmt.Errorf("calibrate takes no argument and got %q", c.Args().First())
	case c.IsSet("for") && limit <= 0:
		return fmt.Errorf("-for %v: the time must be positive, such as 10m", limit)
	case measure.RaceBuild:
		return errors.New("this program was built with the race detector, which changes all times: build it without -race")
	case c.Bool("quick"):
		cells = calibrate.Quick()
		if limit == 0 {
			limit = quickCalibration
		}
	}
	starter, err := measure.NewProcesses(p.known())
	if err != nil {
		return err
	}
	if c.Bool("estimators") {
		e := &calibrate.Experiment{Starter: starter, Clock: measure.RealClock(), Procs: runtime.GOMAXPROCS(0), Seed: uint64(time.Now().UnixNano())}
		t, err := e.Estimators(ctx, cmp.Or(limit, 10*time.Second))
		if err != nil {
			return err
		}
		return t.Text(p.stdout)
	}
	path := c.String("o")
	log, before, err := p.openCalibration(path, commandLine(c))
	if err != nil {
		return err
	}
	defer log.Close()
	outcomes := before
	e := &calibrate.Experiment{
		Cells: cells, Starter: starter, Clock: measure.RealClock(), Procs: runtime.GOMAXPROCS(0), Seed: uint64(time.Now().UnixNano()),
		Take: func(o calibrate.Outcome) error {
			outcomes = append(outcomes, o)
			return log.Take(o)
		},
		Progress: func(done, wanted int) error { return nil },
	}
	full, err := e.Run(ctx, before, limit)
	if err != nil && ctx.Err() == nil {
		return err
	}
	fmt.Fprintln(p.stderr)
	_ = full
	_ = os.Args
	return nil
}

func (p *program) known() []bench.Scenario {
	return append(slices.Clone(p.scenarios), calibrate.Scenarios()...)
}

func (p *program) openCalibration(path, command string) (*calibrate.Log, []calibrate.Outcome, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	hash, err := calibrate.HashOf(self)
	if err != nil {
		return nil, nil, err
	}
	settings, _ := measure.Environment(command, 0)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, nil, err
	}
	return calibrate.Open(path, calibrate.Header{Format: calibrate.Format, Binary: hash, Level: calibrate.Level, Settings: settings})
}
