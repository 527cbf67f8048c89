package measure

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// ticking is a scenario whose operations take a millisecond each, by the clock
// of the returned Here, and 10 ms to set up.
func ticking(t *testing.T, fixed int, verify func() error) (h *Here, ns *[]int) {
	t.Helper()
	now, sizes := time.Duration(0), []int{}
	shared := new(bench.Trial) // a scenario may hand out the same one again
	s := &bench.Scenario{Name: "tick", Fixed: fixed, Variants: []bench.Variant{{Name: "v", New: func(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
		now += 10 * time.Millisecond
		sizes = append(sizes, setup.N)
		shared.Run = func(context.Context) error {
			now += time.Duration(setup.N) * time.Millisecond
			return nil
		}
		shared.Verify = verify
		return shared, nil
	}}}}
	return &Here{
		Scenario: s, Case: bench.Case{Scenario: "tick", Variant: "v", Workers: 1, Procs: 1},
		Clock: func() time.Duration { return now }, Dir: t.TempDir(),
	}, &sizes
}

func right() error { return nil }

// The pilot finds the operations of a trial, and trials are repeated until the
// time is over, each Run surrounded once.
func TestHere(t *testing.T) {
	h, sizes := ticking(t, 0, right)
	inside := 0
	h.Around = func(run func() error) error {
		before := h.Clock()
		err := run()
		if got := h.Clock() - before; got != 50*time.Millisecond {
			t.Errorf("Run took %v inside", got)
		}
		inside++
		return err
	}
	n, p := h.Size(t.Context(), 50*time.Millisecond)
	if n != 50 || p != nil || inside != 0 || len(*sizes) > 4 {
		t.Errorf("%d operations, problem %v; the pilot was surrounded %d times, and tried %v", n, p, inside, *sizes)
	}
	// Each trial takes 60 ms, with its set-up: the fifth is the first to end after 260 ms.
	all, p := h.Repeat(t.Context(), n, 260*time.Millisecond)
	if p != nil || all.Trials != 5 || all.Ran != 250*time.Millisecond || inside != 5 {
		t.Errorf("%+v, problem %v, surrounded %d times", all, p, inside)
	}
}

// A fixed scenario needs no pilot, and one trial is the least.
func TestHereFixed(t *testing.T) {
	h, sizes := ticking(t, 7, right)
	n, p := h.Size(t.Context(), time.Hour)
	if n != 1 || p != nil || len(*sizes) != 0 {
		t.Errorf("n = %d, problem %v, tried %v", n, p, *sizes)
	}
	all, p := h.Repeat(t.Context(), n, 1)
	if p != nil || all.Trials != 1 || fmt.Sprint(*sizes) != "[7]" {
		t.Errorf("%+v, problem %v, sizes %v", all, p, *sizes)
	}
}

// What fails ends it at once, in the pilot and after it.
func TestHereFails(t *testing.T) {
	h, sizes := ticking(t, 0, func() error { return errors.New("9 of 10") })
	if _, p := h.Size(t.Context(), time.Second); p == nil || !p.Wrong || !strings.Contains(p.Text, "9 of 10") || len(*sizes) != 1 {
		t.Errorf("problem %+v, tried %v", p, *sizes)
	}
	if all, p := h.Repeat(t.Context(), 1, time.Hour); p == nil || !p.Wrong || all.Trials != 0 {
		t.Errorf("problem %+v after %d trials", p, all.Trials)
	}
	h, _ = ticking(t, 0, right)
	h.Around = func(func() error) error { return errors.New("no luck") }
	if _, p := h.Repeat(t.Context(), 1, time.Hour); p == nil || p.Wrong || !strings.Contains(p.Text, "Run failed: no luck") {
		t.Errorf("problem %+v", p)
	}
}

// A clock that stands still does not keep the pilot for ever.
func TestHereClockStandsStill(t *testing.T) {
	h, sizes := ticking(t, 0, right)
	h.Clock = func() time.Duration { return 0 }
	if n, p := h.Size(t.Context(), time.Second); n < 1 || p != nil || len(*sizes) > 50 {
		t.Errorf("n = %d, problem %v after %d trials", n, p, len(*sizes))
	}
}
