package explore

import (
	"fmt"
	"slices"
	"strconv"
)

// A Chan is a channel. To send, to receive and to close are steps, and so is to
// go on after an unbuffered send, which must wait for its receiver. There is
// no select but TryReceive.
type Chan[V any] struct {
	obj    Object
	size   int
	queue  []V        // sent and not received
	offers []offer[V] // of senders that wait for a receiver; unbuffered only
	closed bool
}

// An offer is a value that a sender holds out.
type offer[V any] struct {
	from  *Thread
	value V
}

// NewChan makes a channel with room for so many values.
func NewChan[V any](t *T, name string, size int) *Chan[V] {
	c := &Chan[V]{size: size}
	c.obj.register(t, name, c)
	return c
}

const (
	toSend gate = iota
	toBeTaken
	toReceive
)

const sendOnClosed = "send on closed channel"

// Send sends a value. As in Go, to send on a closed channel is a panic, also if
// it is closed while the sender waits.
func (c *Chan[V]) Send(th *Thread, value V) {
	th.step(op{verb: "send to", obj: &c.obj, reads: true, writes: true, wait: c, gate: toSend})
	if c.closed {
		panic(sendOnClosed)
	}
	if th.t.trace != nil {
		th.note("%v", value)
	}
	if c.size > 0 {
		c.queue = append(c.queue, value)
		return
	}
	c.offers = append(c.offers, offer[V]{th, value})
	th.step(op{verb: "sent to", obj: &c.obj, reads: true, writes: true, wait: c, gate: toBeTaken})
	if c.offered(th) {
		panic(sendOnClosed)
	}
}

// Receive takes the next value, and reports whether there was one: of a channel
// that is closed and empty it returns the zero value and false.
func (c *Chan[V]) Receive(th *Thread) (value V, ok bool) {
	th.step(op{verb: "receive from", obj: &c.obj, reads: true, writes: true, wait: c, gate: toReceive})
	return c.receive(th)
}

func (c *Chan[V]) receive(th *Thread) (value V, ok bool) {
	switch {
	case len(c.queue) > 0:
		value, ok = c.queue[0], true
		c.queue = c.queue[1:]
	case !c.closed && len(c.offers) > 0:
		value, ok = c.offers[0].value, true
		c.offers = c.offers[1:]
	}
	if th.t.trace != nil {
		if ok {
			th.note("%v", value)
		} else {
			th.note("closed")
		}
	}
	return value, ok
}

// TryReceive is a select with one receive and a default: it receives if that
// can be done at once, and reports whether it could.
func (c *Chan[V]) TryReceive(th *Thread) (value V, ok, could bool) {
	th.step(op{verb: "try to receive from", obj: &c.obj, reads: true, writes: true})
	if !c.closed && len(c.queue) == 0 && len(c.offers) == 0 {
		th.note("not now")
		return value, false, false
	}
	value, ok = c.receive(th)
	return value, ok, true
}

// Close closes the channel. As in Go, to do so twice is a panic.
func (c *Chan[V]) Close(th *Thread) {
	th.step(op{verb: "close", obj: &c.obj, reads: true, writes: true})
	if c.closed {
		panic("close of closed channel")
	}
	c.closed = true
}

// offered reports whether a sender's value is still not taken.
func (c *Chan[V]) offered(th *Thread) bool {
	return slices.ContainsFunc(c.offers, func(o offer[V]) bool { return o.from == th })
}

func (c *Chan[V]) ready(th *Thread) bool {
	switch th.pending.gate {
	case toSend:
		return c.closed || c.size == 0 || len(c.queue) < c.size
	case toBeTaken:
		return c.closed || !c.offered(th)
	}
	return c.closed || len(c.queue) > 0 || len(c.offers) > 0
}

func (c *Chan[V]) blocked(th *Thread) string {
	if th.pending.gate == toReceive {
		return "waits to receive from " + c.obj.name
	}
	return "waits to send to " + c.obj.name
}

func (c *Chan[V]) show() string {
	s := fmt.Sprint(c.values())
	if c.closed {
		s += " closed"
	}
	return s
}

func (c *Chan[V]) values() []V {
	values := slices.Clone(c.queue)
	for _, o := range c.offers {
		values = append(values, o.value)
	}
	return values
}

func (c *Chan[V]) append(key []byte) []byte {
	key = strconv.AppendBool(key, c.closed)
	for _, o := range c.offers {
		key = appendThread(append(key, ' '), o.from)
	}
	return appendValue(key, c.values())
}
