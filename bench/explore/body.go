package explore

import (
	"cmp"
	"fmt"
	"strconv"
	"time"
)

// A Body is a concurrent program made for exploration. It is called once for
// every schedule that is tried: it makes the shared state, starts threads,
// waits for them, and returns the outcome, such as the final balance.
//
// It must do the same whenever the same threads take the same steps: no clock,
// no random numbers, no order of a map, no state kept from one call to the
// next. All that threads share they may touch only in steps.
type Body func(t *T) (outcome string)

// A T is one run of a body under one schedule.
type T struct {
	// What the body made.
	threads []*Thread
	objects []*Object
	locals  func() any
	waited  bool

	// Where the run is.
	now      time.Duration
	schedule []byte  // the thread of each step so far
	last     op      // the last step
	current  *Thread // who took it, and runs now
	next     *Thread // who takes the next, if decided
	decided  bool
	started  int  // threads that were brought to their first step
	starting bool // one of them is being brought there
	switches int  // pre-emptions so far

	// How it ends.
	end    ending
	reason string // of a deadlock or a panic
	wrong  string // what Errorf said first
	fault  error  // the body cannot be explored

	// What stays from run to run.
	pool    pool
	choose  func(t *T, enabled uint64) int
	most    int // steps of one run
	trace   *Trace
	reached map[string]bool // declared steps, and whether a run came there
}

// An ending says how a run ended.
type ending uint8

const (
	running    ending = iota
	finished          // every thread came to its end
	deadlocked        // some wait for ever
	panicked          // one brought the program down
	endless           // the limit of steps was reached
	abandoned         // the search wants to see no more of it
	faulty            // the body does what an exploration cannot
)

// none is what a search chooses to abandon a run.
const none = -1

// maxThreads is how many threads a body may start: there is a letter for each.
const maxThreads = 52

// Go starts a thread, from the body or from another thread. A thread runs up
// to its first step at once. The name stands in traces and pictures.
func (t *T) Go(name string, f func(th *Thread)) {
	if len(t.threads) == maxThreads {
		t.fail(fmt.Errorf("explore: the body starts more than %d threads", maxThreads))
	}
	if t.waited && t.end != running {
		t.fail(fmt.Errorf("explore: thread %q is started after Wait has returned", name))
	}
	th := t.pool.thread()
	th.t, th.name, th.f = t, name, f
	th.index, th.steps = len(t.threads), 0
	th.done, th.killed = false, false
	th.origin, th.started = "", 0
	if parent := t.current; parent != nil {
		parent.started++
		th.origin = fmt.Sprintf("%s.%d", cmp.Or(parent.origin, strconv.Itoa(parent.index)), parent.started)
	}
	t.threads = append(t.threads, th)
}

// Wait runs all threads to their end, one step at a time in the order of the
// schedule. It does not return if they deadlock or one of them panics, for
// such a program has no outcome but that. Whatever the body reads afterwards
// is final.
func (t *T) Wait() {
	if t.waited {
		t.fail(fmt.Errorf("explore: the body waits twice; start all threads first"))
	}
	t.waited = true
	t.loop()
	t.unwind()
	t.current = nil
	if t.end != finished {
		panic(unwinding{})
	}
}

// Errorf marks the outcome of this schedule as wrong and says why. The run goes
// on. Only the first message of a run counts.
func (t *T) Errorf(format string, args ...any) {
	if t.wrong == "" {
		t.wrong = fmt.Sprintf(format, args...)
	}
}

// Now is the virtual time since the body was started. Steps take no time: it
// goes on only when all threads that are not at their end sleep or wait.
func (t *T) Now() time.Duration { return t.now }

// Declare names steps that some schedule should reach, by the text that a trace
// shows for them. Result.Unreached lists those that none did.
func (t *T) Declare(steps ...string) {
	for _, s := range steps {
		if !t.reached[s] {
			if t.reached == nil {
				t.reached = make(map[string]bool)
			}
			t.reached[s] = false
		}
	}
}

// Fingerprint declares what the explorer cannot see of the state: every local
// variable of a thread that will still be used, and shared data that only Step
// touches. It is called between steps and returns a comparable value: a
// number, a string, or an array or struct of them. Variables, locks, channels
// and the like that were made for t, the place of each thread and the clock
// are part of the state already.
//
// The strategy Merged takes two states with equal fingerprints for the same
// and explores what follows only once. A fingerprint that omits a live local
// makes it lose outcomes without a word: check it against Exhaustive at a
// small size.
func (t *T) Fingerprint(f func() any) { t.locals = f }

// fail ends an exploration whose body cannot be explored.
func (t *T) fail(err error) {
	if t.fault == nil {
		t.fault = err
	}
	t.end = faulty
	panic(unwinding{})
}

// An unwinding is the panic that takes a thread, or the body, out of a run that
// is over.
type unwinding struct{}
