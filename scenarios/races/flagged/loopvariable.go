//go:build go1.21

// The line above makes the compiler treat this file as it was before Go 1.22,
// when all turns of a loop shared one variable.

package flagged

import (
	"sync"

	"github.com/interleave-go/interleave/bench/demo"
)

// LoopVariable is the race that Go 1.22 has abolished.
var LoopVariable = demo.Demo{
	Name: "loop-variable",
	Doc:  "Before Go 1.22 the turns of a loop share one variable; goroutines started in the loop see what it holds later.",
	Racy: demo.Way{Name: "captured", Doc: "the goroutine uses the variable of the loop", New: loopVariable},
	Expect: demo.Expectation{
		Kind: demo.DataRace, Detector: demo.Always, Vet: "loopclosure", OneCore: true,
	},
	Alone: true,
	Small: 5, Many: 100,
	Fixes: []demo.Way{
		{Name: "argument", Doc: "the goroutine gets the value as an argument; since Go 1.22 that is not needed", New: loopArgument},
	},
	Read: []string{"https://go.dev/blog/loopvar-preview", "https://go.dev/doc/faq#closures_and_goroutines"},
}

// visits counts how often each index was seen, under a lock.
type visits struct {
	mu    sync.Mutex
	times []int
}

func (v *visits) see(i int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if i < len(v.times) {
		v.times[i]++
	}
}

func (v *visits) check() string {
	never := 0
	for _, n := range v.times {
		if n == 0 {
			never++
		}
	}
	return demo.Some(never, len(v.times), "indices never visited")
}

func loopVariable(s demo.Setup) demo.Trial {
	seen := &visits{times: make([]int, s.N)}
	return demo.Trial{
		Body: func(int) {
			var done sync.WaitGroup
			done.Add(s.N)
			for i := 0; i < s.N; i++ { // race
				go func() {
					seen.see(i) // race
					done.Done()
				}()
			}
			done.Wait()
		},
		Check: seen.check,
	}
}

func loopArgument(s demo.Setup) demo.Trial {
	seen := &visits{times: make([]int, s.N)}
	return demo.Trial{
		Body: func(int) {
			var done sync.WaitGroup
			done.Add(s.N)
			for i := 0; i < s.N; i++ {
				go func(i int) {
					seen.see(i)
					done.Done()
				}(i)
			}
			done.Wait()
		},
		Check: seen.check,
	}
}
