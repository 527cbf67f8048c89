package races

import (
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// StoreBuffer gives a result that no order of the four steps can give.
var StoreBuffer = add(demo.Demo{
	Name:   "store-buffer",
	Doc:    "Each raises its flag and looks at the other's; both see none, as a store waits in a buffer while the load goes ahead.",
	Racy:   demo.Way{Name: "plain", Doc: "two plain words", New: storeBuffer},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Fixes: []demo.Way{
		{Name: "atomic", Doc: "the flags are atomics, which are sequentially consistent", New: storeBufferAtomic},
	},
	Read: []string{memoryModel, "https://research.swtch.com/hwmm"},
})

// flags are a flag of each goroutine, on lines of their own.
type flags struct {
	up [2]struct {
		plain int32
		atom  atomic.Int32
		_     [56]byte
	}
	saw [2]struct {
		other int32
		_     [60]byte
	}
}

// neither counts the rounds in which both saw no flag.
func neither(s demo.Setup, rounds []flags) string {
	n := 0
	for i := range rounds {
		if r := &rounds[i]; s.Workers >= 2 && r.saw[0].other == 0 && r.saw[1].other == 0 {
			n++
		}
	}
	return demo.Some(n, s.N, "rounds in which neither saw the other")
}

func storeBuffer(s demo.Setup) demo.Trial {
	rounds := make([]flags, s.N)
	return demo.Trial{
		Body: func(w int) {
			me, you := w%2, 1-w%2
			for i := range rounds {
				r := &rounds[i]
				r.up[me].plain = 1                // race
				r.saw[me].other = r.up[you].plain // race
			}
		},
		Check: func() string { return neither(s, rounds) },
	}
}

func storeBufferAtomic(s demo.Setup) demo.Trial {
	rounds := make([]flags, s.N)
	return demo.Trial{
		Body: func(w int) {
			if w >= 2 {
				return // the flags of two
			}
			me, you := w, 1-w
			for i := range rounds {
				r := &rounds[i]
				r.up[me].atom.Store(1)
				r.saw[me].other = r.up[you].atom.Load()
			}
		},
		Check: func() string { return neither(s, rounds) },
	}
}
