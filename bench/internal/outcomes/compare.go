package outcomes

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/interleave-go/interleave/bench/explore"
	"github.com/interleave-go/interleave/bench/internal/chart"
)

// A Comparison is the outcomes that were seen beside those that are possible.
type Comparison struct {
	Possible *explore.Result
	Trials   int
	Rows     []Row // the possible outcomes in their order, then those that should not be
}

// A Row is one outcome.
type Row struct {
	explore.Outcome
	Seen       int  // in how many trials
	Impossible bool // seen, but not among those that are possible
}

// Compare puts the outcomes of trials, and how often each was seen, beside
// those that are possible.
func Compare(possible *explore.Result, seen map[string]int) Comparison {
	c := Comparison{Possible: possible}
	left := maps.Clone(seen)
	for _, o := range possible.Outcomes {
		c.Rows = append(c.Rows, Row{Outcome: o, Seen: left[o.Text]})
		delete(left, o.Text)
	}
	for _, text := range slices.Sorted(maps.Keys(left)) {
		c.Rows = append(c.Rows, Row{Outcome: explore.Outcome{Text: text}, Seen: left[text], Impossible: true})
	}
	for _, n := range seen {
		c.Trials += n
	}
	return c
}

// Seen is how many of the possible outcomes were seen.
func (c Comparison) Seen() int {
	n := 0
	for _, r := range c.Rows {
		if r.Seen > 0 && !r.Impossible {
			n++
		}
	}
	return n
}

// Sentence says how much of what is possible was seen. Where the search was not
// exhaustive it says so.
func (c Comparison) Sentence() string {
	k := len(c.Possible.Outcomes)
	s := fmt.Sprintf("seen %d of %d possible outcomes in %s", c.Seen(), k, plural(c.Trials, "trial"))
	if k == 1 {
		s = fmt.Sprintf("seen %d of 1 possible outcome in %s", c.Seen(), plural(c.Trials, "trial"))
	}
	if !c.Possible.Exhaustive {
		s += "; the search for others ended early"
	}
	extra := len(c.Rows) - k
	switch {
	case extra == 0:
	case c.Possible.Exhaustive:
		s += fmt.Sprintf("; and %s that no order of the steps explains", plural(extra, "outcome"))
	default:
		s += fmt.Sprintf("; and %s that the search has not found", plural(extra, "outcome"))
	}
	return s
}

// longest is how many characters of an outcome the table shows.
const longest = 34

// String returns the comparison as a table for a terminal.
func (c Comparison) String() string {
	unit := "schedules"
	if c.Possible.Strategy == explore.Pruned {
		unit = "classes"
	}
	rows := [][]string{{"outcome", unit, "seen", "schedule"}}
	for _, r := range c.Rows {
		text := r.Text
		if utf8.RuneCountInString(text) > longest {
			text = string([]rune(text)[:longest-1]) + "…"
		}
		if r.Wrong != "" && !r.Dies && !r.Endless {
			text += " (wrong)"
		}
		schedules := fmt.Sprint(r.Schedules)
		if r.Impossible {
			schedules = "none"
		}
		rows = append(rows, []string{text, schedules, cmp.Or(never(r.Seen), fmt.Sprint(r.Seen)), r.Witness.String()})
	}
	return c.Sentence() + "\n" + align(rows)
}

// align makes columns: words to the left, numbers to the right.
func align(rows [][]string) string {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for k, cell := range row {
			width[k] = max(width[k], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for k, cell := range row {
			pad := strings.Repeat(" ", width[k]-utf8.RuneCountInString(cell))
			if k == 1 || k == 2 {
				line += pad + cell + "  "
			} else {
				line += cell + pad + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// Chart draws what share of the schedules, and of the trials, ends with each
// outcome.
func (c Comparison) Chart(title, subtitle string) chart.Dots {
	d := chart.Dots{
		Title:    title,
		Subtitle: subtitle,
		Series:   []string{"of all schedules", "of the trials"},
		XLabel:   "share; schedules are not equally likely, so the two need not agree",
		Format:   func(v float64) string { return fmt.Sprintf("%g %%", v) },
	}
	if c.Possible.Strategy == explore.Pruned {
		d.Series[0] = "of the classes of equivalent schedules"
	}
	for _, r := range c.Rows {
		possible := 100 * float64(r.Schedules) / float64(max(c.Possible.Schedules, 1))
		seen := 100 * float64(r.Seen) / float64(max(c.Trials, 1))
		d.Rows = append(d.Rows, chart.Row{Label: r.Text, Points: []chart.Point{
			{X: possible, Lo: possible, Hi: possible, Label: fmt.Sprint(r.Schedules), Missing: r.Impossible},
			{X: seen, Open: true, Label: cmp.Or(never(r.Seen), plural(r.Seen, "trial"))},
		}})
		if r.Impossible {
			d.Rows[len(d.Rows)-1].Points[0].Label = "no schedule"
		}
	}
	return d
}

// never is the word for no trial.
func never(n int) string {
	if n == 0 {
		return "never"
	}
	return ""
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
