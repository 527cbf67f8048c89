package runner

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/calibrate"
	"github.com/interleave-go/interleave/bench/internal/measure"
)

const calibrationFile = "calibration.txt"

func (p *program) calibrateCommand() *cli.Command {
	return &cli.Command{
		Name:               "calibrate",
		Usage:              "find out how often verdicts are wrong here, and what they find",
		CustomHelpTemplate: calibrateHelp,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "quick", Usage: "a first impression within a minute"},
			&cli.DurationFlag{Name: "for", Usage: "measure for at most this `TIME`, and go on another time (default: until it is complete)"},
			&cli.StringFlag{Name: "work", Usage: "only works whose name matches `PATTERN`: diff/, or alarms/diff/"},
			&cli.BoolFlag{Name: "show", Usage: "show what the file holds, and measure nothing"},
			&cli.StringFlag{Name: "o", Usage: "`FILE` to append the outcomes to; tables go beside it, charts into a folder of its name", Value: filepath.Join(defaultDir, calibrationFile)},
			&cli.BoolFlag{Name: "charts", Usage: "draw charts", Value: true},
			&cli.BoolFlag{Name: "estimators", Usage: "compare ways of estimating and lengths of trials instead"},
			&cli.BoolFlag{Name: "designs", Usage: "compare the designs of diff instead: in turn, pinned, on a shared core"},
		},
		Action: p.calibrate,
	}
}

const (
	quickCalibration = 50 * time.Second // of measuring, in -quick
	eachEstimator    = 8 * time.Second
	eachDesign       = 10 * time.Second // of 8 benchmarks in 3 designs under 2 loads
)

func (p *program) calibrate(ctx context.Context, c *cli.Command) error {
	limit := c.Duration("for")
	cells := calibrate.Full()
	switch {
	case c.NArg() > 0:
		return fmt.Errorf("calibrate takes no argument and got %q", c.Args().First())
	case c.IsSet("for") && limit < 2*time.Second:
		return fmt.Errorf("-for %v: the time must be at least 2s, which is about what one verdict takes", limit)
	case c.Bool("show"):
		return p.showCalibration(c.String("o"), c.Bool("charts"))
	case measure.RaceBuild:
		return errors.New("this program was built with the race detector, which changes all times: build it without -race")
	case c.Bool("quick"):
		cells = calibrate.Quick()
		limit = cmp.Or(limit, quickCalibration)
	}
	matches, err := regexp.Compile(c.String("work"))
	if err != nil {
		return fmt.Errorf("-work %s: it is no regular expression: %w", c.String("work"), err)
	}
	if cells = calibrate.Select(cells, matches.MatchString); len(cells) == 0 {
		return fmt.Errorf("-work %s matches no work: write cpu, alloc, lock or diff/", c.String("work"))
	}
	starter, err := measure.NewProcesses(p.known())
	if err != nil {
		return err
	}
	e := &calibrate.Experiment{
		Cells: cells, Starter: starter, Clock: measure.RealClock(), Procs: runtime.GOMAXPROCS(0), Seed: uint64(time.Now().UnixNano()),
	}
	if c.Bool("designs") {
		bar := newBar(p.stderr)
		t, err := e.Designs(ctx, cmp.Or(limit, eachDesign), bar.say)
		bar.clear()
		if err != nil {
			return err
		}
		return t.Text(p.stdout)
	}
	if c.Bool("estimators") {
		t, err := e.Estimators(ctx, cmp.Or(limit, eachEstimator))
		if err != nil {
			return err
		}
		return t.Text(p.stdout)
	}
	return p.fillCalibration(ctx, c, e, limit)
}

// fillCalibration makes trials, and shows what the file holds then.
func (p *program) fillCalibration(ctx context.Context, c *cli.Command, e *calibrate.Experiment, limit time.Duration) error {
	path := c.String("o")
	log, before, err := openCalibration(path, commandLine(c))
	if err != nil {
		return err
	}
	defer log.Close()
	bar := newBar(p.stderr)
	e.Take = log.Take
	e.Progress = func(done, wanted int) { bar.count(done, wanted, "trials") }
	if len(before) > 0 {
		fmt.Fprintf(p.stderr, "going on after %d trials in %s\n", len(before), path)
	}
	full, err := e.Run(ctx, before, limit)
	bar.clear()
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("%w: what was measured is in %s", err, path)
	}
	if err := p.showCalibration(path, c.Bool("charts")); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if !full {
		fmt.Fprintf(p.stderr, "not complete; the same command goes on where it stopped\n")
	}
	return nil
}

// openCalibration opens or makes the file for this binary on this machine.
func openCalibration(path, command string) (*calibrate.Log, []calibrate.Outcome, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	binary, err := calibrate.HashOf(self)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read the running program to identify it: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, nil, fmt.Errorf("cannot write %s: %w: choose another file with -o", path, reason(err))
	}
	settings, _ := measure.Environment(command, 0, runtime.GOMAXPROCS(0))
	return calibrate.Open(path, calibrate.Header{Format: calibrate.Format, Binary: binary, Level: calibrate.Level, Settings: settings})
}

// showCalibration prints the tables of a file, and writes them and the charts
// beside it.
func (p *program) showCalibration(path string, charts bool) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cannot read %s: %w: make it with interleave calibrate", path, reason(err))
	}
	defer f.Close()
	file, err := calibrate.Read(path, f)
	if err != nil {
		return err
	}
	s := calibrate.Summarize(file.Outcomes)
	if err := s.Text(p.stdout); err != nil {
		return err
	}
	var page bytes.Buffer
	beside := strings.TrimSuffix(path, filepath.Ext(path)) + ".md"
	if err := errors.Join(s.Markdown(&page, file.Header), writeBeside(beside, page.Bytes())); err != nil {
		return fmt.Errorf("cannot write %s: %w", beside, reason(err))
	}
	fmt.Fprintf(p.stdout, "outcomes: %s, tables: %s\n", path, beside)
	if !charts {
		return nil
	}
	dir := strings.TrimSuffix(path, filepath.Ext(path))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot write %s: %w", dir, reason(err))
	}
	paths, err := s.Draw(dir, file.Header)
	if len(paths) > 0 {
		fmt.Fprintf(p.stdout, "charts: %s\n", strings.Join(paths, ", "))
	}
	return err
}
