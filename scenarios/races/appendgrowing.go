package races

import (
	"runtime"

	"github.com/interleave-go/interleave/bench/demo"
)

// AppendGrowing appends without a lock.
var AppendGrowing = add(demo.Demo{
	Name:   "append-growing",
	Doc:    "Two goroutines append to one slice; elements are lost, and pointer and length of two growths may get mixed up.",
	Racy:   demo.Way{Name: "append", Doc: "s = append(s, x)", New: appendGrowing, Yield: appendGrowingYield},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Fixes:  appendFixes,
	Read:   []string{uberRaces, "https://go.dev/blog/slices-intro"},
})

func appendGrowing(s demo.Setup) demo.Trial {
	var all []element
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				all = append(all, element(w)) // race
			}
		},
		Check: func() string { return demo.Expected("elements", s.Workers*s.N, len(all)) },
	}
}

func appendGrowingYield(s demo.Setup) demo.Trial {
	var all []element
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
