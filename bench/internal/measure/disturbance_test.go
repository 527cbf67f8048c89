package measure

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// disturbed runs two cases in three forks on a machine that does at each look
// what the test says. There are two looks at a fork, both counted from 1.
func disturbed(t *testing.T, forks int, look func(fork int, after bool, r *Reading)) *record.Run {
	t.Helper()
	w := wall(time.Microsecond)
	plan := planned(t, Options{All: true, Forks: forks, Rounds: 1}, twoCases())
	config, run := w.config()
	looks := 0
	config.Machine = func() Reading {
		looks++
		r := Reading{Wall: time.Unix(1000, 0).Add(w.now), Known: true}
		look((looks+1)/2, looks%2 == 0, &r)
		return r
	}
	if err := plan.Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	if looks != 2*len(run.Forks) || len(run.Forks) < forks {
		t.Errorf("the machine was read %d times in %d forks of at least %d", looks, len(run.Forks), forks)
	}
	return run
}

// What the machine did during each fork is recorded, and drops nothing.
func TestDisturbanceRecorded(t *testing.T) {
	run := disturbed(t, 3, func(fork int, after bool, r *Reading) {
		r.Load = float64(fork)
		if after {
			// Of 10 s that were wanted, as many as the fork's number were stolen.
			r.Stolen = time.Duration(fork) * time.Second
			r.Busy = 10*time.Second - r.Stolen
		}
	})
	var want []record.Fork
	for fork := 1; fork <= 3; fork++ {
		want = append(want, record.Fork{
			Scenario: "two", Procs: 2, Fork: fork,
			Processor: 10 * time.Second, Stolen: time.Duration(fork) * time.Second, Load: float64(fork),
		})
	}
	if diff := cmp.Diff(want, run.Forks); diff != "" {
		t.Errorf("forks (-want +got):\n%s", diff)
	}
	if forks, n := forksOf(run, otherCase); fmt.Sprint(forks) != "[1 2 3]" || n != 3 || len(run.Warnings) != 0 {
		t.Errorf("forks %v, %d measurements, warnings %q", forks, n, run.Warnings)
	}
	if part, known := run.Steal("two", "", 2); !known || part < 0.2-1e-9 || part > 0.2+1e-9 {
		t.Errorf("%v of the time was stolen (%v), want a fifth", part, known)
	}
}

// A clock that jumps during a fork costs the fork of all cases alike, and
// another is made in its place.
func TestDisturbanceClockJump(t *testing.T) {
	for _, tt := range []struct {
		name string
		jump time.Duration
		void string
	}{
		{"an hour asleep", time.Hour, "the clock jumped ahead by 1h0m0s, as it does when the machine sleeps"},
		{"set back", -1500 * time.Millisecond, "the clock jumped back by 1.5s"},
		{"adjusted", time.Second, ""},
		{"adjusted back", -time.Second, ""},
	} {
		run := disturbed(t, 3, func(fork int, after bool, r *Reading) {
			if fork > 2 || fork == 2 && after {
				r.Wall = r.Wall.Add(tt.jump)
			}
		})
		want := "[1 2 3]"
		if tt.void != "" {
			want = "[1 3 4]"
			if len(run.Warnings) != 1 || !strings.Contains(run.Warnings[0], "two at GOMAXPROCS=2: process 2 is left out") {
				t.Errorf("%s: warnings %q", tt.name, run.Warnings)
			}
		} else if len(run.Warnings) != 0 {
			t.Errorf("%s: warnings %q", tt.name, run.Warnings)
		}
		if got := run.Forks[1].Void; got != tt.void {
			t.Errorf("%s: the fork is void since %q, want %q", tt.name, got, tt.void)
		}
		base, _ := forksOf(run, baseCase)
		other, _ := forksOf(run, otherCase)
		if fmt.Sprint(base) != want || fmt.Sprint(other) != want || len(run.Voids) != 0 {
			t.Errorf("%s: forks %v and %v, want %s; void %v", tt.name, base, other, want, run.Voids)
		}
	}
}

