package explore_test

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"testing"

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
	for times := 1; times <= 4; times++ {
		want := oracle(2, times)
		if k := known[times]; k != nil && !maps.Equal(k, want) {
			t.Fatalf("the oracle gives %v, known is %v", want, k)
		}
		for _, s := range []explore.Strategy{explore.Exhaustive, explore.Merged, explore.Bounded} {
			r := mustRun(t, counter(2, times), explore.Config{Strategy: s})
			if got := counts(r); !maps.Equal(got, want) || !r.Exhaustive {
				t.Errorf("%v, 2×%d: %v, want %v", s, times, got, want)
			}
			t.Log("\n" + r.String())
		}
	}
}

func BenchmarkSchedules(b *testing.B) {
	for _, s := range []explore.Strategy{explore.Exhaustive, explore.Pruned, explore.Merged} {
		for _, size := range [][2]int{{2, 4}, {3, 2}} {
			b.Run(fmt.Sprintf("strategy=%v/threads=%d/times=%d", s, size[0], size[1]), func(b *testing.B) {
				var runs uint64
				for b.Loop() {
					r := mustRun(b, counter(size[0], size[1]), explore.Config{Strategy: s, FirstWitness: true})
					runs += r.Runs
				}
				b.ReportMetric(float64(runs)/b.Elapsed().Seconds(), "runs/s")
				b.ReportMetric(float64(runs)/float64(b.N), "runs/op")
			})
		}
	}
}
