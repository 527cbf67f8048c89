package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/report"
	"github.com/interleave-go/interleave/bench/internal/tempdir"
)

// tutorial runs the exercises of the selected scenarios: programs of a class
// on threads, printing what such programs print, with the time beside it.
func (p *program) tutorial(ctx context.Context, sel measure.Selection) error {
	blocks, _, err := measure.Select(p.scenarios, sel)
	if err != nil {
		return err
	}
	dir, err := tempdir.New("tutorial")
	if err != nil {
		return err
	}
	defer tempdir.Remove(dir)
	starter, err := measure.NewProcesses(p.known())
	if err != nil {
		return err
	}
	c := &class{program: p, ctx: ctx, starter: starter, dir: dir}
	seen := make(map[string]bool)
	for _, b := range blocks {
		for i := range b.Scenario.Exercises {
			if seen[b.Scenario.Name] {
				break
			}
			if err := c.exercise(b.Scenario, &b.Scenario.Exercises[i]); err != nil {
				return err
			}
		}
		seen[b.Scenario.Name] = true
	}
	if len(c.done) == 0 {
		return errors.New("none of these scenarios has an exercise: see interleave list")
	}
	return report.Exercises(p.stdout, c.done)
}

// A class is one walk through the exercises.
type class struct {
	*program
	ctx     context.Context
	starter measure.Starter
	dir     string
	done    []report.Exercise
}

func (c *class) exercise(s *bench.Scenario, e *bench.Exercise) error {
	fmt.Fprintf(c.stdout, "%d. %s\n", len(c.done)+1, e.Title)
	result := report.Exercise{Title: e.Title, Why: e.Why}
	if s.Variant(e.Concurrent).Racy {
		if err := c.race(s, e); err != nil {
			return err
		}
		c.done = append(c.done, result)
		return nil
	}
	var pictures []report.Picture
	for _, way := range []struct {
		variant string
		took    *time.Duration
	}{{e.Sequential, &result.Sequential}, {e.Concurrent, &result.Concurrent}} {
		if way.variant == "" {
			continue
		}
		a, err := c.watch(s, e, way.variant)
		if err != nil {
			return err
		}
		*way.took = a.Elapsed
		if len(a.Spans) > 0 {
			pictures = append(pictures, report.NewPicture(way.variant, s.WorkerNoun(), a.Spans))
		}
	}
	fmt.Fprintln(c.stdout)
	c.done = append(c.done, result)
	return report.Pictures(c.stdout, pictures)
}

// watch runs one way of an exercise in this process, printing as it goes.
func (c *class) watch(s *bench.Scenario, e *bench.Exercise, variant string) (measure.Answer, error) {
	clock := measure.RealClock()
	fmt.Fprintf(c.stdout, "   %s (%s)\n", variant, sourceOf(s.Variant(variant)))
	out := &timed{w: c.stdout, clock: clock, fresh: true}
	a := measure.Trial(c.ctx, s, c.request(s, e, variant, out), clock, c.dir)
	if c.ctx.Err() != nil {
		return a, c.ctx.Err()
	}
	if a.Problem != nil {
		return a, errors.New(a.Problem.Text)
	}
	fmt.Fprintf(c.stdout, "   took %s; the result was checked\n", report.Duration(a.Elapsed))
	return a, nil
}

func (c *class) request(s *bench.Scenario, e *bench.Exercise, variant string, out io.Writer) measure.Request {
	workers := e.Workers
	if own := s.WorkerCounts(s.Variant(variant)); len(own) == 1 {
		workers = own[0] // a sequential variant has one worker by nature
	}
	return measure.Request{
		Case: bench.Case{Scenario: s.Name, Params: e.Params, Variant: variant, Workers: workers, Procs: runtime.GOMAXPROCS(0)},
		N:    e.N, Timeline: true, Out: out,
	}
}

// race runs a racy variant in a process of its own, as it is written and then
// with its threads pinned to different cores, and says how often it went wrong.
func (c *class) race(s *bench.Scenario, e *bench.Exercise) error {
	fork, err := c.starter.Start(c.ctx, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	defer fork.Close()
	req := c.request(s, e, e.Concurrent, nil)
	req.Timeline, req.Print = false, true
	repeat := max(e.Repeat, 1)
	wrong := make(map[bench.Start]int)
	var worst measure.Answer
	for _, start := range []bench.Start{bench.Loose, bench.Pinned} {
		req.Start = start
		for range repeat {
			a, err := fork.Trial(c.ctx, req)
			if err != nil {
				return err
			}
			if a.Problem != nil {
				return errors.New(a.Problem.Text)
			}
			if a.Anomaly != "" {
				wrong[start]++
			}
			if worst.Printed == "" || a.Metrics["lost"] > worst.Metrics["lost"] {
				worst = a
			}
		}
	}
	fmt.Fprintf(c.stdout, "   %s (%s), %d times as written and %d times with the start aligned\n", e.Concurrent, sourceOf(s.Variant(e.Concurrent)), repeat, repeat)
	said := strings.TrimSpace(worst.Printed)
	fmt.Fprintf(c.stdout, "            %s (%.0f lost; wrong in %d of %d; aligned: %d of %d)\n", said, worst.Metrics["lost"], wrong[bench.Loose], repeat, wrong[bench.Pinned], repeat)
	c.explain(wrong, repeat)
	fmt.Fprintln(c.stdout)
	return nil
}

// explain says what it means that a race did not show: never that the program
// is right.
func (c *class) explain(wrong map[bench.Start]int, repeat int) {
	if wrong[bench.Loose] == 0 {
		fmt.Fprint(c.stdout,
			"            Nothing was lost as written: so short a loop is often over before the\n",
			"            other begins. That is luck, and no proof: the program is wrong.\n")
	}
	if wrong[bench.Pinned] < repeat && runtime.NumCPU() < 2 {
		fmt.Fprint(c.stdout,
			"            With one core two threads never run at the same time.\n")
	}
}

// timed writes lines with the time since the start of the program beside them.
type timed struct {
	mu    sync.Mutex
	w     io.Writer
	clock measure.Clock
	fresh bool
}

func (t *timed) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b bytes.Buffer
	for line := range bytes.Lines(p) {
		if t.fresh {
			fmt.Fprintf(&b, "   %6.2f s  ", t.clock().Seconds())
		}
		b.Write(line)
		t.fresh = bytes.HasSuffix(line, []byte("\n"))
	}
	_, err := t.w.Write(b.Bytes())
	return len(p), err
}
