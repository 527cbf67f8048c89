package report

import (
	"fmt"
	"io"
	"time"

	"github.com/interleave-go/interleave/bench/internal/table"
)

// An Exercise is what one exercise of the tutorial took. Zero times are those
// of ways that the exercise does not have.
type Exercise struct {
	Title, Why             string
	Sequential, Concurrent time.Duration
}

// Exercises writes the closing table of the tutorial: the times, what became
// of them, and why. These are single trials to look at, so they have no
// intervals.
func Exercises(w io.Writer, all []Exercise) error {
	g := table.Table{Head: []string{"exercise", "sequential", "concurrent", "speedup"}}
	for i, e := range all {
		cells := []string{fmt.Sprint(i + 1), "–", "–", "–"}
		if e.Sequential > 0 {
			cells[1] = Duration(e.Sequential)
		}
		if e.Concurrent > 0 {
			cells[2] = Duration(e.Concurrent)
		}
		if e.Sequential > 0 && e.Concurrent > 0 {
			factor := float64(e.Sequential) / float64(e.Concurrent)
			cells[3] = decimals(factor, places(factor)) + "x"
		}
		g.Add(cells...)
	}
	p := printer{w: w}
	p.do(g.Text)
	p.printf("\n")
	for i, e := range all {
		p.wrap("   ", fmt.Sprintf("%d. %s: %s.", i+1, capital(e.Title), e.Why))
	}
	p.printf("\nEach was run once, to be looked at. interleave run measures, with intervals.\n")
	return p.err
}

// Duration writes a time with three digits and a unit.
func Duration(d time.Duration) string { return duration(float64(d)) }
