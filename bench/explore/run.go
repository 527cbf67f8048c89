package explore

import (
	"errors"
	"fmt"
	"strings"
)

// run runs the body once, and returns its outcome if it has one.
func (t *T) run(body Body) (outcome string) {
	t.reset()
	defer func() {
		r := recover()
		t.unwind() // the body may have panicked before it waited
		switch r := r.(type) {
		case nil, unwinding:
		case opaque:
			t.fault, t.end = r, faulty
		default:
			t.crash(fmt.Sprintf("panic: %v", r))
		}
	}()
	outcome = body(t)
	if !t.waited {
		if len(t.threads) > 0 {
			t.fail(errors.New("explore: the body returns without a call of Wait, so its threads never ran"))
		}
		t.end = finished
	}
	return outcome
}

func (t *T) reset() {
	t.threads, t.objects, t.locals = t.threads[:0], t.objects[:0], nil
	t.pool.used = 0
	t.now, t.schedule, t.last = 0, t.schedule[:0], op{}
	t.current, t.next, t.decided = nil, nil, false
	t.started, t.starting, t.waited, t.switches = 0, false, false, 0
	t.end, t.reason, t.wrong = running, "", ""
}

// loop takes steps until the run is over.
func (t *T) loop() {
	for {
		t.start()
		if t.end == running && !t.decided {
			t.decide()
		}
		if t.end != running {
			return
		}
		t.decided = false
		t.current = t.next
		t.current.resume()
	}
}

// start brings new threads to their first step, in the order in which they
// were made.
func (t *T) start() {
	t.starting = true
	for t.started < len(t.threads) && t.end == running {
		t.current = t.threads[t.started]
		t.started++
		t.current.resume()
	}
	t.starting = false
}

// decide chooses who takes the next step, or finds that the run is over.
func (t *T) decide() {
	if t.trace != nil {
		t.trace.after(t)
	}
	t.next = nil
	if t.end != running {
		return
	}
	enabled := t.enabled()
	for enabled == 0 {
		if !t.advance() {
			t.rest()
			return
		}
		enabled = t.enabled()
	}
	if len(t.schedule) >= t.most {
		t.end = endless
		return
	}
	i := t.choose(t, enabled)
	if i == none {
		if t.end == running {
			t.end = abandoned
		}
		return
	}
	if p := len(t.schedule); p > 0 && int(t.schedule[p-1]) != i && enabled>>t.schedule[p-1]&1 == 1 {
		t.switches++
	}
	t.schedule = append(t.schedule, byte(i))
	t.next = t.threads[i]
	t.last = t.next.pending
	if t.reached != nil {
		if text := t.last.text(); !t.reached[text] {
			if _, declared := t.reached[text]; declared {
				t.reached[text] = true
			}
		}
	}
	if t.trace != nil {
		t.trace.before(t)
	}
}

// enabled returns the threads that can take their next step, a bit for each.
func (t *T) enabled() (set uint64) {
	for i, th := range t.threads {
		if !th.done && (th.pending.wait == nil || th.pending.wait.ready(th)) {
			set |= 1 << i
		}
	}
	return set
}

// advance lets virtual time go on to when the first sleeper wakes up.
func (t *T) advance() bool {
	found := false
	for _, th := range t.threads {
		if _, sleeps := th.pending.wait.(*sleeper); sleeps && !th.done && (!found || th.wake < t.now) {
			t.now, found = th.wake, true
		}
	}
	return found
}

// rest ends a run in which no thread can go on.
func (t *T) rest() {
	var waits []string
	for _, th := range t.threads {
		if !th.done {
			waits = append(waits, th.name+" "+th.pending.wait.blocked(th))
		}
	}
	if len(waits) == 0 {
		t.end = finished
		return
	}
	t.end, t.reason = deadlocked, "deadlock: "+strings.Join(waits, "; ")
}

// unwind makes every thread leave its function, so that its coroutine is free
// for the next run.
func (t *T) unwind() {
	for _, th := range t.threads[:t.started] {
		if th.done {
			continue
		}
		th.killed = true
		for !th.done { // more than once if a deferred call takes a step
			if _, alive := th.resume(); !alive {
				break // by runtime.Goexit, as of testing.T.FailNow
			}
		}
	}
	t.started = 0
}

// Outcomes of a run that did not finish are told by how it ended.
func (t *T) key(outcome string) (text, wrong string) {
	switch t.end {
	case deadlocked, panicked:
		return t.reason, "the program dies"
	case endless:
		return fmt.Sprintf("no end after %d steps", t.most), "a thread may go on for ever"
	}
	return outcome, t.wrong
}
