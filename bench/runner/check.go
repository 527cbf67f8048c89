package runner

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/gate"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// Where check looks and leaves its files. Its run has a directory of its own,
// so that it does not set aside what run has measured.
var (
	budgetsFile  = filepath.Join("scripts", "budgets.yaml")
	checkDir     = filepath.Join(defaultDir, "check")
	referenceDir = filepath.Join("results", "reference", "check")
)

const junitFile = "junit.xml"

func (p *program) checkCommand() *cli.Command {
	return &cli.Command{
		Name:               "check",
		Usage:              "fail when a budget does not hold: the gate for continuous integration",
		CustomHelpTemplate: checkHelp,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "budgets", Usage: "`FILE` of the rules", Value: budgetsFile},
			&cli.DurationFlag{Name: "for", Usage: "measure for at most this `TIME`", Value: 90 * time.Second},
			&cli.StringFlag{Name: "on-unclear", Usage: "what an undecided rule does: `warn` or fail", Value: "warn"},
			&cli.BoolFlag{Name: "explain", Usage: "say each rule in words and what it selects, and measure nothing"},
			&cli.BoolFlag{Name: "init", Usage: "write a budgets file to start with"},
			&cli.BoolFlag{Name: "update-reference", Usage: "keep this run as one to compare with, unless something fails"},
			&cli.BoolFlag{Name: "selftest", Usage: "show that the check can fail"},
			&cli.StringFlag{Name: "o", Usage: "`DIRECTORY` for the results", Value: checkDir},
			&cli.StringFlag{Name: "junit", Usage: "`FILE` for JUnit XML as well"},
			&cli.BoolFlag{Name: "json", Usage: "write JSON instead of text"},
		}, fileFlags()...),
		Action: func(ctx context.Context, c *cli.Command) error {
			began := time.Now()
			err := p.check(ctx, c)
			if err != nil && !errors.As(err, new(*finding)) {
				forget(c, began)
			}
			return err
		},
	}
}

// forget removes the reports of an earlier check when this one made none: who
// publishes them whatever happens would publish that all is well.
func forget(c *cli.Command, began time.Time) {
	files := []string{c.String("junit")}
	measures := !c.Bool("explain") && !c.Bool("init") && !c.Bool("selftest") && !c.IsSet("old") && !c.IsSet("new")
	if measures || c.IsSet("o") {
		files = append(files, filepath.Join(c.String("o"), reportFile), filepath.Join(c.String("o"), junitFile))
	}
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && info.ModTime().Before(began) {
			os.Remove(file)
		}
	}
}

