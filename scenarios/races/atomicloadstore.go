package races

import (
	"runtime"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// AtomicLoadStore has no data race, and loses as much.
var AtomicLoadStore = add(demo.Demo{
	Name:   "atomic-two-steps",
	Doc:    "A counter is made of atomics, but read in one step and written in the next; what others add between is lost.",
	Racy:   demo.Way{Name: "load-store", Doc: "Store(Load() + 1)", New: loadThenStore, Yield: loadThenStoreYield},
	Expect: demo.Expectation{Kind: demo.LogicBug, Detector: demo.Never},
	Fixes: []demo.Way{
		{Name: "add", Doc: "one atomic addition", New: addWithAtomic},
		{Name: "cas", Doc: "compare and swap, and try again when another came between", New: addWithCAS, Yield: addWithCASYield},
	},
	Read: []string{"https://pkg.go.dev/sync/atomic", memoryModel},
})

func loadThenStore(s demo.Setup) demo.Trial {
	var count atomic.Int64
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				count.Store(count.Load() + 1) // race: not of data, but of the steps
			}
		},
		Check: func() string { return demo.Expected("additions", s.Workers*s.N, int(count.Load())) },
	}
}

func loadThenStoreYield(s demo.Setup) demo.Trial {
	var count atomic.Int64
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				old := count.Load()
				runtime.Gosched()
				count.Store(old + 1)
			}
		},
		Check: func() string { return demo.Expected("additions", s.Workers*s.N, int(count.Load())) },
	}
}

func addWithCAS(s demo.Setup) demo.Trial {
	var count atomic.Int64
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				for old := count.Load(); !count.CompareAndSwap(old, old+1); old = count.Load() {
				}
			}
		},
		Check: func() string { return demo.Expected("additions", s.Workers*s.N, int(count.Load())) },
	}
}

func addWithCASYield(s demo.Setup) demo.Trial {
	var count atomic.Int64
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				for {
					old := count.Load()
					runtime.Gosched()
					if count.CompareAndSwap(old, old+1) {
						break
					}
				}
			}
		},
		Check: func() string { return demo.Expected("additions", s.Workers*s.N, int(count.Load())) },
	}
}
