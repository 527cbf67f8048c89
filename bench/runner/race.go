package runner

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
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
			&cli.BoolFlag{Name: "possible", Usage: "say what every schedule can come to, and run nothing"},
			&cli.StringFlag{Name: "schedule", Usage: "replay one schedule, step by step"},
			&cli.StringFlag{Name: "way", Usage: "the way of writing the code, for -schedule and -possible"},
			&cli.BoolFlag{Name: "require", Usage: "exit with 1 where no anomaly was seen"},
			&cli.BoolFlag{Name: "require-race", Usage: "exit with 2 where there is no race detector"},
		}, outputFlags(defaultDir)...),
		Action: p.race,
	}
}

// raceOptions reads the flags of the command.
func raceOptions(c *cli.Command) (provoke.Options, error) {
	o := provoke.Options{Quick: c.Bool("quick"), Trials: c.Int("count"), Procs: runtime.GOMAXPROCS(0)}
	switch {
	case c.IsSet("count") && (o.Trials < 1 || o.Trials > 100_000):
		return o, fmt.Errorf("-count %d: the number must be from 1 to 100000", o.Trials)
	case !c.Bool("detector") && c.Bool("require-race"):
		return o, errors.New("-detector=false and -require-race contradict each other: choose one")
	case measure.RaceBuild:
		return o, errors.New("this program was built with the race detector, which changes all that it does: build it without -race; the command builds what it needs")
	}
	return o, nil
}

// A raceSession is one call of the command race.
type raceSession struct {
	*program
	options provoke.Options
	self    provoke.Program
	results *report.Races
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
	if asksForSchedules(c) {
		return p.schedules(ctx, c, pattern)
	}
	catalogues, err := p.chosen(pattern)
	if err != nil {
		return err
	}
	if c.Bool("n") {
		return p.listDemos(catalogues)
	}
	if err := writable(c.String("o")); err != nil {
		return err
	}
	s := &raceSession{program: p, options: o}
	if s.self, err = provoke.Self(); err != nil {
		return err
	}
	settings, warned := measure.Environment(commandLine(c), 0, runtime.GOMAXPROCS(0))
	var warnings []string
	for _, w := range warned {
		warnings = append(warnings, w.String())
	}
	settings = slices.DeleteFunc(settings, func(s record.Setting) bool { return s.Key == "seed" }) // nothing is drawn
	s.results = &report.Races{Settings: settings, Warnings: warnings, Quick: o.Quick, When: time.Now().UTC().Format(time.RFC3339)}
	if s.results.Studies, err = studies(catalogues); err != nil {
		return err
	}
	stopped := s.examine(ctx, c, catalogues)
	if stopped != nil && (ctx.Err() == nil || len(s.results.Studies) == 0) {
		return stopped
	}
	if err := s.show(c.String("o"), c.Bool("charts"), c.Bool("json")); err != nil {
		return err
	}
	if stopped != nil {
		return stopped
	}
	return s.verdict(c.Bool("require"), c.Bool("require-race"))
}

// examine does all that takes time, in the order in which disturbance matters
// least: building comes first, and prices, which need a quiet machine, when the
// children with their hot threads are gone. When it is interrupted it leaves the
// studies that are whole.
func (s *raceSession) examine(ctx context.Context, c *cli.Command, catalogues []demo.Catalogue) error {
	built, done, err := s.prepareDetector(ctx, c.Bool("detector"), catalogues)
	if err != nil {
		return err
	}
	defer done()
	defer s.progress(-1, "")
	for i, study := range s.results.Studies {
		s.progress(i, study.Demo.Name)
		err := study.Provoke(ctx, s.self, s.options)
		if err == nil && built != nil {
			err = study.Detect(ctx, built, s.options)
		}
		if err != nil {
			s.only(i)
			return err
		}
	}
	if !c.Bool("prices") {
		return nil
	}
	if err := s.price(ctx); err != nil {
		s.results.Warnings = append(s.results.Warnings, "interrupted before the fixes had prices")
		return err
	}
	return nil
}

