package measure

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

var errDied = errors.New("the measuring process died (exit status 2)")

// A case whose process dies, or that is wrong, is void from there on, and costs
// the others no more than the rest of that fork.
func TestVoid(t *testing.T) {
	wrong := Answer{Problem: &Problem{Wrong: true, Text: "total 1 of 2"}}
	failed := Answer{Problem: &Problem{Text: "New failed"}}
	void := func(wrong bool, why string) []record.Void {
		return []record.Void{{Case: otherCase.Name(), Wrong: wrong, Why: why}}
	}
	for _, tt := range []struct {
		name  string
		fork  int // of the run, the first being the pilot
		trial int // of the case in that fork
		a     Answer
		err   error
		want  []record.Void
		had   int // measurements before
	}{
		{"dies in the pilot", 1, 1, Answer{}, errDied, void(false, errDied.Error()), 0},
		{"dies later in the pilot", 1, 2, Answer{}, errDied, void(false, errDied.Error()), 0},
		{"is wrong in the pilot", 1, 1, wrong, nil, void(true, "total 1 of 2"), 0},
		{"dies when warming up", 2, 1, Answer{}, errDied, void(false, errDied.Error()), 0},
		{"dies in the first round", 2, 2, Answer{}, errDied, void(false, errDied.Error()), 0},
		{"dies in the second round", 2, 3, Answer{}, errDied, void(false, errDied.Error()), 1},
		{"dies in the second fork", 3, 2, Answer{}, errDied, void(false, errDied.Error()), 3},
		{"is wrong when warming up", 3, 1, wrong, nil, void(true, "total 1 of 2"), 3},
		{"is wrong in the second round", 2, 3, wrong, nil, void(true, "total 1 of 2"), 1},
		{"fails in the last fork", 7, 4, failed, nil, void(false, "New failed"), 17},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := wall(time.Millisecond)
			trials := make(map[int]int) // of the case, by fork
			w.answer = func(f *fakeFork, req Request) (Answer, error) {
				if req.Case != otherCase {
					return Answer{}, nil
				}
				if trials[f.number]++; f.number == tt.fork && trials[f.number] == tt.trial {
					return tt.a, tt.err
				}
				return Answer{}, nil
			}
			run, _ := w.measured(t, Options{Forks: 6, Rounds: 3, Seed: 2}, twoCases())
			if diff := cmp.Diff(tt.want, run.Voids); diff != "" {
				t.Errorf("voids differ (-want +got):\n%s", diff)
			}
			if _, n := forksOf(run, otherCase); n != tt.had {
				t.Errorf("the void case has %d measurements, want %d", n, tt.had)
			}
			most := 6 * 3
			least := most
			if tt.err != nil && tt.fork > 1 {
				least -= 3 // what the process took with it
			}
			if _, n := forksOf(run, baseCase); n < least || n > most {
				t.Errorf("the other case has %d measurements, want %d to %d", n, least, most)
			}
			for fork, n := range trials {
				if fork > tt.fork && n > 0 {
					t.Errorf("the void case was tried again in fork %d", fork)
				}
			}
		})
	}
}

// Where all cases are void there is nothing more to do.
func TestAllVoid(t *testing.T) {
	w := wall(time.Millisecond)
	w.answer = func(*fakeFork, Request) (Answer, error) { return Answer{}, errDied }
	run, _ := w.measured(t, Options{}, twoCases(), costs(1, 1))
	if len(run.Voids) != 4 || len(w.forks) != 4 || len(run.Measurements) > 0 {
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

// Nothing can be measured without processes: that ends the run.
func TestStartFails(t *testing.T) {
	for n := 1; n <= 15; n++ {
		w := wall(time.Millisecond)
		config, _ := w.config()
		none := errors.New("no more processes")
		left := n
		config.Starter = starter(func(ctx context.Context, procs int) (Fork, error) {
			if left--; left == 0 {
				return nil, none
			}
			return w.Start(ctx, procs)
		})
		// The pilot's process dies, so that the pilot starts two.
		w.answer = func(f *fakeFork, _ Request) (Answer, error) {
			if f.number == 1 {
				return Answer{}, errDied
			}
			return Answer{}, nil
		}
		err := planned(t, Options{Forks: 6}, twoCases(), costs(1)).Run(t.Context(), config)
		if !errors.Is(err, none) || w.live != 0 {
			t.Errorf("start %d fails: %v, %d forks open", n, err, w.live)
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

// A trial that hangs is given up, after a time that its cost suggests.
func TestTrialLimit(t *testing.T) {
	for cost, want := range map[time.Duration]time.Duration{
		time.Millisecond: trialLimitLeast,
		time.Minute:      trialLimitTimes * (time.Minute + trialOverhead),
	} {
		synctest.Test(t, func(t *testing.T) {
			w := wall(time.Second)
			plan := planned(t, Options{All: true, Forks: 1}, costs(int(cost/time.Millisecond)))
			began := time.Now()
			config, run := w.config()
			config.Starter = starter(func(context.Context, int) (Fork, error) { return hangs{}, nil })
			if err := plan.Run(t.Context(), config); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took != want {
				t.Errorf("a trial of %v was given up after %v, want %v", cost, took, want)
			}
			why := fmt.Sprintf("the trial did not end within %v: make the job smaller, or look for a deadlock", want)
			if len(run.Voids) != 1 || run.Voids[0].Why != why || run.Voids[0].Wrong {
				t.Errorf("voids %+v, want %s", run.Voids, why)
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
