package explore

import "strconv"

// A WaitGroup counts what is still to be done. To add, to be done and to go on
// after waiting are steps.
type WaitGroup struct {
	obj   Object
	count int
}

// NewWaitGroup makes a group with a count of zero.
func NewWaitGroup(t *T, name string) *WaitGroup {
	g := new(WaitGroup)
	g.obj.register(t, name, g)
	return g
}

// Add adds to the count. As in Go, a count below zero is a panic.
func (g *WaitGroup) Add(th *Thread, delta int) {
	th.step(op{verb: "add to", obj: &g.obj, reads: true, writes: true})
	g.add(th, delta)
}

// Done takes one off the count.
func (g *WaitGroup) Done(th *Thread) {
	th.step(op{verb: "done", obj: &g.obj, reads: true, writes: true})
	g.add(th, -1)
}

func (g *WaitGroup) add(th *Thread, delta int) {
	if g.count += delta; g.count < 0 {
		panic("sync: negative WaitGroup counter")
	}
	if th.t.trace != nil {
		th.note("= %d", g.count)
	}
}

// Wait waits until the count is zero.
func (g *WaitGroup) Wait(th *Thread) {
	th.step(op{verb: "wait for", obj: &g.obj, reads: true, wait: g})
}

// Go adds one to the count, starts a thread, and is done when that ends.
func (g *WaitGroup) Go(th *Thread, name string, f func(th *Thread)) {
	g.Add(th, 1)
	th.Go(name, func(th *Thread) {
		defer g.Done(th)
		f(th)
	})
}

func (g *WaitGroup) ready(*Thread) bool { return g.count == 0 }

func (g *WaitGroup) blocked(*Thread) string {
	return "waits for " + g.obj.name + ", at " + strconv.Itoa(g.count)
}

func (g *WaitGroup) show() string { return strconv.Itoa(g.count) }

func (g *WaitGroup) append(key []byte) []byte { return strconv.AppendInt(key, int64(g.count), 10) }

// A Once calls one function once. To find out whether it was called is a step,
// and to have called it is another.
type Once struct {
	obj    Object
	caller *Thread
	done   bool
}

// NewOnce makes a Once that has called nothing.
func NewOnce(t *T, name string) *Once {
	o := new(Once)
	o.obj.register(t, name, o)
	return o
}

// Do calls f if this is the first call, and otherwise waits until the first
// call has returned.
func (o *Once) Do(th *Thread, f func()) {
	th.step(op{verb: "enter", obj: &o.obj, reads: true, writes: true, wait: o})
	if o.done {
		return
	}
	o.caller = th
	defer func() {
		th.step(op{verb: "leave", obj: &o.obj, reads: true, writes: true})
		o.caller, o.done = nil, true
	}()
	f()
}

func (o *Once) ready(*Thread) bool { return o.caller == nil }

func (o *Once) blocked(*Thread) string {
	return "waits for " + o.obj.name + ", which " + o.caller.name + " runs"
}

func (o *Once) show() string {
	switch {
	case o.done:
		return "done"
	case o.caller != nil:
		return "run by " + o.caller.name
	}
	return "not run"
}

func (o *Once) append(key []byte) []byte {
	return strconv.AppendBool(appendThread(key, o.caller), o.done)
}
