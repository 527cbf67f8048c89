package measure

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// sized runs the pilot of a rate scenario and returns what it found.
func sized(t *testing.T, w *world, o Options, s bench.Scenario) []PlannedCase {
	t.Helper()
	plan := planned(t, o, s)
	config, _ := w.config()
	r := &runner{
		Config: config, ctx: t.Context(), plan: plan,
		took: make(map[bench.Case]time.Duration), failures: make(map[bench.Case]failures),
	}
	if err := r.pilot(&plan.Blocks[0], 0); err != nil {
		t.Fatal(err)
	}
	return plan.Blocks[0].Cases
}

// Whatever an operation takes, a trial takes the target time, as closely as
// two digits of N allow, and the pilot not much longer.
func TestPilot(t *testing.T) {
	for _, perOp := range []float64{0.3, 1, 7.77, 12.5, 333, 1049, 1e4, 99_999, 1e6, 1e7, 3e8} {
		w, s := rate(perOp), twoCases()
		for _, c := range sized(t, w, Options{All: true}, s) {
			target := Options{}.target(Block{Scenario: &s}, c.Case)
			want := float64(target)
			if perOp > want {
				want = perOp // at least one operation
			}
			trial := perOp * float64(c.N)
			slack := 0.051 // of rounding to two digits
			if c.N < 10 {
				slack = 0.5 / float64(c.N) // or to one
			}
			if c.N < 1 || !within(trial, want, slack) {
				t.Errorf("%v ns: %s has N=%d, a trial of %v, want %v", perOp, c.Variant, c.N, time.Duration(trial), target)
			}
			if !within(float64(c.Cost-trialOverhead), trial, 0.01) || c.Guess {
				t.Errorf("%v ns: %s costs %v, a trial takes %v", perOp, c.Variant, c.Cost, time.Duration(trial))
			}
		}
		estimate := planned(t, Options{All: true}, twoCases()).Blocks[0].pilotTime()
		if most := estimate + time.Duration(5*perOp); w.now > most {
			t.Errorf("%v ns: the pilot took %v, want at most %v", perOp, w.now, most)
		}
	}
}

// -benchtime takes the place of all targets.
func TestPilotTarget(t *testing.T) {
	for _, target := range []time.Duration{100 * time.Microsecond, time.Minute} {
		for _, c := range sized(t, rate(10), Options{All: true, Target: target}, twoCases()) {
			if trial := float64(10 * c.N); !within(trial, float64(target), 0.05) {
				t.Errorf("target %v: a trial of %v", target, time.Duration(trial))
			}
		}
	}
}

// A process that is held up while the pilot looks does not make an operation
// look long.
func TestPilotHeldUp(t *testing.T) {
	w := rate(10)
	cost := w.cost
	w.cost = func(f *fakeFork, req Request) time.Duration {
		held := time.Duration(0)
		if f.trials == 1 {
			held = 30 * time.Millisecond
		}
		return cost(f, req) + held
	}
	for _, c := range sized(t, w, Options{All: true}, twoCases()) {
		if c.N < 400_000 {
			t.Errorf("%s has N=%d", c.Variant, c.N)
		}
	}
}

// Where the clock stands still, the search ends, and the case is void.
func TestPilotStandingClock(t *testing.T) {
	w := wall(0)
	run, _ := w.measured(t, Options{}, twoCases())
	if len(run.Voids) != 2 || !strings.Contains(run.Voids[0].Why, "the clock did not move during the trial") {
		t.Errorf("voids %+v", run.Voids)
	}
	if len(w.log) > 50 {
		t.Errorf("%d steps", len(w.log))
	}
}

func TestRoundTwo(t *testing.T) {
	for x, want := range map[float64]int{0: 1, 0.4: 1, 1.4: 1, 1.6: 2, 9.4: 9, 99.4: 99, 104: 100, 106: 110, 12_345: 12_000, 9_960: 10_000, 1.23e9: 1_200_000_000} {
		if got := roundTwo(x); got != want {
			t.Errorf("%v is rounded to %d, want %d", x, got, want)
		}
	}
}

// The pilot of a fixed job is one trial, for those that nobody has estimated.
func TestPilotFixed(t *testing.T) {
	s := costs(100, 200, 300)
	s.Variants[1].Estimate = nil
	w := wall(70 * time.Millisecond)
	cases := sized(t, w, Options{All: true}, s)
	if got := fmt.Sprint(w.log); got != "[start 2 variant=v1/workers=1 n=1 close]" {
		t.Errorf("the pilot did %s", got)
	}
	if c := cases[1]; c.Guess || c.N != 1 || c.Cost != 70*time.Millisecond+trialOverhead {
		t.Errorf("it found %+v", c)
	}
	if c := cases[0]; c.Cost != 100*time.Millisecond+trialOverhead {
		t.Errorf("it changed %+v", c)
	}
	w = wall(time.Millisecond)
	if sized(t, w, Options{All: true}, costs(1, 2)); len(w.log) > 0 {
		t.Errorf("there was nothing to find out, and it did %s", w.log)
	}
}

