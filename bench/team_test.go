package bench

import (
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestTeamShare(t *testing.T) {
	for workers := 1; workers <= 9; workers++ {
		team := NewTeam(Setup{Workers: workers})
		for n := range 40 {
			sum, least, most := 0, math.MaxInt, 0
			for w := range workers {
				share := team.Share(n, w)
				sum, least, most = sum+share, min(least, share), max(most, share)
			}
			if sum != n || most-least > 1 {
				t.Errorf("%d operations, %d workers: sum %d, shares from %d to %d", n, workers, sum, least, most)
			}
		}
	}
}

// Run calls every body once, and none before all workers are there.
func TestTeamRun(t *testing.T) {
	for _, workers := range []int{1, 2, 3, 64} {
		team := NewTeam(Setup{Workers: workers})
		calls := make([]int, workers)
		team.Run(func(w int) {
			if here := team.arrived.Load(); here != int64(workers) {
				t.Errorf("worker %d of %d started when %d were there", w, workers, here)
			}
			calls[w]++
		})
		for w, n := range calls {
			if n != 1 {
				t.Errorf("worker %d of %d was called %d times", w, workers, n)
			}
		}
		if got := team.Overlap(); got != 0 {
			t.Errorf("overlap %v without a clock", got)
		}
	}
}

// The clock of a trial ticks once each time it is read. With bodies that wait
// for each other, all starts are read before all ends.
func TestTeamRunReadsClock(t *testing.T) {
	var now atomic.Int64
	team := NewTeam(Setup{Workers: 2, Clock: func() time.Duration { return time.Duration(now.Add(1)) }})
	met := make(chan bool)
	team.Run(func(w int) {
		if w == 0 {
			met <- true
		} else {
			<-met
		}
	})
	// Starts at 1 and 2, ends at 3 and 4: together from 2 to 3.
	if got, want := team.Overlap(), 1.0/3; got != want {
		t.Errorf("overlap %v, want %v", got, want)
	}
}

type interval struct{ from, to time.Duration }

func overlap(intervals []interval) float64 {
	team := NewTeam(Setup{Workers: len(intervals), Clock: func() time.Duration { return 0 }})
	for w, i := range intervals {
		team.from[w], team.to[w] = i.from, i.to
	}
	return team.Overlap()
}

func TestTeamOverlap(t *testing.T) {
	for _, tt := range []struct {
		name      string
		intervals []interval
		want      float64
	}{
		{"one worker", []interval{{0, 10}}, 0},
		{"identical", []interval{{5, 15}, {5, 15}}, 1},
		{"three identical", []interval{{5, 15}, {5, 15}, {5, 15}}, 1},
		{"disjoint", []interval{{0, 4}, {6, 10}}, 0},
		{"one after the other", []interval{{0, 5}, {5, 10}}, 0},
		{"half", []interval{{0, 10}, {5, 10}}, 0.5},
		{"staggered", []interval{{0, 6}, {4, 10}}, 0.2},
		{"nested", []interval{{0, 10}, {3, 6}}, 0.3},
		{"three nested", []interval{{0, 10}, {2, 8}, {4, 6}}, 0.6},
		{"chain of three", []interval{{0, 4}, {3, 7}, {6, 10}}, 0.2},
		{"two pairs", []interval{{0, 2}, {0, 2}, {8, 10}, {8, 10}}, 0.4},
		{"order of workers does not matter", []interval{{6, 10}, {0, 4}, {3, 7}}, 0.2},
		{"no time at all", []interval{{5, 5}, {5, 5}}, 0},
		{"moments", []interval{{5, 5}, {7, 7}}, 0},
		{"a moment within", []interval{{0, 10}, {5, 5}}, 0},
		{"a moment within two", []interval{{0, 10}, {0, 10}, {5, 5}}, 1},
		{"moments at the start", []interval{{0, 0}, {0, 0}, {0, 10}, {0, 5}}, 0.5},
		{"moments at the end", []interval{{10, 10}, {10, 10}, {0, 10}, {5, 10}}, 0.5},
	} {
		if got := overlap(tt.intervals); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s: overlap of %v is %v, want %v", tt.name, tt.intervals, got, tt.want)
		}
	}
}

// The oracle looks at every tick and counts who runs.
func TestTeamOverlapAgainstOracle(t *testing.T) {
	const ticks = 8 // few, so that equal times are common
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		intervals := make([]interval, 2+random.IntN(5))
		first, last := time.Duration(ticks), time.Duration(0)
		for w := range intervals {
			from, to := time.Duration(random.IntN(ticks)), time.Duration(random.IntN(ticks))
			from, to = min(from, to), max(from, to)
			intervals[w] = interval{from, to}
			first, last = min(first, from), max(last, to)
		}
		both := 0
		for tick := range time.Duration(ticks) {
			running := 0
			for _, i := range intervals {
				if i.from <= tick && tick < i.to {
					running++
				}
			}
			if running >= 2 {
				both++
			}
		}
		want := 0.0
		if last > first {
			want = float64(both) / float64(last-first)
		}
		if got := overlap(intervals); got != want {
			t.Fatalf("overlap of %v is %v, want %v", intervals, got, want)
		}
	}
}

// A loose team does not wait for its workers: one can end before another runs.
func TestTeamLoose(t *testing.T) {
	team := NewTeam(Setup{Workers: 2, Start: Loose})
	first := make(chan bool)
	var once sync.Once
	team.Run(func(int) { once.Do(func() { close(first) }); <-first })
	if n := team.arrived.Load(); n != 0 {
		t.Errorf("%d workers waited for each other", n)
	}
}

func TestPrintf(t *testing.T) {
	var b strings.Builder
	Setup{Out: &b}.Printf("%d of %d\n", 1, 2)
	Setup{}.Printf("nobody is there")
	if b.String() != "1 of 2\n" {
		t.Errorf("printed %q", b.String())
	}
}
