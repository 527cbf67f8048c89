package races

import (
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// PlainFlag publishes data by a flag that orders nothing.
var PlainFlag = add(demo.Demo{
	Name: "plain-flag",
	Doc:  "Data is written, then a plain flag says that it is there; the reader may see the flag before the data.",
	Racy: demo.Way{Name: "bool", Doc: "a bool beside the data", New: plainFlag},
	Expect: demo.Expectation{
		Kind: demo.DataRace, Detector: demo.Always,
		HiddenOn: []string{"amd64", "386"},
		Hidden:   "memory order: this processor keeps stores in order, and the compiler does too; arm64 does not",
	},
	Fixes: []demo.Way{
		{Name: "atomic", Doc: "the flag is an atomic.Bool", New: atomicFlag},
		{Name: "channel", Doc: "a channel is closed when the data is there", New: closedFlag},
	},
	Read: []string{memoryModel},
})

// A parcel is data and the flag that says it is there.
type parcel struct {
	data  int
	ready bool
	atom  atomic.Bool
	done  chan struct{}
}

// stale counts what readers have seen too early, each for itself.
type stale struct {
	n int
	_ [120]byte
}

func plainFlag(s demo.Setup) demo.Trial {
	parcels := make([]parcel, s.N)
	early := make([]stale, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range parcels {
				p := &parcels[i]
				if w == 0 {
					p.data = 42    // race
					p.ready = true // race
				} else if p.ready && p.data != 42 { // race
					early[w].n++
				}
			}
		},
		Check: func() string { return tooEarly(s, early) },
	}
}

func atomicFlag(s demo.Setup) demo.Trial {
	parcels := make([]parcel, s.N)
	early := make([]stale, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range parcels {
				p := &parcels[i]
				if w == 0 {
					p.data = 42
					p.atom.Store(true)
				} else if p.atom.Load() && p.data != 42 {
					early[w].n++
				}
			}
		},
		Check: func() string { return tooEarly(s, early) },
	}
}

func closedFlag(s demo.Setup) demo.Trial {
	parcels := make([]parcel, s.N)
	for i := range parcels {
		parcels[i].done = make(chan struct{})
	}
	early := make([]stale, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for i := range parcels {
				p := &parcels[i]
				if w == 0 {
					p.data = 42
					close(p.done)
				} else if <-p.done; p.data != 42 {
					early[w].n++
				}
			}
		},
		Check: func() string { return tooEarly(s, early) },
	}
}

func tooEarly(s demo.Setup, early []stale) string {
	n := 0
	for _, e := range early {
		n += e.n
	}
	return demo.Some(n, s.N, "read before they were there")
}