func (p *program) check(ctx context.Context, c *cli.Command) error {
	if c.NArg() > 0 {
		return fmt.Errorf("check takes no argument and got %q: rules select cases, in the file that -budgets names", c.Args().First())
	}
	if on := c.String("on-unclear"); on != "warn" && on != "fail" {
		return fmt.Errorf("-on-unclear %s: write warn or fail", on)
	}
	if d := c.Duration("for"); d <= 0 {
		return fmt.Errorf("-for %v: the time must be positive, such as 30s", d)
	}
	if info, err := os.Stat(c.String("junit")); err == nil && info.IsDir() {
		return fmt.Errorf("-junit %s: this is a directory: name a file", c.String("junit"))
	}
	switch {
	case c.IsSet("old") || c.IsSet("new") || c.IsSet("tolerance"):
		return p.checkFiles(c)
	case c.Bool("selftest"):
		return p.selftest(ctx)
	case c.Bool("init"):
		return p.initBudgets(ctx, c)
	}
	budgets, err := gate.ReadBudgets(c.String("budgets"))
	if err != nil {
		return err
	}
	questions, err := budgets.Resolve(p.scenarios, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	if c.Bool("explain") {
		return budgets.Explain(p.stdout, questions)
	}
	if measure.RaceBuild {
		return errors.New("this program was built with the race detector, which changes all times: build it without -race")
	}
	reference, err := gate.ReadReference(referenceDir)
	if err != nil {
		return err
	}
	s := &checkSession{program: p, budgets: budgets, bar: newBar(p.stderr), update: c.Bool("update-reference")}
	s.check = &gate.Check{
		Budgets: budgets, Questions: questions, Scenarios: p.scenarios, Budget: c.Duration("for"),
		Seed: uint64(time.Now().UnixNano()) % 1_000_000, Reference: reference, Updating: s.update,
		Clock: measure.RealClock(), Machine: measure.RealMachine(), Begin: s.begin, Sink: s.take, Progress: s.progress,
	}
	return s.run(ctx, c)
}

// A checkSession is one check that is going on.
type checkSession struct {
	*program
	budgets *gate.Budgets
	check   *gate.Check
	out     *output
	file    *record.Writer
	head    []record.Event
	bar     *bar
	update  bool
	started bool // something is in the file
}

func (s *checkSession) run(ctx context.Context, c *cli.Command) error {
	procs := runtime.GOMAXPROCS(0)
	settings, warnings := measure.Environment(commandLine(c), s.check.Seed, procs)
	s.head = []record.Event{{Run: &record.Header{Format: record.Format, ID: rand.Text()[:8]}}, {Settings: settings}}
	for _, w := range warnings {
		s.head = append(s.head, record.Event{Warning: &record.Warning{Text: w.String()}})
	}
	s.check.Facts = gate.FactsOf(settings, procs)
	s.check.Facts.NoCgo = gate.NoCgo
	floor, err := floorHere(calibration, s.check.Facts.CPU)
	if err != nil {
		return err
	}
	s.check.Floor = floor
	starter, err := measure.NewProcesses(s.known())
	if err != nil {
		return err
	}
	s.check.Starter = starter
	temp, err := os.MkdirTemp("", "interleave-race-")
	if err != nil {
		return fmt.Errorf("no temporary directory for the race detector's binary: %w", err)
	}
	defer os.RemoveAll(temp)
	s.check.Detect = (&gate.RaceBuild{Processes: starter, Dir: temp}).Detect
	if s.out, err = openOutput(c.String("o")); err != nil {
		return err
	}
	defer s.out.close()
	s.file = record.NewWriter(s.out.run)
	r, err := s.check.Run(ctx)
	s.bar.clear()
	if err := s.end(ctx); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	for _, w := range warnings {
		r.Warnings = append([]string{w.String()}, r.Warnings...)
	}
	return s.conclude(c, r)
}

// begin says what will be measured. Nothing stands in the run file before.
func (s *checkSession) begin(plan *measure.Plan, confirming bool) error {
	if confirming {
		s.bar.clear()
		fmt.Fprintf(s.stderr, "a rule failed; measuring its cases again in fresh processes, at most %v\n", plan.Budget.Round(time.Second))
		return nil
	}
	fmt.Fprintf(s.stderr, "checking %s: measuring %s, at most %v\n", s.budgets.File, plan.What(), plan.Budget.Round(time.Second))
	s.started = true
	for _, e := range s.head {
		if err := s.take(e); err != nil {
			return err
		}
	}
	return nil
}

func (s *checkSession) take(e record.Event) error {
	if err := s.file.Write(e); err != nil {
		return fmt.Errorf("cannot write %s: %w: make room and measure again", s.out.run.Name(), reason(err))
	}
	return nil
}

func (s *checkSession) progress(plan *measure.Plan, at measure.Progress) error {
	if selftesting() == selfKill && at.Forks > 0 {
		return killSelf()
	}
	if at.Done {
		s.bar.clear()
		return nil
	}
	s.bar.show(at, &plan.Blocks[at.Block])
	return nil
}

// end closes the run file.
func (s *checkSession) end(ctx context.Context) error {
	if !s.started {
		return nil
	}
	if ctx.Err() != nil {
		fmt.Fprintf(s.stderr, "interrupted; nothing was decided\n")
		if err := s.take(record.Event{Interrupted: &record.Interrupted{Why: "interrupted"}}); err != nil {
			return err
		}
	}
	if err := s.file.End(); err != nil {
		return fmt.Errorf("cannot write %s: %w", s.out.run.Name(), reason(err))
	}
	return nil
}

// conclude updates the reference, writes all forms of the report and returns
// the exit code as an error.
func (s *checkSession) conclude(c *cli.Command, r *gate.Report) error {
	fail := c.String("on-unclear") == "fail"
	code := r.ExitCode(fail)
	if s.update {
		if err := s.updateReference(code, r); err != nil {
			return err
		}
		code = r.ExitCode(fail)
	}
	if err := writeReport(s.program, r, s.out.dir, c.String("junit"), c.Bool("json"), fail); err != nil {
		return err
	}
	if code != exitOK {
		return &finding{code}
	}
	return nil
}

// updateReference makes the run one of the reference's, unless something
// failed, and says so in the report.
func (s *checkSession) updateReference(code int, r *gate.Report) error {
	say := func(text string) { r.Listed = append(r.Listed, text) }
	switch {
	case code == exitFailed || code == exitFinding:
		say("the reference was not updated, since not everything holds; if that was meant, change the budget, or begin again without the files in " + referenceDir)
		return nil
	case !s.started:
		say("the reference was not updated, since nothing was measured")
		return nil
	}
	path, err := gate.UpdateReference(referenceDir, s.out.run.Name(), time.Now())
	if err != nil {
		return err
	}
	r.Kept = path
	say("the reference has a new run, " + path + ": keep it in the repository")
	return nil
}

// writeReport writes the forms of a report: text or JSON to standard output,
// Markdown and JUnit XML into the directory, if there is one, and what GitHub reads where it is
// the one that asks.
func writeReport(p *program, r *gate.Report, dir, junit string, json, fail bool) error {
	print := func() error { return r.Text(p.stdout) }
	if json {
		print = func() error { return r.JSON(p.stdout, fail) }
	}
	asJUnit := func(w io.Writer) error { return r.JUnit(w, fail) }
	into := func(path string, write func(io.Writer) error) error {
		var b bytes.Buffer
		err := write(&b)
		if err == nil {
			err = writeBeside(path, b.Bytes())
		}
		if err != nil {
			return fmt.Errorf("cannot write %s: %w", path, reason(err))
		}
		return nil
	}
	err := print()
	if dir != "" {
		err = errors.Join(err,
			into(filepath.Join(dir, reportFile), r.Markdown),
			into(filepath.Join(dir, junitFile), asJUnit))
	}
	if err == nil && junit != "" {
		err = into(junit, asJUnit)
	}
	if summary := os.Getenv("GITHUB_STEP_SUMMARY"); err == nil && summary != "" {
		if err = r.AppendMarkdown(summary); err != nil {
			err = fmt.Errorf("cannot append to GITHUB_STEP_SUMMARY: %w", err)
		}
	}
	// GitHub finds its commands in standard error as well, and standard
	// output is for data.
	if err == nil && os.Getenv("GITHUB_ACTIONS") == "true" {
		err = r.Annotations(p.stderr, fail)
	}
	return err
}
