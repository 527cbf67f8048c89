package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// A Part is a section in words and tables, for a medium that arranges them
// itself.
type Part struct {
	Name     string // of its files: "download-shared-p1"
	Heading  string // "download net=shared"
	Doc      string // what the scenario does
	Sentence string // what was found
	Purpose  string // which claims alone it was measured for, "" if the run was asked for it
	Variants []record.Variant
	Grids    []Grid
	Earned   []string // caveats that this run earned
	Reading  []string // how the tables are to be read
	Source   string   // file:line of the scenario
	Charts   []string // paths of the charts that were drawn as SVG
}

// A Grid is a table with what it is about, and what more there is to say of its
// cells.
type Grid struct {
	table.Table
	Caption string
	Tips    [][]string // by row and column; nil, or "" for nothing
}

// Parts returns the sections in words and tables.
func (r *Report) Parts() []Part {
	parts := make([]Part, len(r.Sections))
	onAllCores(len(parts), 1, func(i int) { parts[i] = r.part(&r.Sections[i]) })
	return parts
}

func (r *Report) part(s *Section) Part {
	name := s.Name(r.Run.Setting("cpus"))
	return Part{
		Name: name, Heading: s.heading(), Doc: s.Scenario.Doc, Sentence: s.Sentence(), Purpose: strings.TrimPrefix(s.purpose(), ", "), Variants: s.Scenario.Variants,
		Grids: s.grids(), Earned: r.earned(s), Reading: slices.Concat(s.legend(), s.marks(), s.gaveUp()),
		Source: s.Scenario.Source, Charts: SVGs(r.Charts[name]),
	}
}

// SVGs returns those of some paths that are of SVG files.
func SVGs(paths []string) (svgs []string) {
	for _, path := range paths {
		if filepath.Ext(path) == ".svg" {
			svgs = append(svgs, path)
		}
	}
	return svgs
}

// grids returns the two tables of a section.
func (s *Section) grids() []Grid {
	name := s.where()
	first := Grid{Table: s.speedups(), Caption: name + ": " + s.denominator()}
	for _, row := range s.Rows {
		tips := []string{row.Variant.Doc}
		for i := range row.Cells {
			tips = append(tips, s.tip(&row.Cells[i]))
		}
		first.Tips = append(first.Tips, tips)
	}
	return []Grid{first, {Table: s.costs(), Caption: fmt.Sprintf("%s: what one %s takes with %s", name, s.opUnit(), plural(s.At, s.Scenario.Worker))}}
}

// where names a section so that no other has the same name.
func (s *Section) where() string {
	return fmt.Sprintf("%s at GOMAXPROCS=%d", capital(s.heading()), s.Procs)
}

// tip says all about a cell: its time and speedup with their intervals.
func (s *Section) tip(c *Cell) string {
	if !c.Measured() {
		return ""
	}
	text := fmt.Sprintf("%s, %s: %s/%s", c.Case.Variant, plural(c.Case.Workers, s.Scenario.Worker), duration(c.Time.Value), s.opUnit())
	if c.Time.Bounded() {
		text += fmt.Sprintf(" (%s to %s)", duration(c.Time.Lo), duration(c.Time.Hi))
	}
	switch {
	case c.Unclear:
		text += "; unclear: " + s.whyUnclear(c)
	case s.isReference(c) || !c.Speedup.Known():
	case c.Speedup.Bounded():
		n := max(places(c.Speedup.Lo), places(c.Speedup.Hi))
		if c.Speedup.Lo < 0.095 {
			n = 4
		}
		text += fmt.Sprintf("; speedup %s to %s", decimals(c.Speedup.Lo, n), decimals(c.Speedup.Hi, n))
	}
	return text + fmt.Sprintf("; %s in %d processes", plural(len(c.Samples), "trial"), c.Time.N)
}

// earned returns what a reader must know of this section of this run: what
// lacks overlap, what racy variants got wrong, and what disturbed it, is void
// or was left out.
func (r *Report) earned(s *Section) []string {
	notes := append(s.overlapNotes(), s.races()...)
	if part, known := r.Run.Steal(s.Scenario.Name, s.Params, s.Procs); known && part > someSteal {
		notes = append(notes, percent(part)+" of the processor time was stolen meanwhile.")
	}
	for _, w := range r.Run.Warnings {
		if strings.HasPrefix(w, s.heading()+" at GOMAXPROCS=") {
			notes = append(notes, "Warning: "+w)
		}
	}
	of := func(benchmark string) bool {
		name := strings.ToLower(record.ShortName(benchmark))
		return name == strings.ToLower(s.Scenario.Name) || strings.HasPrefix(name, strings.ToLower(s.Scenario.Name)+"/")
	}
	for _, v := range r.Run.Voids {
		if of(v.Case) {
			notes = append(notes, fmt.Sprintf("Void: %s: %s", record.ShortName(v.Case), v.Why))
		}
	}
	return notes
}

// Missing returns what has no numbers, and why.
func (r *Report) Missing() []string {
	var lines []string
	for _, v := range r.Run.Voids {
		lines = append(lines, fmt.Sprintf("void: %s: %s", record.ShortName(v.Case), v.Why))
	}
	return append(lines, r.omissions()...)
}
