package races

import (
	"errors"
	"runtime"

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

// A ledger counts what one goroutine has noticed.
type ledger struct {
	failures int
	_        [120]byte
}

// swallowed says how many failures nobody noticed.
func swallowed(s demo.Setup, l []ledger) string {
	n := 0
	for i := range l {
		n += l[i].failures
	}
	if n == s.N {
		return ""
	}
	return demo.Expected("failures", s.N, n)
}

func sharedErr(s demo.Setup) demo.Trial {
	var err error
	ledgers := make([]ledger, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				err = pay(w)    // race
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
