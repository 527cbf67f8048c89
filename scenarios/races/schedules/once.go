package schedules

import (
	"strconv"

	"github.com/interleave-go/interleave/bench/explore"
)

// LazyInit is two goroutines that build a thing if it is not there yet. The
// thing is its number in the order of building, 0 for none.
var LazyInit = add(explore.Pattern{
	Name: "lazy-init",
	Ways: []explore.Way{
		{Name: "nil-check", Body: build(nilCheck), Wrong: true},
		{Name: "once", Body: build(buildOnce)},
		{Name: "cas", Body: build(buildCAS)},
	},
})

// DoubleChecked looks without the lock, and again with it.
var DoubleChecked = add(explore.Pattern{
	Name: "double-checked",
	Ways: []explore.Way{
		{Name: "double-check", Body: doubleChecked, Hidden: memoryOrder},
		{Name: "atomic", Body: doubleChecked},
		{Name: "once", Body: build(buildOnce)},
	},
})

// SyncMap computes what is not in a map yet. Each step is safe.
var SyncMap = add(explore.Pattern{
	Name: "sync-map",
	Ways: []explore.Way{
		{Name: "load-store", Body: build(nilCheck), Wrong: true},
		{Name: "one-step", Body: build(buildCAS)},
		{Name: "mutex", Body: build(buildLocked)},
	},
})

// A cache is where the thing is kept.
type cache struct {
	thing *explore.Int
	built *explore.Int // how many were; each builder takes the next number
	once  *explore.Once
	mu    *explore.Mutex
}

// build is a body in which both threads get the thing. It is wrong if they do
// not get the same.
func build(get func(th *explore.Thread, c cache) int) explore.Body {
	return func(t *explore.T) string {
		c := cache{explore.NewInt(t, "thing", 0), explore.NewInt(t, "built", 0), explore.NewOnce(t, "once"), explore.NewMutex(t, "mu")}
		var got [2]int
		both(t, func(th *explore.Thread, i int) { got[i] = get(th, c) })
		outcome := "both have the same"
		if got[0] != got[1] {
			outcome = "each has its own"
			t.Errorf("there should be one thing, and there are two")
		}
		return outcome + ", built " + strconv.Itoa(c.built.Value())
	}
}

func nilCheck(th *explore.Thread, c cache) int {
	thing := c.thing.Load(th)
	if thing == 0 {
		thing = c.built.Add(th, 1)
		c.thing.Store(th, thing)
	}
	return thing
}

func buildOnce(th *explore.Thread, c cache) int {
	c.once.Do(th, func() { c.thing.Store(th, c.built.Add(th, 1)) })
	return c.thing.Load(th)
}

func buildCAS(th *explore.Thread, c cache) int {
	if thing := c.thing.Load(th); thing != 0 {
		return thing
	}
	mine := c.built.Add(th, 1)
	if c.thing.CompareAndSwap(th, 0, mine) {
		return mine
	}
	return c.thing.Load(th)
}

func buildLocked(th *explore.Thread, c cache) int {
	c.mu.Lock(th)
	defer c.mu.Unlock(th)
	return nilCheck(th, c)
}

// doubleChecked is a body in which both threads ask for a thing of two words,
// which is built in place and then published.
func doubleChecked(t *explore.T) string {
	x, y := explore.NewInt(t, "x", 0), explore.NewInt(t, "y", 0)
	ready, mu := explore.NewVar(t, "ready", false), explore.NewMutex(t, "mu")
	both(t, func(th *explore.Thread, _ int) {
		if !ready.Load(th) {
			mu.Lock(th)
			if !ready.Load(th) {
				x.Store(th, 1)
				y.Store(th, 1)
				ready.Store(th, true)
			}
			mu.Unlock(th)
		}
		if x.Load(th)+y.Load(th) != 2 {
			th.Errorf("%s sees a half-built object", th.Name())
		}
	})
	return "built once"
}
