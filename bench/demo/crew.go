package demo

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A crew runs the body of a trial in several goroutines and notes when each
// was in it.
type crew interface {
	run(body func(w int)) []span
	pinned() bool
}

// A span is when a goroutine was in the body.
type span struct{ from, to time.Duration }

// overlap reports whether any two of the spans have a moment in common.
func overlap(spans []span) bool {
	for i, a := range spans {
		for _, b := range spans[i+1:] {
			if a.from < b.to && b.from < a.to {
				return true
			}
		}
	}
	return false
}

var epoch = time.Now()

// timed calls the body of one worker.
func timed(body func(w int), w int, s *span) {
	s.from = time.Since(epoch)
	defer func() { s.to = time.Since(epoch) }() // a panic ends it, too
	body(w)
}

// A loose crew starts goroutines as anyone would.
type loose struct {
	workers int
	yield   bool // each gives way before it begins, so that all are there
}

func (c loose) pinned() bool { return false }

func (c loose) run(body func(w int)) []span {
	spans := make([]span, c.workers)
	var done sync.WaitGroup
	for w := range c.workers {
		done.Add(1)
		go func() {
			defer done.Done()
			if c.yield {
				runtime.Gosched()
			}
			timed(body, w, &spans[w])
		}()
	}
	done.Wait()
	return spans
}

// A hot crew has its workers on threads of their own, bound to cores of their
// own where the system allows it, and awake: a thread that has to be woken up
// comes 50 µs late, and by then the first is done. The caller is worker 0.
//
// A barrier alone does not do this, whether it yields or not: the system puts
// both threads on one core in up to nine trials of ten, where they never meet.
type hot struct {
	helpers []*helper
	allOwn  bool
}

// A helper is a goroutine that waits for work with open eyes.
type helper struct {
	w       int
	work    atomic.Pointer[job]
	arrived atomic.Bool
	gone    atomic.Bool // finished its part
	span    span
	_       [64]byte
}

type job struct {
	body func(w int)
	from *atomic.Bool // the start
}

// newHot makes a crew of the calling goroutine, which it binds to its thread,
// and helpers. They need a P each, and what watches over them one more.
func newHot(workers int) *hot {
	runtime.GOMAXPROCS(workers + 1)
	c := &hot{allOwn: pin(0, workers)}
	var ready sync.WaitGroup
	var mu sync.Mutex
	for w := 1; w < workers; w++ {
		h := &helper{w: w}
		c.helpers = append(c.helpers, h)
		ready.Add(1)
		go func() {
			own := pin(h.w, workers)
			mu.Lock()
			c.allOwn = c.allOwn && own
			mu.Unlock()
			ready.Done()
			h.serve()
		}()
	}
	ready.Wait()
	return c
}

func (c *hot) pinned() bool { return c.allOwn }

func (h *helper) serve() {
	for {
		j := h.work.Load()
		if j == nil {
			continue
		}
		h.work.Store(nil)
		h.arrived.Store(true)
		for !j.from.Load() {
		}
		timed(j.body, h.w, &h.span)
		h.gone.Store(true)
	}
}

func (c *hot) run(body func(w int)) []span {
	j := &job{body: body, from: new(atomic.Bool)}
	for _, h := range c.helpers {
		h.arrived.Store(false)
		h.gone.Store(false)
		h.work.Store(j)
	}
	for _, h := range c.helpers {
		for !h.arrived.Load() {
		}
	}
	spans := make([]span, 1+len(c.helpers))
	j.from.Store(true)
	timed(body, 0, &spans[0])
	for i, h := range c.helpers {
		for !h.gone.Load() {
		}
		spans[1+i] = h.span
	}
	return spans
}
