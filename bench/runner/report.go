package runner

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
)

func (p *program) reportCommand() *cli.Command {
	return &cli.Command{
		Name:               "report",
		Usage:              "write tables and charts again, from a run file or go test -bench output",
		ArgsUsage:          "[RUN.txt | -]",
		CustomHelpTemplate: reportHelp,
		Flags:              outputFlags("the run file's"),
		Action:             p.report,
	}
}

func (p *program) report(_ context.Context, c *cli.Command) error {
	// A report is read and reckoned up once, and then the program ends: a
	// fifth of its time would be spent on collecting garbage.
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(200))
	}
	name, err := onePattern(c)
	if err != nil {
		return err
	}
	if name == "" {
		name = filepath.Join(defaultDir, runFile)
	}
	var run *record.Run
	dir := filepath.Dir(name)
	if name == "-" {
		run, err = record.Read("standard input", p.stdin)
		dir = ""
	} else {
		run, err = record.ReadFile(name)
	}
	if err != nil {
		return err
	}
	if c.IsSet("o") {
		dir = c.String("o")
	}
	r := report.New(run)
	if dir != "" && c.Bool("charts") {
		if err := drawAll(r, filepath.Join(dir, chartDir)); err != nil {
			return err
		}
	}
	out := bufio.NewWriter(p.stdout)
	defer out.Flush() // what there is, when something fails
	to := *p
	to.stdout = out
	page := newPage(r, dir) // is made while the text is
	defer page.wait()
	if !c.Bool("json") {
		fmt.Fprintf(out, "%s\n\n", strings.Join(report.Environment(run), "\n"))
		if err := r.Texts(out); err != nil {
			return err
		}
	}
	if err := errors.Join(to.conclude(r, page, c.Bool("json")), out.Flush()); err != nil {
		return err
	}
	return verdict(run)
}

// drawAll draws all charts of a report. What was measured for claims alone is in
// theirs.
func drawAll(r *report.Report, dir string) error {
	for i := range r.Sections {
		if s := &r.Sections[i]; len(s.For) == 0 {
			if err := r.Draw(s, dir); err != nil {
				return err
			}
		}
	}
	return r.DrawClaims(dir)
}

// A page is the report file, which is made in the background.
type page struct {
	dir  string // "" where there is nowhere to write it
	text bytes.Buffer
	err  error
	made sync.WaitGroup
}

func newPage(r *report.Report, dir string) *page {
	p := &page{dir: dir}
	if dir != "" {
		p.made.Go(func() { p.err = r.Markdown(&p.text, dir) })
	}
	return p
}

func (p *page) wait() { p.made.Wait() }

// write writes the page and returns where.
func (p *page) write() (path string, err error) {
	p.wait()
	path = filepath.Join(p.dir, reportFile)
	if err = p.err; err == nil {
		err = writeBeside(path, p.text.Bytes())
	}
	if err != nil {
		err = fmt.Errorf("cannot write %s: %w: choose another directory with -o", path, reason(err))
	}
	return path, err
}

// conclude writes what stands below the tables, and the report file.
func (p *program) conclude(r *report.Report, page *page, asJSON bool) error {
	if asJSON {
		out := json.NewEncoder(p.stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(r.JSON()); err != nil {
			return err
		}
	} else if err := errors.Join(r.ClaimsText(p.stdout), r.Tail(p.stdout)); err != nil {
		return err
	}
	if page.dir == "" {
		return nil
	}
	path, err := page.write()
	if err == nil && !asJSON {
		_, err = fmt.Fprintf(p.stdout, "report: %s\n", path)
	}
	return err
}
