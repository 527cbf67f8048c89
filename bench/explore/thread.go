package explore

import (
	"fmt"
	"iter"
	"time"
)

// A Thread is one of the threads of a body, which take steps in turn. Its
// methods, and those of variables and locks that take a thread, must be called
// by the function that the thread was started with, and by no other.
type Thread struct {
	t       *T
	name    string
	f       func(*Thread)
	index   int
	origin  string // of a thread that was started by another: which, and as which of its own
	started int    // how many threads it has started
	steps   int    // taken so far
	pending op     // the next one
	done    bool   // came to its end
	killed  bool   // the run is over: leave
	wake    time.Duration
	file    string // where the next step stands in the source; for traces only
	line    int

	// The coroutine, which outlives the run.
	resume  func() (struct{}, bool)
	suspend func(struct{}) bool
	stop    func()
	stopped bool
}

// An op is a step that a thread is about to take.
type op struct {
	verb   string
	obj    *Object // what it touches; nil for nothing that another thread sees
	reads  bool
	writes bool
	gate   gate   // which condition of the waiter must hold
	wait   waiter // says whether the step can be taken now; nil for always
}

// A waiter is something that a step may have to wait for.
type waiter interface {
	ready(th *Thread) bool
	// blocked says for what the thread waits, as in "to lock mu, held by A".
	blocked(th *Thread) string
}

// A gate tells apart the conditions of one waiter.
type gate uint8

// Go starts another thread.
func (th *Thread) Go(name string, f func(th *Thread)) { th.t.Go(name, f) }

// Errorf marks the outcome of this schedule as wrong and says why.
func (th *Thread) Errorf(format string, args ...any) { th.t.Errorf(format, args...) }

// Name is the name that the thread was started with.
func (th *Thread) Name() string { return th.name }

// Step takes a step that may touch anything: no other step is independent of
// it. Where that is too much to explore, use Object.Read and Object.Write.
func (th *Thread) Step(label string, f func()) {
	th.step(op{verb: label, obj: anything, reads: true, writes: true})
	f()
}

// Sleep waits for a stretch of virtual time. Waking up is a step. Threads that
// wake at the same time do so in every order.
func (th *Thread) Sleep(d time.Duration) {
	th.wake = th.t.now + d
	th.step(op{verb: "wake", wait: (*sleeper)(nil)})
}

// A sleeper is what a sleeping thread waits for.
type sleeper struct{}

func (*sleeper) ready(th *Thread) bool     { return th.t.now >= th.wake }
func (*sleeper) blocked(th *Thread) string { return fmt.Sprintf("sleeps until %v", th.wake) }

// step announces what the thread does next and returns when it is to do so.
//
// Who goes next is decided here, by the thread that has come to a step, and not
// in the loop: a thread that goes on by itself needs no hand-over, which makes
// about half of them unnecessary.
func (th *Thread) step(next op) {
	t := th.t
	if th.killed {
		panic(unwinding{}) // a deferred unlock of a thread that is leaving
	}
	if t.current != th {
		t.fail(fmt.Errorf("explore: step %q of thread %s was called by another thread, or outside of any", next.text(), th.name))
	}
	th.pending = next
	if t.trace != nil {
		th.file, th.line = caller()
	}
	if !t.starting && t.started == len(t.threads) {
		t.decide()
		if t.next == th {
			th.steps++
			return
		}
		t.decided = true
	}
	if !th.suspend(struct{}{}) {
		th.killed, th.stopped = true, true
	}
	if th.killed {
		panic(unwinding{})
	}
	th.steps++
}

// note adds to the trace, if there is one, what came of the step under way.
func (th *Thread) note(format string, args ...any) {
	if th.t.trace != nil {
		th.t.trace.note(fmt.Sprintf(format, args...))
	}
}

// text is what a trace shows of a step.
func (o op) text() string {
	if o.obj == nil || o.obj == anything {
		return o.verb
	}
	return o.verb + " " + o.obj.name
}

// conflicts reports whether two steps of different threads may make a
// difference to each other: they touch the same, and one writes.
func (o op) conflicts(p op) bool {
	if o.obj == nil || p.obj == nil {
		return false
	}
	if o.obj != p.obj && o.obj != anything && p.obj != anything {
		return false
	}
	return o.writes || p.writes
}

// A pool keeps coroutines from one run to the next: to make them anew would
// take longer than all the steps of a short run.
type pool struct {
	all  []*Thread
	used int
}

// thread returns a thread whose coroutine waits for something to do.
func (p *pool) thread() *Thread {
	if p.used == len(p.all) {
		th := new(Thread)
		th.resume, th.stop = iter.Pull(th.coroutine)
		p.all = append(p.all, th)
	}
	p.used++
	return p.all[p.used-1]
}

// close ends all coroutines.
func (p *pool) close() {
	for _, th := range p.all {
		th.stop()
	}
}

// coroutine runs one thread function after another, until it is stopped.
func (th *Thread) coroutine(suspend func(struct{}) bool) {
	th.suspend = suspend
	for {
		th.call()
		th.done = true
		if th.stopped || !suspend(struct{}{}) {
			return
		}
	}
}

// call runs the function of the thread. What it panics with is how the run
// ends, as it would end the program.
func (th *Thread) call() {
	defer func() {
		switch r := recover().(type) {
		case nil, unwinding:
		case opaque:
			th.t.fault, th.t.end = r, faulty
		default:
			th.t.crash(fmt.Sprintf("panic: %v", r))
		}
	}()
	th.f(th)
}

// fatal ends the run as a panic of the thread would, with a text of its own.
func (th *Thread) fatal(text string) {
	th.t.crash(text)
	panic(unwinding{})
}

// crash ends the run.
func (t *T) crash(reason string) {
	if t.end == running {
		t.end, t.reason = panicked, reason
	}
}
