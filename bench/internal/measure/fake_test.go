package measure

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// A world is a machine whose time passes only while forks start and trials
// run, as long as the test says.
type world struct {
	now    time.Duration
	cost   func(f *fakeFork, req Request) time.Duration // of the timed region
	answer func(f *fakeFork, req Request) (Answer, error)
	log    []string // "start 2", then a line for each trial, then "close"
	forks  []*fakeFork
	live   int
}

// A fakeFork is a process of a world.
type fakeFork struct {
	*world
	number int // from 1, over the whole run
	trials int
}

// wall makes a world in which every operation takes so long. What the harness
// itself takes is what the plan assumes.
func wall(perOp time.Duration) *world { return rate(float64(perOp)) }

func rate(nanoseconds float64) *world {
	return &world{cost: func(_ *fakeFork, req Request) time.Duration {
		return time.Duration(nanoseconds * float64(req.N))
	}}
}

func (w *world) clock() time.Duration { return w.now }

func (w *world) Start(ctx context.Context, procs int) (Fork, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	w.now += forkOverhead
	w.live++
	f := &fakeFork{world: w, number: len(w.forks) + 1}
	w.forks = append(w.forks, f)
	w.log = append(w.log, fmt.Sprintf("start %d", procs))
	return f, nil
}

func (f *fakeFork) Close() {
	f.live--
	f.log = append(f.log, "close")
}

func (f *fakeFork) Trial(ctx context.Context, req Request) (Answer, error) {
	if ctx.Err() != nil {
		return Answer{}, ctx.Err()
	}
	f.trials++
	f.log = append(f.log, fmt.Sprintf("%s n=%d", req.Case.SubName(), req.N))
	var a Answer
	if f.answer != nil {
		var err error
		if a, err = f.answer(f, req); err != nil || a.Problem != nil {
			f.now += trialOverhead
			return a, err
		}
	}
	a.Elapsed = f.cost(f, req)
	f.now += trialOverhead + a.Elapsed
	return a, nil
}

// config returns a configuration whose events go to the returned run.
func (w *world) config() (Config, *record.Run) {
	run := new(record.Run)
	return Config{Starter: w, Clock: w.clock, Sink: func(e record.Event) error {
		run.Add(e)
		return nil
	}}, run
}

// measured selects all cases of the scenarios, plans and runs them, and checks
// what holds for every run.
func (w *world) measured(t *testing.T, o Options, scenarios ...bench.Scenario) (*record.Run, *Plan) {
	t.Helper()
	plan := planned(t, o, scenarios...)
	config, run := w.config()
	var file bytes.Buffer
	writer := record.NewWriter(&file)
	begin := []record.Event{{Run: &record.Header{Format: record.Format}}}
	for i := range scenarios {
		begin = append(begin, record.Describe(&scenarios[i], "")...)
	}
	for _, e := range begin {
		if err := writer.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	take := config.Sink
	config.Sink = func(e record.Event) error {
		take(e)
		return writer.Write(e)
	}
	if err := plan.Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	if w.live != 0 {
		t.Errorf("%d forks were not closed", w.live)
	}
	if err := writer.End(); err != nil {
		t.Fatal(err)
	}
	if len(run.Measurements)+len(run.Voids) > 0 {
		read, err := record.Read("run.txt", &file)
		if err != nil || len(read.Measurements) != len(run.Measurements) {
			t.Errorf("the run file cannot be read: %v", err)
		}
	}
	return run, plan
}

func planned(t *testing.T, o Options, scenarios ...bench.Scenario) *Plan {
	t.Helper()
	blocks, _, err := Select(scenarios, Selection{Procs: []int{2}, Quick: o.Quick, All: o.All})
	if err != nil {
		t.Fatal(err)
	}
	return NewPlan(blocks, o)
}

// forksOf returns the numbers of the forks in which a case was measured, each
// once, and how many measurements there are.
func forksOf(run *record.Run, c bench.Case) (forks []int, measurements int) {
	for _, m := range run.Measurements {
		if m.Case == c {
			measurements++
			if !slices.Contains(forks, m.Fork) {
				forks = append(forks, m.Fork)
			}
		}
	}
	return forks, measurements
}

func neverNew(context.Context, bench.Setup) (*bench.Trial, error) { panic("no fake needs this") }

// likeSleep has the costs of the scenario sleep: a fixed job, much longer for
// the baseline than for the others.
func likeSleep() bench.Scenario {
	return bench.Scenario{Name: "sleep", Fixed: 5, Workers: []int{2, 8, 64}, Variants: []bench.Variant{
		{Name: "sequential", New: neverNew, Headline: true, Estimate: func(s bench.Setup) time.Duration {
			return time.Duration(s.Workers) * 50 * time.Millisecond
		}},
		{Name: "goroutines", New: neverNew, Headline: true, Workers: []int{2, 8, 64, 1024}, Estimate: func(bench.Setup) time.Duration {
			return 50 * time.Millisecond
		}},
	}}
}

// likeCounter has about the cases of the scenario counter: 41, and 3 racy ones.
func likeCounter() bench.Scenario {
	s := bench.Scenario{Name: "counter", Workers: []int{1, 2, 4, 8}, Variants: []bench.Variant{
		{Name: "sequential", New: neverNew, Headline: true, Workers: []int{1}},
	}}
	for i := range 10 {
		s.Variants = append(s.Variants, bench.Variant{Name: fmt.Sprint("v", i), New: neverNew, Headline: i < 4, Contended: i > 1})
	}
	s.Variants = append(s.Variants, bench.Variant{
		Name: "racy", New: neverNew, Headline: true, Contended: true, Racy: true, Workers: []int{2, 4, 8},
	})
	return s
}

// like returns a scenario under another name.
func like(s bench.Scenario, name string) bench.Scenario {
	s.Name = name
	return s
}

// twoCases is a rate scenario of a baseline and a contended variant.
func twoCases() bench.Scenario {
	return bench.Scenario{Name: "two", Variants: []bench.Variant{
		{Name: "base", New: neverNew},
		{Name: "other", New: neverNew, Contended: true, Workers: []int{2}},
	}}
}

var (
	baseCase  = bench.Case{Scenario: "two", Variant: "base", Workers: 1, Procs: 2}
	otherCase = bench.Case{Scenario: "two", Variant: "other", Workers: 2, Procs: 2}
)

func within(got, want, part float64) bool { return math.Abs(got-want) <= part*want }