// The processes of racy variants are others, under the same numbers.
func TestDisturbanceOfRacyForks(t *testing.T) {
	s := twoCases()
	s.Variants = append(s.Variants, bench.Variant{Name: "racy", New: neverNew, Racy: true, Workers: []int{2}})
	w := wall(time.Microsecond)
	config, run := w.config()
	looks := 0
	config.Machine = func() Reading {
		looks++
		wall := time.Unix(1000, 0).Add(w.now)
		if looks > 4 { // after two clean forks, in each racy one
			wall = wall.Add(time.Duration(looks) * time.Hour)
		}
		return Reading{Wall: wall}
	}
	if err := planned(t, Options{All: true, Forks: 2, Rounds: 1}, s).Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	clean, _ := forksOf(run, baseCase)
	if fmt.Sprint(clean) != "[1 2]" || len(run.Measurements) != 4 || len(run.Voids) != 1 || !strings.Contains(run.Voids[0].Case, "racy") {
		t.Errorf("forks %v, %d measurements, void %+v", clean, len(run.Measurements), run.Voids)
	}
	for i, f := range run.Forks {
		if f.Racy != (i >= 2) || f.Racy != (f.Void != "") {
			t.Errorf("fork %+v", f)
		}
	}
}

// With no fork left a case has no speed, and says so.
func TestDisturbanceNothingLeft(t *testing.T) {
	run := disturbed(t, 2, func(_ int, after bool, r *Reading) {
		if after {
			r.Wall = r.Wall.Add(time.Minute)
		}
	})
	if len(run.Measurements) != 0 || len(run.Voids) != 2 || run.Voids[0].Wrong || !strings.Contains(run.Voids[0].Why, "in every process") {
		t.Errorf("%d measurements, void %+v", len(run.Measurements), run.Voids)
	}
}

// Without a machine nothing is recorded; what a machine does not tell is not
// known; and what could not be written ends the run.
func TestDisturbanceUnknown(t *testing.T) {
	w := wall(time.Microsecond)
	run, _ := w.measured(t, Options{All: true, Forks: 2, Rounds: 1}, twoCases())
	if len(run.Forks) != 0 || len(run.Measurements) == 0 {
		t.Errorf("forks %+v", run.Forks)
	}
	run = disturbed(t, 2, func(_ int, after bool, r *Reading) { r.Known, r.Stolen = false, time.Hour })
	if f := run.Forks[0]; len(run.Forks) != 2 || f.Processor != 0 || f.Stolen != 0 {
		t.Errorf("forks %+v", run.Forks)
	}
	if _, known := run.Steal("two", "", 2); known {
		t.Error("the part that was stolen is known")
	}
	config, _ := w.config()
	full := errors.New("no room")
	config.Machine = func() Reading { return Reading{} }
	config.Sink = func(e record.Event) error {
		if e.Fork != nil {
			return full
		}
		return nil
	}
	if err := planned(t, Options{All: true, Forks: 2, Rounds: 1}, twoCases()).Run(t.Context(), config); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}

func TestSpent(t *testing.T) {
	const s = time.Second
	for _, tt := range []struct {
		name                     string
		busy, stolen, took       time.Duration
		wantProcessor, wantStole time.Duration
	}{
		{"two CPUs at work", 2 * s, 0, s, 2 * s, 0},
		{"one of many CPUs at work, half stolen", s / 2, s / 2, s, s, s / 2},
		{"waiting, a moment stolen", s / 100, s / 100, s, s, s / 100},
		{"the host takes back what it counted", s, -s, s, s, 0},
		{"more stolen than passed", 0, 3 * s, s, 3 * s, 3 * s},
		{"a counter that began again", -5 * s, s, s, s, s},
	} {
		processor, stolen := Spent(Reading{Busy: 9 * s, Stolen: 7 * s}, Reading{Busy: 9*s + tt.busy, Stolen: 7*s + tt.stolen}, tt.took)
		if processor != tt.wantProcessor || stolen != tt.wantStole {
			t.Errorf("%s: %v of %v, want %v of %v", tt.name, stolen, processor, tt.wantStole, tt.wantProcessor)
		}
	}
}

// The machine that this is can be read, and its clock has no monotonic part:
// with one, a jump would never show.
func TestRealMachine(t *testing.T) {
	r := RealMachine()()
	if r.Wall.IsZero() || r.Wall != r.Wall.Round(0) || r.Load < 0 || r.Known && r.Busy <= 0 {
		t.Errorf("reading %+v", r)
	}
}
