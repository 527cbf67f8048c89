package scenarios

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// How a slice is cut: a chunk is a part of what is left, so chunks shrink
// towards the end, where they decide how long the last worker keeps the others
// waiting. They shrink to single items, which costs little, as there are only
// some chunkParts of those for each worker.
//
// Equal chunks of n/16p end together only if items are alike, and with a share
// for each worker skewed items came to 1.30x on two cores. Parts of 4, 8 and 16
// came out alike (1.98x to 1.99x with items of 1 µs and more), 2 a hundredth
// below with skewed items. A worker looks at its context between two chunks
// only, so none is larger than it must be for items of 0.7 ns: at most 1024
// items gave 1.4x, 2048 1.55x, and 4096 or more 1.6x to 1.7x.
const (
	chunkParts = 8    // a chunk is this part of a worker's even share of what is left
	chunkMost  = 4096 // items
)

// chunkSize returns how many of the items left the next chunk takes.
func chunkSize(left, workers int) int {
	return max(1, min(left/(chunkParts*workers), chunkMost))
}

// mapChunked maps in to out with up to the given number of workers, of which
// the caller is one: leaf(in[i:j], out[i:j]) maps one chunk, and every item is
// in exactly one chunk. A leaf is a loop over two slices that the compiler sees
// whole; leafOf makes one from a function of an item.
//
// When the context is cancelled, no chunk is begun any more, and unless all are
// done the context's error is returned. A panic in leaf is raised in the
// caller, as an [*itemPanic], after all workers have ended.
func mapChunked[In, Out any](ctx context.Context, workers int, in []In, out []Out, leaf func(in []In, out []Out)) error {
	m := &chunks[In, Out]{
		ctx: ctx, workers: max(1, min(workers, len(in))),
		in: in, out: out[:len(in)], leaf: leaf,
	}
	return m.run()
}

// leafOf returns the loop that maps one item after the other with f.
func leafOf[In, Out any](f func(In) Out) func(in []In, out []Out) {
	return func(in []In, out []Out) {
		out = out[:len(in)]
		for i, x := range in {
			out[i] = f(x)
		}
	}
}

// chunks is a slice that is being mapped.
type chunks[In, Out any] struct {
	ctx      context.Context
	workers  int
	in       []In
	out      []Out
	leaf     func(in []In, out []Out)
	next     atomic.Int64 // the first item that nobody has taken; may pass the end
	panicked atomic.Pointer[itemPanic]
}

// run maps the slice.
func (m *chunks[In, Out]) run() error {
	var helpers sync.WaitGroup
	for range m.workers - 1 {
		helpers.Go(m.work)
	}
	func() {
		defer helpers.Wait() // even when a leaf ends the caller's goroutine
		m.work()
	}()
	if p := m.panicked.Load(); p != nil {
		panic(p)
	}
	if int(m.next.Load()) < len(m.in) {
		return m.ctx.Err()
	}
	return nil
}

// work takes chunks until none is left. The size is chosen by what was left a
// moment ago, and another worker may have taken some since: so chunks may be a
// little larger than chunkSize says, but none overlap, and one add suffices
// where a compare-and-swap would have to try again.
func (m *chunks[In, Out]) work() {
	returned := false
	defer func() {
		if !returned {
			m.next.Store(int64(len(m.in))) // no worker begins another chunk
			m.panicked.CompareAndSwap(nil, newItemPanic(recover()))
		}
	}()
	for n := len(m.in); m.ctx.Err() == nil; {
		left := n - int(m.next.Load())
		if left <= 0 {
			break
		}
		size := chunkSize(left, m.workers)
		end := int(m.next.Add(int64(size)))
		start := end - size
		if start >= n {
			break
		}
		end = min(end, n)
		m.leaf(m.in[start:end], m.out[start:end])
	}
	returned = true
}

// An itemPanic is a panic of an item, on its way to another goroutine: the
// stack at which it was raised would be lost otherwise.
type itemPanic struct {
	value any
	stack []byte
}

var errGoexit = errors.New("an item called runtime.Goexit, in a goroutine that is not its own")

// newItemPanic makes an itemPanic from what recover returned, which is nil only
// where there was no panic.
func newItemPanic(value any) *itemPanic {
	if value == nil {
		value = errGoexit
	}
	return &itemPanic{value, debug.Stack()}
}

func (p *itemPanic) Error() string {
	return fmt.Sprintf("%v\n\nthe stack of the item:\n%s", p.value, p.stack)
}

// Unwrap returns the value of the panic if that is an error.
func (p *itemPanic) Unwrap() error {
	err, _ := p.value.(error)
	return err
}
