package scenarios

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/interleave-go/interleave/bench"
)

const (
	sleepSteps = 5

	// Timers are good to about a millisecond: at 10 ms that is 3 % of a step,
	// at 1 ms it would be 12 %, and shorter sleeps do not exist everywhere.
	sleepStep = 10 * time.Millisecond
)

// Sleep is the first lesson: tasks that wait overlap, and need no second core
// for it. It gives the same factor with GOMAXPROCS=1.
var Sleep = add(bench.Scenario{
	Name:    "sleep",
	Doc:     "tasks count numbers or letters and wait 10 ms after each: waiting overlaps, on any number of cores",
	Unit:    "step",
	Worker:  "task",
	Fixed:   sleepSteps, // of each task
	Workers: []int{2, 8, 64},
	Lesson: bench.Lesson{
		Variant: "goroutines",
		Workers: 2,
		Text:    "two tasks that wait take the time of one: %s times as fast as one after the other",
	},
	Exercises: []bench.Exercise{{
		Title:      "two tasks, one counting numbers and one letters, with a pause of 1 s after each",
		Why:        "both wait at the same time",
		Params:     "step=1s",
		Workers:    2,
		Sequential: "sequential",
		Concurrent: "goroutines",
	}},
	Variants: []bench.Variant{
		{
			Name:     "sequential",
			Doc:      "one task after the other",
			New:      sleepSequential,
			Headline: true,
			Estimate: func(s bench.Setup) time.Duration {
				return time.Duration(s.Workers) * sleepSteps * sleepStep
			},
		},
		{
			Name:     "goroutines",
			Doc:      "a goroutine for each task, joined at the end",
			New:      sleepGoroutines,
			Headline: true,
			Estimate: func(bench.Setup) time.Duration { return sleepSteps * sleepStep },
			// One after the other, 1024 tasks would take 51 s.
			Workers: []int{2, 8, 64, 1024},
		},
	},
})

func sleepSequential(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	log := newSleepLog(setup)
	return log.trial(func(ctx context.Context) error {
		for task := range setup.Workers {
			if err := log.steps(ctx, task); err != nil {
				return err
			}
		}
		return nil
	}), nil
}

func sleepGoroutines(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	log := newSleepLog(setup)
	return log.trial(func(ctx context.Context) error {
		var tasks errgroup.Group
		for task := range setup.Workers {
			tasks.Go(func() error { return log.steps(ctx, task) })
		}
		return tasks.Wait()
	}), nil
}

// A sleepLog is what the tasks write to, in the place of a terminal.
type sleepLog struct {
	tasks int
	step  time.Duration
	setup bench.Setup

	mu    sync.Mutex
	lines []sleepLine
}

type sleepLine struct {
	task int
	text string
}

// sleepEnd is the line below those of the tasks.
var sleepEnd = sleepLine{task: -1, text: "all tasks have ended"}

func newSleepLog(setup bench.Setup) *sleepLog {
	return &sleepLog{
		tasks: setup.Workers,
		step:  step(setup),
		setup: setup,
		lines: make([]sleepLine, 0, setup.Workers*sleepSteps+1),
	}
}

// step returns how long a task sleeps: 10 ms, but for the classroom, where
// people want to watch.
func step(setup bench.Setup) time.Duration {
	if d, err := time.ParseDuration(setup.Param("step")); err == nil {
		return d
	}
	return sleepStep
}

// trial makes a trial of a way to get all tasks done.
func (l *sleepLog) trial(tasks func(context.Context) error) *bench.Trial {
	return &bench.Trial{
		Run: func(ctx context.Context) error {
			if err := tasks(ctx); err != nil {
				return err
			}
			l.note(sleepEnd)
			return nil
		},
		Verify: l.verify,
	}
}

// steps is one task: it notes a line and sleeps, five times.
func (l *sleepLog) steps(ctx context.Context, task int) error {
	for step := range sleepSteps {
		text := sleepText(task, step)
		l.note(sleepLine{task, text})
		awake := l.setup.Timeline.Span(task, bench.Wait, text)
		err := sleep(ctx, l.step)
		awake()
		if err != nil {
			return err
		}
	}
	return nil
}

// sleepText returns what a task notes at a step: even tasks count numbers, odd
// tasks letters.
func sleepText(task, step int) string {
	if task%2 == 0 {
		return strconv.Itoa(step)
	}
	return string(rune('a' + step))
}

func (l *sleepLog) note(line sleepLine) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
	l.setup.Printf("%s\n", line.text)
}

// verify checks that every task noted each of its lines once and in order, and
// that the closing line is the last.
func (l *sleepLog) verify() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := len(l.lines) - 1
	if last < 0 || l.lines[last] != sleepEnd {
		return errors.New("the last line is not the closing line")
	}
	noted := make([]int, l.tasks) // how many lines of each task are right
	for _, line := range l.lines[:last] {
		if line == sleepEnd {
			return errors.New("the closing line stands before the last line")
		}
		n := noted[line.task]
		if n == sleepSteps {
			return fmt.Errorf("task %d noted %q after its last line", line.task, line.text)
		}
		if want := sleepText(line.task, n); line.text != want {
			return fmt.Errorf("task %d noted %q where %q comes next", line.task, line.text, want)
		}
		noted[line.task]++
	}
	for task, n := range noted {
		if n != sleepSteps {
			return fmt.Errorf("task %d noted %d of %d lines", task, n, sleepSteps)
		}
	}
	return nil
}

// sleep waits like time.Sleep, but not longer than the context lives.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
