package runner

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/revision"
)

// leastLayouts says something about how much layouts differ.
const leastLayouts = 6

func (p *program) diffCommand() *cli.Command {
	return &cli.Command{
		Name:               "diff",
		Usage:              "compare the Go benchmarks of two git revisions of any module",
		ArgsUsage:          "BASE [HEAD] [packages]",
		CustomHelpTemplate: diffHelp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "bench", Usage: "`PATTERN` of benchmarks, as for go test", Value: "."},
			&cli.StringFlag{Name: "cpu", Usage: "GOMAXPROCS `VALUES`: 1,2 (default: all cores)"},
			&cli.StringFlag{Name: "benchtime", Usage: "length of a slice: 10ms or 100x"},
			&cli.StringFlag{Name: "tags", Usage: "build `TAGS`"},
			&cli.DurationFlag{Name: "for", Usage: "find and measure for at most this `TIME`, building not counted", Value: 2 * time.Minute},
			&cli.StringSliceFlag{Name: "tolerance", Usage: "the change that does not matter: 5%, or PATTERN=2%"},
			&cli.StringFlag{Name: "budgets", Usage: "`FILE` with tolerances for benchmarks that match a pattern"},
			&cli.StringFlag{Name: "level", Usage: "the chance of any false alarm in the whole comparison", Value: "1%"},
			&cli.StringFlag{Name: "on-unclear", Usage: "pass, or fail with exit code 3", Value: "pass"},
			&cli.BoolFlag{Name: "strict", Usage: "a benchmark or metric that one side lacks is an error"},
			&cli.IntFlag{Name: "layouts", Usage: "confirm changes in this many orders of functions; 1: as the linker leaves them", Value: 12},
			&cli.BoolFlag{Name: "apart", Usage: "give the head other layouts than the base, to see what layout does"},
			&cli.BoolFlag{Name: "control", Usage: "measure the base against itself, too"},
			&cli.Uint64Flag{Name: "seed", Usage: "of the order of slices"},
			&cli.BoolFlag{Name: strictFlag, Usage: "measure nothing when there is a warning about the machine"},
			&cli.StringFlag{Name: "o", Usage: "`DIRECTORY` for run file, report, chart and JUnit (default: none)"},
			&cli.BoolFlag{Name: "json", Usage: "write JSON instead of tables"},
		},
		Action: p.diff,
	}
}

func (p *program) diff(ctx context.Context, c *cli.Command) error {
	q, err := question(ctx, c)
	if err != nil {
		return err
	}
	d := &comparing{program: p, command: c, bar: newBar(p.stderr), began: measure.RealClock()}
	if err := d.flags(); err != nil {
		return err
	}
	q.Budget = d.measuring.Budget
	// Before building, which makes the machine look busy.
	settings, warnings := measure.Environment(q.Command, d.measuring.Seed, most(q.Procs))
	if c.Bool(strictFlag) {
		if err := p.refuse(warnings); err != nil {
			return err
		}
	}
	for _, w := range warnings {
		d.result.Warnings = append(d.result.Warnings, w.String())
	}
	trees, err := revision.Prepare(ctx, q)
	if err != nil {
		return err
	}
	defer trees.Close()
	d.result.Base, d.result.Head = trees.Base.String(), trees.Head.String()
	fmt.Fprintf(p.stderr, "base %s, head %s\n", d.result.Base, d.result.Head)
	d.result.Found, err = trees.Find(ctx, d.bar.say)
	d.bar.clear()
	if err != nil {
		return err
	}
	d.measuring.Budget -= d.result.Found.Finding()
	if err := d.unused(q.Packages); err != nil {
		return err
	}
	if err := d.open(settings, trees); err != nil {
		return err
	}
	if d.out != nil {
		defer d.out.close()
	}
	return d.finish(ctx, d.measure(ctx))
}

// most returns the greatest GOMAXPROCS that will be used.
func most(procs []int) int {
	if len(procs) == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return slices.Max(procs)
}

// question reads what is to be compared.
func question(ctx context.Context, c *cli.Command) (revision.Question, error) {
	q := revision.Question{Bench: c.String("bench"), Tags: c.String("tags"), Layouts: c.Int("layouts"), Apart: c.Bool("apart"), Command: commandLine(c)}
	args := c.Args().Slice()
	if len(args) == 0 {
		return q, fmt.Errorf("%s takes the revision to compare with: interleave diff main, or interleave diff merge-base:main", c.Name)
	}
	var err error
	if q.Dir, err = os.Getwd(); err != nil {
		return q, err
	}
	q.Base, args = args[0], args[1:]
	if isPattern(q.Base) {
		return q, fmt.Errorf("%q looks like a package: name the revision to compare with before it, as in interleave diff main %s", q.Base, q.Base)
	}
	if len(args) > 0 && !isPattern(args[0]) {
		ok, err := revision.IsRevision(ctx, q.Dir, args[0])
		if err != nil {
			return q, err
		}
		if !ok {
			return q, fmt.Errorf("%q is no revision of this repository: %s", args[0], notRevision(q, args[0]))
		}
		q.Head, args = args[0], args[1:]
	}
	q.Packages = args
	if q.Procs, err = counts(c, "cpu", 1024); err != nil {
		return q, err
	}
	if q.Layouts != 1 && (q.Layouts < leastLayouts || q.Layouts > 64) {
		return q, fmt.Errorf("-layouts %d: fewer than %d say too little about how much layouts differ: give a number from %d to 64, or 1 for one build", q.Layouts, leastLayouts, leastLayouts)
	}
	return q, revision.CheckPattern(q.Bench)
}

// notRevision says what to do about an argument in the place of the head that
// is no revision. An import path does not show that it is none; the name of a
// directory is not one for go.
func notRevision(q revision.Question, arg string) string {
	info, err := os.Stat(arg)
	directory := err == nil && info.IsDir()
	if first, _, deeper := strings.Cut(arg, "/"); deeper && strings.Contains(first, ".") && !directory {
		return fmt.Sprintf("git fetch it, or name the head before an import path, as in interleave diff %s HEAD %s", q.Base, arg)
	}
	return fmt.Sprintf("git fetch it, or write a package as ./%s", arg)
}

// isPattern reports whether an argument is written as a package and not as a
// revision, which never begins with a dot and has no three of them at its end.
func isPattern(arg string) bool {
	return strings.HasPrefix(arg, ".") || strings.HasPrefix(arg, "/") || strings.HasSuffix(arg, "/...")
}
