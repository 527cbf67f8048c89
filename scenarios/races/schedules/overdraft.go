package schedules

import (
	"strconv"

	"github.com/interleave-go/interleave/bench/explore"
)

// Overdraft is two withdrawals from an account that has enough for one.
var Overdraft = add(explore.Pattern{
	Name: "overdraft",
	Ways: []explore.Way{
		{Name: "plain", Body: withdraw(checkThenTake), Wrong: true},
		{Name: "mutex", Body: withdraw(wholeStep)},
		{Name: "locked-steps", Body: withdraw(lockedSteps), Wrong: true},
	},
})

// OverdraftLocked is the same where each step locks, and nothing holds them
// together.
var OverdraftLocked = add(explore.Pattern{
	Name: "overdraft-locked",
	Ways: []explore.Way{
		{Name: "locked-steps", Body: withdraw(lockedSteps), Wrong: true},
		{Name: "mutex", Body: withdraw(wholeStep)},
		{Name: "cas", Body: withdraw(takeByCAS)},
	},
})

// SharedErr is one failing call and one that succeeds, with one err for both.
var SharedErr = add(explore.Pattern{
	Name: "shared-err",
	Ways: []explore.Way{
		{Name: "captured", Body: sharedErr, Wrong: true},
		{Name: "own", Body: ownErr},
	},
})

const price = 100

type account struct {
	balance *explore.Int
	mu      *explore.Mutex
}

// withdraw is a body in which both threads try to take the price. The outcome
// is how many got it.
func withdraw(take func(th *explore.Thread, a account) bool) explore.Body {
	return func(t *explore.T) string {
		a := account{explore.NewInt(t, "balance", price), explore.NewMutex(t, "mu")}
		var paid [2]bool
		both(t, func(th *explore.Thread, i int) { paid[i] = take(th, a) })
		n := 0
		for _, p := range paid {
			if p {
				n++
			}
		}
		if n != 1 {
			t.Errorf("there was enough for one, and %d were paid", n)
		}
		return strconv.Itoa(n) + " paid, balance " + strconv.Itoa(a.balance.Value())
	}
}

func checkThenTake(th *explore.Thread, a account) bool {
	if a.balance.Load(th) < price {
		return false
	}
	b := a.balance.Load(th)
	a.balance.Store(th, b-price)
	return true
}

func wholeStep(th *explore.Thread, a account) bool {
	a.mu.Lock(th)
	defer a.mu.Unlock(th)
	return checkThenTake(th, a)
}

func lockedSteps(th *explore.Thread, a account) bool {
	a.mu.Lock(th)
	b := a.balance.Load(th)
	a.mu.Unlock(th)
	if b < price {
		return false
	}
	a.mu.Lock(th)
	b = a.balance.Load(th)
	a.balance.Store(th, b-price)
	a.mu.Unlock(th)
	return true
}

func takeByCAS(th *explore.Thread, a account) bool {
	for {
		b := a.balance.Load(th)
		if b < price {
			return false
		}
		if a.balance.CompareAndSwap(th, b, b-price) {
			return true
		}
	}
}

func sharedErr(t *explore.T) string {
	err := explore.NewVar(t, "err", "")
	return pay(t, func(th *explore.Thread, result string) string {
		err.Store(th, result)
		return err.Load(th)
	})
}

func ownErr(t *explore.T) string {
	return pay(t, func(th *explore.Thread, result string) string {
		err := explore.NewVar(t, th.Name()+"'s err", "")
		err.Store(th, result)
		return err.Load(th)
	})
}

// pay is two payments, of which A's fails. What each of them takes for its own
// error is the outcome.
func pay(t *explore.T, assign func(th *explore.Thread, result string) string) string {
	results := [2]string{"no money", ""}
	var noticed [2]string
	both(t, func(th *explore.Thread, i int) { noticed[i] = assign(th, results[i]) })
	if noticed[0] == "" {
		t.Errorf("A's failure is swallowed")
	}
	if noticed[1] != "" {
		t.Errorf("B takes A's failure for its own")
	}
	return "A: " + said(noticed[0]) + ", B: " + said(noticed[1])
}

func said(err string) string {
	if err == "" {
		return "ok"
	}
	return err
}
