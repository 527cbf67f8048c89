package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

var errDied = errors.New("the measuring process died (exit status 2)")

// A case that is wrong, or whose trial says that it failed, is void from there
// on, and costs the others nothing.
func TestVoid(t *testing.T) {
	wrong := Answer{Problem: &Problem{Wrong: true, Text: "total 1 of 2"}}
	failed := Answer{Problem: &Problem{Text: "New failed"}}
	for _, tt := range []struct {
		name  string
		fork  int // of the run, the first being the pilot
		trial int // of the case in that fork
		a     Answer
		had   int // measurements before
	}{
		{"is wrong in the pilot", 1, 1, wrong, 0},
		{"is wrong when warming up", 3, 1, wrong, 3},
		{"is wrong in the second round", 2, 3, wrong, 1},
		{"fails in the last fork", 7, 4, failed, 17},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := wall(time.Millisecond)
			trials := make(map[int]int) // of the case, by fork
			w.answer = func(f *fakeFork, req Request) (Answer, error) {
				if req.Case != otherCase {
					return Answer{}, nil
				}
				if trials[f.number]++; f.number == tt.fork && trials[f.number] == tt.trial {
					return tt.a, nil
				}
				return Answer{}, nil
			}
			run, _ := w.measured(t, Options{Forks: 6, Rounds: 3, Seed: 2}, twoCases())
			want := []record.Void{{Case: otherCase.Name(), Wrong: tt.a.Problem.Wrong, Why: tt.a.Problem.Text}}
			if diff := cmp.Diff(want, run.Voids); diff != "" {
				t.Errorf("voids differ (-want +got):\n%s", diff)
			}
			if _, n := forksOf(run, otherCase); n != tt.had {
				t.Errorf("the void case has %d measurements, want %d", n, tt.had)
			}
			if _, n := forksOf(run, baseCase); n != 18 {
				t.Errorf("the other case has %d measurements, want 18", n)
			}
			for fork, n := range trials {
				if fork > tt.fork && n > 0 {
					t.Errorf("the void case was tried again in fork %d", fork)
				}
			}
		})
	}
}

// A case that takes its process with it costs the rest of that fork, which
// another replaces. It is named, and void only when it does so again and again.
func TestFailures(t *testing.T) {
	for _, tt := range []struct {
		name  string
		forks []int // of the run, in which the case dies; the first is the pilot
		trial int   // of the case in those forks
		void  bool
	}{
		{"once", []int{3}, 2, false},
		{"twice", []int{3, 4}, 3, false},
		{"when warming up", []int{2, 5}, 1, false},
		{"in the last two", []int{6, 7}, 4, false},
		{"three times", []int{2, 4, 6}, 2, true},
		{"in the pilot", []int{1, 2}, 1, false},
		{"always in the pilot", []int{1, 2, 3}, 2, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := wall(time.Millisecond)
			trials := make(map[int]int)
			w.answer = func(f *fakeFork, req Request) (Answer, error) {
				if req.Case != otherCase {
					return Answer{}, nil
				}
				if trials[f.number]++; slices.Contains(tt.forks, f.number) && trials[f.number] == tt.trial {
					return Answer{}, errDied
				}
				return Answer{}, nil
			}
			run, _ := w.measured(t, Options{Forks: 6, Rounds: 3, Seed: 2}, twoCases())
			if named := len(run.Warnings); named != min(len(tt.forks), failuresVoid-1) {
				t.Errorf("%d failures, warnings %q", len(tt.forks), run.Warnings)
			}
			for _, text := range run.Warnings {
				if !strings.Contains(text, otherCase.Name()) || !strings.Contains(text, errDied.Error()) {
					t.Errorf("the warning does not say what failed: %s", text)
				}
			}
			if (len(run.Voids) == 1) != tt.void {
				t.Errorf("voids %+v", run.Voids)
			}
			// Six whole forks, whatever was lost beside them.
			_, base := forksOf(run, baseCase)
			_, other := forksOf(run, otherCase)
			if base < 18 || base > 18+3*len(tt.forks) || !tt.void && other < 18 {
				t.Errorf("the other case has %d measurements, the failing one %d", base, other)
			}
		})
	}
}

// A clock that jumps is no measurement: the trial cannot have taken longer than
// the parent waited.
func TestClockJumps(t *testing.T) {
	w := wall(time.Millisecond)
	config, run := w.config()
	jumps := 1
	config.Starter = starter(func(ctx context.Context, procs int) (Fork, error) {
		f, err := w.Start(ctx, procs)
		return trialFunc(func(ctx context.Context, r Request) (Answer, error) {
			a, err := f.Trial(ctx, r)
			if r.Case == otherCase && len(w.forks) == 3 && jumps > 0 {
				jumps--
				a.Elapsed += time.Hour
			}
			return a, err
		}), err
	})
	if err := planned(t, Options{Forks: 6, Rounds: 3}, twoCases()).Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	if len(run.Warnings) != 1 || !strings.Contains(run.Warnings[0], "its clock jumped") {
		t.Errorf("warnings %q", run.Warnings)
	}
	for _, m := range run.Measurements {
		if m.Elapsed > time.Minute {
			t.Errorf("measured %v", m.Elapsed)
		}
	}
}

type trialFunc func(context.Context, Request) (Answer, error)

func (f trialFunc) Trial(ctx context.Context, r Request) (Answer, error) { return f(ctx, r) }
func (trialFunc) Close()                                                 {}

