package explore_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/explore"
)

// counter is threads that add one to a shared number, so many times each, by a
// load and a store.
func counter(threads, times int) explore.Body {
	return func(t *explore.T) string {
		n := explore.NewInt(t, "n", 0)
		local := make([]int, threads)
		for i := range threads {
			t.Go(string(rune('A'+i)), func(th *explore.Thread) {
				for range times {
					local[i] = n.Load(th)
					n.Store(th, local[i]+1)
					local[i] = 0 // no longer live
				}
			})
		}
		t.Fingerprint(func() any {
			var live [4]int
			copy(live[:], local)
			return live
		})
		t.Wait()
		return strconv.Itoa(n.Value())
	}
}

// oracle counts the schedules of the counter by recurrence, without the
// explorer: the state is how many half-steps each thread has taken, what it has
// read, and the number.
func oracle(threads, times int) map[string]uint64 {
	type state struct {
		taken, read [4]int
		n           int
	}
	memo := make(map[state]map[int]uint64)
	var from func(s state) map[int]uint64
	from = func(s state) map[int]uint64 {
		if known, ok := memo[s]; ok {
			return known
		}
		counts := make(map[int]uint64)
		over := true
		for i := range threads {
			if s.taken[i] == 2*times {
				continue
			}
			over = false
			next := s
			if s.taken[i]%2 == 0 {
				next.read[i] = s.n
			} else {
				next.n, next.read[i] = s.read[i]+1, 0
			}
			next.taken[i]++
			for n, c := range from(next) {
				counts[n] += c
			}
		}
		if over {
			counts[s.n] = 1
		}
		memo[s] = counts
		return counts
	}
	counts := make(map[string]uint64)
	for n, c := range from(state{}) {
		counts[strconv.Itoa(n)] = c
	}
	return counts
}

func counts(r *explore.Result) map[string]uint64 {
	m := make(map[string]uint64)
	for _, o := range r.Outcomes {
		m[o.Text] = o.Schedules
	}
	return m
}

func mustRun(tb testing.TB, body explore.Body, cfg explore.Config) *explore.Result {
	tb.Helper()
	r, err := explore.Run(context.Background(), body, cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestCounterCounts(t *testing.T) {
	known := map[int]map[string]uint64{
		1: {"1": 4, "2": 2},
		3: {"2": 8, "3": 300, "4": 416, "5": 180, "6": 20},
		4: {"2": 8, "3": 192, "4": 3056, "5": 5184, "6": 3464, "7": 896, "8": 70},
	}
	schedules := []uint64{1: 6, 2: 70, 3: 924, 4: 12870}
	for times := 1; times <= 4; times++ {
		want := oracle(2, times)
		if k := known[times]; k != nil && !maps.Equal(k, want) {
			t.Fatalf("the oracle gives %v, known is %v", want, k)
		}
		for _, s := range []explore.Strategy{explore.Exhaustive, explore.Merged, explore.Bounded} {
			r := mustRun(t, counter(2, times), explore.Config{Strategy: s})
			if got := counts(r); !maps.Equal(got, want) || !r.Exhaustive || r.Schedules != schedules[times] {
				t.Errorf("%v, 2×%d: %v, want %v; exhaustive: %t", s, times, got, want, r.Exhaustive)
			}
		}
	}
}

func TestThreeThreads(t *testing.T) {
	want := oracle(3, 2)
	for _, s := range []explore.Strategy{explore.Exhaustive, explore.Merged} {
		r := mustRun(t, counter(3, 2), explore.Config{Strategy: s, FirstWitness: true})
		if got := counts(r); !maps.Equal(got, want) || r.Schedules != 34650 {
			t.Errorf("%v: %v of %d, want %v", s, got, r.Schedules, want)
		}
	}
}

// What is too large to run schedule by schedule is counted by merged states.
func TestMergedLarge(t *testing.T) {
	for _, c := range []struct {
		threads, times int
		schedules      uint64
		fewest         uint64 // schedules that end with 2
	}{
		{2, 5, 184_756, 8},
		{2, 8, 601_080_390, 8},
		{3, 3, 17_153_136, 155_040},
	} {
		r := mustRun(t, counter(c.threads, c.times), explore.Config{Strategy: explore.Merged})
		if got, want := counts(r), oracle(c.threads, c.times); !maps.Equal(got, want) {
			t.Errorf("%d×%d: %v, want %v", c.threads, c.times, got, want)
		}
		two := r.Outcomes[0]
		if r.Schedules != c.schedules || two.Text != "2" || two.Schedules != c.fewest || two.Preemptions != 4 || !two.Fewest {
			t.Errorf("%d×%d: %d schedules, first outcome %+v", c.threads, c.times, r.Schedules, two)
		}
		if r.Memory == 0 || r.Memory > 8<<20 {
			t.Errorf("%d×%d: %d bytes for %d states", c.threads, c.times, r.Memory, r.States)
		}
	}
}

// Pruning runs one schedule of each class that differs only in the order of
// independent steps. The numbers of classes were counted by another program.
func TestPrunedCounter(t *testing.T) {
	classes := []uint64{1: 4, 2: 34, 3: 328, 4: 3334}
	for times := 1; times <= 4; times++ {
		all, pruned := oracle(2, times), mustRun(t, counter(2, times), explore.Config{})
		if got := counts(pruned); !slices.Equal(keys(got), keys(all)) || pruned.Schedules != classes[times] || !pruned.Exhaustive {
			t.Errorf("2×%d: outcomes %v in %d classes, want %v in %d", times, keys(got), pruned.Schedules, keys(all), classes[times])
		}
	}
}

func TestPrunedLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("runs 1.8 million schedules, which a short run leaves out")
	}
	r := mustRun(t, counter(3, 3), explore.Config{FirstWitness: true, Time: time.Hour})
	if got, want := keys(counts(r)), keys(oracle(3, 3)); !slices.Equal(got, want) || !r.Exhaustive {
		t.Errorf("outcomes %v, want %v; exhaustive: %t", got, want, r.Exhaustive)
	}
}

