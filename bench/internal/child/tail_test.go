package child

import (
	"strings"
	"testing"
)

// What a process said last is kept within bounds, from the reason of its death on.
func TestTail(t *testing.T) {
	trace := "\n\ngoroutine 1 [running]:\n" + strings.Repeat("main.main()\n", 1000)
	for _, tt := range []struct {
		writes []string
		want   string
	}{
		{nil, ""},
		{[]string{"a\n", "b\r\n", "\n", "c"}, "a | b | c"},
		{[]string{strings.Repeat("x", 10_000) + "end\n"}, strings.Repeat("x", tailSize-4) + "end"},
		{[]string{"before\n" + strings.Repeat("y", 5000) + "\npanic: bad" + trace}, "panic: bad | goroutine 1 [running]: | main.main() |"},
		{[]string{"before\npan", "ic: b", "ad", trace, trace, trace}, "panic: bad | goroutine 1 [running]: |"},
		{[]string{"fatal error: all goroutines are asleep - deadlock!", trace}, "fatal error: all goroutines are asleep - deadlock! | goroutine 1"},
		{[]string{"panic: first", trace, "\npanic: second\n" + trace}, "panic: second | goroutine 1"},
		{[]string{"no panic: here\n"}, "no panic: here"},
		{[]string{"\xff\x00"}, "\xff\x00"},
	} {
		var words Tail
		for _, text := range tt.writes {
			if n, err := words.Write([]byte(text)); n != len(text) || err != nil {
				t.Errorf("wrote %d of %d: %v", n, len(text), err)
			}
			if len(words.text) > tailSize {
				t.Errorf("%d bytes are kept", len(words.text))
			}
		}
		got := words.String()
		traced := strings.Contains(tt.want, "| goroutine 1") // of which the beginning is enough
		if got != tt.want && !(traced && strings.HasPrefix(got, tt.want)) {
			t.Errorf("%.60q is told as\n%s, want\n%s", tt.writes, got, tt.want)
		}
	}
}
