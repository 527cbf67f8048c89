package flagged

import (
	"runtime"
	"sync"

	"github.com/interleave-go/interleave/bench/demo"
)

// MutexCopied locks a copy of the lock.
var MutexCopied = demo.Demo{
	Name: "mutex-copied",
	Doc:  "A method with a value receiver copies the mutex with the struct; everyone locks a lock of his own, and updates are lost.",
	Racy: demo.Way{Name: "value", Doc: "the receiver is the struct", New: mutexCopied, Yield: mutexCopiedYield},
	Expect: demo.Expectation{
		Kind: demo.DataRace, Detector: demo.Always, Vet: "copylocks",
	},
	Fixes: []demo.Way{
		{Name: "pointer", Doc: "the receiver is a pointer to the struct", New: mutexShared, Yield: mutexSharedYield},
	},
	Read: []string{"https://pkg.go.dev/sync#Mutex", "https://pkg.go.dev/cmd/vet"},
}

// A gauge counts.
type gauge struct {
	mu sync.Mutex
	n  *int
}

func (g gauge) add() {
	g.mu.Lock()
	*g.n++ // race
	g.mu.Unlock()
}

func (g gauge) addYield() {
	g.mu.Lock()
	old := *g.n // race
	runtime.Gosched()
	*g.n = old + 1 // race
	g.mu.Unlock()
}

func (g *gauge) addRight() {
	g.mu.Lock()
	*g.n++
	g.mu.Unlock()
}

func (g *gauge) addRightYield() {
	g.mu.Lock()
	old := *g.n
	runtime.Gosched()
	*g.n = old + 1
	g.mu.Unlock()
}

// counting makes a trial in which every goroutine adds N times.
func counting(s demo.Setup, g *gauge, add func()) demo.Trial {
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				add()
			}
		},
		Check: func() string { return demo.Expected("additions", s.Workers*s.N, *g.n) },
	}
}

func mutexCopied(s demo.Setup) demo.Trial {
	g := &gauge{n: new(int)}
	return counting(s, g, func() { g.add() })
}

func mutexCopiedYield(s demo.Setup) demo.Trial {
	g := &gauge{n: new(int)}
	return counting(s, g, func() { g.addYield() })
}

func mutexShared(s demo.Setup) demo.Trial {
	g := &gauge{n: new(int)}
	return counting(s, g, func() { g.addRight() })
}

func mutexSharedYield(s demo.Setup) demo.Trial {
	g := &gauge{n: new(int)}
	return counting(s, g, func() { g.addRightYield() })
}
