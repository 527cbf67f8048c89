package origin

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// chunk is how much is sent at once over a limited line: at 3 MiB/s it takes
// 5 ms. Timers are good to about a millisecond, so much smaller chunks would
// all come late, and larger ones would no longer look like a stream.
const chunk = 16 << 10

// grace is how late a sender may be for the line to count as busy all the time.
// It is the timers that are late, not the network: without it one connection
// got 94 % of the bandwidth and thirty got 100, which looked like a gain.
const grace = 2 * time.Millisecond

// A line carries so many bytes per second, whoever sends them. Nobody sleeps
// for the length of a chunk: whoever has a chunk to send takes a lease on the
// line, which says when the chunk has passed it, and waits for that moment. A
// sleep for each chunk would add up what every timer is late by: at 1 ms for
// every 5 ms, a line of 3 MiB/s would carry 2.5.
type line struct {
	rate int64 // bytes per second, above 0
	mu   sync.Mutex
	free time.Time // when all that was leased will have passed
}

// newLine returns a line of the given bandwidth, nil for one without limit.
func newLine(rate int64) *line {
	if rate <= 0 {
		return nil
	}
	return &line{rate: rate}
}

// lease returns when n bytes, sent behind all that was leased before, will have
// passed the line. What is written at that moment and not before can never
// exceed the bandwidth since the line was idle last, so the time of a chunk is
// rounded up.
func (l *line) lease(n int) time.Time {
	if l == nil {
		return time.Time{}
	}
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.free) > grace {
		l.free = now
	}
	l.free = l.free.Add(time.Duration((int64(n)*int64(time.Second) + l.rate - 1) / l.rate))
	return l.free
}

// A route is the lines that a response passes: its connection's and the one
// that all share.
type route struct{ own, shared *line }

func (r route) limited() bool { return r.own != nil || r.shared != nil }

// lease returns when n bytes will have passed both lines.
func (r route) lease(n int) time.Time {
	own, shared := r.own.lease(n), r.shared.lease(n)
	if own.After(shared) {
		return own
	}
	return shared
}

// send writes the body over the route, and says of how many bytes to count.
//
// Each chunk is leased before the one ahead of it is waited for. Otherwise the
// line would stand idle from the deadline of a chunk to the moment at which
// its sender has woken up and asks again, which is up to a millisecond later.
func (r route) send(ctx context.Context, w http.ResponseWriter, body []byte, count func(int)) error {
	if !r.limited() {
		n, err := w.Write(body) // one call for all: this is on the measured time
		count(n)
		return err
	}
	flusher := http.NewResponseController(w)
	if err := flusher.Flush(); err != nil { // the header is there at once, the body takes its time
		return err
	}
	part, rest := split(body)
	due := r.lease(len(part))
	for len(part) > 0 {
		next, left := split(rest)
		nextDue := r.lease(len(next))
		if err := pause(ctx, time.Until(due)); err != nil {
			return err
		}
		n, err := w.Write(part)
		count(n)
		if err == nil {
			err = flusher.Flush()
		}
		if err != nil {
			return err
		}
		part, rest, due = next, left, nextDue
	}
	return nil
}

func split(body []byte) (part, rest []byte) {
	n := min(chunk, len(body))
	return body[:n], body[n:]
}

// pause waits, but not longer than the context lives.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
