package races

import (
	"runtime"

	"github.com/interleave-go/interleave/bench/demo"
)

// AppendPreallocated is the same line with room to grow: nothing but elements
// can get lost.
var AppendPreallocated = add(demo.Demo{
	Name:   "append-with-room",
	Doc:    "Two goroutines append to one slice that has room for all; they write to the same place, and elements are lost.",
	Racy:   demo.Way{Name: "append", Doc: "s = append(s, x), with capacity for all", New: appendPreallocated, Yield: appendPreallocatedYield},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Many:   50_000,
	Fixes:  appendFixes[:2],
	Read:   []string{uberRaces, "https://go.dev/blog/slices-intro"},
})

func appendPreallocated(s demo.Setup) demo.Trial {
	all := make([]element, 0, s.Workers*s.N)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				all = append(all, element(w)) // race
			}
		},
		Check: func() string { return demo.Expected("elements", s.Workers*s.N, len(all)) },
	}
}

func appendPreallocatedYield(s demo.Setup) demo.Trial {
	all := make([]element, 0, s.Workers*s.N)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				old := all // race
				runtime.Gosched()
				all = append(old, element(w)) // race
			}
		},
		Check: func() string { return demo.Expected("elements", s.Workers*s.N, len(all)) },
	}
}
