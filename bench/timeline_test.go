package bench_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
)

func TestNilTimeline(t *testing.T) {
	var timeline *bench.Timeline
	timeline.Span(0, bench.Work, "a")()
	timeline.Mark(0, "b")
	if spans := timeline.Spans(); spans != nil {
		t.Errorf("a nil timeline recorded %v", spans)
	}
}

func TestTimeline(t *testing.T) {
	var now time.Duration
	timeline := bench.NewTimeline(func() time.Duration { return now })
	endLong := timeline.Span(2, bench.Work, "long")
	endOther := timeline.Span(1, bench.Wait, "other")
	now = 3
	timeline.Mark(0, "mark")
	endOther()
	endShort := timeline.Span(1, bench.Work, "short")
	now = 5
	endShort()
	endLong()
	want := []bench.Span{ // in order of start, then worker, whichever ended first
		{Worker: 1, Kind: bench.Wait, Label: "other", Start: 0, End: 3},
		{Worker: 2, Kind: bench.Work, Label: "long", Start: 0, End: 5},
		{Worker: 0, Kind: bench.Note, Label: "mark", Start: 3, End: 3},
		{Worker: 1, Kind: bench.Work, Label: "short", Start: 3, End: 5},
	}
	if got := timeline.Spans(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	timeline.Spans()[0].Label = "changed"
	if got := timeline.Spans(); !slices.Equal(got, want) {
		t.Error("the spans that a caller gets are the timeline's own")
	}
}

func TestTimelineFromManyGoroutines(t *testing.T) {
	timeline := bench.NewTimeline(func() time.Duration { return 0 })
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for range 100 {
				timeline.Span(w, bench.Work, "")()
			}
		})
	}
	all.Wait()
	if got := len(timeline.Spans()); got != 800 {
		t.Errorf("%d spans, want 800", got)
	}
}