// What the pilot finds is planned with: a job that takes far longer than the
// guess gets fewer forks, or none. A pilot that is too long itself is ended.
func TestPilotWithinBudget(t *testing.T) {
	s := costs(10, 10, 10)
	for i := range s.Variants {
		s.Variants[i].Estimate = nil
	}
	w := &world{cost: func(_ *fakeFork, req Request) time.Duration {
		if req.Case.Variant == "v1" {
			return 3 * time.Second
		}
		return 10 * time.Millisecond
	}}
	run, _ := w.measured(t, Options{Budget: 10 * time.Second}, s)
	if len(run.Omitted) != 1 || !strings.Contains(run.Omitted[0].Case, "variant=v1/") || w.now > 10*time.Second {
		t.Errorf("omitted %v after %v", run.Omitted, w.now)
	}
	if want := (record.Omitted{Case: run.Omitted[0].Case, Why: "the budget does not allow it; use -all, or a longer -for"}); run.Omitted[0] != want {
		t.Errorf("omitted %+v", run.Omitted[0])
	}

	w = wall(2 * time.Second)
	run, _ = w.measured(t, Options{Budget: 5 * time.Second}, likeCounter())
	if len(run.Measurements) > 0 || len(run.Omitted) != 44 || w.now > 7*time.Second {
		t.Errorf("%d measurements, %d omitted after %v", len(run.Measurements), len(run.Omitted), w.now)
	}
}

// The arms of a comparison get equal trials, which are short, but hold whole
// cycles of the collector where its cycles count.
func TestPilotOfArms(t *testing.T) {
	const cycle = 3 << 20 // bytes from one cycle to the next
	for _, tt := range []struct {
		name       string
		bytes      float64 // of garbage an operation, each of which takes 1 µs
		want       time.Duration
		wantCycles float64
	}{
		{"no garbage", 0, targetPaired, 0},
		{"little garbage", 30, targetPaired, 0},
		{"a cycle in 6 ms", 512, 9216 * time.Microsecond, 1},
		{"several cycles in the time of a trial", 4096, 2700 * time.Microsecond, 3},
		{"a cycle in 75 ms: too seldom", 42, targetPaired, 0},
	} {
		w := rate(1000)
		w.answer = func(_ *fakeFork, req Request) (Answer, error) {
			bytes := tt.bytes * float64(req.N)
			return Answer{Metrics: map[string]float64{"B/op": tt.bytes, cyclesUnit: math.Floor(bytes / cycle)}}, nil
		}
		plan := planned(t, Options{All: true, Sequential: true}, twoCases())
		plan.Blocks[0].Paired = true
		config, run := w.config()
		config.Done = func(bench.Case) bool { return true }
		if err := plan.Run(t.Context(), config); err != nil {
			t.Fatal(err)
		}
		base, other := plan.Blocks[0].at(baseCase), plan.Blocks[0].at(otherCase)
		if base.N != other.N || !within(float64(other.N)*1e3, float64(tt.want), 0.12) {
			t.Errorf("%s: %d and %d operations, want trials of %v", tt.name, base.N, other.N, tt.want)
		}
		if got := run.Measurements[0].Metrics[cyclesUnit]; got != tt.wantCycles {
			t.Errorf("%s: a trial holds %v cycles, want %v", tt.name, got, tt.wantCycles)
		}
	}
}

// The slower arm says how many operations both make.
func TestPilotEven(t *testing.T) {
	w := &world{cost: func(_ *fakeFork, req Request) time.Duration {
		if req.Case == otherCase {
			return time.Duration(req.N) * 4 * time.Microsecond
		}
		return time.Duration(req.N) * time.Microsecond
	}}
	plan := planned(t, Options{All: true, Sequential: true}, twoCases())
	plan.Blocks[0].Paired = true
	config, _ := w.config()
	config.Done = func(bench.Case) bool { return true }
	if err := plan.Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	if base, other := plan.Blocks[0].at(baseCase), plan.Blocks[0].at(otherCase); base.N != other.N || other.N != 500 {
		t.Errorf("%d and %d operations, want 500 of each", base.N, other.N)
	}
}
