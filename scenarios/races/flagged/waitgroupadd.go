package flagged

import (
	"sync"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// WaitGroupAdd announces itself too late.
var WaitGroupAdd = demo.Demo{
	Name: "waitgroup-add",
	Doc:  "Each goroutine adds itself to the WaitGroup when it begins; Wait returns before, as it waits for nobody yet.",
	Racy: demo.Way{Name: "add-inside", Doc: "Add is the first line of the goroutine", New: addInside},
	Expect: demo.Expectation{
		Kind: demo.DataRace, Detector: demo.Sometimes, Vet: "waitgroup", OneCore: true,
	},
	Alone: true,
	Small: 5, Many: 100,
	Fixes: []demo.Way{
		{Name: "before", Doc: "Add stands before the go statement", New: addBefore},
		{Name: "go", Doc: "WaitGroup.Go adds, starts and finishes", New: addGo},
	},
	Read: []string{"https://pkg.go.dev/sync#WaitGroup.Go", "https://go.dev/issue/18022"},
}

func addInside(s demo.Setup) demo.Trial {
	var done sync.WaitGroup
	var finished atomic.Int64
	early := 0
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				go func() {
					done.Add(1) // race
					finished.Add(1)
					done.Done()
				}()
			}
			done.Wait() // race
			early = s.N - int(finished.Load())
		},
		Check: func() string { return demo.Some(early, s.N, "goroutines not waited for") },
	}
}

func addBefore(s demo.Setup) demo.Trial {
	var finished atomic.Int64
	return demo.Trial{
		Body: func(int) {
			var done sync.WaitGroup
			for range s.N {
				done.Add(1)
				go func() {
					finished.Add(1)
					done.Done()
				}()
			}
			done.Wait()
		},
		Check: func() string { return demo.Expected("goroutines", s.Workers*s.N, int(finished.Load())) },
	}
}

func addGo(s demo.Setup) demo.Trial {
	var finished atomic.Int64
	return demo.Trial{
		Body: func(int) {
			var done sync.WaitGroup
			for range s.N {
				done.Go(func() { finished.Add(1) })
			}
			done.Wait()
		},
		Check: func() string { return demo.Expected("goroutines", s.Workers*s.N, int(finished.Load())) },
	}
}
