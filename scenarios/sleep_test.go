package scenarios

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// In the bubble's virtual time, sleeping takes exactly as long as it says.
func TestSleepTime(t *testing.T) {
	const job = 50 * time.Millisecond
	for _, tt := range []struct {
		variant string
		tasks   int
		want    time.Duration
	}{
		{"sequential", 1, job},
		{"sequential", 2, 2 * job},
		{"sequential", 8, 8 * job},
		{"sequential", 64, 64 * job},
		{"goroutines", 1, job},
		{"goroutines", 2, job},
		{"goroutines", 8, job},
		{"goroutines", 64, job},
		{"goroutines", 1024, job},
	} {
		t.Run(fmt.Sprintf("%s/%d", tt.variant, tt.tasks), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := Sleep.Variant(tt.variant)
				setup := sleepSetup(tt.tasks)
				trial, err := v.New(t.Context(), setup)
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				if err := trial.Run(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := time.Since(start); got != tt.want {
					t.Errorf("took %v, want %v", got, tt.want)
				}
				if got := v.Estimate(setup); got != tt.want {
					t.Errorf("estimate %v, want %v", got, tt.want)
				}
				if err := trial.Verify(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestSleepTimeline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		timeline := bench.NewTimeline(func() time.Duration { return time.Since(start) })
		setup := sleepSetup(2)
		setup.Timeline = timeline
		trial, err := sleepGoroutines(t.Context(), setup)
		if err != nil {
			t.Fatal(err)
		}
		if err := trial.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		var want []bench.Span
		for step := range sleepSteps {
			for task, labels := range []string{"01234", "abcde"} {
				want = append(want, bench.Span{
					Worker: task, Kind: bench.Wait, Label: labels[step : step+1],
					Start: time.Duration(step) * sleepStep,
					End:   time.Duration(step+1) * sleepStep,
				})
			}
		}
		if got := timeline.Spans(); !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	})
}

func TestSleepStopsWhenCancelled(t *testing.T) {
	for _, v := range Sleep.Variants {
		t.Run(v.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				trial, err := v.New(t.Context(), sleepSetup(8))
				if err != nil {
					t.Fatal(err)
				}
				const patience = 12 * time.Millisecond // within the second step
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				start := time.Now()
				if err := trial.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("Run returned %v, want the context's error", err)
				}
				if got := time.Since(start); got != patience {
					t.Errorf("Run returned after %v, want %v", got, patience)
				}
				if trial.Verify() == nil {
					t.Error("Verify accepts a job that was cut short")
				}
			})
		})
	}
}

func TestSleepVerify(t *testing.T) {
	// The log of two tasks is 0 a 1 b 2 c 3 d 4 e and the closing line.
	for _, tt := range []struct {
		name   string
		mutate func([]sleepLine) []sleepLine
		want   string // part of the error; "" for none
	}{
		{"right", func(l []sleepLine) []sleepLine { return l }, ""},
		{"another interleaving", func(l []sleepLine) []sleepLine {
			l[0], l[1] = l[1], l[0]
			return l
		}, ""},
		{"missing line", func(l []sleepLine) []sleepLine { return slices.Delete(l, 4, 5) }, `task 0 noted "3" where "2" comes next`},
		{"missing last line", func(l []sleepLine) []sleepLine { return slices.Delete(l, 9, 10) }, "task 1 noted 4 of 5 lines"},
		{"line twice", func(l []sleepLine) []sleepLine { return slices.Insert(l, 3, l[3]) }, `task 1 noted "b" where "c" comes next`},
		{"last line twice", func(l []sleepLine) []sleepLine { return slices.Insert(l, 9, l[9]) }, `task 1 noted "e" after its last line`},
		{"lines swapped", func(l []sleepLine) []sleepLine {
			l[2], l[4] = l[4], l[2]
			return l
		}, `task 0 noted "2" where "1" comes next`},
		{"line of the other task", func(l []sleepLine) []sleepLine {
			l[2].task = 1
			return l
		}, `task 1 noted "1" where "b" comes next`},
		{"no closing line", func(l []sleepLine) []sleepLine { return l[:10] }, "the last line is not the closing line"},
		{"early closing line", func(l []sleepLine) []sleepLine {
			l[9], l[10] = l[10], l[9]
			return l
		}, "the last line is not the closing line"},
		{"two closing lines", func(l []sleepLine) []sleepLine { return slices.Insert(l, 5, sleepEnd) }, "stands before the last line"},
		{"empty", func([]sleepLine) []sleepLine { return nil }, "the last line is not the closing line"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log := newSleepLog(sleepSetup(2))
			for step := range sleepSteps {
				log.note(sleepLine{0, sleepText(0, step)})
				log.note(sleepLine{1, sleepText(1, step)})
			}
			log.note(sleepEnd)
			log.lines = tt.mutate(log.lines)
			switch err := log.verify(); {
			case tt.want == "" && err != nil:
				t.Errorf("unexpected error %v", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func sleepSetup(tasks int) bench.Setup { return Sleep.Setup(bench.Case{Workers: tasks}, 0) }
