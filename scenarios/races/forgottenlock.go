package races

import (
	"sync"

	"github.com/interleave-go/interleave/bench/demo"
)

// ForgottenLock locks in the writer only.
var ForgottenLock = add(demo.Demo{
	Name:   "forgotten-lock",
	Doc:    "The writer locks and the reader does not; a lock protects nothing from those who do not take it.",
	Racy:   demo.Way{Name: "writer-only", Doc: "a lock around the write alone", New: forgottenLock},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Many:   100_000,
	Fixes: []demo.Way{
		{Name: "mutex", Doc: "the reader takes the lock, too", New: bothLock},
	},
	Read: []string{uberRaces},
})

func forgottenLock(s demo.Setup) demo.Trial {
	var mu sync.Mutex
	var p point
	count := make([]torn, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if w == 0 {
					mu.Lock()
					p.x = i // race
					p.y = i // race
					mu.Unlock()
				} else if p.x != p.y { // race
					count[w].n++
				}
			}
		},
		Check: func() string { return seenTorn(s, count) },
	}
}

func bothLock(s demo.Setup) demo.Trial {
	var mu sync.Mutex
	var p point
	count := make([]torn, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if w == 0 {
					mu.Lock()
					p.x = i
					p.y = i
					mu.Unlock()
				} else {
					mu.Lock()
					if p.x != p.y {
						count[w].n++
					}
					mu.Unlock()
				}
			}
		},
		Check: func() string { return seenTorn(s, count) },
	}
}
