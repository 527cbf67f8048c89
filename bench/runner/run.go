package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/judge"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
)

func (p *program) runCommand() *cli.Command {
	flags := append(selectionFlags(), planFlags()...)
	flags = append(flags, outputFlags(defaultDir)...)
	flags = append(flags, &cli.BoolFlag{Name: besideFlag, Usage: "end with the same jobs in Python (default: after a full run)", Value: true})
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
		if c.Bool("n") || c.Bool("json") || c.Bool(strictFlag) || c.IsSet(profileFlag) {
			return fmt.Errorf("-tutorial is there to be watched: leave out -n, -json, -%s and -%s", profileFlag, strictFlag)
		}
		return p.tutorial(ctx, sel)
	}
	opts, err := options(c)
	if err != nil {
		return err
	}
	if c.IsSet(profileFlag) {
		return p.profile(ctx, c, sel, opts)
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
	claims := p.resolved()
	if whole(c, sel) {
		blocks = measure.Complete(blocks, p.scenarios, p.wanted(claims))
	}
	plan := measure.NewPlan(blocks, opts)
	if err := worthwhile(plan, blocks); err != nil {
		return err
	}
	also, err := p.besides(c, plan, sel.Procs)
	if err != nil {
		return err
	}
	if c.Bool("n") {
		if c.Bool(strictFlag) {
			return fmt.Errorf("-%s and -n contradict each other: the machine is judged only when it is to measure", strictFlag)
		}
		return p.printPlan(plan, &also)
	}
	if measure.RaceBuild {
		return errors.New("this program was built with the race detector, which changes all times: build it without -race")
	}
	settings, warnings := measure.Environment(commandLine(c), opts.Seed, slices.Max(sel.Procs))
	if c.Bool(strictFlag) {
		if err := p.refuse(warnings); err != nil {
			return err
		}
	}
	about, err := p.claimed(ctx, claims, blocks)
	if err != nil {
		return err
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
		program: p, plan: plan, also: also, out: out, file: record.NewWriter(out.run), partial: &record.Run{},
		charts: c.Bool("charts"), json: c.Bool("json"), bar: newBar(p.stderr), drawn: make(map[string][]string), ended: make(map[int]bool),
	}
	config := measure.Config{
		Starter: starter, Clock: measure.RealClock(), Machine: measure.RealMachine(), Sink: s.take, Progress: s.progress,
	}
	if part > 0 {
		s.precise = judge.NewPrecision(part, blocks)
		config.Done = s.precise.Done
	}
	if err := s.begin(settings, warnings, left, about); err != nil {
		return err
	}
	err = plan.Run(ctx, config)
	if err == nil {
		err = s.beside(ctx)
	}
	return s.finish(ctx, err)
}

// printPlan says what would be measured.
func (p *program) printPlan(plan *measure.Plan, also *besidePlan) error {
	err := plan.Print(p.stdout)
	if text := also.String(); err == nil && text != "" {
		_, err = fmt.Fprintf(p.stdout, "and then %s\n", text)
	}
	return err
}

// worthwhile returns an error when the budget allows nothing at all, or when it
// cannot come to any decision.
func worthwhile(plan *measure.Plan, blocks []measure.Block) error {
	if least := measure.Least(blocks, plan.Options); plan.Options.Sequential && plan.Budget > 0 && plan.Budget < least {
		return fmt.Errorf("a budget of %v is too small for any decision, which takes at least %d processes of each scenario: allow at least %v with -for, or choose fewer cases",
			plan.Budget, measure.LeastSequential, least.Round(time.Second)+time.Second)
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
