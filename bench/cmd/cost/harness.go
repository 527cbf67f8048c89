package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/runner"
	"github.com/interleave-go/interleave/scenarios"
)

// mostShare is the part of a run's time that the harness may take.
const mostShare = 0.02

// harness measures what a run costs beside its trials, and returns the limits
// that were exceeded.
func harness(w io.Writer, dir string) (exceeded []string, err error) {
	before, known := processorTime()
	began := time.Now()
	args := []string{"interleave", "run", "-quick", "-charts=false", "-o", filepath.Join(dir, "run")}
	if code := runner.Run(args, nil, io.Discard, io.Discard, scenarios.All()...); code != 0 {
		return nil, fmt.Errorf("interleave run -quick ended with code %d: run it to see why", code)
	}
	wall := time.Since(began)
	after, _ := processorTime()
	fmt.Fprintf(w, "the harness during interleave run -quick -charts=false\n\n")
	fmt.Fprintf(w, "%-62s %8.2f s\n", "wall time", wall.Seconds())
	if known {
		share := float64(after-before) / float64(wall)
		fmt.Fprintf(w, "%-62s %8.2f s %6.2f %%\n", "processor time of the parent: planning, requests, recording, tables", (after - before).Seconds(), 100*share)
		if share > mostShare {
			exceeded = append(exceeded, fmt.Sprintf("the harness takes %.2f %% of the wall time, the limit is %.0f %%", 100*share, 100*mostShare))
		}
	} else {
		fmt.Fprintln(w, "this system does not say how much processor time the parent took")
	}
	fmt.Fprintf(w, "\nwhere the wall time of the same plan goes, by the parent's clock\n\n")
	return exceeded, breakdown(w)
}

// A watch is a starter of forks that takes the times of all that is asked of
// them.
type watch struct {
	measure.Starter
	forks            int
	starting, asking time.Duration // by the parent's clock
	timed            time.Duration // of the trials, by the children's
}

func (w *watch) Start(ctx context.Context, procs int) (measure.Fork, error) {
	defer add(&w.starting, time.Now())
	f, err := w.Starter.Start(ctx, procs)
	if err != nil {
		return nil, err
	}
	w.forks++
	return &watchedFork{f, w}, nil
}

type watchedFork struct {
	measure.Fork
	watch *watch
}

func (f *watchedFork) Trial(ctx context.Context, r measure.Request) (measure.Answer, error) {
	defer add(&f.watch.asking, time.Now())
	a, err := f.Fork.Trial(ctx, r)
	f.watch.timed += a.Elapsed
	return a, err
}

func (f *watchedFork) Close() {
	defer add(&f.watch.starting, time.Now())
	f.Fork.Close()
}

func add(sum *time.Duration, since time.Time) { *sum += time.Since(since) }

// breakdown runs the plan once more and writes where its time goes.
func breakdown(w io.Writer) error {
	all := scenarios.All()
	blocks, _, err := measure.Select(all, measure.Selection{Quick: true, Procs: []int{runtime.GOMAXPROCS(0)}})
	if err != nil {
		return err
	}
	if err := os.Setenv(engineEnv, "1"); err != nil {
		return err
	}
	starter, err := measure.NewProcesses(all)
	if err != nil {
		return err
	}
	watched := &watch{Starter: starter}
	var measured, recording time.Duration
	trials := 0
	file := record.NewWriter(io.Discard)
	began := time.Now()
	err = measure.NewPlan(blocks, measure.Options{Quick: true, Seed: 1}).Run(context.Background(), measure.Config{
		Starter: watched, Clock: measure.RealClock(),
		Sink: func(e record.Event) error {
			defer add(&recording, time.Now())
			if e.Void != nil {
				return errors.New(e.Void.Case + ": " + e.Void.Why)
			}
			if e.Measurement != nil {
				measured += e.Measurement.Elapsed
				trials++
			}
			return file.Write(e)
		},
	})
	if err != nil {
		return err
	}
	wall := time.Since(began)
	rest := wall - watched.starting - watched.asking - recording
	for _, line := range []struct {
		what string
		took time.Duration
	}{
		{fmt.Sprintf("timed regions of the %d trials that are data", trials), measured},
		{"timed regions of pilots, warming up and timelines", watched.timed - measured},
		{"set-up, verification, collections, messages: around all trials", watched.asking - watched.timed},
		{fmt.Sprintf("starting and ending %d processes", watched.forks), watched.starting},
		{"writing the run file", recording},
		{"the rest: planning, choosing the order", rest},
		{"wall time", wall},
	} {
		fmt.Fprintf(w, "%-62s %8.2f s %6.2f %%\n", line.what, line.took.Seconds(), 100*float64(line.took)/float64(wall))
	}
	fmt.Fprintln(w)
	return nil
}
