package outcomes

import (
	"fmt"
	"os"
	"slices"

	"github.com/interleave-go/interleave/bench/explore"
	"github.com/interleave-go/interleave/bench/internal/chart"
)

// The kinds of steps that a picture explains.
const (
	staleRead   = "stale read"
	lostWrite   = "write that is lost"
	missedWrite = "write that is not known"
	overwrites  = "store that overwrites it"
	actsOn      = "step that relies on the read"
)

// mostRows is how many shared objects a picture shows at most.
const mostRows = 6

// Timeline draws a trace: a lane for each thread, a box for each step, what is
// shared below, and arrows from a stale read to the writes that it does not
// know of.
func Timeline(tr *explore.Trace, title string) chart.Schedule {
	s := chart.Schedule{
		Title:    title,
		Subtitle: fmt.Sprintf("schedule %s: %s, %s; time runs to the right, a box is a step", tr.Schedule, plural(len(tr.Steps), "step"), plural(tr.Preemptions, "pre-emption")),
		Kinds:    []string{staleRead, lostWrite, overwrites, actsOn, missedWrite},
		State:    state(tr),
	}
	for i := range tr.Threads {
		s.Lanes = append(s.Lanes, tr.Thread(i))
	}
	for _, step := range tr.Steps {
		s.Steps = append(s.Steps, chart.Step{Lane: step.Thread, Label: step.Text, Detail: step.Value})
	}
	for i, step := range tr.Steps {
		if !step.Stale() {
			continue
		}
		what, by := missedWrite, actsOn
		if step.Overwrites() {
			what, by = lostWrite, overwrites
		}
		mark(&s.Steps[step.Missed], staleRead)
		for _, k := range step.Lost {
			mark(&s.Steps[k], what)
			s.Arrows = append(s.Arrows, chart.Arrow{From: step.Missed, To: k})
		}
		mark(&s.Steps[i], by)
	}
	return s
}

// mark gives a step a kind, unless it has one: a store that is lost may itself
// overwrite another.
func mark(s *chart.Step, kind string) {
	if s.Kind == "" {
		s.Kind = kind
	}
}

// state returns a row for each object that a step changes.
func state(tr *explore.Trace) []chart.StateRow {
	if len(tr.Steps) == 0 {
		return nil
	}
	var rows []chart.StateRow
	for k, v := range tr.Steps[len(tr.Steps)-1].State {
		row := chart.StateRow{Name: v.Name}
		if k < len(tr.Start) {
			row.Start = tr.Start[k].Text
		}
		for _, step := range tr.Steps {
			text := ""
			if k < len(step.State) {
				text = step.State[k].Text
			}
			row.Values = append(row.Values, text)
		}
		changes := slices.ContainsFunc(row.Values, func(v string) bool { return v != row.Start })
		if changes && len(rows) < mostRows {
			rows = append(rows, row)
		}
	}
	return rows
}

// A Figurer is a chart.
type Figurer interface {
	Figure() (*chart.Figure, error)
}

// Draw writes a chart as SVG and PNG into a directory, which it makes, and
// returns the paths.
func Draw(dir, name string, c Figurer) (paths []string, err error) {
	f, err := c.Figure()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return chart.Write(dir, name, f)
}