// A fingerprint that omits what a thread has read takes different states for
// equal, and the counts come out wrong. That is why Merged is held to
// Exhaustive at small sizes, as above.
func TestFingerprintOmitsLocal(t *testing.T) {
	for times := 2; times <= 4; times++ {
		blind := func(t *explore.T) string {
			n := explore.NewInt(t, "n", 0)
			for _, name := range []string{"A", "B"} {
				t.Go(name, func(th *explore.Thread) {
					for range times {
						v := n.Load(th)
						n.Store(th, v+1)
					}
				})
			}
			t.Fingerprint(func() any { return 0 })
			t.Wait()
			return strconv.Itoa(n.Value())
		}
		r := mustRun(t, blind, explore.Config{Strategy: explore.Merged, FirstWitness: true})
		if maps.Equal(counts(r), oracle(2, times)) {
			t.Errorf("2×%d: the counts are right without the local: this test shows nothing", times)
		}
	}
}

// TestMergedBranches has threads that stand at different steps, or have
// complained, with no local left that would tell.
func TestMergedBranches(t *testing.T) {
	for name, late := range map[string]func(th *explore.Thread, n, m *explore.Int){
		"place": func(th *explore.Thread, n, m *explore.Int) {
			if n.Load(th) == 0 {
				m.Store(th, 5)
			} else {
				m.Load(th)
			}
		},
		"complaint": func(th *explore.Thread, n, m *explore.Int) {
			if n.Load(th) == 0 {
				th.Errorf("too early")
			}
			m.Load(th)
		},
	} {
		body := func(t *explore.T) string {
			n, m := explore.NewInt(t, "n", 0), explore.NewInt(t, "m", 0)
			t.Go("A", func(th *explore.Thread) { late(th, n, m) })
			t.Go("B", func(th *explore.Thread) { n.Store(th, 1); m.Load(th) })
			t.Fingerprint(func() any { return nil })
			t.Wait()
			return strconv.Itoa(m.Value())
		}
		all := mustRun(t, body, explore.Config{Strategy: explore.Exhaustive})
		merged := mustRun(t, body, explore.Config{Strategy: explore.Merged})
		if len(all.Outcomes) != 2 || !slices.Equal(merged.Outcomes, all.Outcomes) {
			t.Errorf("%s: merged\n%v\nall\n%v", name, merged, all)
		}
	}
}

func keys(m map[string]uint64) []string { return slices.Sorted(maps.Keys(m)) }

// BenchmarkSchedules says how many runs of the body a second takes. Run it with
// -cpu 1: the threads of a body take turns.
func BenchmarkSchedules(b *testing.B) {
	for _, c := range []struct {
		strategy       explore.Strategy
		threads, times int
	}{
		{explore.Exhaustive, 2, 4},
		{explore.Exhaustive, 3, 2},
		{explore.Pruned, 2, 4},
		{explore.Pruned, 3, 3},
		{explore.Merged, 2, 4},
		{explore.Merged, 2, 8},
		{explore.Merged, 3, 3},
		{explore.Random, 2, 4},
	} {
		b.Run(fmt.Sprintf("strategy=%v/threads=%d/times=%d", c.strategy, c.threads, c.times), func(b *testing.B) {
			var runs uint64
			for b.Loop() {
				r := mustRun(b, counter(c.threads, c.times), explore.Config{Strategy: c.strategy, FirstWitness: true, Time: time.Hour})
				runs += r.Runs
			}
			b.ReportMetric(float64(runs)/b.Elapsed().Seconds(), "runs/s")
			b.ReportMetric(float64(runs)/float64(b.N), "runs/op")
		})
	}
}
