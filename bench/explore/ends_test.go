package explore_test

import (
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/explore"
)

// TestOutcomes has a body for each way of ending, and for each thing that
// threads can wait for.
func TestOutcomes(t *testing.T) {
	type threads []func(th *explore.Thread)
	for _, tt := range []struct {
		name string
		make func(t *explore.T) threads
		want string // all outcomes
	}{
		{"nothing", func(t *explore.T) threads { return nil }, "ok"},
		{"no step", func(t *explore.T) threads { return threads{func(*explore.Thread) {}} }, "ok"},
		{"panic", func(t *explore.T) threads {
			return threads{func(th *explore.Thread) { th.Step("s", func() { panic("oops") }) }}
		}, "panic: oops"},
		{"real panic", func(t *explore.T) threads {
			return threads{func(th *explore.Thread) { list := []int{}; _ = list[len(th.Name())] }}
		}, "panic: runtime error: index out of range [1] with length 0"},
		{"lock twice", func(t *explore.T) threads {
			mu := explore.NewMutex(t, "mu")
			return threads{func(th *explore.Thread) { mu.Lock(th); mu.Lock(th) }}
		}, "deadlock: A waits to lock mu, held by A"},
		{"unlock twice", func(t *explore.T) threads {
			mu := explore.NewMutex(t, "mu")
			return threads{func(th *explore.Thread) { mu.Lock(th); mu.Unlock(th); mu.Unlock(th) }}
		}, "fatal error: sync: unlock of unlocked mutex"},
		{"lock order", func(t *explore.T) threads {
			a, b := explore.NewMutex(t, "a"), explore.NewMutex(t, "b")
			both := func(x, y *explore.Mutex) func(th *explore.Thread) {
				return func(th *explore.Thread) {
					x.Lock(th)
					defer x.Unlock(th)
					y.Lock(th)
					defer y.Unlock(th)
				}
			}
			return threads{both(a, b), both(b, a)}
		}, "ok | deadlock: A waits to lock b, held by B; B waits to lock a, held by A"},
		{"try lock", func(t *explore.T) threads {
			mu, n := explore.NewMutex(t, "mu"), explore.NewInt(t, "n", 0)
			try := func(th *explore.Thread) {
				if mu.TryLock(th) {
					if n.Add(th, 1) > 1 {
						th.Errorf("two have the lock")
					}
					n.Add(th, -1)
					mu.Unlock(th)
				}
			}
			return threads{try, try}
		}, "ok"},
		{"readers share", func(t *explore.T) threads {
			mu, n := explore.NewRWMutex(t, "mu"), explore.NewInt(t, "n", 0)
			read := func(th *explore.Thread) {
				mu.RLock(th)
				if n.Add(th, 1) == 2 {
					panic("two readers")
				}
				n.Add(th, -1)
				mu.RUnlock(th)
			}
			return threads{read, read}
		}, "ok | panic: two readers"},
		{"writer alone", func(t *explore.T) threads {
			mu, n := explore.NewRWMutex(t, "mu"), explore.NewInt(t, "n", 0)
			write := func(th *explore.Thread) {
				mu.Lock(th)
				if n.Add(th, 1) != 1 {
					th.Errorf("the writer is not alone")
				}
				n.Add(th, -1)
				mu.Unlock(th)
			}
			read := func(th *explore.Thread) {
				mu.RLock(th)
				if n.Add(th, 1) != 1 {
					th.Errorf("a reader beside the writer")
				}
				n.Add(th, -1)
				mu.RUnlock(th)
			}
			return threads{write, write, read}
		}, "ok"},
		{"read lock twice", func(t *explore.T) threads {
			mu := explore.NewRWMutex(t, "mu")
			return threads{
				func(th *explore.Thread) { mu.RLock(th); mu.RLock(th); mu.RUnlock(th); mu.RUnlock(th) },
				func(th *explore.Thread) { mu.Lock(th); mu.Unlock(th) },
			}
		}, "ok | deadlock: A waits to read-lock mu, for which B waits; B waits to lock mu, held by A"},
		{"unlock for reading", func(t *explore.T) threads {
			mu := explore.NewRWMutex(t, "mu")
			return threads{func(th *explore.Thread) { mu.RUnlock(th) }}
		}, "fatal error: sync: RUnlock of unlocked RWMutex"},
		{"unlock for writing", func(t *explore.T) threads {
			mu := explore.NewRWMutex(t, "mu")
			return threads{func(th *explore.Thread) { mu.RLock(th); mu.Unlock(th) }}
		}, "fatal error: sync: Unlock of unlocked RWMutex"},
		{"wait group", func(t *explore.T) threads {
			g, n := explore.NewWaitGroup(t, "g"), explore.NewInt(t, "n", 0)
			return threads{func(th *explore.Thread) {
				for range 2 {
					g.Go(th, "child", func(th *explore.Thread) { n.Add(th, 1) })
				}
				if g.Wait(th); n.Load(th) != 2 {
					th.Errorf("Wait returned early")
				}
			}}
		}, "ok"},
		{"negative wait group", func(t *explore.T) threads {
			g := explore.NewWaitGroup(t, "g")
			return threads{func(th *explore.Thread) { g.Done(th) }}
		}, "panic: sync: negative WaitGroup counter"},
		{"wait for nobody", func(t *explore.T) threads {
			g := explore.NewWaitGroup(t, "g")
			return threads{func(th *explore.Thread) { g.Add(th, 1); g.Wait(th) }}
		}, "deadlock: A waits for g, at 1"},
		{"once", func(t *explore.T) threads {
			o, n := explore.NewOnce(t, "o"), explore.NewInt(t, "n", 0)
			do := func(th *explore.Thread) {
				o.Do(th, func() { n.Add(th, 1) })
				if n.Load(th) != 1 {
					th.Errorf("Do returned before the call was over, or after two")
				}
			}
			return threads{do, do, do}
		}, "ok"},
		{"once within itself", func(t *explore.T) threads {
			o := explore.NewOnce(t, "o")
			return threads{func(th *explore.Thread) { o.Do(th, func() { o.Do(th, func() {}) }) }}
		}, "deadlock: A waits for o, which A runs"},
		{"buffered", func(t *explore.T) threads {
			c := explore.NewChan[int](t, "c", 2)
			return threads{
				func(th *explore.Thread) { c.Send(th, 1); c.Send(th, 2); c.Send(th, 3); c.Close(th) },
				func(th *explore.Thread) {
					for want := 1; want <= 4; want++ {
						if v, ok := c.Receive(th); v != want%4 || ok != (want < 4) {
							th.Errorf("received %d, %t", v, ok)
						}
					}
				},
			}
		}, "ok"},
		{"unbuffered", func(t *explore.T) threads {
			c, n := explore.NewChan[int](t, "c", 0), explore.NewInt(t, "n", 0)
			return threads{
				func(th *explore.Thread) {
					if c.Send(th, 7); n.Load(th) != 1 {
						th.Errorf("the sender did not wait")
					}
				},
				func(th *explore.Thread) {
					n.Store(th, 1)
					if v, ok := c.Receive(th); v != 7 || !ok {
						th.Errorf("received %d, %t", v, ok)
					}
				},
			}
		}, "ok"},
		{"try to receive", func(t *explore.T) threads {
			c := explore.NewChan[int](t, "c", 0)
			return threads{
				func(th *explore.Thread) { c.Send(th, 1); c.Close(th) },
				func(th *explore.Thread) {
					v, ok, could := c.TryReceive(th)
					if th.Sleep(1); !could {
						v, ok, could = c.TryReceive(th)
					}
					if v != 1 || !ok || !could {
						th.Errorf("received %d, %t, %t", v, ok, could)
					}
					th.Sleep(1)
					if v, ok, could := c.TryReceive(th); v != 0 || ok || !could {
						th.Errorf("after the end received %d, %t, %t", v, ok, could)
					}
				},
			}
		}, "ok"},
		{"nobody receives", func(t *explore.T) threads {
			c := explore.NewChan[int](t, "c", 0)
			return threads{func(th *explore.Thread) { c.Send(th, 1) }}
		}, "deadlock: A waits to send to c"},
		{"nobody sends", func(t *explore.T) threads {
			c := explore.NewChan[int](t, "c", 1)
			return threads{func(th *explore.Thread) { c.Receive(th) }}
		}, "deadlock: A waits to receive from c"},
		{"close twice", func(t *explore.T) threads {
			c := explore.NewChan[int](t, "c", 1)
			return threads{func(th *explore.Thread) { c.Close(th); c.Close(th) }}
		}, "panic: close of closed channel"},
		{"send on closed", func(t *explore.T) threads {
			c := explore.NewChan[int](t, "c", 1)
			return threads{func(th *explore.Thread) { c.Close(th); c.Send(th, 1) }}
		}, "panic: send on closed channel"},
		{"close under a sender", func(t *explore.T) threads {
			c := explore.NewChan[int](t, "c", 0)
			return threads{
				func(th *explore.Thread) { c.Send(th, 1) },
				func(th *explore.Thread) { c.Close(th) },
			}
		}, "panic: send on closed channel"},
		{"two senders", func(t *explore.T) threads {
			c := explore.NewChan[int](t, "c", 0)
			return threads{
				func(th *explore.Thread) { c.Send(th, 1) },
				func(th *explore.Thread) { c.Send(th, 2) },
				func(th *explore.Thread) {
					a, _ := c.Receive(th)
					if b, _ := c.Receive(th); a+b != 3 {
						th.Errorf("received %d and %d", a, b)
					}
				},
			}
		}, "ok"},
		{"receive from closed", func(t *explore.T) threads {
			c := explore.NewChan[int](t, "c", 0)
			return threads{
				func(th *explore.Thread) { c.Send(th, 1) },
				func(th *explore.Thread) {
					c.Close(th)
					if v, ok := c.Receive(th); v != 0 || ok {
						panic("a value after the end")
					}
				},
			}
		}, "panic: send on closed channel"},
		{"swap", func(t *explore.T) threads {
			v := explore.NewVar(t, "v", "")
			won := 0
			take := func(th *explore.Thread) {
				if explore.CompareAndSwap(th, v, "", th.Name()) {
					won++
				}
			}
			last := func(th *explore.Thread) {
				take(th)
				if v.Update(th, "shout", strings.ToUpper); won != 1 {
					th.Errorf("%d have won", won)
				}
			}
			return threads{take, last}
		}, "ok"},
		{"sleep", func(t *explore.T) threads {
			return threads{
				func(th *explore.Thread) {
					if th.Sleep(time.Second); t.Now() != time.Second {
						th.Errorf("it is %v", t.Now())
					}
				},
				func(th *explore.Thread) {
					if th.Sleep(time.Hour); t.Now() != time.Hour {
						th.Errorf("it is %v", t.Now())
					}
				},
				func(th *explore.Thread) {
					if th.Sleep(-1); t.Now() != 0 {
						th.Errorf("time has passed")
					}
				},
			}
		}, "ok"},
		{"endless", func(t *explore.T) threads {
			stop := explore.NewVar(t, "stop", false)
			return threads{func(th *explore.Thread) {
				for !stop.Load(th) {
				}
			}}
		}, "no end after 100 steps"},
		{"deferred step", func(t *explore.T) threads {
			mu := explore.NewMutex(t, "mu")
			wait := func(th *explore.Thread) {
				mu.Lock(th)
				defer mu.Unlock(th)
				defer func() { _ = recover() }() // keeps nobody from leaving
				th.Step("wait", func() {})
				mu.Lock(th)
			}
			return threads{wait, wait}
		}, "deadlock: A waits to lock mu, held by A; B waits to lock mu, held by A | deadlock: A waits to lock mu, held by B; B waits to lock mu, held by B"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := func(t *explore.T) string {
				for i, f := range tt.make(t) {
					t.Go(string(rune('A'+i)), f)
				}
				t.Wait()
				return "ok"
			}
			for _, s := range []explore.Strategy{explore.Pruned, explore.Exhaustive, explore.Bounded, explore.Random} {
				r := mustRun(t, body, explore.Config{Strategy: s, Steps: 100, Runs: 2000})
				var got []string
				for _, o := range r.Outcomes {
					if text := o.Text; o.Wrong != "" && !o.Dies && !o.Endless {
						got = append(got, text+" wrong: "+o.Wrong)
					} else {
						got = append(got, text)
					}
					if !o.Endless {
						replays(t, body, o)
					}
				}
				if got := strings.Join(got, " | "); got != tt.want {
					t.Errorf("%v: %s, want %s", s, got, tt.want)
				}
				if exhaustive := s != explore.Random && tt.name != "endless"; r.Exhaustive != exhaustive {
					t.Errorf("%v: exhaustive is %t: %s", s, r.Exhaustive, r.Summary())
				}
			}
		})
	}
}
