package schedules

import (
	"fmt"
	"strconv"

	"github.com/interleave-go/interleave/bench/explore"
)

// LockOrder is two transfers in opposite directions.
var LockOrder = add(explore.Pattern{
	Name: "lock-order",
	Ways: []explore.Way{
		{Name: "a-b-b-a", Body: transfers(func(from, to, _ *explore.Mutex) []*explore.Mutex { return []*explore.Mutex{from, to} }, false), Wrong: true},
		{Name: "one-order", Body: transfers(func(from, to, _ *explore.Mutex) []*explore.Mutex { return []*explore.Mutex{from, to} }, true)},
		{Name: "one-lock", Body: transfers(func(_, _, one *explore.Mutex) []*explore.Mutex { return []*explore.Mutex{one} }, false)},
	},
})

// WaitGroupAdd waits for two goroutines that count themselves in.
var WaitGroupAdd = add(explore.Pattern{
	Name: "waitgroup-add",
	Ways: []explore.Way{
		{Name: "add-inside", Wrong: true, Body: group(func(th *explore.Thread, g *explore.WaitGroup, work func(*explore.Thread)) {
			th.Go("worker", func(th *explore.Thread) {
				g.Add(th, 1)
				work(th)
				g.Done(th)
			})
		})},
		{Name: "before", Body: group(func(th *explore.Thread, g *explore.WaitGroup, work func(*explore.Thread)) {
			g.Add(th, 1)
			th.Go("worker", func(th *explore.Thread) {
				work(th)
				g.Done(th)
			})
		})},
		{Name: "go", Body: group(func(th *explore.Thread, g *explore.WaitGroup, work func(*explore.Thread)) {
			g.Go(th, "worker", work)
		})},
	},
})

// transfers is a body in which A takes from x for y, and B from y for x.
func transfers(choose func(from, to, one *explore.Mutex) []*explore.Mutex, oneOrder bool) explore.Body {
	return func(t *explore.T) string {
		locks := [2]*explore.Mutex{explore.NewMutex(t, "x.mu"), explore.NewMutex(t, "y.mu")}
		one := explore.NewMutex(t, "mu")
		balances := [2]*explore.Int{explore.NewInt(t, "x", 0), explore.NewInt(t, "y", 0)}
		both(t, func(th *explore.Thread, i int) {
			first, second := locks[i], locks[1-i]
			if oneOrder {
				first, second = locks[0], locks[1]
			}
			for _, mu := range choose(first, second, one) {
				mu.Lock(th)
				defer mu.Unlock(th)
			}
			from, to := balances[i], balances[1-i]
			from.Store(th, from.Load(th)-1)
			to.Store(th, to.Load(th)+1)
		})
		if x, y := balances[0].Value(), balances[1].Value(); x != 0 || y != 0 {
			t.Errorf("x has %d and y %d, and both should have 0", x, y)
		}
		return "both transfers are made"
	}
}

// group is a body whose main thread starts two workers and waits for them. The
// outcome is how many are done when it goes on.
func group(start func(th *explore.Thread, g *explore.WaitGroup, work func(*explore.Thread))) explore.Body {
	return func(t *explore.T) string {
		g, done := explore.NewWaitGroup(t, "wg"), explore.NewInt(t, "done", 0)
		saw := 0
		t.Go("main", func(th *explore.Thread) {
			for range 2 {
				start(th, g, func(th *explore.Thread) { done.Add(th, 1) })
			}
			g.Wait(th)
			saw = done.Load(th)
		})
		t.Wait()
		if saw != 2 {
			t.Errorf("Wait returned when %d of 2 were done", saw)
		}
		return strconv.Itoa(saw)
	}
}

// DoubleClose is two goroutines that close a channel if it is still open.
var DoubleClose = add(explore.Pattern{
	Name: "double-close",
	Ways: []explore.Way{
		{Name: "select", Body: closing(askThenClose), Wrong: true},
		{Name: "once", Body: closing(func(th *explore.Thread, s stopper) {
			s.once.Do(th, func() { s.done.Close(th) })
		})},
		{Name: "mutex", Body: closing(func(th *explore.Thread, s stopper) {
			s.mu.Lock(th)
			defer s.mu.Unlock(th)
			askThenClose(th, s)
		})},
	},
})

// A stopper closes done when it is to stop.
type stopper struct {
	done *explore.Chan[int]
	once *explore.Once
	mu   *explore.Mutex
}

func closing(stop func(th *explore.Thread, s stopper)) explore.Body {
	return func(t *explore.T) string {
		s := stopper{explore.NewChan[int](t, "done", 0), explore.NewOnce(t, "once"), explore.NewMutex(t, "mu")}
		both(t, func(th *explore.Thread, _ int) { stop(th, s) })
		return "closed once"
	}
}

func askThenClose(th *explore.Thread, s stopper) {
	if _, _, closed := s.done.TryReceive(th); !closed {
		s.done.Close(th)
	}
}

// SendClosed is a sender of two values and a receiver that wants one.
var SendClosed = add(explore.Pattern{
	Name: "send-closed",
	Ways: []explore.Way{
		{Name: "close", Body: receiverCloses, Wrong: true},
		{Name: "owner", Body: senderCloses},
	},
})

func receiverCloses(t *explore.T) string {
	c := explore.NewChan[int](t, "c", 1)
	t.Go("sender", func(th *explore.Thread) {
		c.Send(th, 1)
		c.Send(th, 2)
	})
	t.Go("receiver", func(th *explore.Thread) {
		c.Receive(th)
		c.Close(th)
	})
	t.Wait()
	return "both sent"
}

func senderCloses(t *explore.T) string {
	c := explore.NewChan[int](t, "c", 1)
	t.Go("sender", func(th *explore.Thread) {
		c.Send(th, 1)
		c.Send(th, 2)
		c.Close(th)
	})
	t.Go("receiver", func(th *explore.Thread) {
		for ok := true; ok; {
			_, ok = c.Receive(th)
		}
	})
	t.Wait()
	return "both sent"
}

// Leak is a worker that answers, and a caller that does not wait long enough.
// Both take the same time, so it can go either way.
var Leak = add(explore.Pattern{
	Name: "goroutine-leak",
	Ways: []explore.Way{
		{Name: "unbuffered", Body: answer(0), Wrong: true},
		{Name: "buffer", Body: answer(1)},
	},
})

// answer is a body whose caller looks for the answer when its patience ends. A
// worker that waits for ever is a deadlock here, as nobody else is left.
func answer(room int) explore.Body {
	return func(t *explore.T) string {
		c := explore.NewChan[string](t, "answer", room)
		got := "gave up"
		t.Go("worker", func(th *explore.Thread) {
			th.Sleep(1)
			c.Send(th, "ok")
		})
		t.Go("caller", func(th *explore.Thread) {
			th.Sleep(1)
			if s, _, could := c.TryReceive(th); could {
				got = s
			}
		})
		t.Wait()
		return fmt.Sprintf("the caller: %s", got)
	}
}
