package scenarios

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/puzpuzpuz/xsync/v4"

	"github.com/interleave-go/interleave/bench"
)

// counterBatch is how many increments a worker does between two looks at the
// context: some milliseconds of the slowest variant, and so many that the look
// costs nothing.
const counterBatch = 1 << 16

// A tally is one way of counting. Its inner loop is in inc; the rest happens
// once in a trial.
type tally struct {
	begin func()              // before the workers start; nil for nothing
	inc   func(worker, n int) // one worker's next n increments
	merge func(worker int)    // a worker's last act; nil for nothing
	end   func()              // after the last worker; nil for nothing
	total func() int64        // what the counter says after Run
	loses bool                // the total is expected to fall short
}

// trial makes a trial of a way of counting: the workers of the setup do setup.N
// increments between them. The error is nil, for New to return.
func (t tally) trial(setup bench.Setup) (*bench.Trial, error) {
	team := bench.NewTeam(setup)
	return &bench.Trial{
		Run: func(ctx context.Context) error {
			if t.begin != nil {
				t.begin()
			}
			team.Run(func(worker int) {
				for left := team.Share(setup.N, worker); left > 0 && ctx.Err() == nil; left -= counterBatch {
					t.inc(worker, min(left, counterBatch))
				}
				if t.merge != nil {
					t.merge(worker)
				}
			})
			if t.end != nil {
				t.end()
			}
			setup.Printf("Final counter value: %d\n", t.total())
			return ctx.Err()
		},
		Verify: func() error { return checkTotal(t.total(), int64(setup.N)) },
		Metrics: func() map[string]float64 {
			metrics := make(map[string]float64)
			if setup.Workers > 1 && setup.Clock != nil {
				metrics["overlap"] = team.Overlap()
			}
			if t.loses {
				metrics["lost"] = float64(int64(setup.N) - t.total())
			}
			return metrics
		},
	}, nil
}

// checkTotal returns what is wrong with the total of n increments, or nil.
func checkTotal(total, n int64) error {
	switch {
	case total < n:
		return fmt.Errorf("total %d of %d: %d lost", total, n, n-total)
	case total > n:
		return fmt.Errorf("total %d of %d: %d too many", total, n, total-n)
	}
	return nil
}

// The words that are counted in stand on 128 bytes of their own: two cache
// lines of 64, since processors fetch lines in pairs. Otherwise a variant would
// be as fast as its neighbours on the heap allow.
type (
	cell struct {
		n int64
		_ [120]byte
	}
	atomicCell struct {
		n atomic.Int64
		_ [120]byte
	}
	mutexCell struct {
		mu sync.Mutex // in the cache line of what it guards
		n  int64
		_  [112]byte
	}
	rwMutexCell struct {
		mu sync.RWMutex
		n  int64
		_  [96]byte
	}
)

// The inner loops, one for each way of incrementing. They are functions of
// their own, and not inlined, so that all variants are compiled alike and a
// test can look at their machine code. They store through a pointer, since the
// compiler keeps a local variable in a register, and deletes a loop that only
// counts. Their parameters are of concrete types: with a sync.Locker, Lock and
// Unlock would not be inlined.

//go:noinline
func incPlain(word *int64, n int) {
	for range n {
		*word++
	}
}

//go:noinline
func incMutex(mu *sync.Mutex, word *int64, n int) {
	for range n {
		mu.Lock()
		*word++
		mu.Unlock()
	}
}

//go:noinline
func incRWMutex(mu *sync.RWMutex, word *int64, n int) {
	for range n {
		mu.Lock()
		*word++
		mu.Unlock()
	}
}

//go:noinline
func incAtomic(word *atomic.Int64, n int) {
	for range n {
		word.Add(1)
	}
}

//go:noinline
func incCAS(word *atomic.Int64, n int) {
	for range n {
		for {
			old := word.Load()
			if word.CompareAndSwap(old, old+1) {
				break
			}
		}
	}
}

//go:noinline
func incXsync(c *xsync.Counter, n int) {
	for range n {
		c.Inc()
	}
}

//go:noinline
func incChannel(messages chan<- struct{}, n int) {
	for range n {
		messages <- struct{}{}
	}
}

// incOwned is the other end of incChannel: it increments until the channel is
// closed.
//
//go:noinline
func incOwned(messages <-chan struct{}, word *int64) {
	for range messages {
		*word++
	}
}
