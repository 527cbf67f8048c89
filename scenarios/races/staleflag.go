package races

import (
	"runtime"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// StaleFlag waits for ever.
var StaleFlag = add(demo.Demo{
	Name:   "stale-flag",
	Doc:    "A loop waits for a plain flag; the compiler reads the flag once, before the loop, and it never ends.",
	Racy:   demo.Way{Name: "bool", Doc: "a loop over a plain bool", New: staleFlag},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always, Hangs: true},
	Small:  1, Many: 1,
	Fixes: []demo.Way{
		{Name: "atomic", Doc: "the flag is an atomic.Bool", New: freshFlag},
		{Name: "channel", Doc: "a channel is closed instead", New: flagChannel},
	},
	Read: []string{memoryModel + "#badsync", "https://go.dev/issue/30339"},
})

func staleFlag(s demo.Setup) demo.Trial {
	done := false
	return demo.Trial{
		Body: func(w int) {
			if w == 0 {
				pause()
				done = true // race
				return
			}
			for f := done; !f; { // race
				f = done // race
			}
		},
		Check: func() string { return "" },
	}
}

// pause gives the other goroutine time to begin its loop: what is shown is a
// loop that does not see the flag change, and not a flag that was there first.
func pause() {
	for range 1000 {
		runtime.Gosched()
	}
}

func freshFlag(s demo.Setup) demo.Trial {
	done := make([]atomic.Bool, s.N)
	return demo.Trial{
		Body: func(w int) {
			for i := range done {
				if w == 0 {
					done[i].Store(true)
					continue
				}
				for !done[i].Load() {
					runtime.Gosched()
				}
			}
		},
		Check: func() string { return "" },
	}
}

func flagChannel(s demo.Setup) demo.Trial {
	done := make([]chan struct{}, s.N)
	for i := range done {
		done[i] = make(chan struct{})
	}
	return demo.Trial{
		Body: func(w int) {
			for i := range done {
				if w == 0 {
					close(done[i])
					continue
				}
				<-done[i]
			}
		},
		Check: func() string { return "" },
	}
}
