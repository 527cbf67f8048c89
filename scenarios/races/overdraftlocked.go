package races

import (
	"runtime"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// OverdraftLocked locks, and is wrong all the same.
var OverdraftLocked = add(demo.Demo{
	Name:   "overdraft-locked",
	Doc:    "The balance is read under a lock and changed under a lock, but the lock is open between the two.",
	Racy:   demo.Way{Name: "locked-steps", Doc: "two methods that lock, called one after the other", New: lockedSteps, Yield: lockedStepsYield},
	Expect: demo.Expectation{Kind: demo.LogicBug, Detector: demo.Never},
	Fixes: []demo.Way{
		{Name: "mutex", Doc: "one lock around the check and the act", New: wholeStep, Yield: wholeStepYield},
		{Name: "cas", Doc: "the balance is an atomic, taken by compare and swap", New: overdraftCAS, Yield: overdraftCASYield},
	},
	Read: []string{"https://cwe.mitre.org/data/definitions/367.html", uberRaces},
})

// bank makes accounts with enough for one withdrawal each, and a till for each
// worker. One account would be empty once, and have one moment for the bug.
func bank(s demo.Setup) ([]account, []till) {
	accounts := make([]account, s.N)
	for i := range accounts {
		accounts[i].balance = price
	}
	return accounts, make([]till, s.Workers)
}

func (a *account) Balance() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

func (a *account) Take(amount int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance -= amount
}

func lockedSteps(s demo.Setup) demo.Trial {
	accounts, tills := bank(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range accounts {
				a := &accounts[i]
				if a.Balance() >= price { // race: not of data, but of the steps
					a.Take(price)
					tills[w].paid += price
				}
			}
		},
		Check: func() string { return overpaid(s, tills) },
	}
}

func lockedStepsYield(s demo.Setup) demo.Trial {
	accounts, tills := bank(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range accounts {
				a := &accounts[i]
				if a.Balance() >= price {
					runtime.Gosched()
					a.Take(price)
					tills[w].paid += price
				}
			}
		},
		Check: func() string { return overpaid(s, tills) },
	}
}

func wholeStep(s demo.Setup) demo.Trial {
	accounts, tills := bank(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range accounts {
				a := &accounts[i]
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

func wholeStepYield(s demo.Setup) demo.Trial {
	accounts, tills := bank(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range accounts {
				a := &accounts[i]
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

// balances makes n atomic accounts and a till for each worker.
func balances(s demo.Setup) ([]atomic.Int64, []till) {
	accounts := make([]atomic.Int64, s.N)
	for i := range accounts {
		accounts[i].Store(price)
	}
	return accounts, make([]till, s.Workers)
}

func overdraftCAS(s demo.Setup) demo.Trial {
	accounts, tills := balances(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range accounts {
				a := &accounts[i]
				for old := a.Load(); old >= price; old = a.Load() {
					if a.CompareAndSwap(old, old-price) {
						tills[w].paid += price
						break
					}
				}
			}
		},
		Check: func() string { return overpaid(s, tills) },
	}
}

func overdraftCASYield(s demo.Setup) demo.Trial {
	accounts, tills := balances(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range accounts {
				a := &accounts[i]
				for old := a.Load(); old >= price; old = a.Load() {
					runtime.Gosched()
					if a.CompareAndSwap(old, old-price) {
						tills[w].paid += price
						break
					}
				}
			}
		},
		Check: func() string { return overpaid(s, tills) },
	}
}
