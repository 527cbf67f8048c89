package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// A comparing is a comparison that is going on.
type comparing struct {
	*program
	command   *cli.Command
	bar       *bar
	began     measure.Clock
	rules     revision.Rules
	budgets   []gate.Tolerance // of the file
	own       []gate.Tolerance // of -tolerance
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
	_, err := os.Stat(dir)
	fresh := errors.Is(err, fs.ErrNotExist)
	if d.out, err = openOutput(dir); err != nil {
		return err
	}
	if fresh { // or the files would be changes of the work tree, for the next comparison
		if err := writeBeside(filepath.Join(dir, ".gitignore"), []byte("*\n")); err != nil {
			d.out.close()
			return cannotWrite(dir, err)
		}
	}
	kept = append(kept, record.Setting{Key: "base", Value: trees.Base.Commit}, record.Setting{Key: "head", Value: trees.Head.String()})
	if d.file, err = changes.NewFile(d.out.run, kept); err != nil {
		d.out.close()
		return d.noRoom(err)
	}
	return nil
}

func (d *comparing) noRoom(err error) error {
	return fmt.Errorf("cannot write %s: %w: make room and measure again", d.out.run.Name(), reason(err))
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
	m.Rules, m.Clock, m.Machine = d.rules, measure.RealClock(), measure.RealMachine()
	m.Sink = func(p *revision.Pair, measured *revision.Slice) error {
		if d.file == nil {
			return nil
		}
		if err := d.file.Take(p, measured); err != nil {
			return d.noRoom(err)
		}
		return nil
	}
	m.Progress = d.progress
	return d.result.Found.Measure(ctx, m)
}

// progress shows how many benchmarks are decided, and which is measured.
func (d *comparing) progress(at revision.Progress) {
	left := max(at.Budget-at.Passed, 0).Round(time.Second)
	d.bar.set(fmt.Sprintf("%d of %d decided, at most %v left, %s", at.Decided, at.Total, left, at.Doing), at.Passed, at.Budget)
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
	r.Rows, r.Control, r.Suite = r.Found.Judge(d.rules), r.Found.Control(), r.Found.Suite(d.rules)
	r.UnclearFails = !r.Tally().Decided() || d.command.String("on-unclear") == "fail"
	show := r.Text
	if d.command.Bool("json") {
		show = r.JSON
	}
	if err := errors.Join(show(d.stdout), d.summary(), d.write()); err != nil {
		return err
	}
	if ctx.Err() != nil {
		fmt.Fprintln(d.stderr, "interleave: interrupted: the result is PARTIAL")
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
	drawn, failed := d.result.Draw(charts)
	if failed != nil { // the report counts more than its chart
		failed = fmt.Errorf("cannot draw to %s: %w: make room there, or choose another directory with -o", charts, reason(failed))
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
	return failed
}

// code turns what was found into an exit code.
func (d *comparing) code() error {
	t := d.result.Tally()
	code := exitOK
	switch {
	case t.Failed > 0 || t.Broken > 0 && !t.Decided() && t.Unclear == 0: // or there was nothing else
		code = exitFailed
	case t.Regressed > 0 || d.result.Suite.Verdict == stats.Regressed:
		code = exitFinding
	case !t.Decided():
		fmt.Fprintln(d.stderr, "interleave: nothing was decided")
		code = exitUndecided
	case t.Unclear+t.Metrics > 0 && d.command.String("on-unclear") == "fail":
		code = exitUndecided
	}
	if code == exitOK {
		return nil
	}
	return &finding{code}
}
