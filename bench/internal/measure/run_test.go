package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// The order of work, step by step: a pilot that is not recorded, and then in
// each fork for each case a trial that warms up, and the rounds.
func TestProtocol(t *testing.T) {
	w := wall(time.Millisecond)
	plan := planned(t, Options{Forks: 2, Rounds: 2, Seed: 1}, twoCases())
	config, _ := w.config()
	config.Sink = func(e record.Event) error {
		m := e.Measurement
		if m == nil {
			t.Fatalf("event %+v", e)
		}
		w.log = append(w.log, fmt.Sprintf("%s %d.%d.%d", m.Case.Variant, m.Fork, m.Round, m.Order))
		return nil
	}
	config.Progress = func(p Progress) error {
		w.log = append(w.log, fmt.Sprintf("progress %d %d %v", p.Block, p.Forks, p.Done))
		return nil
	}
	if err := plan.Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	names := strings.NewReplacer("variant=", "", "/workers=1", "", "/workers=2", "", "; start", ";\nstart")
	const want = `start 2; base n=1; base n=2; base n=2; other n=1; other n=16; other n=16; close;
start 2; base n=1; base n=5; base 1.1.1; other n=5; other n=50; other 1.1.2; base n=5; base 1.2.1; other n=50; other 1.2.2; close; progress 0 1 false;
start 2; base n=1; base n=5; base 2.1.1; other n=5; other n=50; other 2.1.2; other n=50; other 2.2.1; base n=5; base 2.2.2; close; progress 0 2 false; progress 0 2 true`
	if diff := cmp.Diff(want, names.Replace(strings.Join(w.log, "; "))); diff != "" {
		t.Errorf("the steps differ (-want +got):\n%s", diff)
	}
}

// Each round visits each case once, in an order that the seed decides.
func TestRounds(t *testing.T) {
	orders := func(seed uint64) (all []string) {
		run, plan := rate(50).measured(t, Options{All: true, Seed: seed, Rounds: 2}, likeCounter())
		n := len(plan.Blocks[0].Cases)
		rounds := make(map[[2]int][]string)
		var keys [][2]int
		for _, m := range run.Measurements {
			if m.Racy {
				continue
			}
			key := [2]int{m.Fork, m.Round}
			if rounds[key] == nil {
				keys = append(keys, key)
			}
			rounds[key] = append(rounds[key], m.Case.Short())
			if m.Order != len(rounds[key]) {
				t.Errorf("%s is number %d of round %v, recorded as %d", m.Case.Short(), len(rounds[key]), key, m.Order)
			}
		}
		for _, key := range keys {
			round := rounds[key]
			all = append(all, strings.Join(round, " "))
			slices.Sort(round)
			if len(slices.Compact(round)) != n {
				t.Errorf("round %v has %d different cases, want %d", key, len(round), n)
			}
		}
		if len(keys) != 24 {
			t.Errorf("%d rounds, want 24", len(keys))
		}
		return all
	}
	first := orders(1)
	if !slices.Equal(first, orders(1)) {
		t.Error("the same seed gives two orders")
	}
	for i, round := range orders(2) {
		if slices.Contains(first, round) {
			t.Errorf("round %d has the same order with another seed", i)
		}
	}
	if slices.Sort(first); len(slices.Compact(first)) != 24 {
		t.Error("two rounds have the same order")
	}
}

// What is recorded is what was measured: operations, time, metrics, anomalies.
func TestRecorded(t *testing.T) {
	w := wall(time.Millisecond)
	w.answer = func(_ *fakeFork, req Request) (Answer, error) {
		a := Answer{Metrics: map[string]float64{"B/op": 3}}
		if req.Case.Variant == "racy" {
			a.Anomaly = "2 lost"
		}
		return a, nil
	}
	run, _ := w.measured(t, Options{}, likeCounter(), costs(1))
	for _, m := range run.Measurements {
		ops := m.Ops
		if m.Case.Scenario == "costs" {
			ops = 1
		}
		if m.Elapsed != time.Duration(ops)*time.Millisecond || m.Ops != ops || m.Metrics["B/op"] != 3 {
			t.Errorf("recorded %+v", m)
		}
		if racy := m.Case.Variant == "racy"; racy != m.Racy || racy != (m.Anomaly == "2 lost") {
			t.Errorf("recorded %+v", m)
		}
	}
}

