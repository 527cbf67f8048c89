package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// drawnSpans runs a variant with a timeline, and returns that by lanes.
func drawnSpans(t *testing.T, v *bench.Variant, n, workers int) map[int][]bench.Span {
	t.Helper()
	var ticks atomic.Int64
	setup := smallGrain(t, n, workers, spinOne)
	setup.Timeline = bench.NewTimeline(func() time.Duration { return time.Duration(ticks.Add(1)) })
	trial := newMap(t, v, setup)
	if err := trial.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := trial.Verify(); err != nil {
		t.Error(err)
	}
	byLane := make(map[int][]bench.Span)
	for _, s := range setup.Timeline.Spans() {
		lane := byLane[s.Worker]
		if s.Kind != bench.Work || s.End <= s.Start || len(lane) > 0 && s.Start < lane[len(lane)-1].End {
			t.Errorf("lane %d: span %v after %v", s.Worker, s, lane)
		}
		byLane[s.Worker] = append(lane, s)
	}
	if len(byLane) > workers && v.GivesUp == "" {
		t.Errorf("%d lanes for %d workers", len(byLane), workers)
	}
	for lane := range byLane {
		if lane < 0 || lane >= len(byLane) {
			t.Errorf("lane %d of %d", lane, len(byLane))
		}
	}
	return byLane
}

func TestPoolmapTimelineOfItems(t *testing.T) {
	const n = mostItemSpans
	eachMap(t, func(t *testing.T, v *bench.Variant, workers int) {
		seen := make([]int, n)
		for _, lane := range drawnSpans(t, v, n, workers) {
			for _, s := range lane {
				i, err := strconv.Atoi(s.Label)
				if err != nil || i < 0 || i >= n {
					t.Fatalf("label %q", s.Label)
				}
				seen[i]++
			}
		}
		for i, times := range seen {
			if times != 1 {
				t.Errorf("item %d is drawn %d times", i, times)
			}
		}
	})
}

// Of more items than can be drawn one by one, spans of the leaf cover all, and
// the other variants draw batches.
func TestPoolmapTimelineOfMany(t *testing.T) {
	const n = 5 * mostItemSpans
	eachMap(t, func(t *testing.T, v *bench.Variant, workers int) {
		byLane := drawnSpans(t, v, n, workers)
		spans, covered := 0, 0
		for _, lane := range byLane {
			spans += len(lane)
			for _, s := range lane {
				var from, to int
				if _, err := fmt.Sscanf(s.Label, "%d–%d", &from, &to); err == nil {
					covered += to - from + 1
				} else if !strings.HasSuffix(s.Label, " …") {
					t.Errorf("label %q", s.Label)
				}
			}
		}
		if leaves := slices.Contains([]string{"sequential", "chunked"}, v.Name); leaves && covered != n || !leaves && covered != 0 {
			t.Errorf("leaves of %d of %d items are drawn", covered, n)
		}
		// A hundred whole batches, and as many that ended early in each lane
		// but the first.
		if most := 101 * max(len(byLane), 2); spans > most && v.Name != "chunked" {
			t.Errorf("%d spans in %d lanes, want at most %d", spans, len(byLane), most)
		}
	})
}

// A lane that nobody takes any more does not look busy.
func TestLanesEndIdleSpans(t *testing.T) {
	var now time.Duration
	timeline := bench.NewTimeline(func() time.Duration { now++; return now })
	l := &lanes{timeline: timeline}
	a, b := l.enter("a"), l.enter("b")
	l.leave(b, 3)
	l.leave(a, 3)
	for range 4 {
		l.leave(l.enter("more"), 3)
	}
	l.close()
	want := []bench.Span{
		{Worker: 0, Kind: bench.Work, Label: "a", Start: 1, End: 3},
		{Worker: 1, Kind: bench.Work, Label: "b", Start: 2, End: 5},
		{Worker: 0, Kind: bench.Work, Label: "more", Start: 4, End: 6},
	}
	if got := timeline.Spans(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
