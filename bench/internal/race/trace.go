package race

import (
	"regexp"
	"slices"
	"strings"
)

// A Goroutine is one of those whose stacks the runtime prints.
type Goroutine struct {
	ID      int     `json:"id"`
	State   string  `json:"state"`             // "running", "chan receive", "sync.Mutex.Lock", …
	Stack   []Frame `json:"stack,omitempty"`   // innermost first
	Created Frame   `json:"created,omitempty"` // the go statement; unknown of the main goroutine
}

var (
	header  = regexp.MustCompile(`^goroutine (\d+)(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[([^\]]*)\].*:$`)
	callAt  = regexp.MustCompile(`^\t(\S.*):(\d+)(?: \+0x[0-9a-f]+)?(?: fp=.*)?$`)
	creator = regexp.MustCompile(`^created by (\S.*?)(?: in goroutine \d+)?$`)
)

// Traces returns the goroutines whose stacks are printed in a text: by the end
// of a process, by SIGQUIT, or by runtime.Stack.
func Traces(text string) []Goroutine {
	var all []Goroutine
	var t tracer
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := header.FindStringSubmatch(line); m != nil {
			all = append(all, Goroutine{ID: number(m[1]), State: state(m[2])})
			t = tracer{g: &all[len(all)-1]}
		} else if t.g != nil && !t.line(line) {
			t.g = nil
		}
	}
	return all
}

// state takes the time waited and the like off a state.
func state(s string) string {
	s, _, _ = strings.Cut(s, ",")
	return s
}

// A tracer reads the stack of one goroutine.
type tracer struct {
	g       *Goroutine
	fn      string // waits for its position
	created bool   // fn is the creator
}

// line takes a line and reports whether it belongs to the goroutine.
func (t *tracer) line(line string) bool {
	if m := callAt.FindStringSubmatch(line); m != nil && t.fn != "" {
		f := Frame{Func: t.fn, File: m[1], Line: number(m[2])}
		if t.created {
			t.g.Created = f
		} else {
			t.g.Stack = append(t.g.Stack, f)
		}
		t.fn = ""
		return true
	}
	if m := creator.FindStringSubmatch(line); m != nil {
		t.fn, t.created = m[1], true
		return true
	}
	if strings.HasPrefix(line, "...") {
		return true // "...additional frames elided..."
	}
	// The arguments hold no parenthesis, while the name may: (*T).
	at := strings.LastIndexByte(line, '(')
	if at <= 0 || !strings.HasSuffix(line, ")") || line[0] == ' ' || line[0] == '\t' {
		return false
	}
	t.fn, t.created = line[:at], false
	return true
}

// System reports whether the goroutine is one of the runtime's own, which wait
// in every program.
func (g Goroutine) System() bool {
	if g.ID == 0 || g.Created.Package() == "runtime" {
		return true
	}
	// Of a signal, the stack goes down to runtime.goexit.
	return slices.ContainsFunc(g.Stack, func(f Frame) bool { return strings.HasPrefix(f.Func, "os/signal.loop") })
}

// Blocked reports whether the goroutine waits for another one: for a lock, a
// channel, a condition. It does not wait for time or for input, and it is not
// running.
func (g Goroutine) Blocked() bool {
	switch g.State {
	case "semacquire", "select", "select (no cases)", "chan receive", "chan send", "chan receive (nil chan)", "chan send (nil chan)",
		"sync.WaitGroup.Wait", "sync.Cond.Wait", "sync.Mutex.Lock", "sync.RWMutex.Lock", "sync.RWMutex.RLock", "synctest.Run", "synctest.Wait":
		return true
	}
	return false
}
