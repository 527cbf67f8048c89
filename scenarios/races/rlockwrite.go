package races

import (
	"runtime"
	"sync"

	"github.com/interleave-go/interleave/bench/demo"
)

// RLockWrite takes the lock that lets everybody in.
var RLockWrite = add(demo.Demo{
	Name:   "rlock-write",
	Doc:    "A write under the read lock: the read lock lets any number in at once, and updates are lost.",
	Racy:   demo.Way{Name: "rlock", Doc: "RLock around a write", New: rlockWrite, Yield: rlockWriteYield},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Fixes: []demo.Way{
		{Name: "lock", Doc: "Lock around a write", New: lockWrite, Yield: lockWriteYield},
	},
	Read: []string{"https://pkg.go.dev/sync#RWMutex", uberRaces},
})

func rlockWrite(s demo.Setup) demo.Trial {
	var mu sync.RWMutex
	hits := 0
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				mu.RLock()
				hits++ // race
				mu.RUnlock()
			}
		},
		Check: func() string { return demo.Expected("hits", s.Workers*s.N, hits) },
	}
}

func rlockWriteYield(s demo.Setup) demo.Trial {
	var mu sync.RWMutex
	hits := 0
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				mu.RLock()
				old := hits // race
				runtime.Gosched()
				hits = old + 1 // race
				mu.RUnlock()
			}
		},
		Check: func() string { return demo.Expected("hits", s.Workers*s.N, hits) },
	}
}

func lockWrite(s demo.Setup) demo.Trial {
	var mu sync.RWMutex
	hits := 0
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				mu.Lock()
				hits++
				mu.Unlock()
			}
		},
		Check: func() string { return demo.Expected("hits", s.Workers*s.N, hits) },
	}
}

func lockWriteYield(s demo.Setup) demo.Trial {
	var mu sync.RWMutex
	hits := 0
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				mu.Lock()
				old := hits
				runtime.Gosched()
				hits = old + 1
				mu.Unlock()
			}
		},
		Check: func() string { return demo.Expected("hits", s.Workers*s.N, hits) },
	}
}
