package explore

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// A Trace is one run, step by step.
type Trace struct {
	Schedule    Schedule    `json:"schedule"`
	Threads     []string    `json:"threads"` // names, in the order of the letters
	Start       []Value     `json:"start"`   // what is shared before the first step
	Steps       []TraceStep `json:"steps"`
	Outcome     string      `json:"outcome"` // as of an Outcome
	Wrong       string      `json:"wrong,omitempty"`
	Dies        bool        `json:"dies,omitempty"`
	Preemptions int         `json:"preemptions"`
}

// A TraceStep is one step of a trace.
type TraceStep struct {
	Thread int           `json:"thread"`          // number of the thread that took it
	Text   string        `json:"text"`            // what it did: "load balance"
	Value  string        `json:"value,omitempty"` // what came of it: "= 100"; "" if there is nothing to say
	Time   time.Duration `json:"time"`            // virtual
	File   string        `json:"file,omitempty"`  // the line of source; "" if it is not known
	Line   int           `json:"line,omitempty"`

	// State is what the shared objects hold after the step, in the order in
	// which they were made.
	State []Value `json:"state"`

	// Missed and Lost are set on a step that writes what its thread has worked
	// out from an older value. Missed is the step that read that value, and
	// Lost are the writes of other threads that came in between: if the step
	// stores, they are gone. All are indices of Steps; Lost is empty for other
	// steps.
	Missed int   `json:"missed"`
	Lost   []int `json:"lost,omitempty"`

	obj           *Object
	reads, writes bool
	overwrites    bool
}

// A Value is what a shared object holds.
type Value struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Stale reports whether the step acts on a value that it should not have.
func (s TraceStep) Stale() bool { return len(s.Lost) > 0 }

// Overwrites reports whether the step makes the writes in Lost undone, and not
// only acts as if they had not been.
func (s TraceStep) Overwrites() bool { return s.overwrites && s.Stale() }

// Where names the line of source.
func (s TraceStep) Where() string {
	if s.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", s.File[strings.LastIndexByte(s.File, '/')+1:], s.Line)
}

// before adds the step that a thread is about to take.
func (tr *Trace) before(t *T) {
	o := t.last
	tr.Steps = append(tr.Steps, TraceStep{
		Thread: t.next.index, Text: o.text(), Time: t.now,
		File: t.next.file, Line: t.next.line,
		obj: o.obj, reads: o.reads, writes: o.writes, overwrites: o.writes && !o.reads,
	})
}

// note says what came of the step under way.
func (tr *Trace) note(value string) { tr.Steps[len(tr.Steps)-1].Value = value }

// nothing says that the step under way was a swap that failed: it has written
// nothing, and nobody will build on what it has read.
func (tr *Trace) nothing() {
	last := &tr.Steps[len(tr.Steps)-1]
	last.reads, last.writes = false, false
}

// after completes the last step with what it left behind.
func (tr *Trace) after(t *T) {
	if len(tr.Steps) == 0 {
		tr.Start = shared(t)
	} else if last := &tr.Steps[len(tr.Steps)-1]; last.State == nil {
		last.State = shared(t)
	}
}

// shared returns what threads share, as far as the explorer can see it.
func shared(t *T) []Value {
	values := []Value{}
	for _, o := range t.objects {
		if o.state != nil {
			values = append(values, Value{o.name, o.state.show()})
		}
	}
	return values
}

// end completes the trace when the run is over.
func (tr *Trace) end(t *T, outcome string) {
	tr.after(t)
	for _, th := range t.threads {
		tr.Threads = append(tr.Threads, th.name)
	}
	tr.Schedule, tr.Preemptions = newSchedule(t.schedule), t.switches
	tr.Outcome, tr.Wrong = t.key(outcome)
	tr.Dies = t.end == deadlocked || t.end == panicked
	for i := range tr.Steps {
		tr.findLost(i)
	}
	tr.leaveOut(t)
}

// leaveOut takes out of the states what no step has touched or changed.
func (tr *Trace) leaveOut(t *T) {
	touched := make(map[*Object]bool)
	for _, s := range tr.Steps {
		touched[s.obj] = true
	}
	var keep []bool // by place in a state
	for _, o := range t.objects {
		if o.state == nil {
			continue
		}
		k := len(keep)
		keep = append(keep, touched[o] || k >= len(tr.Start) || tr.Start[k].Text != o.state.show())
	}
	some := func(state []Value) []Value {
		kept := []Value{}
		for k, v := range state {
			if keep[k] {
				kept = append(kept, v)
			}
		}
		return kept
	}
	tr.Start = some(tr.Start)
	for i := range tr.Steps {
		tr.Steps[i].State = some(tr.Steps[i].State)
	}
}

// findLost looks for writes that came between a step and the read that it
// builds on.
func (tr *Trace) findLost(i int) {
	s := &tr.Steps[i]
	if !s.writes || s.obj == nil || s.obj == anything {
		return
	}
	var between []int
	for k := i - 1; k >= 0; k-- {
		p := tr.Steps[k]
		switch {
		case p.obj != s.obj || !p.reads && !p.writes:
		case p.Thread != s.Thread && p.writes:
			between = append([]int{k}, between...)
		case p.Thread == s.Thread && p.writes:
			return // it builds on its own write, or on none
		case p.Thread == s.Thread:
			s.Missed, s.Lost = k, between
			return
		}
	}
}

// caller returns the line of source that takes a step: the first outside of
// this package.
func caller() (file string, line int) {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		switch {
		case strings.HasPrefix(f.Function, "iter."):
			return "", 0 // a step that a method of this package adds at the end of a thread
		case !strings.HasPrefix(f.Function, packagePath):
			return f.File, f.Line
		case !more:
			return "", 0
		}
	}
}

// packagePath begins the names of this package's functions.
var packagePath = func() string {
	pc, _, _, _ := runtime.Caller(0)
	name := runtime.FuncForPC(pc).Name()
	return name[:strings.LastIndexByte(name, '/')+1] + "explore."
}()
