package revision

import (
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// sharing returns a comparison whose benchmarks are in the same binaries.
func (w *world) sharing(names ...string) *Comparison {
	c := w.comparison(names...)
	for _, p := range c.Pairs {
		p.arms = c.Pairs[0].arms
	}
	return c
}

// Benchmarks of a package share processes, and none gets the same ones twice.
func TestCouplesAreShared(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}
	apart, together := newWorld(nil), newWorld(nil)
	if err := apart.comparison(names...).Measure(t.Context(), apart.measuring(rules(0.05), time.Minute)); err != nil {
		t.Fatal(err)
	}
	c, m := together.sharing(names...), together.measuring(rules(0.05), time.Minute)
	if err := c.Measure(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if together.launched > apart.launched/3 {
		t.Errorf("%d processes in the place of %d", together.launched, apart.launched)
	}
	for _, row := range c.Judge(m.Rules) {
		if row.Unit == TimeUnit && row.Verdict != stats.Same {
			t.Errorf("%s: %v (%s)", row.Name, row.Verdict, row.Reason)
		}
	}
	for process, benchmarks := range together.visits {
		if len(benchmarks) > mostServed {
			t.Errorf("a process ran %d benchmarks", len(benchmarks))
		}
		for name, visits := range benchmarks {
			if visits > 1 {
				t.Errorf("a process of the %s ran %s in %d forks", sideNames[process.side], name, visits)
			}
		}
	}
	if len(together.alive) > 0 {
		t.Errorf("%d processes are left", len(together.alive))
	}
}

// What fails in a process that others have used gets processes of its own; and
// nobody uses those in which goroutines were left behind.
func TestCouplesApart(t *testing.T) {
	w := newWorld(map[string]*behaviour{"picky": {second: errDied}, "untidy": {others: 1}})
	c, m := w.sharing("a", "b", "picky", "untidy", "c", "d"), w.measuring(rules(0.05), time.Minute)
	if err := c.Measure(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	for _, p := range c.Pairs {
		if p.Problem != "" || len(p.Slices) == 0 || p.failures > 0 {
			t.Errorf("%s: %q, %d slices, %d failures", p.Name, p.Problem, len(p.Slices), p.failures)
		}
	}
	if !c.Pairs[2].apart || c.Pairs[0].apart {
		t.Errorf("picky is apart: %v, a: %v", c.Pairs[2].apart, c.Pairs[0].apart)
	}
	for process, benchmarks := range w.visits {
		if last := process.last; benchmarks["untidy"] > 0 && last != "untidy" {
			t.Errorf("%s ran after untidy", last)
		}
	}
}

// A pair gets a couple that others have used, but none twice, and only its own
// once it has failed in one.
func TestCoupleOnce(t *testing.T) {
	w := newWorld(nil)
	c := w.sharing("a", "b", "c")
	r := c.measuring(w.measuring(rules(0.05), time.Minute))
	get := func(i int) *couple {
		t.Helper()
		got, err := r.couple(t.Context(), c.Pairs[i], 0, base, served.Launch{Procs: 1})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := get(0)
	r.release(first, false)
	again := get(0)
	if again == first {
		t.Error("a pair got the same processes twice")
	}
	if other := get(1); other != first || !other.used() {
		t.Error("another pair did not get those that are idle")
	}
	r.release(again, false)
	c.Pairs[2].apart = true
	if own := get(2); own == again || own.used() {
		t.Error("a pair that is to be apart got the processes of another one")
	}
	r.closeIdle()
}

// The goroutine keeps its thread where both sides share a core, and that thread's
// time alone counts where nothing else works for it.
func TestKeepAndOwn(t *testing.T) {
	w := newWorld(map[string]*behaviour{"allocates": {alloc: 3}, "parallel": {started: 2, parallel: 2, threads: 2}, "starts": {started: 3}})
	c, _ := w.compared(t, 20*time.Second, 0.05, "alone", "allocates", "parallel", "starts")
	want := map[string][2]bool{"alone": {true, true}, "allocates": {true, false}, "parallel": {true, false}, "starts": {}}
	for _, p := range c.Pairs {
		if p.Design == SharedCore != want[p.Name][0] {
			t.Errorf("%s is measured %v", p.Name, p.Design)
		}
		if got := w.kept[p.Name]; got != want[p.Name] {
			t.Errorf("%s: keep and own are %v in its forks, want %v", p.Name, got, want[p.Name])
		}
	}
}