// Where all cases are void there is nothing more to do.
func TestAllVoid(t *testing.T) {
	w := wall(time.Millisecond)
	w.answer = func(*fakeFork, Request) (Answer, error) { return Answer{}, errDied }
	run, _ := w.measured(t, Options{}, twoCases(), costs(1, 1))
	if len(run.Voids) != 4 || len(w.forks) != 4*failuresVoid || len(run.Measurements) > 0 {
		t.Errorf("%d voids, %d forks", len(run.Voids), len(w.forks))
	}
}

// A reason of any length fits into a run file.
func TestVoidLong(t *testing.T) {
	w := wall(time.Millisecond)
	w.answer = func(*fakeFork, Request) (Answer, error) {
		return Answer{}, errors.New(strings.Repeat("<\xff\n\x01µ", 5000))
	}
	if run, _ := w.measured(t, Options{}, twoCases()); len(run.Voids) != 2 {
		t.Errorf("voids %+v", run.Voids)
	}
}

// Nothing can be measured without processes: that the first cannot be started
// ends the run, and so do several in a row. A single one costs its fork.
func TestStartFails(t *testing.T) {
	none := errors.New("no more processes")
	for _, tt := range []struct {
		refused []int // starts
		ends    bool
	}{
		{[]int{1}, true},
		{[]int{2}, false},
		{[]int{3, 4, 6, 9}, false},
		{[]int{4, 5, 6}, true},
	} {
		w := wall(time.Millisecond)
		config, run := w.config()
		starts := 0
		config.Starter = starter(func(ctx context.Context, procs int) (Fork, error) {
			if starts++; slices.Contains(tt.refused, starts) {
				return nil, none
			}
			return w.Start(ctx, procs)
		})
		err := planned(t, Options{Forks: 6}, twoCases(), costs(1)).Run(t.Context(), config)
		if errors.Is(err, none) != tt.ends || w.live != 0 {
			t.Errorf("starts %v fail: %v, %d forks open", tt.refused, err, w.live)
		}
		if forks, _ := forksOf(run, baseCase); !tt.ends && (len(forks) != 6 || len(run.Warnings) != len(tt.refused)) {
			t.Errorf("starts %v fail: measured in %d forks, warnings %q", tt.refused, len(forks), run.Warnings)
		}
	}
}

type starter func(context.Context, int) (Fork, error)

func (s starter) Start(ctx context.Context, procs int) (Fork, error) { return s(ctx, procs) }

// When the results cannot be kept, the run ends at once.
func TestSinkFails(t *testing.T) {
	full := errors.New("disk full")
	for n := 1; n <= 15; n++ {
		w := wall(time.Millisecond)
		w.answer = func(_ *fakeFork, req Request) (Answer, error) {
			switch {
			case req.Timeline:
				return Answer{Spans: []bench.Span{{}}}, nil
			case req.Case.Variant == "other":
				return Answer{Problem: &Problem{Text: "x"}}, nil
			}
			return Answer{}, nil
		}
		config, _ := w.config()
		left, after := n, 0
		config.Sink = func(record.Event) error {
			if left--; left < 0 {
				after++
			}
			if left <= 0 {
				return full
			}
			return nil
		}
		// Events of both blocks: void, measurements; omitted, measurements, a
		// timeline.
		plan := planned(t, Options{Forks: 3, Rounds: 2, Budget: 4 * time.Second}, twoCases(), costs(1, 100_000))
		err := plan.Run(t.Context(), config)
		if !errors.Is(err, full) || after > 0 || w.live != 0 {
			t.Errorf("event %d cannot be kept: %v, %d more events, %d forks open", n, err, after, w.live)
		}
	}
}

// A trial that hangs is given up, after a time that its cost suggests, and
// earlier where the budget ends before.
func TestTrialLimit(t *testing.T) {
	for _, tt := range []struct {
		cost, budget, want time.Duration
	}{
		{time.Millisecond, 0, trialLimitLeast},
		{time.Minute, 0, trialLimitTimes * (time.Minute + trialOverhead)},
		{time.Second, 15 * time.Second, 15 * time.Second},
		{2 * time.Second, 15 * time.Second, trialLimitShort * (2*time.Second + trialOverhead)},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := wall(time.Second)
			plan := planned(t, Options{All: tt.budget == 0, Budget: tt.budget, Forks: 1}, costs(int(tt.cost/time.Millisecond)))
			began := time.Now()
			config, run := w.config()
			config.Starter = starter(func(context.Context, int) (Fork, error) { return hangs{}, nil })
			config.Clock = func() time.Duration { return time.Since(began) }
			if err := plan.Run(t.Context(), config); err != nil {
				t.Error(err)
			}
			why := fmt.Sprintf("the trial did not end within %v: make the job smaller, or look for a deadlock", tt.want)
			if len(run.Warnings) == 0 || !strings.Contains(run.Warnings[0], why) {
				t.Errorf("warnings %q, want %s", run.Warnings, why)
			}
			if len(run.Voids) != 1 || run.Voids[0].Wrong {
				t.Errorf("voids %+v", run.Voids)
			}
		})
	}
}

// hangs is a fork that does not answer until it is killed.
type hangs struct{}

func (hangs) Trial(ctx context.Context, _ Request) (Answer, error) {
	<-ctx.Done()
	return Answer{}, ctx.Err()
}
func (hangs) Close() {}
