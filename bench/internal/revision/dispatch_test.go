package revision

import (
	"errors"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// Forks on cores of their own run at once, those of one pair, too, but no more of
// them than its next look wants; and nothing, the linker neither, runs beside what needs all cores.
func TestForksAtOnce(t *testing.T) {
	w := newWorld(map[string]*behaviour{"together": {started: 2, threads: 2}, "slower": {ratio: 1.3}})
	c, m := w.comparison("one", "other", "together", "slower"), w.measuring(rules(0.05), 20*time.Second)
	m.atOnce = 2
	if err := c.Measure(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	want := map[string]stats.Verdict{"one": stats.Same, "other": stats.Same, "together": stats.Same, "slower": stats.Regressed}
	for _, row := range c.Judge(m.Rules) {
		if row.Unit == TimeUnit && row.Verdict != want[row.Name] {
			t.Errorf("%s: %v (%s), want %v", row.Name, row.Verdict, row.Reason, want[row.Name])
		}
	}
	for _, p := range c.Pairs {
		measured := make(map[int]bool)
		for _, s := range p.Slices {
			measured[s.Fork] = true
		}
		if len(measured) != p.Forks {
			t.Errorf("%s: slices of %d forks of %d", p.Name, len(measured), p.Forks)
		}
	}
	if len(w.disturbed) > 0 || len(w.linked) == 0 {
		t.Errorf("%d layouts, and %v", len(w.linked), w.disturbed)
	}
	if p := c.Pairs[0]; p.Forks != 4 || p.Design != SharedCore || c.Pairs[2].Design != InTurn {
		t.Errorf("%d forks %v, then %v: more than a look wants", p.Forks, p.Design, c.Pairs[2].Design)
	}
}

// What takes long to decide takes turns, and a fork that needs all cores still has
// them for itself.
func TestForksTakeTurns(t *testing.T) {
	w := newWorld(map[string]*behaviour{"alone": {luck: 0.1}, "together": {luck: 0.1, started: 2, threads: 2}})
	c, m := w.comparison("alone", "together"), w.measuring(rules(0.05), 20*time.Second)
	m.atOnce = 2
	if err := c.Measure(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if c.Pairs[0].Forks < 10 || c.Pairs[1].Forks < 10 || len(w.disturbed) > 0 {
		t.Errorf("%d and %d forks, %v", c.Pairs[0].Forks, c.Pairs[1].Forks, w.disturbed)
	}
}

// Whatever ends measuring, no process is left.
func TestForksInterrupted(t *testing.T) {
	w := newWorld(nil)
	c, m := w.comparison("one", "other"), w.measuring(rules(0.05), 20*time.Second)
	m.atOnce = 2
	full := errors.New("disk full")
	m.Sink = func(*Pair, *Slice) error { return full }
	if err := c.Measure(t.Context(), m); !errors.Is(err, full) {
		t.Errorf("%v, want %v", err, full)
	}
	if len(w.alive) > 0 {
		t.Errorf("%d processes are left", len(w.alive))
	}
}
