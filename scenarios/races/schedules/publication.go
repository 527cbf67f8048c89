package schedules

import (
	"fmt"

	"github.com/interleave-go/interleave/bench/explore"
)

// PlainFlag writes data and then a flag that says it is there.
var PlainFlag = add(explore.Pattern{
	Name: "plain-flag",
	Ways: []explore.Way{
		{Name: "bool", Body: readyFlag, Hidden: memoryOrder},
		{Name: "atomic", Body: readyFlag},
		{Name: "channel", Body: closedFlag},
	},
})

// StoreBuffer stores into one word and loads the other. That both load 0 is
// what no order of the steps can explain, and what real processors do.
var StoreBuffer = add(explore.Pattern{
	Name: "store-buffer",
	Ways: []explore.Way{
		{Name: "plain", Body: storeBuffer, Hidden: memoryOrder},
		{Name: "atomic", Body: storeBuffer},
	},
})

// The torn values are those that a processor writes in two steps. The reader
// comes in between.
var (
	TornInterface = add(torn("torn-interface", "any", "atomic", "type", "data"))
	TornSlice     = add(torn("torn-slice", "plain", "atomic", "pointer", "length"))
	TornString    = add(torn("torn-string", "plain", "atomic", "pointer", "length"))
	TornStruct    = add(tornStruct())
)

// ForgottenLock locks in the writer and not in the reader.
var ForgottenLock = add(explore.Pattern{
	Name: "forgotten-lock",
	Ways: []explore.Way{
		{Name: "writer-only", Body: pairOf("x", "y", true, false), Wrong: true},
		{Name: "mutex", Body: pairOf("x", "y", true, true)},
	},
})

func readyFlag(t *explore.T) string {
	data, ready := explore.NewInt(t, "data", 0), explore.NewVar(t, "ready", false)
	saw := "nothing yet"
	t.Go("writer", func(th *explore.Thread) {
		data.Store(th, 42)
		ready.Store(th, true)
	})
	t.Go("reader", func(th *explore.Thread) {
		if ready.Load(th) {
			saw = fmt.Sprint(data.Load(th))
		}
	})
	t.Wait()
	if saw == "0" {
		t.Errorf("the flag was seen before the data")
	}
	return saw
}

func closedFlag(t *explore.T) string {
	data, ready := explore.NewInt(t, "data", 0), explore.NewChan[int](t, "ready", 0)
	saw := 0
	t.Go("writer", func(th *explore.Thread) {
		data.Store(th, 42)
		ready.Close(th)
	})
	t.Go("reader", func(th *explore.Thread) {
		ready.Receive(th)
		saw = data.Load(th)
	})
	t.Wait()
	if saw != 42 {
		t.Errorf("the data was not there")
	}
	return fmt.Sprint(saw)
}

func storeBuffer(t *explore.T) string {
	words := [2]*explore.Int{explore.NewInt(t, "x", 0), explore.NewInt(t, "y", 0)}
	var r [2]int
	both(t, func(th *explore.Thread, i int) {
		words[i].Store(th, 1)
		r[i] = words[1-i].Load(th)
	})
	if r == [2]int{} {
		t.Errorf("neither has seen the other's store")
	}
	return fmt.Sprintf("r1=%d r2=%d", r[0], r[1])
}

// torn is a value of two words, written plainly or as one.
func torn(demo, racy, fixed, first, second string) explore.Pattern {
	return explore.Pattern{
		Name: demo,
		Ways: []explore.Way{
			{Name: racy, Body: pairOf(first, second, false, false), Wrong: true},
			{Name: fixed, Body: published},
		},
	}
}

func tornStruct() explore.Pattern {
	p := torn("torn-struct", "plain", "copy", "x", "y")
	p.Ways = append(p.Ways, explore.Way{Name: "mutex", Body: pairOf("x", "y", true, true)})
	return p
}

// pairOf is a body in which a writer changes both halves of a value from old to
// new, and a reader reads them.
func pairOf(first, second string, writerLocks, readerLocks bool) explore.Body {
	return func(t *explore.T) string {
		a, b := explore.NewVar(t, first, "old"), explore.NewVar(t, second, "old")
		mu := explore.NewMutex(t, "mu")
		under := func(th *explore.Thread, locks bool, f func()) {
			if locks {
				mu.Lock(th)
				defer mu.Unlock(th)
			}
			f()
		}
		var sawA, sawB string
		t.Go("writer", func(th *explore.Thread) {
			under(th, writerLocks, func() {
				a.Store(th, "new")
				b.Store(th, "new")
			})
		})
		t.Go("reader", func(th *explore.Thread) {
			under(th, readerLocks, func() {
				sawA = a.Load(th)
				sawB = b.Load(th)
			})
		})
		t.Wait()
		if sawA != sawB {
			t.Errorf("the value is torn")
		}
		return fmt.Sprintf("%s %s, %s %s", sawA, first, sawB, second)
	}
}

// published is the same with the value behind a pointer that is swapped whole.
func published(t *explore.T) string {
	p := explore.NewVar(t, "value", "old")
	var saw string
	t.Go("writer", func(th *explore.Thread) { p.Store(th, "new") })
	t.Go("reader", func(th *explore.Thread) { saw = p.Load(th) })
	t.Wait()
	return saw
}
