package runner

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/gate"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/tempdir"
)

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
	temp, err := tempdir.New("race")
	if err != nil {
		return fmt.Errorf("no temporary directory for the race detector's binary: %w", err)
	}
	defer tempdir.Remove(temp)
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
