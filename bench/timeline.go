package bench

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// A Timeline records who did what when, in a trial made for looking at and not
// for measuring. All methods accept a nil Timeline and then do nothing, so a
// variant can record without asking whether anybody wants to know.
type Timeline struct {
	clock func() time.Duration
	mu    sync.Mutex
	spans []Span
}

// A Span is one stretch of a worker's time, or with End equal to Start one
// moment.
type Span struct {
	Worker     int           `json:"worker"`
	Kind       string        `json:"kind"` // "work", "wait", "note", or a word of the scenario's own
	Label      string        `json:"label"`
	Start, End time.Duration // since the clock's zero
}

// The kinds of span that every scenario can use.
const (
	Work = "work" // computing
	Wait = "wait" // sleeping, waiting for a lock or for an answer
	Note = "note" // a moment worth a mark
)

// NewTimeline returns an empty timeline that reads the given clock.
func NewTimeline(clock func() time.Duration) *Timeline {
	return &Timeline{clock: clock}
}

// Span starts a span of a worker and returns the function that ends it.
func (t *Timeline) Span(worker int, kind, label string) (end func()) {
	if t == nil {
		return func() {}
	}
	start := t.clock()
	return func() {
		t.add(Span{Worker: worker, Kind: kind, Label: label, Start: start, End: t.clock()})
	}
}

// Mark records a moment of a worker.
func (t *Timeline) Mark(worker int, label string) {
	if t == nil {
		return
	}
	now := t.clock()
	t.add(Span{Worker: worker, Kind: Note, Label: label, Start: now, End: now})
}

// Spans returns what was recorded, in order of start, then worker.
func (t *Timeline) Spans() []Span {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	spans := slices.Clone(t.spans)
	slices.SortStableFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Worker, b.Worker))
	})
	return spans
}

func (t *Timeline) add(s Span) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.spans = append(t.spans, s)
}
