package runner

import (
	"bytes"
	"context"
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
			before := earlierReports(c)
			err := p.check(ctx, c)
			if err != nil && !errors.As(err, new(*finding)) {
				forget(before)
			}
			return err
		},
	}
}

// earlierReports returns the reports of a check before this one, by name. What
// is no report of ours is none: -junit may name any file by mistake.
func earlierReports(c *cli.Command) map[string]os.FileInfo {
	if c.Bool("explain") || c.Bool("init") || c.Bool("selftest") {
		return nil
	}
	files := []string{c.String("junit")}
	if c.IsSet("o") || !c.IsSet("old") && !c.IsSet("new") {
		files = append(files, filepath.Join(c.String("o"), reportFile), filepath.Join(c.String("o"), junitFile))
	}
	reports := make(map[string]os.FileInfo)
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if data, err := os.ReadFile(file); err == nil && gate.IsReport(data) {
			reports[file] = info
		}
	}
	return reports
}

// forget removes reports that are still there when this check made none: who
// publishes them whatever happens would publish that all is well.
func forget(reports map[string]os.FileInfo) {
	for file, before := range reports {
		if now, err := os.Stat(file); err == nil && os.SameFile(before, now) {
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
