package scenarios

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

// upTo returns the numbers from 0 to n-1.
func upTo(n int) []int {
	in := make([]int, n)
	for i := range in {
		in[i] = i
	}
	return in
}

// The results are those of a loop, and every item is done once.
func TestMapChunked(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, n := range append(upTo(51), 1000) {
		in := upTo(n)
		want := make([]string, n)
		for i, x := range in {
			want[i] = strconv.Itoa(x)
		}
		for workers := -1; workers <= 9; workers++ {
			calls := make([]atomic.Int64, n)
			out := make([]string, n+1) // room for more does no harm
			err := mapChunked(t.Context(), workers, in, out, func(in []int, out []string) {
				if len(in) != len(out) || len(in) == 0 || len(in) > chunkMost {
					t.Errorf("n=%d workers=%d: a chunk of %d items and %d results", n, workers, len(in), len(out))
				}
				for i, x := range in {
					calls[x].Add(1)
					out[i] = strconv.Itoa(x)
				}
			})
			if err != nil || !slices.Equal(out[:n], want) || out[n] != "" {
				t.Fatalf("n=%d workers=%d: error %v, results %q", n, workers, err, out)
			}
			for i := range calls {
				if got := calls[i].Load(); got != 1 {
					t.Fatalf("n=%d workers=%d: item %d was done %d times", n, workers, i, got)
				}
			}
		}
	}
}

// The chunks of one worker after the other cover the slice, and shrink.
func TestChunkSize(t *testing.T) {
	for _, n := range []int{1, 2, 15, 16, 17, 31, 32, 200, 20_000, 1_000_000} {
		for _, workers := range []int{1, 2, 3, 8, 100} {
			var sizes []int
			for left := n; left > 0; {
				size := chunkSize(left, workers)
				if size < 1 || size > chunkMost || size > left {
					t.Fatalf("n=%d workers=%d: a chunk of %d of %d items", n, workers, size, left)
				}
				if len(sizes) > 0 && size > sizes[len(sizes)-1] {
					t.Errorf("n=%d workers=%d: a chunk of %d items after %v", n, workers, size, sizes)
				}
				sizes = append(sizes, size)
				left -= size
			}
			if last := min(n, chunkParts*workers); slices.Max(sizes[len(sizes)-last:]) > 1 {
				t.Errorf("n=%d workers=%d: the last chunks are %v, want single items", n, workers, sizes)
			}
			if first := max(1, min(n/(chunkParts*workers), chunkMost)); sizes[0] != first {
				t.Errorf("n=%d workers=%d: the first chunk is %d, want %d", n, workers, sizes[0], first)
			}
		}
	}
	// What a job of the scenario is cut into: few enough to be drawn.
	for n, want := range map[int]int{201: 63, 20_000: 135, 1_000_000: 382} {
		chunks := 0
		for left := n; left > 0; chunks++ {
			left -= chunkSize(left, 2)
		}
		if chunks != want {
			t.Errorf("%d items in %d chunks, want %d", n, chunks, want)
		}
	}
}

// As many workers as asked for are at work at once, if there are items enough:
// the leaves wait until all have met. The caller is one of them.
func TestMapChunkedWorkers(t *testing.T) {
	for _, tt := range []struct{ n, workers, want int }{
		{50, 1, 1}, {50, 2, 2}, {50, 9, 9}, {3, 8, 3}, {1, 8, 1}, {50, 0, 1},
	} {
		var inside, most atomic.Int64
		var caller atomic.Int64
		met := make(chan struct{})
		err := mapChunked(t.Context(), tt.workers, upTo(tt.n), make([]int, tt.n), func([]int, []int) {
			if !isHelper() {
				caller.Add(1)
			}
			now := inside.Add(1)
			defer inside.Add(-1)
			for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
			}
			if int(now) == tt.want {
				select {
				case <-met:
				default:
					close(met)
				}
			}
			<-met
		})
		if err != nil || int(most.Load()) != tt.want || caller.Load() == 0 {
			t.Errorf("%+v: up to %d workers, the caller took %d chunks, error %v", tt, most.Load(), caller.Load(), err)
		}
	}
}

// isHelper reports whether the goroutine was started by mapChunked.
func isHelper() bool { return strings.Contains(string(debug.Stack()), "WaitGroup") }

