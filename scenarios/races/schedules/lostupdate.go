package schedules

import (
	"context"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/explore"
)

// LostUpdate is two goroutines that each add one to a number three times.
// Three is the least at which the famous 2 can be seen to need four
// pre-emptions.
var LostUpdate = add(explore.Pattern{
	Name: "lost-update",
	Ways: []explore.Way{
		{Name: "plain", Body: increments(loadStore), Wrong: true},
		{Name: "mutex", Body: increments(locked)},
		{Name: "atomic", Body: increments(atomicAdd)},
		{Name: "own-part", Body: ownPart},
		{Name: "load-store", Body: increments(loadStore), Observe: observeLoadStore, Wrong: true},
	},
})

// AtomicTwoSteps is an atomic load and an atomic store. To the explorer every
// load and store is atomic, so it is the lost update over again: that is the
// lesson.
var AtomicTwoSteps = add(explore.Pattern{
	Name: "atomic-two-steps",
	Ways: []explore.Way{
		{Name: "load-store", Body: increments(loadStore), Observe: observeLoadStore, Wrong: true},
		{Name: "add", Body: increments(atomicAdd)},
		{Name: "cas", Body: increments(casLoop)},
	},
})

// RLockWrite adds under a read lock.
var RLockWrite = add(explore.Pattern{
	Name: "rlock-write",
	Ways: []explore.Way{
		{Name: "rlock", Body: underRWMutex((*explore.RWMutex).RLock, (*explore.RWMutex).RUnlock), Wrong: true},
		{Name: "lock", Body: underRWMutex((*explore.RWMutex).Lock, (*explore.RWMutex).Unlock)},
	},
})

// MutexCopied adds under a lock of which every method call has its own copy.
var MutexCopied = add(explore.Pattern{
	Name: "mutex-copied",
	Ways: []explore.Way{
		{Name: "value", Body: copiedMutex, Wrong: true},
		{Name: "pointer", Body: increments(locked)},
	},
})

const additions = 3 // of each goroutine

// increments is a body in which both threads add.
func increments(addOne func(th *explore.Thread, n *explore.Int, mu *explore.Mutex)) explore.Body {
	return func(t *explore.T) string {
		n, mu := explore.NewInt(t, "n", 0), explore.NewMutex(t, "mu")
		both(t, func(th *explore.Thread, _ int) {
			for range additions {
				addOne(th, n, mu)
			}
		})
		return total(t, n.Value(), 2*additions)
	}
}

// total is the outcome of a body that adds, wrong if anything is lost.
func total(t *explore.T, got, want int) string {
	if got != want {
		t.Errorf("%d additions, and %d were lost", want, want-got)
	}
	return strconv.Itoa(got)
}

func loadStore(th *explore.Thread, n *explore.Int, _ *explore.Mutex) {
	v := n.Load(th)
	n.Store(th, v+1)
}

// observeLoadStore does the same with atomics on real cores. That is no data
// race, and wrong all the same.
func observeLoadStore(ctx context.Context, trials int) (map[string]int, error) {
	seen := make(map[string]int)
	for range trials {
		var (
			n     atomic.Int64
			ready atomic.Int32
			tasks sync.WaitGroup
		)
		for range 2 {
			tasks.Go(func() {
				for ready.Add(1); ready.Load() < 2; { // start together
					runtime.Gosched()
				}
				for range additions {
					n.Store(n.Load() + 1)
				}
			})
		}
		tasks.Wait()
		seen[strconv.FormatInt(n.Load(), 10)]++
		if err := ctx.Err(); err != nil {
			return seen, err
		}
	}
	return seen, nil
}

func locked(th *explore.Thread, n *explore.Int, mu *explore.Mutex) {
	mu.Lock(th)
	defer mu.Unlock(th)
	loadStore(th, n, mu)
}

func atomicAdd(th *explore.Thread, n *explore.Int, _ *explore.Mutex) { n.Add(th, 1) }

func casLoop(th *explore.Thread, n *explore.Int, _ *explore.Mutex) {
	for {
		if v := n.Load(th); n.CompareAndSwap(th, v, v+1) {
			return
		}
	}
}

func ownPart(t *explore.T) string {
	n := explore.NewInt(t, "n", 0)
	both(t, func(th *explore.Thread, _ int) {
		own := 0
		for range additions {
			own++
		}
		n.Add(th, own)
	})
	return total(t, n.Value(), 2*additions)
}

func underRWMutex(lock, unlock func(*explore.RWMutex, *explore.Thread)) explore.Body {
	return func(t *explore.T) string {
		n, mu := explore.NewInt(t, "hits", 0), explore.NewRWMutex(t, "mu")
		both(t, func(th *explore.Thread, _ int) {
			lock(mu, th)
			loadStore(th, n, nil)
			unlock(mu, th)
		})
		return total(t, n.Value(), 2)
	}
}

func copiedMutex(t *explore.T) string {
	n := explore.NewInt(t, "n", 0)
	both(t, func(th *explore.Thread, _ int) {
		mu := explore.NewMutex(t, th.Name()+"'s copy of mu")
		locked(th, n, mu)
	})
	return total(t, n.Value(), 2)
}
