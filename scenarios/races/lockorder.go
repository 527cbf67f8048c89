package races

import (
	"runtime"
	"sync"

	"github.com/interleave-go/interleave/bench/demo"
)

// LockOrder takes two locks in two orders.
var LockOrder = add(demo.Demo{
	Name:   "lock-order",
	Doc:    "One goroutine locks A, then B, the other B, then A; each gets its first lock and waits for ever for the second.",
	Racy:   demo.Way{Name: "a-b-b-a", Doc: "each transfer locks the account that it takes from first", New: lockOrder, Yield: lockOrderYield},
	Expect: demo.Expectation{Kind: demo.LogicBug, Detector: demo.Never, Hangs: true},
	Fixes: []demo.Way{
		{Name: "one-order", Doc: "everybody locks A first", New: oneOrder, Yield: oneOrderYield},
		{Name: "one-lock", Doc: "one lock for both", New: oneLock, Yield: oneLockYield},
	},
	Read: []string{"https://pkg.go.dev/sync#Mutex", "https://en.wikipedia.org/wiki/Deadlock_(computer_science)#Necessary_conditions"},
})

// transfer takes from one account for the other.
func transfer(from, to *account, window func()) {
	from.mu.Lock()
	window()
	to.mu.Lock()
	from.balance--
	to.balance++
	to.mu.Unlock()
	from.mu.Unlock()
}

// balanced says whether money appeared or vanished.
func balanced(pair *[2]account) string {
	if sum := pair[0].balance + pair[1].balance; sum != 0 {
		return demo.Expected("coins", 0, sum)
	}
	return ""
}

func lockOrder(s demo.Setup) demo.Trial {
	var pair [2]account
	return demo.Trial{
		Body: func(w int) {
			from, to := &pair[w%2], &pair[1-w%2]
			for range s.N {
				from.mu.Lock() // race: not of data, but of the locks
				to.mu.Lock()   // race: not of data, but of the locks
				from.balance--
				to.balance++
				to.mu.Unlock()
				from.mu.Unlock()
			}
		},
		Check: func() string { return balanced(&pair) },
	}
}

func lockOrderYield(s demo.Setup) demo.Trial {
	var pair [2]account
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				transfer(&pair[w%2], &pair[1-w%2], runtime.Gosched)
			}
		},
		Check: func() string { return balanced(&pair) },
	}
}

func oneOrder(s demo.Setup) demo.Trial {
	var pair [2]account
	return demo.Trial{
		Body: func(w int) {
			from, to := &pair[w%2], &pair[1-w%2]
			for range s.N {
				pair[0].mu.Lock()
				pair[1].mu.Lock()
				from.balance--
				to.balance++
				pair[1].mu.Unlock()
				pair[0].mu.Unlock()
			}
		},
		Check: func() string { return balanced(&pair) },
	}
}

func oneOrderYield(s demo.Setup) demo.Trial {
	var pair [2]account
	return demo.Trial{
		Body: func(w int) {
			for range s.N {
				transfer(&pair[0], &pair[1], runtime.Gosched)
			}
		},
		Check: func() string { return balanced(&pair) },
	}
}

func oneLock(s demo.Setup) demo.Trial {
	var mu sync.Mutex
	var pair [2]account
	return demo.Trial{
		Body: func(w int) {
			from, to := &pair[w%2], &pair[1-w%2]
			for range s.N {
				mu.Lock()
				from.balance--
				to.balance++
				mu.Unlock()
			}
		},
		Check: func() string { return balanced(&pair) },
	}
}

func oneLockYield(s demo.Setup) demo.Trial {
	var mu sync.Mutex
	var pair [2]account
	return demo.Trial{
		Body: func(w int) {
			from, to := &pair[w%2], &pair[1-w%2]
			for range s.N {
				mu.Lock()
				from.balance--
				runtime.Gosched()
				to.balance++
				mu.Unlock()
			}
		},
		Check: func() string { return balanced(&pair) },
	}
}
