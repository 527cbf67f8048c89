package scenarios

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-go/interleave/bench"
)

// eachCounter calls f for every variant that is free of races, at each of its
// worker counts and at numbers of operations that do not divide evenly.
func eachCounter(t *testing.T, ns []int, f func(*testing.T, *bench.Trial, bench.Setup)) {
	clock := func() time.Duration { return 0 }
	for i := range Counter.Variants {
		v := &Counter.Variants[i]
		if v.Racy {
			continue // only ever in a process of its own
		}
		for _, workers := range Counter.WorkerCounts(v) {
			for _, n := range ns {
				t.Run(fmt.Sprintf("%s/workers=%d/n=%d", v.Name, workers, n), func(t *testing.T) {
					defer goleak.VerifyNone(t)
					setup := bench.Setup{Workers: workers, N: n, Clock: clock}
					trial, err := v.New(t.Context(), setup)
					if err != nil {
						t.Fatal(err)
					}
					f(t, trial, setup)
				})
			}
		}
	}
}

func TestCounterCounts(t *testing.T) {
	ns := []int{0, 1, 7, 1000, counterBatch + 1}
	eachCounter(t, ns, func(t *testing.T, trial *bench.Trial, setup bench.Setup) {
		if err := trial.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := trial.Verify(); err != nil {
			t.Error(err)
		}
		metrics := trial.Metrics()
		if _, ok := metrics["overlap"]; ok != (setup.Workers > 1) {
			t.Errorf("metrics %v with %d workers", metrics, setup.Workers)
		}
		if _, ok := metrics["lost"]; ok {
			t.Errorf("metrics %v of a variant that cannot lose increments", metrics)
		}
	})
}

func TestCounterWithCancelledContext(t *testing.T) {
	eachCounter(t, []int{math.MaxInt}, func(t *testing.T, trial *bench.Trial, _ bench.Setup) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := trial.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v, want the context's error", err)
		}
		if trial.Verify() == nil {
			t.Error("Verify accepts work that was not done")
		}
	})
}

// With so many increments to do, Run returns only because it was told to.
func TestCounterStopsWhenCancelled(t *testing.T) {
	eachCounter(t, []int{math.MaxInt}, func(t *testing.T, trial *bench.Trial, _ bench.Setup) {
		ctx, cancel := context.WithCancel(t.Context())
		stopped := make(chan error)
		go func() { stopped <- trial.Run(ctx) }()
		runtime.Gosched()
		cancel()
		if err := <-stopped; !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v, want the context's error", err)
		}
	})
}

func TestCounterVerify(t *testing.T) {
	for _, tt := range []struct {
		off  int
		want string
	}{
		{0, "<nil>"},
		{-1, "total 9 of 10: 1 lost"},
		{-10, "total 0 of 10: 10 lost"},
		{1, "total 11 of 10: 1 too many"},
	} {
		c := new(cell)
		trial, err := tally{
			inc:   func(_, n int) { incPlain(&c.n, n+tt.off) },
			total: func() int64 { return c.n },
			loses: true,
		}.trial(bench.Setup{Workers: 1, N: 10})
		if err != nil {
			t.Fatal(err)
		}
		if err := trial.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(trial.Verify()); got != tt.want {
			t.Errorf("Verify returned %q, want %q", got, tt.want)
		}
		if got := trial.Metrics()["lost"]; got != float64(-tt.off) {
			t.Errorf("%v increments lost, want %d", got, -tt.off)
		}
	}
}

type noLock struct{}

func (noLock) Lock()   {}
func (noLock) Unlock() {}

// The locks of the counters admit one goroutine at a time. That the same count
// finds more than one without a lock shows that it would find an intruder.
func TestCounterLocksAdmitOne(t *testing.T) {
	for _, tt := range []struct {
		name     string
		lock     sync.Locker
		patience int // how often a goroutine inside lets the others try
		want     func(int64) bool
	}{
		{"mutex", &new(mutexCell).mu, 50, func(most int64) bool { return most == 1 }},
		{"rwmutex", &new(rwMutexCell).mu, 50, func(most int64) bool { return most == 1 }},
		{"no lock", noLock{}, math.MaxInt, func(most int64) bool { return most > 1 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if most := mostInside(tt.lock, tt.patience); !tt.want(most) {
				t.Errorf("up to %d goroutines were inside at once", most)
			}
		})
	}
}

// mostInside sends eight goroutines through a section ten times each, and
// returns how many were inside at once at most. A goroutine stays until two
// have met inside, or its patience ends: without a lock two do meet sooner or
// later, however they are scheduled.
func mostInside(lock sync.Locker, patience int) int64 {
	var inside, most atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				lock.Lock()
				now := inside.Add(1)
				for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
				}
				for i := 0; i < patience && most.Load() < 2; i++ {
					runtime.Gosched()
				}
				inside.Add(-1)
				lock.Unlock()
			}
		})
	}
	all.Wait()
	return most.Load()
}
