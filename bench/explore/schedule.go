package explore

import (
	"fmt"
	"strings"
)

// A Schedule says which thread took each step: a letter a step, A for the
// thread that was started first. It is all that is needed to have the same run
// again.
type Schedule string

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

const (
	longSchedule = 32 // steps from which on String counts repeated letters
	mostSteps    = 1 << 20
)

// newSchedule writes a schedule of thread numbers as letters.
func newSchedule(threads []byte) Schedule {
	s := make([]byte, len(threads))
	for i, th := range threads {
		s[i] = letters[th]
	}
	return Schedule(s)
}

// String returns the schedule in the form to print and to paste. In a long one,
// a number after a letter says how many steps in a row: A3B is AAAB.
func (s Schedule) String() string {
	if len(s) <= longSchedule {
		return string(s)
	}
	var short strings.Builder
	for i := 0; i < len(s); {
		n := 1
		for i+n < len(s) && s[i+n] == s[i] {
			n++
		}
		if short.WriteByte(s[i]); n > 1 {
			fmt.Fprint(&short, n)
		}
		i += n
	}
	return short.String()
}

// ParseSchedule reads a schedule in either form. Spaces do not count.
func ParseSchedule(text string) (Schedule, error) {
	var s []byte
	for i := 0; i < len(text); {
		c := text[i]
		i++
		if c == ' ' {
			continue
		}
		if strings.IndexByte(letters, c) < 0 {
			return "", fmt.Errorf("explore: schedule %.40q: character %d is %q: want the letter of a thread, or after one a number of steps", text, i, rune(c))
		}
		n, digits := 0, i
		for i < len(text) && '0' <= text[i] && text[i] <= '9' && n <= mostSteps {
			n = 10*n + int(text[i]-'0')
			i++
		}
		switch {
		case digits == i:
			n = 1
		case n == 0:
			return "", fmt.Errorf("explore: schedule %.40q: character %d: no steps of %c", text, digits+1, c)
		}
		if len(s)+n > mostSteps {
			return "", fmt.Errorf("explore: schedule %.40q: character %d: more than %d steps", text, i, mostSteps)
		}
		for range n {
			s = append(s, c)
		}
	}
	return Schedule(s), nil
}

// thread returns the number of the thread that takes a step.
func (s Schedule) thread(step int) int { return strings.IndexByte(letters, s[step]) }
