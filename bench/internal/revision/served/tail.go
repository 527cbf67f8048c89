package served

import (
	"bytes"
	"strings"
	"sync"
)

// A tail keeps what a process said last; where it died of a panic or a fatal
// error, that and what follows, for the traces behind it are long.
type tail struct {
	mu   sync.Mutex
	text []byte
	dead bool // text begins with the reason of death
}

const tailSize = 2 << 10

// reasons begin the line on which the runtime says why it ends the program.
var reasons = [][]byte{[]byte("panic: "), []byte("fatal error: ")}

func (t *tail) Write(p []byte) (int, error) {
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

// String returns the first lines of what is kept, on one line.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := string(t.text)
	if t.dead {
		text, _, _ = strings.Cut(text, "\ngoroutine ")
	}
	return oneLine(text)
}

// oneLine makes text of a foreign program fit for a line of a table or a file.
func oneLine(text string) string {
	const limit = 400
	lines := strings.FieldsFunc(strings.ToValidUTF8(text, "?"), func(r rune) bool { return r == '\n' || r == '\r' })
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	line := strings.Join(lines, " | ")
	if len(line) > limit {
		line = strings.ToValidUTF8(line[:limit], "") + "…"
	}
	return line
}
