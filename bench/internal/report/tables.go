package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchunit"

	"github.com/interleave-go/interleave/bench/internal/table"
)

// tables writes the two tables of a section, with an empty line below each.
func (s *Section) tables(w io.Writer, render func(*table.Table, io.Writer) error) error {
	grids := []func() table.Table{s.speedups, s.costs}
	return inOrder(w, len(grids), func(w io.Writer, i int) error {
		g := grids[i]()
		if err := render(&g, w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "\n")
		return err
	})
}

// speedups is the table of a section: variants down, worker counts across.
// Where there is no baseline to compare with, the time stands instead.
func (s *Section) speedups() table.Table {
	g := table.Table{Head: []string{s.Scenario.Worker + "s"}}
	for _, w := range s.Workers {
		g.Head = append(g.Head, strconv.Itoa(w))
	}
	for _, row := range s.Rows {
		cells := []string{row.Variant.Name + s.mark(row.Variant.Name)}
		for i := range row.Cells {
			cells = append(cells, s.speedup(&row.Cells[i]))
		}
		g.Add(cells...)
	}
	return g
}

func (s *Section) speedup(c *Cell) string {
	switch {
	case !c.Measured():
		return ""
	case !c.Speedup.Known():
		return duration(c.Time.Value)
	case s.isReference(c):
		return "1"
	case c.Unclear:
		return unclear
	}
	return ratio(c.Speedup)
}

// unclear stands in place of a ratio that lacks overlap.
const unclear = "unclear"

// isReference reports whether the cell is what others are compared with, so
// that its speedup is 1 by definition and has no interval.
func (s *Section) isReference(c *Cell) bool { return c.Case.Variant == s.Scenario.Variants[0].Name }

// mark is the sign behind the name of the best variant, or of each of those
// that cannot be told apart.
func (s *Section) mark(variant string) string {
	switch {
	case !s.Best.has(variant):
		return ""
	case len(s.Best.Names) == 1:
		return " *"
	}
	return " ~"
}

// costs is the second table: what an operation takes at as many workers as
// cores.
func (s *Section) costs() table.Table {
	g := table.Table{Head: []string{fmt.Sprintf("at %s", plural(s.At, s.Scenario.Worker)), "time/op", "allocs/op"}}
	scaling := s.scales()
	if scaling {
		g.Head = append(g.Head, "scaling")
	}
	if s.Scenario.Versus != "" {
		g.Head = append(g.Head, "vs "+s.Scenario.Versus)
	}
	units := s.units()
	g.Head = append(g.Head, units...)
	for _, row := range s.Rows {
		c := s.Cell(row.Variant.Name, s.At)
		if c == nil {
			continue
		}
		name := row.Variant.Name
		if c.Case.Workers != s.At {
			name += fmt.Sprintf(" (at %d)", c.Case.Workers)
		}
		cells := []string{name, durationInterval(c.Time), "–"}
		if c.Allocs >= 0 {
			cells[2] = count(c.Allocs)
		}
		if scaling {
			cells = append(cells, s.scaling(c))
		}
		switch {
		case s.Scenario.Versus == "":
		case row.Variant.Name == s.Scenario.Versus:
			cells = append(cells, "1")
		case c.versusUnclear:
			cells = append(cells, unclear)
		default:
			cells = append(cells, ratio(c.Versus))
		}
		for _, unit := range units {
			cells = append(cells, metric(c.Metrics, unit))
		}
		g.Add(cells...)
	}
	return g
}

// units returns the units of the scenario's own metrics, in order.
func (s *Section) units() []string {
	all := make(map[string]bool)
	for _, row := range s.Rows {
		for _, c := range row.Cells {
			for unit := range c.Metrics {
				all[unit] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func metric(values map[string]float64, unit string) string {
	v, ok := values[unit]
	if !ok {
		return ""
	}
	if v < 1000 {
		return count(v)
	}
	return benchunit.Scale(v, benchunit.ClassOf(unit))
}

// scales reports whether there is a variant that was measured with one worker
// and with as many as there are cores.
func (s *Section) scales() bool {
	for _, row := range s.Rows {
		if c := s.Cell(row.Variant.Name, s.At); s.At > 1 && c != nil && c.Case.Workers == s.At && c.Scaling.Known() {
			return true
		}
	}
	return false
}

func (s *Section) scaling(c *Cell) string {
	if c.Case.Workers != s.At || !c.Scaling.Known() {
		return ""
	}
	if c.Overlap.Lacking() {
		return unclear
	}
	return ratio(c.Scaling)
}

// opUnit is the unit of one operation in a header: a fixed scenario is
// measured by the job.
func (s *Section) opUnit() string {
	switch {
	case s.Scenario.Fixed > 0:
		return "job"
	case s.Scenario.Unit != "":
		return s.Scenario.Unit
	}
	return "op"
}

// heading says what the section is: "sleep", "download net=shared".
func (s *Section) heading() string {
	return strings.TrimSpace(s.Scenario.Name + " " + strings.ReplaceAll(s.Params, "/", " "))
}

// denominator says what the speedups are relative to.
func (s *Section) denominator() string {
	base := s.Scenario.Variants[0]
	if len(base.Workers) == 1 {
		if c := s.Cell(base.Name, base.Workers[0]); c != nil {
			return fmt.Sprintf("speedup over %s (%s, %s/%s)", base.Name, plural(base.Workers[0], s.Scenario.Worker), duration(c.Time.Value), s.opUnit())
		}
		return "time (the baseline " + base.Name + " was not measured)"
	}
	return fmt.Sprintf("speedup over %s with as many %ss", base.Name, s.Scenario.Worker)
}
