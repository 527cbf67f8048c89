package report

import (
	"bytes"
	"fmt"
	"io"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// Text writes the results for a terminal: one page for a single demonstration,
// a matrix for several.
func (r *Races) Text(w io.Writer) error {
	p := printer{w: w}
	for _, line := range r.heading() {
		p.wrap("  ", line)
	}
	p.printf("\n")
	if len(r.Studies) == 1 {
		r.page(&p, r.Studies[0])
	} else {
		r.matrix(&p)
	}
	return p.err
}

// MarkdownBytes returns the results as a Markdown page: the matrix, then a
// section for each demonstration.
func (r *Races) MarkdownBytes() ([]byte, error) {
	var b bytes.Buffer
	p := printer{w: &b, md: true}
	p.printf("# Races, demonstrated\n\n")
	for _, line := range r.heading() {
		p.printf("%s  \n", table.EscapeMarkdown(line))
	}
	p.printf("\n")
	if len(r.Studies) > 1 {
		r.matrix(&p)
	}
	for _, s := range r.Studies {
		r.page(&p, s)
	}
	return b.Bytes(), p.err
}

// matrix writes a table of data races, one of logic bugs, and the notes.
func (r *Races) matrix(p *printer) {
	for _, kind := range []struct {
		kind  demo.Kind
		title string
	}{
		{demo.DataRace, "Data races: memory that two goroutines use at once"},
		{demo.LogicBug, "Logic bugs: every access is synchronised, so the race detector is silent, and the result is wrong all the same"},
	} {
		g := table.Table{Head: []string{"pattern", "written", "aligned", "overlap", "-race", "vet", "ends", "fix, ns"}, Left: map[int]bool{5: true, 6: true, 7: true}}
		for _, s := range r.Studies {
			if s.Demo.Expect.Kind == kind.kind {
				g.Add(r.row(s)...)
			}
		}
		if len(g.Rows) == 0 {
			continue
		}
		p.title(kind.title)
		p.grid(&g)
		p.printf("\n")
	}
	for _, line := range r.legend() {
		p.wrap("", line)
	}
	p.printf("\n")
	for _, s := range r.Studies {
		if text := why(s); text != "" {
			p.item(fmt.Sprintf("%s: nothing to see here: %s", s.Demo.Name, text))
		}
	}
	if r.NoDetector != "" {
		p.item("race detector: not run: " + r.NoDetector)
	}
	if r.NoVet != "" && r.NoVet != r.NoDetector {
		p.item("go vet: not run: " + r.NoVet)
	}
	r.charts(p)
}

// row is the line of a demonstration in the matrix.
func (r *Races) row(s *provoke.Study) []string {
	racy := &s.Ways[0]
	cells := []string{s.Demo.Name, "–", "–", "–", "–", "–", said(s), "–"}
	if rate := racy.Rate(demo.Written); rate != nil {
		cells[1] = part(rate.Anomalies, rate.Trials)
	}
	if rate := racy.Rate(demo.Aligned); rate != nil {
		cells[2] = part(rate.Anomalies, rate.Trials)
		cells[3] = part(rate.Overlaps, rate.Timed)
	}
	if d := racy.Reports; d != nil {
		cells[4] = fmt.Sprintf("%d/%d", d.Reported, d.Runs)
	}
	switch {
	case r.NoVet != "":
		cells[5] = "?"
	case len(s.Vet) > 0:
		cells[5] = "yes"
	}
	if fix := &s.Ways[1]; priceAt(fix, 2).Known() {
		cells[7] = fix.Way.Name + " " + nanos(priceAt(fix, 2).Value)
	} else {
		cells[7] = fix.Way.Name
	}
	return cells
}

// legend explains the columns.
func (r *Races) legend() []string {
	lines := []string{
		"written, aligned: part of the trials that went wrong, as a reader writes the code, and with the goroutines started together on cores of their own, the same code. overlap: of the aligned trials, those in which they ran at the same time. -race: processes in which the race detector reported, of all, as written. ends: how the runtime ends the program (stuck: it never does, as all wait; hangs: as a loop never ends). fix, ns: the first right fix, and the time of one operation of two goroutines.",
		"A page on each, with intervals, code and reports: interleave race NAME",
	}
	return lines
}

// charts says where the charts are.
func (r *Races) charts(p *printer) {
	if len(r.Charts) > 0 {
		p.item("charts: " + chartNames(r.Charts))
	}
}
