package report

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/chart"
)

// bought says in a sentence what the fastest variants that give up nothing won
// over their baselines, and what they lost.
func bought(sections []*Section) string {
	var won, lost, open, hidden []string
	for _, s := range sections {
		c := s.lead()
		if c == nil {
			continue
		}
		name := s.Scenario.Name
		switch {
		case c.Unclear:
			hidden = append(hidden, name)
		case !clear(c.Speedup):
			open = append(open, name)
		case c.Speedup.Value > 1:
			won = append(won, name+" "+times(c.Speedup))
		default:
			lost = append(lost, name+" "+times(c.Speedup.Inverse()))
		}
	}
	var parts []string
	if len(won) > 0 {
		parts = append(parts, "made "+and(won)+" times as fast")
	}
	if len(lost) > 0 {
		parts = append(parts, "made "+and(lost)+" times as slow")
	}
	if len(open) > 0 {
		parts = append(parts, "had no clear effect on "+and(open))
	}
	var sentences []string
	if len(parts) > 0 {
		sentences = append(sentences, "Concurrency "+strings.Join(parts, ", and it ")+".")
	}
	if len(hidden) > 0 {
		sentences = append(sentences, "What concurrency did to "+and(hidden)+" cannot be told.")
	}
	if len(sentences) == 0 {
		return "There is nothing to compare: no variant was measured beside its baseline."
	}
	return strings.Join(sentences, " ")
}

// lead returns the cell of the fastest variant beside the baseline at the
// column that counts, of those that give up nothing; nil when there is none.
func (s *Section) lead() *Cell {
	var lead *Cell
	for i := range s.Rows {
		row := &s.Rows[i]
		c := s.cellOf(row, s.At)
		if c == nil || row.Variant.GivesUp != "" || s.isReference(c) || !c.Speedup.Known() {
			continue
		}
		if lead == nil || lead.Overlap.Lacking() && !c.Overlap.Lacking() ||
			lead.Overlap.Lacking() == c.Overlap.Lacking() && c.Time.Value < lead.Time.Value {
			lead = c
		}
	}
	return lead
}

// and joins words as a sentence does.
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// broke says how often racy variants were wrong.
func broke(sections []*Section) string {
	var parts []string
	for _, s := range sections {
		wrong, trials := make(map[string]int), make(map[string]int)
		var names []string
		for _, r := range s.Racy {
			if trials[r.Variant.Name] == 0 {
				names = append(names, r.Variant.Name)
			}
			wrong[r.Variant.Name] += r.Wrong
			trials[r.Variant.Name] += r.Trials
		}
		for _, name := range names {
			parts = append(parts, fmt.Sprintf("%s %s was wrong in %d of %d trials", name, s.heading(), wrong[name], trials[name]))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return capital(and(parts)) + "."
}

// DrawSummary draws the chart of all scenarios into a directory and remembers
// the names of the files: the speedups of the headline variants at the worker
// counts that count. Without any it draws nothing.
func (r *Report) DrawSummary(dir string) error {
	r.Summary = nil
	drawing := r.summaryChart()
	if drawing == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("no directory for the charts: %w: choose another with -o", err)
	}
	fig, err := drawing.Figure()
	if err != nil {
		return fmt.Errorf("chart of the summary: %w", err)
	}
	if r.Summary, err = chart.Write(dir, "summary", fig); err != nil {
		return fmt.Errorf("%w: choose another directory with -o", err)
	}
	return nil
}

func (r *Report) summaryChart() figure {
	d := chart.Dots{
		Subtitle:  "speedup over each scenario's baseline, right of 1 is faster; dot: estimate, bar: 95 % interval",
		XLabel:    "speedup",
		Reference: 1, ReferenceLabel: "baseline", Log: true,
		Format: plainNumber,
	}
	var most, least *Cell
	for _, s := range r.leading() {
		for i := range s.Rows {
			row := &s.Rows[i]
			c := s.cellOf(row, s.At)
			if c == nil || !row.Variant.Headline || s.isReference(c) || !c.Speedup.Known() {
				continue
			}
			label := fmt.Sprintf("%s: %s, %s", s.Scenario.Name, row.Variant.Name, plural(c.Case.Workers, s.Scenario.Worker))
			d.Rows = append(d.Rows, chart.Row{Label: label, Points: []chart.Point{speedupPoint(c)}})
			if c.Unclear || !clear(c.Speedup) {
				continue
			}
			if c.Speedup.Value > 1 && (most == nil || c.Speedup.Value > most.Speedup.Value) {
				most = c
			}
			if c.Speedup.Value < 1 && (least == nil || c.Speedup.Value < least.Speedup.Value) {
				least = c
			}
		}
	}
	if !slices.ContainsFunc(d.Rows, func(row chart.Row) bool { return !row.Points[0].Missing }) {
		return nil
	}
	d.Title = span(most, least)
	return d
}

// speedupPoint makes a chart point of a speedup.
func speedupPoint(c *Cell) chart.Point {
	switch i := c.Speedup; {
	case c.Unclear:
		return chart.Point{Missing: true, Label: unclear}
	case !i.Bounded():
		return chart.Point{X: i.Value, Open: true, Label: ratio(i)}
	default:
		return chart.Point{X: i.Value, Lo: i.Lo, Hi: i.Hi, Label: ratio(i)}
	}
}

// span says between what the speedups lie.
func span(most, least *Cell) string {
	gain := func(c *Cell) string {
		return fmt.Sprintf("%s times in %s (%s)", times(c.Speedup), c.Case.Scenario, c.Case.Variant)
	}
	cost := func(c *Cell) string {
		return fmt.Sprintf("%s times in %s (%s)", times(c.Speedup.Inverse()), c.Case.Scenario, c.Case.Variant)
	}
	switch {
	case most != nil && least != nil:
		return fmt.Sprintf("Concurrency gains up to %s and costs up to %s", gain(most), cost(least))
	case most != nil:
		return "Concurrency gains up to " + gain(most)
	case least != nil:
		return "Concurrency gains nothing here, and costs up to " + cost(least)
	}
	return "Unclear: no variant differs from its baseline beyond the intervals"
}

// plainNumber writes a number on an axis.
func plainNumber(x float64) string {
	return strconv.FormatFloat(x, 'g', 3, 64)
}
