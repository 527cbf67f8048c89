package races

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// LostUpdate is where everyone begins: two goroutines and one counter.
var LostUpdate = add(demo.Demo{
	Name:   "lost-update",
	Doc:    "Two goroutines add to one number; each reads it before the other has written, and additions are lost.",
	Racy:   demo.Way{Name: "plain", Doc: "count++ without a lock", New: lostUpdate, Yield: lostUpdateYield},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Fixes: []demo.Way{
		{Name: "mutex", Doc: "a lock around the addition", New: addWithMutex, Yield: addWithMutexYield},
		{Name: "atomic", Doc: "one atomic addition", New: addWithAtomic},
		{Name: "own-part", Doc: "each goroutine counts for itself and adds its sum at the end", New: addOwnPart},
	},
	Wrong: []demo.Way{
		{Name: "load-store", Doc: "an atomic load, then an atomic store: each step is safe, the two together are not", New: loadThenStore, Yield: loadThenStoreYield, Unfixed: demo.LogicBug},
	},
	Read: []string{memoryModel, "https://go.dev/doc/articles/race_detector#Unprotected_global_variable"},
})

func lostUpdate(s demo.Setup) demo.Trial {
	count := 0
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				count++ // race
			}
		},
		Check: func() string { return demo.Expected("additions", s.Workers*s.N, count) },
	}
}

func lostUpdateYield(s demo.Setup) demo.Trial {
	count := 0
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				old := count // race
				runtime.Gosched()
				count = old + 1 // race
			}
		},
		Check: func() string { return demo.Expected("additions", s.Workers*s.N, count) },
	}
}

func addWithMutex(s demo.Setup) demo.Trial {
	var mu sync.Mutex
	count := 0
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				mu.Lock()
				count++
				mu.Unlock()
			}
		},
		Check: func() string { return demo.Expected("additions", s.Workers*s.N, count) },
	}
}

func addWithMutexYield(s demo.Setup) demo.Trial {
	var mu sync.Mutex
	count := 0
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				mu.Lock()
				old := count
				runtime.Gosched()
				count = old + 1
				mu.Unlock()
			}
		},
		Check: func() string { return demo.Expected("additions", s.Workers*s.N, count) },
	}
}

func addWithAtomic(s demo.Setup) demo.Trial {
	var count atomic.Int64
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				count.Add(1)
			}
		},
		Check: func() string { return demo.Expected("additions", s.Workers*s.N, int(count.Load())) },
	}
}

func addOwnPart(s demo.Setup) demo.Trial {
	var count atomic.Int64
	return demo.Trial{
		Body: func(int) {
			own := new(int64) // not a plain variable: the compiler would delete the loop
			for range s.N {
				bump(own)
			}
			count.Add(*own)
		},
		Check: func() string { return demo.Expected("additions", s.Workers*s.N, int(count.Load())) },
	}
}

//go:noinline
func bump(n *int64) { *n++ }
