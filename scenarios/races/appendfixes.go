package races

import (
	"runtime"
	"sync"

	"github.com/interleave-go/interleave/bench/demo"
)

// What is right instead, for both demonstrations of append.
var appendFixes = []demo.Way{
	{Name: "mutex", Doc: "a lock around the append", New: appendMutex, Yield: appendMutexYield},
	{Name: "by-index", Doc: "each goroutine writes to indices of its own", New: writeByIndex},
	{Name: "channel", Doc: "the results go to one goroutine, which appends them", New: appendOwned},
}

// Four bytes hold the element, so that a lost one shows in the length only.
type element = int32

func appendMutex(s demo.Setup) demo.Trial {
	var mu sync.Mutex
	all := make([]element, 0, s.Workers*s.N)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				mu.Lock()
				all = append(all, element(w))
				mu.Unlock()
			}
		},
		Check: func() string { return demo.Expected("elements", s.Workers*s.N, len(all)) },
	}
}

func appendMutexYield(s demo.Setup) demo.Trial {
	var mu sync.Mutex
	all := make([]element, 0, s.Workers*s.N)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				mu.Lock()
				old := all
				runtime.Gosched()
				all = append(old, element(w))
				mu.Unlock()
			}
		},
		Check: func() string { return demo.Expected("elements", s.Workers*s.N, len(all)) },
	}
}

func writeByIndex(s demo.Setup) demo.Trial {
	all := make([]element, s.Workers*s.N)
	return demo.Trial{
		Body: func(w int) {
			own := all[w*s.N : (w+1)*s.N]
			for i := range own {
				own[i] = element(w + 1)
			}
		},
		Check: func() string {
			n := 0
			for _, e := range all {
				if e != 0 {
					n++
				}
			}
			return demo.Expected("elements", len(all), n)
		},
	}
}

func appendOwned(s demo.Setup) demo.Trial {
	results := make(chan element, 64)
	all := make([]element, 0, s.Workers*s.N)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range s.Workers * s.N {
			all = append(all, <-results)
		}
	}()
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				results <- element(w)
			}
		},
		Check: func() string {
			<-done
			return demo.Expected("elements", s.Workers*s.N, len(all))
		},
	}
}
