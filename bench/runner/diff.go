package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/changes"
	"github.com/interleave-go/interleave/bench/internal/gate"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/revision"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

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
			&cli.StringFlag{Name: "level", Usage: "the chance of any false verdict", Value: "1%"},
			&cli.StringFlag{Name: "on-unclear", Usage: "pass, or fail with exit code 3", Value: "pass"},
			&cli.BoolFlag{Name: "strict", Usage: "a benchmark that one side lacks is an error"},
			&cli.IntFlag{Name: "layouts", Usage: "build each side this often, with functions in other orders", Value: 1},
			&cli.BoolFlag{Name: "apart", Usage: "give the head other layouts than the base, to see what layout does"},
			&cli.BoolFlag{Name: "control", Usage: "measure the base against itself, too", Value: true},
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
		return q, fmt.Errorf("%s takes the revision to compare with: interleave diff main, or interleave diff merge-base:main", c.FullName())
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
			return q, fmt.Errorf("%q is no revision of this repository: git fetch it, or write a package as ./%s", args[0], args[0])
		}
		q.Head, args = args[0], args[1:]
	}
	q.Packages = args
	if q.Procs, err = counts(c, "cpu", 1024); err != nil {
		return q, err
	}
	if q.Layouts != 1 && (q.Layouts < stats.FirstLook || q.Layouts > 64) {
		return q, fmt.Errorf("-layouts %d: fewer than %d say too little about how much layouts differ: give a number from %d to 64, or 1 for one build", q.Layouts, stats.FirstLook, stats.FirstLook)
	}
	return q, revision.CheckPattern(q.Bench)
}

// isPattern reports whether an argument is written as a package and not as a
// revision, which never begins with a dot and has no three of them at its end.
func isPattern(arg string) bool {
	return strings.HasPrefix(arg, ".") || strings.HasPrefix(arg, "/") || strings.HasSuffix(arg, "/...")
}

// A comparing is a comparison that is going on.
type comparing struct {
	*program
	command   *cli.Command
	bar       *bar
	began     measure.Clock
	rules     revision.Rules
	budgets   []gate.Tolerance
	measuring revision.Measuring
	result    changes.Result
	out       *output // nil without -o
	file      *changes.File
}

// open makes the place for results and says what will be done.
func (d *comparing) open(settings []record.Setting, trees *revision.Trees) error {
	var kept []record.Setting
	for _, s := range settings {
		if s.Key != "commit" { // it is of this program
			kept = append(kept, s)
		}
	}
	d.result.Machine = machine(kept)
	if len(d.result.Found.Pairs) > 0 {
		fmt.Fprintf(d.stderr, "measuring %s, at most %v\n", changes.Plural(len(d.result.Found.Pairs), "benchmark"), d.measuring.Budget.Round(time.Second))
	}
	dir := d.command.String("o")
	if dir == "" {
		return nil
	}
	var err error
	if d.out, err = openOutput(dir); err != nil {
		return err
	}
	kept = append(kept, record.Setting{Key: "base", Value: trees.Base.Commit}, record.Setting{Key: "head", Value: trees.Head.String()})
	if d.file, err = changes.NewFile(d.out.run, kept); err != nil {
		d.out.close()
	}
	return err
}

// machine says in one line where it was measured.
func machine(settings []record.Setting) string {
	get := make(map[string]string)
	for _, s := range settings {
		get[s.Key] = s.Value
	}
	parts := []string{get["goos"] + "/" + get["goarch"], get["cpus"] + " CPUs"}
	if get["cpu"] != "" {
		parts = append(parts, get["cpu"])
	}
	return strings.Join(parts, ", ")
}

// measure measures what was found.
func (d *comparing) measure(ctx context.Context) error {
	m := d.measuring
	m.Clock, m.Machine = measure.RealClock(), measure.RealMachine()
	m.Decided = func(p *revision.Pair) bool { return d.result.Found.Decided(p, d.rules) }
	m.Sink = func(p *revision.Pair, measured record.Measurement) error {
		if d.file == nil {
			return nil
		}
		if err := d.file.Take(p, measured); err != nil {
			return fmt.Errorf("cannot write %s: %w: make room and measure again", d.out.run.Name(), reason(err))
		}
		return nil
	}
	m.Progress = d.progress
	return d.result.Found.Measure(ctx, m)
}

// progress shows how many benchmarks are decided, and which is measured.
func (d *comparing) progress(at revision.Progress) {
	left := max(at.Budget-at.Passed, 0).Round(time.Second)
	d.bar.set(fmt.Sprintf("%d of %d decided, at most %v left, %s", at.Decided, at.Total, left, at.Pair.Name), at.Passed, at.Budget)
}

// finish shows what came out.
func (d *comparing) finish(ctx context.Context, err error) error {
	d.bar.clear()
	r := &d.result
	if ctx.Err() != nil {
		r.Partial = "interrupted"
	} else if err != nil {
		return err
	}
	r.Took = d.began()
	r.Rows, r.Control, r.GeoMean = r.Found.Judge(d.rules), r.Found.Control(), r.Found.GeoMean()
	show := r.Text
	if d.command.Bool("json") {
		show = r.JSON
	}
	if err := errors.Join(show(d.stdout), d.summary(), d.write()); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return d.code()
}

// summary adds the result to the page of a GitHub workflow run.
func (d *comparing) summary() error {
	path := os.Getenv("GITHUB_STEP_SUMMARY")
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("cannot write the summary that GITHUB_STEP_SUMMARY asks for: %w", err)
	}
	return errors.Join(d.result.Markdown(f, ""), f.Close())
}

// write writes the files that -o asks for.
func (d *comparing) write() error {
	if d.out == nil {
		return nil
	}
	charts := filepath.Join(d.out.dir, chartDir)
	drawn, err := d.result.Draw(charts)
	if err != nil {
		return fmt.Errorf("cannot draw to %s: %w: make room there, or choose another directory with -o", charts, reason(err))
	}
	svg := ""
	if len(drawn) > 0 {
		svg = chartDir + "/" + filepath.Base(drawn[0])
	}
	var report, junit, data strings.Builder
	if err := errors.Join(d.result.Markdown(&report, svg), d.result.JUnit(&junit), d.result.JSON(&data)); err != nil {
		return err
	}
	for name, text := range map[string]string{reportFile: report.String(), "junit.xml": junit.String(), "report.json": data.String()} {
		if err := writeBeside(filepath.Join(d.out.dir, name), []byte(text)); err != nil {
			return fmt.Errorf("cannot write %s: %w: make room there, or choose another directory with -o", filepath.Join(d.out.dir, name), reason(err))
		}
	}
	return nil
}

// code turns what was found into an exit code.
func (d *comparing) code() error {
	t := d.result.Tally()
	code := exitOK
	switch {
	case t.Failed > 0:
		code = exitFailed
	case t.Regressed > 0:
		code = exitFinding
	case !t.Decided():
		fmt.Fprintln(d.stderr, "interleave: nothing was decided")
		code = exitUndecided
	case t.Unclear > 0 && d.command.String("on-unclear") == "fail":
		code = exitUndecided
	}
	if code == exitOK {
		return nil
	}
	return &finding{code}
}
