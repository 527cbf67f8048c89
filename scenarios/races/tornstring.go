package races

import (
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// TornString has the length of one text and the letters of another.
var TornString = add(demo.Demo{
	Name:   "torn-string",
	Doc:    "A string is a pointer and a length; a reader between the two stores reads beyond the end of the text.",
	Racy:   demo.Way{Name: "plain", Doc: "a string variable", New: tornString},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Many:   100_000,
	Fixes: []demo.Way{
		{Name: "atomic", Doc: "a pointer to the string, published whole", New: stringPointer},
	},
	Read: []string{tornRead},
})

var texts = [2]string{"a", "bbbbbbbbbbbbbbbb"}

// garbled reports whether a text begins like one and has the length of the
// other.
func garbled(v string) bool { return (v[0] == texts[1][0]) != (len(v) == len(texts[1])) }

func tornString(s demo.Setup) demo.Trial {
	value := texts[0]
	count := make([]torn, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if w == 0 {
					value = texts[i%2] // race
				} else if v := value; garbled(v) { // race
					count[w].n++
				}
			}
		},
		Check: func() string { return seenTorn(s, count) },
	}
}

func stringPointer(s demo.Setup) demo.Trial {
	var value atomic.Pointer[string]
	value.Store(&texts[0])
	count := make([]torn, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if w == 0 {
					value.Store(&texts[i%2])
				} else if garbled(*value.Load()) {
					count[w].n++
				}
			}
		},
		Check: func() string { return seenTorn(s, count) },
	}
}
