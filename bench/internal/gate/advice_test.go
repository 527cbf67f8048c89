package gate

import (
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/measure"
)

// What to do fits what happened: nobody means a race or a wrong result.
func TestAdviceOnFailures(t *testing.T) {
	wrong := usual()
	wrong.answer = answerOf("atom", &measure.Problem{Wrong: true, Text: "total 9"})
	raced := usual()
	raced.detect = found(1)
	for _, tt := range []struct {
		name, rules string
		world       *world
		meant       string
	}{
		{"ratio", "  - cases: count/small/lock/workers=1$\n    ratio: \"<= 0.8\"\n    versus: count/small/atom/workers=1$\n", usual(), "; if it was meant, change the budget"},
		{"wrong result", "  - cases: count/small/atom/workers=1$\n    ratio: \"<= 0.8\"\n    versus: count/small/lock/workers=1$\n", wrong, ""},
		{"race", "  - cases: count/small/atom/workers=2$\n    race: clean\n", raced, ""},
	} {
		r, err := tt.world.check(t, tt.rules)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		_, meant, _ := strings.Cut(r.Advice(), r.Results[0].Subject)
		if r.Results[0].Outcome != Fail || meant != tt.meant {
			t.Errorf("%s: %v, %q, want %q", tt.name, r.Results[0].Outcome, r.Advice(), tt.meant)
		}
	}
}

// Files that decide nothing are not the fault of the machine alone.
func TestAdviceOnFiles(t *testing.T) {
	one := goTest("p").bench("A-2", 1, 100, "").end()
	if advice := compared(t, one, one).Advice(); advice != "what to do: see the reasons, first of A-2 ns/op" {
		t.Errorf("%q", advice)
	}
}

// A number and its per cent sign are not torn apart.
func TestWords(t *testing.T) {
	var b strings.Builder
	wrap(&b, "", strings.Repeat("x", width-4)+" 12 % more")
	if want := strings.Repeat("x", width-4) + "\n12 % more\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

// How long a fork takes is known from those that follow one of the same block.
func TestPace(t *testing.T) {
	m := &measuring{pace: make(map[string]*pace)}
	for _, at := range []struct {
		block  string
		passed time.Duration
	}{{"a", 1}, {"a", 3}, {"b", 10}, {"a", 20}, {"a", 24}} {
		m.timed(at.block, measure.Progress{Passed: at.passed * time.Second})
	}
	if a, b := m.pace["a"].each(), m.pace["b"].each(); a != 3*time.Second || b != 0 {
		t.Errorf("a fork takes %v and %v, want 3s and nothing known", a, b)
	}
}
