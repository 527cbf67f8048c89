package races

import (
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// TornSlice has the length of one array and the pointer to another.
var TornSlice = add(demo.Demo{
	Name:   "torn-slice",
	Doc:    "A slice is a pointer and two lengths; a reader between the stores gets a length that its array does not have.",
	Racy:   demo.Way{Name: "plain", Doc: "a slice variable", New: tornSlice},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Many:   100_000,
	Fixes: []demo.Way{
		{Name: "atomic", Doc: "a pointer to the slice, published whole", New: slicePointer},
	},
	Read: []string{tornRead},
})

func tornSlice(s demo.Setup) demo.Trial {
	slices := [2][]byte{make([]byte, 1), make([]byte, 64)}
	value := slices[0]
	count := make([]torn, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if w == 0 {
					value = slices[i%2] // race
				} else if v := value; mixed(v, slices) { // race
					count[w].n++
				}
			}
		},
		Check: func() string { return seenTorn(s, count) },
	}
}

// mixed reports whether a slice has the array of one and the length of the
// other. It does not look into the array, which may be too short.
func mixed(v []byte, slices [2][]byte) bool {
	return (&v[0] == &slices[1][0]) != (len(v) == len(slices[1]))
}

func slicePointer(s demo.Setup) demo.Trial {
	slices := [2][]byte{make([]byte, 1), make([]byte, 64)}
	var value atomic.Pointer[[]byte]
	value.Store(&slices[0])
	count := make([]torn, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if w == 0 {
					value.Store(&slices[i%2])
				} else if mixed(*value.Load(), slices) {
					count[w].n++
				}
			}
		},
		Check: func() string { return seenTorn(s, count) },
	}
}
