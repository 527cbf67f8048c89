package races

import (
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// TornInterface mixes the type of one value with the data of another.
var TornInterface = add(demo.Demo{
	Name:   "torn-interface",
	Doc:    "An interface is a type and a pointer; a reader between the two stores gets a value of the wrong type.",
	Racy:   demo.Way{Name: "any", Doc: "a variable of type any", New: tornInterface},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Many:   100_000,
	Fixes: []demo.Way{
		{Name: "atomic", Doc: "a pointer to the interface, published whole", New: interfacePointer},
	},
	Read: []string{tornRead, "https://research.swtch.com/gorace"},
})

// A pound and a euro hold different numbers, so that a value of one type with
// the data of the other shows.
type (
	pound struct{ n int }
	euro  struct{ n int }
)

const (
	poundN = 1
	euroN  = 2
)

// forged reports whether a value has the data of the other type.
func forged(v any) bool {
	switch v := v.(type) {
	case *pound:
		return v.n != poundN
	case *euro:
		return v.n != euroN
	}
	return false
}

func tornInterface(s demo.Setup) demo.Trial {
	values := [2]any{&pound{poundN}, &euro{euroN}}
	value := values[0]
	count := make([]torn, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if w == 0 {
					value = values[i%2] // race
				} else if forged(value) { // race
					count[w].n++
				}
			}
		},
		Check: func() string { return seenTorn(s, count) },
	}
}

func interfacePointer(s demo.Setup) demo.Trial {
	values := [2]any{&pound{poundN}, &euro{euroN}}
	var value atomic.Pointer[any]
	value.Store(&values[0])
	count := make([]torn, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if w == 0 {
					value.Store(&values[i%2])
				} else if forged(*value.Load()) {
					count[w].n++
				}
			}
		},
		Check: func() string { return seenTorn(s, count) },
	}
}
