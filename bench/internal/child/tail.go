// Package child has what every parent needs of the processes that it starts to
// measure: that they die with it, that they can be ended with all that they
// started, and what they said last.
package child

import (
	"bytes"
	"strings"
	"sync"
)

// A Tail keeps what a process said last: where it died of a panic or a fatal
// error, that and what follows, otherwise the end. The traces of all
// goroutines, which the runtime prints after the reason, may be long.
type Tail struct {
	mu   sync.Mutex
	text []byte
	dead bool // text begins with the reason of death
}

const tailSize = 2 << 10

// reasons begin the line on which the runtime says why it ends the program.
var reasons = [][]byte{[]byte("panic: "), []byte("fatal error: ")}

// Write implements io.Writer.
func (t *Tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	for _, reason := range reasons {
		at := bytes.LastIndex(t.text, append([]byte("\n"), reason...)) + 1
		if at > 0 || !t.dead && bytes.HasPrefix(t.text, reason) {
			t.text, t.dead = append(t.text[:0], t.text[at:]...), true
		}
	}
	switch extra := len(t.text) - tailSize; {
	case extra <= 0:
	case t.dead:
		t.text = t.text[:tailSize]
	default:
		t.text = append(t.text[:0], t.text[extra:]...)
	}
	return len(p), nil
}

// String returns what is kept, with a bar between lines.
func (t *Tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.FieldsFunc(string(t.text), func(r rune) bool { return r == '\n' || r == '\r' })
	return strings.Join(lines, " | ")
}
