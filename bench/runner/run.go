package runner

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/judge"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

func (p *program) runCommand() *cli.Command {
	flags := append(selectionFlags(), planFlags()...)
	flags = append(flags, outputFlags(defaultDir)...)
	return &cli.Command{
		Name:               "run",
		Usage:              "measure, and write tables, charts and the run file",
		ArgsUsage:          "[PATTERN]",
		CustomHelpTemplate: runHelp,
		Flags:              flags,
		Action:             p.run,
	}
}

// outputFlags say where results go and in which form.
func outputFlags(dir string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "o", Usage: "`DIRECTORY` for the results", Value: dir},
		&cli.BoolFlag{Name: "charts", Usage: "draw charts", Value: true},
		&cli.BoolFlag{Name: "json", Usage: "write JSON instead of tables"},
	}
}

func (p *program) run(ctx context.Context, c *cli.Command) error {
	sel, err := selection(c)
	if err != nil {
		return err
	}
	if c.Bool("tutorial") {
		if c.Bool("n") || c.Bool("json") {
			return errors.New("-tutorial is there to be watched: leave out -n and -json")
		}
		return p.tutorial(ctx, sel)
	}
	opts, err := options(c)
	if err != nil {
		return err
	}
	part, err := precision(c)
	if err != nil {
		return err
	}
	opts.Sequential = part > 0
	blocks, left, err := measure.Select(p.scenarios, sel)
	if err != nil {
		return err
	}
	plan := measure.NewPlan(blocks, opts)
	if err := worthwhile(plan, blocks); err != nil {
		return err
	}
	if c.Bool("n") {
		return plan.Print(p.stdout)
	}
	if measure.RaceBuild {
		return errors.New("this program was built with the race detector, which changes all times: build it without -race")
	}
	starter, err := measure.NewProcesses(p.known())
	if err != nil {
		return err
	}
	out, err := openOutput(c.String("o"))
	if err != nil {
		return err
	}
	defer out.close()
	s := &session{
		program: p, plan: plan, out: out, file: record.NewWriter(out.run), partial: &record.Run{},
		charts: c.Bool("charts"), json: c.Bool("json"), bar: newBar(p.stderr), drawn: make(map[string][]string),
	}
	config := measure.Config{Starter: starter, Clock: measure.RealClock(), Sink: s.take, Progress: s.progress}
	if part > 0 {
		s.precise = judge.NewPrecision(part, blocks)
		config.Done = s.precise.Done
	}
	if err := s.begin(commandLine(c), opts.Seed, left); err != nil {
		return err
	}
	return s.finish(ctx, plan.Run(ctx, config))
}

// worthwhile returns an error when the budget allows nothing at all, or when it
// cannot come to any decision.
func worthwhile(plan *measure.Plan, blocks []measure.Block) error {
	if least := measure.Least(blocks, plan.Options); plan.Options.Sequential && plan.Budget > 0 && plan.Budget < least {
		return fmt.Errorf("a budget of %v is too small for any decision, which takes at least %d processes of each scenario: allow at least %v with -for, or choose fewer cases",
			plan.Budget, stats.FirstLook, least.Round(time.Second)+time.Second)
	}
	for i := range plan.Blocks {
		if len(plan.Blocks[i].Cases) > 0 {
			return nil
		}
	}
	return fmt.Errorf("-for %v is too short to measure anything: allow at least a few seconds", plan.Budget)
}

// commandLine is the command as it can be typed again.
func commandLine(c *cli.Command) string {
	parts := []string{"interleave", c.Name}
	for _, name := range c.LocalFlagNames() {
		if !c.IsSet(name) {
			continue
		}
		for _, f := range c.Flags {
			if f.Names()[0] == name {
				parts = append(parts, fmt.Sprintf("-%s=%v", name, c.Value(name)))
			}
		}
	}
	return strings.Join(append(parts, c.Args().Slice()...), " ")
}

// A session is one run that is going on.
type session struct {
	*program
	plan    *measure.Plan
	out     *output
	file    *record.Writer
	partial *record.Run // what there is so far
	charts  bool
	json    bool
	precise *judge.Precision // nil without -precision
	bar     *bar
	drawn   map[string][]string // what was drawn, by section
}

// take records an event in the file and in memory.
func (s *session) take(e record.Event) error {
	if err := s.file.Write(e); err != nil {
		return fmt.Errorf("cannot write %s: %w: make room and measure again; what it has can be read with interleave report", s.out.run.Name(), reason(err))
	}
	s.partial.Add(e)
	if s.precise != nil {
		s.precise.Take(e)
	}
	return nil
}

