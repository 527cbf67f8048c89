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

	"github.com/interleave-go/interleave/bench/internal/page"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
)

func (p *program) reportCommand() *cli.Command {
	return &cli.Command{
		Name:               "report",
		Usage:              "write tables, charts and the page again, from a run file or go test -bench output",
		ArgsUsage:          "[RUN.txt | -]",
		CustomHelpTemplate: reportHelp,
		Flags:              append(outputFlags("the run file's"), &cli.BoolFlag{Name: "open", Usage: "open the page in a browser"}),
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
	if dir == "" && c.Bool("open") {
		return errors.New("-open needs a page, and from standard input none is written: say where with -o")
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
	pages := newPages(r, dir) // are made while the text is
	defer pages.wait()
	if !c.Bool("json") {
		fmt.Fprintf(out, "%s\n\n", strings.Join(report.Environment(run), "\n"))
		if err := r.Texts(out); err != nil {
			return err
		}
	}
	if err := errors.Join(to.conclude(r, pages, c.Bool("json")), out.Flush()); err != nil {
		return err
	}
	if c.Bool("open") {
		if err := openFile(filepath.Join(dir, pageFile)); err != nil {
			return err
		}
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
	return errors.Join(r.DrawClaims(dir), r.DrawSummary(dir))
}

// Pages are the report files, which are made in the background.
type pages struct {
	dir            string // "" where there is nowhere to write them
	markdown, html bytes.Buffer
	errMD, errHTML error
	made           sync.WaitGroup
}

func newPages(r *report.Report, dir string) *pages {
	p := &pages{dir: dir}
	if dir != "" {
		p.made.Go(func() { p.errMD = r.Markdown(&p.markdown, dir) })
		p.made.Go(func() { p.errHTML = page.Write(&p.html, r, dir) })
	}
	return p
}

func (p *pages) wait() { p.made.Wait() }

// write writes both and returns where they are.
func (p *pages) write() (paths []string, err error) {
	p.wait()
	for _, f := range []struct {
		name string
		text *bytes.Buffer
		err  error
	}{{reportFile, &p.markdown, p.errMD}, {pageFile, &p.html, p.errHTML}} {
		path := filepath.Join(p.dir, f.name)
		if err = f.err; err == nil {
			err = writeBeside(path, f.text.Bytes())
		}
		if err != nil {
			return paths, fmt.Errorf("cannot write %s: %w: choose another directory with -o", path, reason(err))
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// conclude writes what stands below the tables, and the report files.
func (p *program) conclude(r *report.Report, pages *pages, asJSON bool) error {
	if asJSON {
		out := json.NewEncoder(p.stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(r.JSON()); err != nil {
			return err
		}
	} else if err := errors.Join(r.ClaimsText(p.stdout), r.Tail(p.stdout)); err != nil {
		return err
	}
	if pages.dir == "" {
		return nil
	}
	paths, err := pages.write()
	if err == nil && !asJSON {
		_, err = fmt.Fprintf(p.stdout, "report: %s\npage: %s\n", paths[0], paths[1])
	}
	return err
}