var errItem = errors.New("item 7")

func panickingItem(x int) int {
	if x == 7 {
		panic(errItem)
	}
	return x
}

func TestMapChunkedPanic(t *testing.T) {
	for workers := 1; workers <= 4; workers++ {
		for _, n := range []int{8, 20, 1000} {
			func() {
				defer goleak.VerifyNone(t)
				defer func() {
					p, ok := recover().(*itemPanic)
					switch {
					case !ok:
						t.Errorf("n=%d workers=%d: no panic in the caller", n, workers)
					case p.value != errItem || !errors.Is(p, errItem):
						t.Errorf("n=%d workers=%d: panic %v", n, workers, p.value)
					case !strings.HasPrefix(p.Error(), "item 7\n") || !strings.Contains(p.Error(), "panickingItem"):
						t.Errorf("n=%d workers=%d: the text does not show where the panic was: %s", n, workers, p)
					}
				}()
				err := mapChunked(t.Context(), workers, upTo(n), make([]int, n), leafOf(panickingItem))
				t.Errorf("n=%d workers=%d: returned %v", n, workers, err)
			}()
		}
	}
}

func TestItemPanicThatIsNoError(t *testing.T) {
	p := newItemPanic("a string")
	if p.value != "a string" || errors.Unwrap(p) != nil || !strings.HasPrefix(p.Error(), "a string\n") {
		t.Errorf("%v", p)
	}
}

// After a panic no chunk is begun: the other workers are inside one when it is
// raised, and find nothing left.
func TestMapChunkedPanicStopsTheRest(t *testing.T) {
	defer goleak.VerifyNone(t)
	const n, workers = 1000, 3
	var begun atomic.Int64
	raised := make(chan struct{})
	var all sync.WaitGroup
	all.Add(workers)
	defer func() {
		if p, ok := recover().(*itemPanic); !ok || p.value != "stop" {
			t.Errorf("recovered %v", p)
		}
		if got := begun.Load(); got != workers {
			t.Errorf("%d chunks were begun, want %d", got, workers)
		}
	}()
	m := &chunks[int, int]{ctx: t.Context(), workers: workers, in: upTo(n), out: make([]int, n)}
	m.leaf = func(in []int, _ []int) {
		begun.Add(1)
		all.Done()
		all.Wait()
		if in[0] == 0 {
			defer close(raised)
			panic("stop")
		}
		<-raised
		for int(m.next.Load()) < n {
			runtime.Gosched() // the panic is on its way
		}
	}
	m.run()
}

// A leaf may end its goroutine, as t.FailNow does. If that is the caller's, it
// ends when the helpers have; if it is a helper's, the caller panics rather
// than to return a slice with holes.
func TestMapChunkedGoexit(t *testing.T) {
	for _, helper := range []bool{false, true} {
		t.Run(fmt.Sprintf("helper=%v", helper), func(t *testing.T) {
			defer goleak.VerifyNone(t)
			ended := make(chan any)
			go func() {
				returned := false
				defer func() {
					if returned {
						t.Error("it returned")
					}
					ended <- recover()
				}()
				exits := make(chan struct{})
				mapChunked(t.Context(), 2, upTo(100), make([]int, 100), func([]int, []int) {
					if isHelper() == helper {
						close(exits)
						runtime.Goexit()
					}
					<-exits
				})
				returned = true
			}()
			p, _ := (<-ended).(error)
			if got := errors.Is(p, errGoexit); got != helper {
				t.Errorf("recovered %v", p)
			}
		})
	}
}

// A cancelled context is an error only where it left something undone.
func TestMapChunkedCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	const n = 100
	out := make([]int, n)
	plusOne := func(x int) int {
		if x == n-1 {
			cancel()
		}
		return x + 1
	}
	if err := mapChunked(ctx, 1, upTo(n), out, leafOf(plusOne)); err != nil || out[n-1] != n {
		t.Errorf("cancelled by the last item: error %v, last result %d", err, out[n-1])
	}
	if err := mapChunked(ctx, 1, upTo(n), out, leafOf(plusOne)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: error %v", err)
	}
	if err := mapChunked(ctx, 4, nil, out, leafOf(plusOne)); err != nil {
		t.Errorf("cancelled, but nothing to do: error %v", err)
	}
}