// Progress says how many forks are done and what is left, after each fork and
// at the end of each block; the estimates become true.
func TestProgress(t *testing.T) {
	w := slower(1, []bench.Scenario{likeSleep(), likeCounter()})
	plan := planned(t, Options{}, likeSleep(), likeCounter())
	config, _ := w.config()
	var all []Progress
	config.Progress = func(p Progress) error {
		if p.Passed != w.now {
			t.Errorf("%+v at %v", p, w.now)
		}
		all = append(all, p)
		return nil
	}
	if err := plan.Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	block, forks := 0, 0
	for _, p := range all {
		if p.Block != block || p.Done != (forks == plan.Blocks[block].Forks) || p.Done && p.Forks != forks || !p.Done && p.Forks != forks+1 {
			t.Errorf("%+v comes after block %d, fork %d", p, block, forks)
		}
		if total := float64(p.Passed + p.Left); !within(total, float64(w.now), 0.1) {
			t.Errorf("%+v: the run took %v", p, w.now)
		}
		if forks++; p.Done {
			block, forks = block+1, 0
		}
	}
	if block != 3 || all[len(all)-1].Left != 0 {
		t.Errorf("the last of %d blocks: %+v", block, all[len(all)-1])
	}
	stop := errors.New("stop")
	config.Progress = func(Progress) error { return stop }
	if err := planned(t, Options{}, likeSleep()).Run(t.Context(), config); err != stop {
		t.Errorf("error %v, want that of Progress", err)
	}
}

// Cases that are done are measured no more, the others until all are.
func TestDone(t *testing.T) {
	w := wall(time.Millisecond)
	plan := planned(t, Options{}, costs(1, 1, 1))
	config, run := w.config()
	config.Done = func(c bench.Case) bool {
		forks, _ := forksOf(run, c)
		return c.Variant == "v1" && len(forks) == 2 || len(forks) == 7
	}
	last := Progress{}
	config.Progress = func(p Progress) error { last = p; return nil }
	if err := plan.Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{7, 2, 7} {
		if forks, _ := forksOf(run, plan.Blocks[0].Cases[i].Case); len(forks) != want {
			t.Errorf("v%d was measured in forks %v, want %d", i, forks, want)
		}
	}
	if last.Forks != 7 || !last.Done || last.Left != 0 {
		t.Errorf("the last progress is %+v", last)
	}
	if n := len(w.forks); n != 8 { // one for the timeline
		t.Errorf("%d processes were started", n)
	}
}

// The headlines of a fixed scenario get one more trial each, to be looked at.
func TestTimelines(t *testing.T) {
	s := likeSleep()
	s.Variants = append(s.Variants, bench.Variant{Name: "other", New: neverNew, Estimate: s.Variants[1].Estimate})
	w := slower(1, []bench.Scenario{s})
	asked := make(map[string]int)
	w.answer = func(_ *fakeFork, req Request) (Answer, error) {
		var a Answer
		if req.Timeline {
			asked[req.Case.SubName()]++
			a.Spans = []bench.Span{{Label: req.Case.Variant}}
		}
		return a, nil
	}
	run, _ := w.measured(t, Options{}, s)
	if got, want := fmt.Sprint(asked), "map[variant=goroutines/workers=2:1 variant=sequential/workers=2:1]"; got != want {
		t.Errorf("timelines of %s, want %s", got, want)
	}
	if len(run.Timelines) != 2 || run.Timelines[1].Spans[0].Label != "goroutines" {
		t.Errorf("recorded %+v", run.Timelines)
	}
	// Of all worker counts the fewest that make a difference.
	s.Variants[1].Workers = []int{1, 4, 8}
	for _, c := range planned(t, Options{}, s).Blocks[0].pictured() {
		if c.Variant == "goroutines" && c.Workers != 4 {
			t.Errorf("a timeline of %d workers", c.Workers)
		}
	}
	// A picture that fails is no loss.
	w.answer = func(_ *fakeFork, req Request) (Answer, error) {
		if req.Timeline {
			return Answer{}, errors.New("died")
		}
		return Answer{}, nil
	}
	if run, _ := w.measured(t, Options{}, s); len(run.Voids)+len(run.Timelines) > 0 || len(run.Measurements) == 0 {
		t.Errorf("voids %+v, timelines %+v", run.Voids, run.Timelines)
	}
}

// Everything stops when the context ends, in the pilot or in a fork.
func TestCancel(t *testing.T) {
	for n := 1; n < 100; n++ {
		w := wall(time.Millisecond)
		ctx, cancel := context.WithCancel(t.Context())
		trials := 0
		w.answer = func(*fakeFork, Request) (Answer, error) {
			if trials++; trials == n {
				cancel()
				return Answer{}, ctx.Err()
			}
			return Answer{}, nil
		}
		config, run := w.config()
		err := planned(t, Options{Forks: 3, Rounds: 2}, twoCases(), costs(1, 1)).Run(ctx, config)
		cancel()
		if trials < n {
			return // the run was over before
		}
		if !errors.Is(err, context.Canceled) || trials != n || w.live != 0 || len(run.Voids) > 0 {
			t.Errorf("cancelled in trial %d: %v, %d trials, %d forks open, voids %+v", n, err, trials, w.live, run.Voids)
		}
	}
	t.Error("the run has more trials than this test goes through")
}
