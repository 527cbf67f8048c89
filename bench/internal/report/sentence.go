package report

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// Sentence says in words what the section found: the scenario's lesson with
// the measured factor, or else what the fastest variant came to. Where the
// interval holds 1 it says that the matter is unclear.
func (s *Section) Sentence() string {
	if l := s.Scenario.Lesson; l.Text != "" {
		if c := s.Cell(l.Variant, l.Workers); c != nil && c.Speedup.Known() {
			if c.Unclear {
				return fmt.Sprintf("Unclear: whether %s and %s differ at %s: %s.", l.Variant, s.Scenario.Variants[0].Name,
					plural(l.Workers, s.Scenario.Worker), s.whyUnclear(c))
			}
			factor := c.Speedup
			if l.Slower {
				factor = factor.Inverse()
			}
			if !clear(factor) {
				return fmt.Sprintf("Unclear: whether %s and %s differ at %s; the ratio is %s.", l.Variant, s.Scenario.Variants[0].Name,
					plural(l.Workers, s.Scenario.Worker), plain(factor))
			}
			if factor.Value > 1 {
				return capital(fmt.Sprintf(l.Text, times(factor))) + caveat(factor) + "."
			}
			// The lesson is not what was measured, so it is not what is said.
		}
	}
	return s.ownWords()
}

// ownWords is the sentence about a section without a lesson.
func (s *Section) ownWords() string {
	base := s.Scenario.Variants[0].Name
	var fastest *Cell
	lacking := false
	for _, row := range s.Rows {
		for i := range row.Cells {
			c := &row.Cells[i]
			switch {
			case row.Variant.Name == base || !c.Speedup.Known():
			case c.Unclear:
				lacking = true
			case fastest == nil || c.Speedup.Value > fastest.Speedup.Value:
				fastest = c
			}
		}
	}
	if fastest == nil && lacking {
		return fmt.Sprintf("Unclear: the %ss of no variant overlapped enough to compare it with %s.", s.Scenario.Worker, base)
	}
	if fastest == nil {
		return "There is nothing to compare: only one variant was measured."
	}
	where := plural(fastest.Case.Workers, s.Scenario.Worker)
	switch {
	case !clear(fastest.Speedup):
		return fmt.Sprintf("Unclear: with %s no variant differs from %s beyond the intervals.", where, base)
	case fastest.Speedup.Value < 1:
		return fmt.Sprintf("With %s nothing is faster than %s; the next is %s, which takes %s times as long%s.",
			where, base, fastest.Case.Variant, times(fastest.Speedup.Inverse()), caveat(fastest.Speedup))
	}
	return fmt.Sprintf("With %s %s is %s times as fast as %s%s.", where, fastest.Case.Variant, times(fastest.Speedup), base, caveat(fastest.Speedup))
}

// clear reports whether a ratio differs from 1 beyond its interval. A ratio
// without an interval is taken as it is and marked where it is written.
func clear(i stats.Interval) bool {
	return !i.Bounded() || i.Lo > 1 || i.Hi < 1
}

// caveat says of a ratio without an interval why it has none.
func caveat(i stats.Interval) string {
	if i.Bounded() {
		return ""
	}
	return " (in a single process, so without an interval)"
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
