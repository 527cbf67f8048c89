package races

import (
	"sync"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// Values of more than one word are written word by word, and a reader may get
// one word of the old value and one of the new.
const tornRead = memoryModel + "#restrictions"

// torn counts what worker w, a reader, has seen. It is not shared.
type torn = stale

// seenTorn says how many of the values that were read never existed.
func seenTorn(s demo.Setup, count []torn) string {
	n := 0
	for _, c := range count {
		n += c.n
	}
	return demo.Some(n, s.N, "values read that nobody wrote")
}

// TornStruct is two words that belong together.
var TornStruct = add(demo.Demo{
	Name:   "torn-struct",
	Doc:    "A struct of two words is written while it is read; the reader gets one old word and one new.",
	Racy:   demo.Way{Name: "plain", Doc: "a struct that is assigned and read", New: tornStruct},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Many:   100_000,
	Fixes: []demo.Way{
		{Name: "mutex", Doc: "a lock around each write and read", New: structMutex},
		{Name: "copy", Doc: "each write makes a new struct and publishes a pointer to it", New: structPointer},
	},
	Read: []string{tornRead},
})

type point struct{ x, y int }

func tornStruct(s demo.Setup) demo.Trial {
	var p point
	count := make([]torn, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if w == 0 {
					p = point{i, i} // race
				} else if p.x != p.y { // race
					count[w].n++
				}
			}
		},
		Check: func() string { return seenTorn(s, count) },
	}
}

func structMutex(s demo.Setup) demo.Trial {
	var mu sync.Mutex
	var p point
	count := make([]torn, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				mu.Lock()
				if w == 0 {
					p = point{i, i}
				} else if p.x != p.y {
					count[w].n++
				}
				mu.Unlock()
			}
		},
		Check: func() string { return seenTorn(s, count) },
	}
}

func structPointer(s demo.Setup) demo.Trial {
	var p atomic.Pointer[point]
	p.Store(new(point))
	count := make([]torn, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if w == 0 {
					p.Store(&point{i, i})
				} else if q := p.Load(); q.x != q.y {
					count[w].n++
				}
			}
		},
		Check: func() string { return seenTorn(s, count) },
	}
}
