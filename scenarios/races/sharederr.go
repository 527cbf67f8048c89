package races

import (
	"errors"
	"runtime"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// SharedErr captures the variable of the function around the goroutines.
var SharedErr = add(demo.Demo{
	Name:   "shared-err",
	Doc:    "Goroutines assign to the err of the function around them; one's success overwrites the other's failure.",
	Racy:   demo.Way{Name: "captured", Doc: "err = instead of err :=", New: sharedErr, Yield: sharedErrYield},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Fixes: []demo.Way{
		{Name: "own", Doc: "each goroutine has an err of its own", New: ownErr, Yield: ownErrYield},
	},
	Read: []string{uberRaces, "https://pkg.go.dev/golang.org/x/sync/errgroup"},
})

var errNoMoney = errors.New("no money")

// pay fails for one of the goroutines, always.
//
//go:noinline
func pay(w int) error {
	if w == 0 {
		return errNoMoney
	}
	return nil
}

// A ledger counts what one goroutine has done and noticed. That a call stands
// between the assignment of err and the question is not by chance: without one
// the compiler asks the register that it has just stored, and the bug hides.
type ledger struct {
	payments atomic.Int64
	failures int
	_        [112]byte
}

// swallowed says how many failures the goroutine that failed has not noticed,
// and how many others have taken for their own.
func swallowed(s demo.Setup, l []ledger) string {
	others := 0
	for i := range l[1:] {
		others += l[i+1].failures
	}
	if missed := s.N - l[0].failures; missed > 0 {
		return demo.Some(missed, s.N, "failures swallowed")
	}
	return demo.Some(others, s.N, "successes taken for failures")
}

func sharedErr(s demo.Setup) demo.Trial {
	var err error
	ledgers := make([]ledger, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				err = pay(w) // race
				ledgers[w].payments.Add(1)
				if err != nil { // race
					ledgers[w].failures++
				}
			}
		},
		Check: func() string { return swallowed(s, ledgers) },
	}
}

func sharedErrYield(s demo.Setup) demo.Trial {
	var err error
	ledgers := make([]ledger, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				err = pay(w) // race
				runtime.Gosched()
				if err != nil { // race
					ledgers[w].failures++
				}
			}
		},
		Check: func() string { return swallowed(s, ledgers) },
	}
}

func ownErr(s demo.Setup) demo.Trial {
	ledgers := make([]ledger, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				err := pay(w)
				ledgers[w].payments.Add(1)
				if err != nil {
					ledgers[w].failures++
				}
			}
		},
		Check: func() string { return swallowed(s, ledgers) },
	}
}

func ownErrYield(s demo.Setup) demo.Trial {
	ledgers := make([]ledger, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				err := pay(w)
				runtime.Gosched()
				if err != nil {
					ledgers[w].failures++
				}
			}
		},
		Check: func() string { return swallowed(s, ledgers) },
	}
}