// begin writes what is known before measuring, and shows the environment.
func (s *session) begin(command string, seed uint64, left []bench.Case) error {
	settings, warnings := measure.Environment(command, seed)
	events := []record.Event{{Run: &record.Header{Format: record.Format, ID: rand.Text()[:8]}}, {Settings: settings}}
	for _, w := range warnings {
		events = append(events, record.Event{Warning: &record.Warning{Text: w}})
	}
	described := make(map[string]bool)
	for _, b := range s.plan.Blocks {
		if !described[b.Scenario.Name] {
			described[b.Scenario.Name] = true
			events = append(events, record.Describe(b.Scenario, sourceOf(b.Scenario.Baseline()))...)
		}
	}
	for _, c := range left {
		events = append(events, record.Event{Omitted: &record.Omitted{Case: c.Name(), Why: "-quick measures headline variants only"}})
	}
	for _, e := range events {
		if err := s.take(e); err != nil {
			return err
		}
	}
	if !s.json {
		fmt.Fprintf(s.stdout, "%s\n\n", strings.Join(report.Environment(s.partial), "\n"))
	}
	limit := "without a limit"
	if s.plan.Budget > 0 {
		limit = fmt.Sprintf("at most %v", s.plan.Budget)
	}
	fmt.Fprintf(s.stderr, "measuring %s, about %v (%s)\n", s.plan.What(), s.plan.Time().Round(time.Second), limit)
	return nil
}

// progress shows how far the run is, and each scenario's tables when they are
// complete. The very first scenario gets a first look as soon as it has forks
// enough for intervals.
func (s *session) progress(at measure.Progress) error {
	const firstLook = 3
	b := &s.plan.Blocks[at.Block]
	if !at.Done {
		s.bar.show(at, b)
		if at.Block == 0 && at.Forks == firstLook && b.Forks > firstLook && !s.json {
			s.bar.clear()
			fmt.Fprintf(s.stderr, "a first look, after %d of %d processes:\n\n", at.Forks, b.Forks)
			r := report.New(s.partial)
			for i := range r.Sections {
				if err := r.Text(s.stderr, &r.Sections[i]); err != nil {
					return err
				}
			}
		}
		return nil
	}
	s.bar.clear()
	last := at.Block+1 == len(s.plan.Blocks)
	if s.json || !last && same(b, &s.plan.Blocks[at.Block+1]) {
		return nil // the racy variants of this section are still to come
	}
	return s.show(b)
}

func same(a, b *measure.Planned) bool {
	return a.Scenario == b.Scenario && a.Params == b.Params && a.Procs == b.Procs
}

// show draws and prints the section of a block that is complete.
func (s *session) show(b *measure.Planned) error {
	r := report.New(s.partial)
	r.Charts = s.drawn
	sec := r.Section(b.Scenario.Name, b.Params, b.Procs)
	if sec == nil {
		return nil // every case of it is void or was left out
	}
	if s.charts {
		if err := r.Draw(sec, filepath.Join(s.out.dir, chartDir)); err != nil {
			return err
		}
	}
	return r.Text(s.stdout, sec)
}

// finish closes the run file and says how the run ended.
func (s *session) finish(ctx context.Context, err error) error {
	s.bar.clear()
	switch {
	case ctx.Err() != nil:
		if err := s.take(record.Event{Interrupted: &record.Interrupted{Why: "interrupted"}}); err != nil {
			return err
		}
		fmt.Fprintf(s.stderr, "interrupted; what was measured is in %s\n", s.out.run.Name())
	case err != nil:
		return err
	}
	if err := s.imprecise(); err != nil {
		return err
	}
	if err := s.file.End(); err != nil {
		return fmt.Errorf("cannot write %s: %w", s.out.run.Name(), reason(err))
	}
	r := report.New(s.partial)
	r.Charts = s.drawn
	if err := s.program.conclude(r, newPage(r, s.out.dir), s.json); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return verdict(s.partial)
}

// imprecise warns of cases whose intervals stayed wider than was asked for.
func (s *session) imprecise() error {
	if s.precise == nil {
		return nil
	}
	missed := s.precise.Missed()
	if len(missed) == 0 {
		return nil
	}
	text := fmt.Sprintf("%d cases did not reach the precision, the first is %s: allow more time with -for, or ask for less", len(missed), missed[0].Short())
	return s.take(record.Event{Warning: &record.Warning{Text: text}})
}

// verdict turns void cases into an exit code: a wrong result is a finding, any
// other reason means that something could not be measured, which is worse.
func verdict(run *record.Run) error {
	code := exitOK
	for _, v := range run.Voids {
		switch {
		case !v.Wrong:
			code = exitFailed
		case code == exitOK:
			code = exitFinding
		}
	}
	if code == exitOK {
		return nil
	}
	return &finding{code}
}
