package scenarios

import (
	"fmt"
	"runtime"
	"strconv"
	"sync"

	"github.com/interleave-go/interleave/bench"
)

// mostItemSpans is how many spans an eye can follow: a slice of more items is
// drawn in batches.
const mostItemSpans = 300

// drawn returns a grain that does the same work and draws it into a timeline,
// and a function that completes the drawing. The ways know nothing of it, and
// when there is no timeline nothing of it stands in their path. Up to
// mostItemSpans items are drawn each for itself, labelled with their place in
// the slice; of more, a span is what a call of the leaf did ("0–1249"), or
// where items come one by one, a hundredth of them, labelled with the first
// ("1200 …").
func drawn(g *grain, timeline *bench.Timeline) (*grain, func()) {
	l := &lanes{timeline: timeline}
	d := &grain{items: g.items, time: g.time, input: g.input, answer: g.answer}
	single := g.items <= mostItemSpans
	batch, more := 1, ""
	if !single {
		batch, more = g.items/100, " …"
	}
	d.item = func(x uint64) uint64 {
		at := l.enter(place(x) + more)
		defer l.leave(at, batch)
		return g.item(x)
	}
	d.leaf = leafOf(d.item)
	if !single {
		d.leaf = func(in, out []uint64) {
			at := l.enter(fmt.Sprintf("%s–%s", place(in[0]), place(in[len(in)-1])))
			defer l.leave(at, 1)
			g.leaf(in, out)
		}
	}
	return d, l.close
}

// place returns where in the slice an input stands.
func place(x uint64) string { return strconv.Itoa(int(uint32(x))) }

// lanes are the lines of a timeline. Whoever begins an item takes the first
// lane that is free, so there are as many as items were in work at once. A lane
// for each goroutine would be true to the word, but with a goroutine for each
// item nobody could read it, and the peers do not say which of their
// goroutines it is.
type lanes struct {
	timeline *bench.Timeline

	mu      sync.Mutex
	all     []*lane
	entered int // how often, into all lanes
}

type lane struct {
	busy  bool
	items int    // in the open span
	last  int    // lanes.entered when this lane was taken
	end   func() // ends the open span; nil if there is none
}

// enter takes a lane for a piece of work, and opens a span of that label unless
// the lane's span is still open.
func (l *lanes) enter(label string) *lane {
	l.lock()
	defer l.mu.Unlock()
	l.entered++
	for i := 0; ; i++ {
		if i == len(l.all) {
			l.all = append(l.all, new(lane))
		}
		if at := l.all[i]; !at.busy {
			at.busy, at.last = true, l.entered
			if at.end == nil {
				at.end = l.timeline.Span(i, bench.Work, label)
			}
			return at
		}
	}
}

// leave gives a lane back, and ends its span after so many pieces of work. It
// also ends those of lanes that nobody took while the others got so many: a
// span would seem to be work all along.
func (l *lanes) leave(at *lane, batch int) {
	l.lock()
	defer l.mu.Unlock()
	at.busy = false
	at.items++
	for _, other := range l.all {
		if other.items >= batch || !other.busy && l.entered-other.last >= batch {
			other.finish()
		}
	}
}

// close ends the spans that are open.
func (l *lanes) close() {
	l.lock()
	defer l.mu.Unlock()
	for _, at := range l.all {
		at.finish()
	}
}

// lock does not queue for the mutex: with a goroutine for each item that queue
// can be thousands long, and whoever stands in it to leave a lane would seem to
// be at work, each in a lane of its own. For the same reason it yields only
// when the holder must have lost its core.
func (l *lanes) lock() {
	for tries := 1; !l.mu.TryLock(); tries++ {
		if tries%1000 == 0 {
			runtime.Gosched()
		}
	}
}

func (at *lane) finish() {
	if at.end != nil {
		at.end()
		at.end, at.items = nil, 0
	}
}
