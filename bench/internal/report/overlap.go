package report

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A trial overlapped when two of its workers ran during a tenth of its time or
// more, and the process used more than one core in that time: the workers'
// own clocks cannot tell running from waiting for a core.
//
// What the reference run says about the second number, on two cores: variants
// that spin on a cache line (atomic, cas, sharded) use 1.85 to 2.00 cores, and
// the two modes of their times are a matter of that number alone. An atomic
// add takes 2.4 ns alone and 14 ns contended; a trial with 1.85 cores ran 15 %
// of its time alone, and its 8.2 ns are what that mixture gives. So there is no
// gap at which to cut: a mixture widens the interval, which is honest, and only
// trials that hardly overlapped at all must be told apart. Of 60 racy trials,
// whose threads are not held back by anything, 56 used 1.7 cores or more, and
// four 1.11 or less; two of these had no overlap by the workers' clocks either.
const (
	overlapLeast = 0.1
	cpusLeast    = 1.1
)

// Variants whose goroutines wait asleep use one core however well they
// overlap: an unbuffered channel 1.00 to 1.15 in 24 of 24 trials, a mutex 1.2
// to 1.6 with two workers. No metric tells a goroutine that sleeps from one
// that has no core, but the rest of the section does, which was measured in the
// same processes in between: a case that never used as much as turnsMost cores
// where another case typically did takes turns by its nature. Threads that
// merely had bad luck would have had it in every process.
const turnsMost = 1.5

// Overlap says in how many trials of a contended case threads really ran at
// the same time. The zero value says that nothing is known, or that nothing
// contends: with one worker, or on one core.
type Overlap struct {
	Trials   int
	Together int     // trials that overlapped
	Cores    float64 // median of the cores in use; 0 if it is not known
	Turns    bool    // the goroutines take turns by their nature: that is no lack of overlap

	most float64 // cores in use in any trial
	met  int     // trials in which the workers' own clocks overlapped
}

// Known reports whether the case is one that can lack overlap.
func (o Overlap) Known() bool { return o.Trials > 0 }

// Lacking reports whether fewer than half of the trials overlapped, so that
// most say nothing about contention: then the median trial is one of those.
func (o Overlap) Lacking() bool { return !o.Turns && 2*o.Together < o.Trials }

// overlapped reports whether threads really ran at the same time in a trial.
func overlapped(m *record.Measurement) bool {
	cpus, known := m.Metrics["cpus"]
	return m.Metrics["overlap"] >= overlapLeast && (!known || cpus >= cpusLeast)
}

func newOverlap(v *record.Variant, workers, procs int, ms []*record.Measurement) Overlap {
	var o Overlap
	if !v.Contended || workers < 2 || procs < 2 {
		return o
	}
	var cores []float64
	for _, m := range ms {
		overlap, known := m.Metrics["overlap"]
		if !known {
			continue
		}
		o.Trials++
		if overlap >= overlapLeast {
			o.met++
		}
		if overlapped(m) {
			o.Together++
		}
		if n, ok := m.Metrics["cpus"]; ok {
			cores = append(cores, n)
			o.most = max(o.most, n)
		}
	}
	o.Cores = stats.Median(cores)
	return o
}

// judgeOverlap says of each contended case whether its goroutines take turns,
// and marks the cells whose comparison lacks overlap on either side.
func (s *Section) judgeOverlap(cases arms) {
	free := false // there was a second core to be had
	for _, row := range s.Rows {
		for _, c := range row.Cells {
			free = free || c.Case.Workers > 1 && medianCores(cases.at(c.Case).trials) >= turnsMost
		}
	}
	each := func(f func(*Cell)) {
		for i := range s.Rows {
			for j := range s.Rows[i].Cells {
				f(&s.Rows[i].Cells[j])
			}
		}
	}
	each(func(c *Cell) {
		o := &c.Overlap
		o.Turns = free && o.Lacking() && o.most > 0 && o.most < turnsMost && 2*o.met >= o.Trials
	})
	lacking := func(variant string, workers int) bool {
		c := s.Cell(variant, workers)
		return c != nil && c.Overlap.Lacking()
	}
	each(func(c *Cell) {
		base, ok := s.BaseCase(c.Case.Workers)
		c.Unclear = c.Overlap.Lacking() || ok && c.Speedup.Known() && lacking(base.Variant, base.Workers)
		c.versusUnclear = c.Overlap.Lacking() || lacking(s.Scenario.Versus, c.Case.Workers)
	})
}

func medianCores(ms []*record.Measurement) float64 {
	var cores []float64
	for _, m := range ms {
		if n, ok := m.Metrics["cpus"]; ok {
			cores = append(cores, n)
		}
	}
	return stats.Median(cores)
}

// overlaps says in which part of the trials the goroutines of contended cases
// overlapped, at the worker count that is shown in detail: a column would make
// the table too wide. It is "" when there are none.
func (s *Section) overlaps() string {
	var parts []string
	names := make(map[string][]string)
	for i := range s.Rows {
		c := s.cellOf(&s.Rows[i], s.At)
		if c == nil || !c.Overlap.Known() {
			continue
		}
		part := percent(float64(c.Overlap.Together) / float64(c.Overlap.Trials))
		if names[part] == nil {
			parts = append(parts, part)
		}
		names[part] = append(names[part], c.Case.Variant)
	}
	for i, part := range parts {
		const most = 12
		list := strings.Join(names[part][:min(most, len(names[part]))], ", ")
		if more := len(names[part]) - most; more > 0 {
			list += fmt.Sprintf(" and %d more", more)
		}
		parts[i] = fmt.Sprintf("in %s for %s", part, list)
	}
	if len(parts) == 0 {
		return ""
	}
	parts[0] = strings.Replace(parts[0], " for", " of the trials for", 1)
	return fmt.Sprintf("Overlap: %s really ran at the same time %s.", plural(s.At, s.Scenario.Worker), strings.Join(parts, "; "))
}

// overlapNotes say which cases are unclear for lack of overlap, and which take
// turns.
func (s *Section) overlapNotes() []string {
	var notes []string
	if text := s.overlaps(); text != "" {
		notes = append(notes, text)
	}
	for i := range s.Rows {
		var turns []string
		most := 0.0
		for _, c := range s.Rows[i].Cells {
			switch {
			case c.Overlap.Turns:
				turns = append(turns, fmt.Sprint(c.Case.Workers))
				most = max(most, c.Overlap.Cores)
			case c.Unclear:
				notes = append(notes, fmt.Sprintf("unclear: %s with %s: %s.", c.Case.Variant, plural(c.Case.Workers, s.Scenario.Worker), s.whyUnclear(&c)))
			}
		}
		if len(turns) > 0 {
			notes = append(notes, fmt.Sprintf("%s takes turns: with %s %ss at most %s cores were in use, though others used more.",
				capital(s.Rows[i].Variant.Name), strings.Join(turns, ", "), s.Scenario.Worker, decimals(most, 2)))
		}
	}
	return notes
}

// whyUnclear says what makes a cell unclear.
func (s *Section) whyUnclear(c *Cell) string {
	lack, whose := c.Overlap, s.Scenario.Worker+"s"
	if !lack.Lacking() {
		base, _ := s.BaseCase(c.Case.Workers)
		whose += " of " + base.Variant
		lack = s.Cell(base.Variant, base.Workers).Overlap
	}
	return fmt.Sprintf("%s overlapped in %d of %s", whose, lack.Together, plural(lack.Trials, "trial"))
}
