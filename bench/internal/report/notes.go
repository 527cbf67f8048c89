package report

import (
	"fmt"
	"slices"
	"strings"
)

// notes are the lines below the tables.
func (s *Section) notes() []string {
	return slices.Concat(s.legend(), s.overlapNotes(), s.marks(), s.gaveUp(), s.races())
}

// legend says how the numbers are to be read.
func (s *Section) legend() []string {
	notes := []string{
		fmt.Sprintf("± is half of a 95 %% interval over %s; above 1 is faster, 1/5 is five times slower.", s.forks()),
		s.estimand(),
	}
	if unit := s.opUnit(); unit != "op" {
		notes = append(notes, fmt.Sprintf("An op is one %s.", unit))
	}
	if s.scales() {
		notes = append(notes, fmt.Sprintf("scaling: the speedup with %s over the same variant with one.", plural(s.At, s.Scenario.Worker)))
	}
	if v := s.Scenario.Versus; v != "" {
		notes = append(notes, fmt.Sprintf("vs %s: the time in units of that of %s with as many %ss; below 1 is faster.", v, v, s.Scenario.Worker))
	}
	return notes
}

// marks explains the signs in the tables.
func (s *Section) marks() (notes []string) {
	switch {
	case len(s.Best.Names) == 1:
		notes = append(notes, fmt.Sprintf("* fastest with %s among the variants that give up nothing.", plural(s.At, s.Scenario.Worker)))
	case len(s.Best.Names) > 1:
		notes = append(notes, fmt.Sprintf("~ fastest with %s among the variants that give up nothing; no clear difference between them.", plural(s.At, s.Scenario.Worker)))
	}
	if s.hasBareTimes() {
		notes = append(notes, "A time instead of a speedup: the baseline was not measured with as many "+s.Scenario.Worker+"s.")
	}
	return notes
}

// estimand says what the numbers are estimates of.
func (s *Section) estimand() string {
	if s.GoTest {
		return "A number is the geometric mean over the repetitions: of their times, or of the ratio of the times of two that have the same place in the output."
	}
	return "Each number is a median within a process (of times, or of ratios of two times from the same round), and its geometric mean over processes."
}

// forks says over how many processes the intervals stand.
func (s *Section) forks() string {
	low, high := 0, 0
	for _, row := range s.Rows {
		for _, c := range row.Cells {
			if c.Measured() {
				if low == 0 || c.Time.N < low {
					low = c.Time.N
				}
				high = max(high, c.Time.N)
			}
		}
	}
	switch {
	case s.GoTest && high == 1:
		return "1 repetition"
	case s.GoTest && low == high:
		return fmt.Sprintf("%d repetitions in one process", high)
	case s.GoTest:
		return fmt.Sprintf("%d to %d repetitions in one process", low, high)
	case high == 1:
		return "1 fresh process"
	case low == high:
		return fmt.Sprintf("%d fresh processes", high)
	}
	return fmt.Sprintf("%d to %d fresh processes", low, high)
}

func (s *Section) hasBareTimes() bool {
	for _, row := range s.Rows {
		for _, c := range row.Cells {
			if c.Measured() && !c.Speedup.Known() {
				return true
			}
		}
	}
	return false
}

// gaveUp groups the variants by what they pay for their speed.
func (s *Section) gaveUp() []string {
	var texts, notes []string
	names := make(map[string][]string)
	for _, row := range s.Rows {
		if text := row.Variant.GivesUp; text != "" {
			if names[text] == nil {
				texts = append(texts, text)
			}
			names[text] = append(names[text], row.Variant.Name)
		}
	}
	for _, text := range texts {
		notes = append(notes, fmt.Sprintf("Given up by %s: %s.", strings.Join(names[text], ", "), strings.TrimSuffix(text, ".")))
	}
	return notes
}

// races says what the racy variants got wrong.
func (s *Section) races() []string {
	var notes []string
	for _, r := range s.Racy {
		notes = append(notes, fmt.Sprintf("Racy, so without a speed: %s with %s: %s.", r.Variant.Name, plural(r.Workers, s.Scenario.Worker), r))
	}
	return notes
}
