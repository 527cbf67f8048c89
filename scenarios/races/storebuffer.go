package races

import (
	"runtime"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// StoreBuffer gives a result that no order of the four steps can give.
var StoreBuffer = add(demo.Demo{
	Name:   "store-buffer",
	Doc:    "Each raises its flag and looks at the other's; both see none, as a store waits in a buffer while the load goes ahead.",
	Racy:   demo.Way{Name: "plain", Doc: "two plain words", New: storeBuffer},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Many:   1000,
	Fixes: []demo.Way{
		{Name: "atomic", Doc: "the flags are atomics, which are sequentially consistent", New: storeBufferAtomic},
	},
	Read: []string{memoryModel, "https://research.swtch.com/hwmm"},
})

// A round has a flag of each goroutine, on lines of their own.
type round struct {
	up [2]struct {
		plain int32
		atom  atomic.Int32
		_     [56]byte
	}
}

// rounds makes the rounds, and for each goroutine what it saw of the other's
// flag in each. They are written to once: memory that is fetched from the
// system on the way would get the two out of step.
func rounds(s demo.Setup) (all []round, saw [2][]int32) {
	all = make([]round, s.N)
	saw = [2][]int32{make([]int32, s.N), make([]int32, s.N)}
	for i := range all {
		all[i].up[0].atom.Store(0)
		saw[0][i], saw[1][i] = 1, 1
	}
	return all, saw
}

// neither counts the rounds in which both saw no flag.
func neither(s demo.Setup, saw [2][]int32) string {
	n := 0
	for i := range saw[0] {
		if saw[0][i] == 0 && saw[1][i] == 0 {
			n++
		}
	}
	return demo.Some(n, s.N, "rounds in which neither saw the other")
}

// A meeting lets two goroutines begin each round together: without it they are
// soon out of step. It orders the rounds, and nothing within them.
type meeting struct {
	at [2]struct {
		round atomic.Int64
		_     [56]byte
	}
}

// wait returns when the other has come to the round, too.
func (m *meeting) wait(me, round int) {
	m.at[me].round.Store(int64(round) + 1)
	for spins := 0; m.at[1-me].round.Load() <= int64(round); spins++ {
		if spins > 1000 {
			runtime.Gosched() // it may need this core
		}
	}
}

func storeBuffer(s demo.Setup) demo.Trial {
	all, saw := rounds(s)
	meet := new(meeting)
	return demo.Trial{
		Body: func(w int) {
			me, you := w, 1-w
			for i := range all {
				r := &all[i]
				meet.wait(me, i)
				r.up[me].plain = 1           // race
				saw[me][i] = r.up[you].plain // race
			}
		},
		Check: func() string { return neither(s, saw) },
	}
}

func storeBufferAtomic(s demo.Setup) demo.Trial {
	all, saw := rounds(s)
	meet := new(meeting)
	return demo.Trial{
		Body: func(w int) {
			if w >= 2 {
				return // the flags are those of two
			}
			me, you := w, 1-w
			for i := range all {
				r := &all[i]
				if s.Workers > 1 && !s.Priced {
					meet.wait(me, i)
				}
				r.up[me].atom.Store(1)
				saw[me][i] = r.up[you].atom.Load()
			}
		},
		Check: func() string { return neither(s, saw) },
	}
}
