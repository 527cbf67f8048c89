package races

import (
	"runtime"
	"sync"

	"github.com/interleave-go/interleave/bench/demo"
)

// Overdraft is check-then-act: what was checked is no longer true when it is
// acted on.
var Overdraft = add(demo.Demo{
	Name:   "overdraft",
	Doc:    "Two withdrawals both see enough money in the account before either takes it, and both are paid.",
	Racy:   demo.Way{Name: "plain", Doc: "if the balance is enough, take it", New: overdraft, Yield: overdraftYield},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Fixes: []demo.Way{
		{Name: "mutex", Doc: "one lock around the check and the act", New: overdraftMutex, Yield: overdraftMutexYield},
	},
	Wrong: []demo.Way{
		{Name: "locked-steps", Doc: "a lock around each step, and none around both", New: lockedSteps, Yield: lockedStepsYield, Unfixed: demo.LogicBug},
	},
	Read: []string{"https://cwe.mitre.org/data/definitions/367.html", uberRaces},
})

const price = 100

// An account holds money.
type account struct {
	mu      sync.Mutex
	balance int
}

// A till is what one goroutine has paid out.
type till struct {
	paid int
	_    [120]byte
}

// overpaid says by how many withdrawals more was paid than there was money
// for.
func overpaid(s demo.Setup, tills []till) string {
	paid := 0
	for _, t := range tills {
		paid += t.paid
	}
	return demo.Expected("withdrawals", s.N, paid/price)
}

func overdraft(s demo.Setup) demo.Trial {
	a := &account{balance: s.N * price}
	tills := make([]till, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				if a.balance >= price { // race
					a.balance -= price // race
					tills[w].paid += price
				}
			}
		},
		Check: func() string { return overpaid(s, tills) },
	}
}

func overdraftYield(s demo.Setup) demo.Trial {
	a := &account{balance: s.N * price}
	tills := make([]till, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				if a.balance >= price { // race
					runtime.Gosched()
					a.balance -= price // race
					tills[w].paid += price
				}
			}
		},
		Check: func() string { return overpaid(s, tills) },
	}
}

func overdraftMutex(s demo.Setup) demo.Trial {
	a := &account{balance: s.N * price}
	tills := make([]till, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				a.mu.Lock()
				if a.balance >= price {
					a.balance -= price
					tills[w].paid += price
				}
				a.mu.Unlock()
			}
		},
		Check: func() string { return overpaid(s, tills) },
	}
}

func overdraftMutexYield(s demo.Setup) demo.Trial {
	a := &account{balance: s.N * price}
	tills := make([]till, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				a.mu.Lock()
				if a.balance >= price {
					runtime.Gosched()
					a.balance -= price
					tills[w].paid += price
				}
				a.mu.Unlock()
			}
		},
		Check: func() string { return overpaid(s, tills) },
	}
}