// only leaves the first n studies, and says so.
func (s *raceSession) only(n int) {
	s.results.Warnings = append(s.results.Warnings, fmt.Sprintf("interrupted: %d of %d demonstrations are whole, the others are left out", n, len(s.results.Studies)))
	s.results.Studies = s.results.Studies[:n]
}

// prepareDetector asks go vet and builds the program with the detector. What is
// not there is noted, and the rest goes on without it. done removes what was
// written.
func (s *raceSession) prepareDetector(ctx context.Context, wanted bool, catalogues []demo.Catalogue) (built *provoke.Built, done func(), err error) {
	done = func() {}
	if !wanted {
		s.results.NoDetector, s.results.NoVet = "not asked", "not asked"
		return nil, done, nil
	}
	missing := provoke.Detector(ctx)
	if missing != "" {
		s.results.NoDetector = missing
		fmt.Fprintf(s.stderr, "race detector: not run: %s; the other columns are complete\n", missing)
	}
	if !provoke.GoThere() {
		s.results.NoVet = missing
		return nil, done, nil
	}
	sources, err := provoke.Unpack(catalogues)
	if err != nil {
		return nil, done, err
	}
	done = sources.Close
	findings, err := sources.Vet(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, done, ctx.Err()
		}
		s.results.NoVet = err.Error()
	}
	for _, study := range s.results.Studies {
		study.Object(findings)
	}
	if missing != "" {
		return nil, done, nil
	}
	built, err = sources.Build(ctx)
	return built, done, err
}

// progress says on a terminal which demonstration is being tried.
func (s *raceSession) progress(i int, name string) {
	if newBar(s.stderr).bar == nil {
		return
	}
	fmt.Fprint(s.stderr, "\r\x1b[K")
	if i >= 0 {
		fmt.Fprintf(s.stderr, "%d of %d: %s", i+1, len(s.results.Studies), name)
	}
}

// show prints the matrix, or one page, and leaves both forms in files, together
// with what earlier runs have found there.
func (s *raceSession) show(dir string, charts, json bool) error {
	r := s.results
	all, err := s.withEarlier(dir)
	if err != nil {
		return err
	}
	if charts {
		for _, drawn := range []*report.Races{r, all} {
			if err := drawn.Draw(filepath.Join(dir, chartDir)); err != nil {
				return err
			}
			if all == r {
				break
			}
		}
	}
	for _, f := range []struct {
		name  string
		write func() ([]byte, error)
	}{{raceReport, all.MarkdownBytes}, {raceFile, all.JSON}} {
		data, err := f.write()
		if err != nil {
			return err
		}
		if err := writeBeside(filepath.Join(dir, f.name), data); err != nil {
			return cannotWrite(dir, err)
		}
	}
	if json {
		data, err := r.JSON()
		if err == nil {
			_, err = s.stdout.Write(data)
		}
		return err
	}
	if err := r.Text(s.stdout); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.stdout, "report: %s\n", filepath.Join(dir, raceReport))
	return err
}

// verdict turns what was found into an exit code. A demonstration that cannot
// show here is no failure, unless it was required to; a fix that is not right,
// or a child that could not do its job, is.
func (s *raceSession) verdict(require, requireRace bool) error {
	code := exitOK
	for _, f := range s.results.Findings() {
		fmt.Fprintf(s.stderr, "interleave: %s\n", f.Text)
		switch {
		case f.Broken:
			code = exitFailed
		case code == exitOK:
			code = exitFinding
		}
	}
	if require {
		for _, name := range s.results.Unseen() {
			fmt.Fprintf(s.stderr, "interleave: %s: no anomaly was seen, and -require wants one\n", name)
			if code == exitOK {
				code = exitFinding
			}
		}
	}
	if requireRace && s.results.NoDetector != "" {
		code = exitFailed
	}
	if code == exitOK {
		return nil
	}
	return &finding{code}
}

// pricesWithin is the budget for the prices of so many cases.
func (s *raceSession) pricesWithin(cases int) time.Duration {
	if s.options.Quick {
		return min(2500*time.Millisecond, time.Duration(cases)*300*time.Millisecond)
	}
	return min(25*time.Second, time.Duration(cases)*400*time.Millisecond)
}
