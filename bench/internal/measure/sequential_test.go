package measure

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// threeCases is a baseline and two variants of it.
func threeCases() bench.Scenario {
	return bench.Scenario{Name: "three", Variants: []bench.Variant{
		{Name: "base", New: neverNew}, {Name: "early", New: neverNew}, {Name: "late", New: neverNew},
	}}
}

func three(variant string) bench.Case {
	return bench.Case{Scenario: "three", Variant: variant, Workers: 1, Procs: 2}
}

// A case that is decided stops and gives its time to the others; the baseline
// stays as long as one of them needs it; the budget holds within 5 %.
func TestSequential(t *testing.T) {
	const budget = 10 * time.Second
	w := wall(time.Microsecond)
	config, run := w.config()
	config.Done = func(c bench.Case) bool {
		forks, _ := forksOf(run, three("early"))
		return c == three("early") && len(forks) >= 8
	}
	plan := planned(t, Options{Budget: budget, Sequential: true, Seed: 1}, threeCases())
	if err := plan.Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	counts := make(map[string]int)
	for _, v := range []string{"base", "early", "late"} {
		forks, _ := forksOf(run, three(v))
		counts[v] = len(forks)
	}
	if counts["early"] != 8 || counts["late"] != counts["base"] || counts["late"] < 30 {
		t.Errorf("forks %v: the decided case should have 8, the others what the budget allows", counts)
	}
	if w.now > budget+budget/20 || w.now < budget*9/10 {
		t.Errorf("it took %v of %v", w.now, budget)
	}
	if len(run.Warnings) != 0 {
		t.Errorf("ending with the budget is no reason to warn: %q", run.Warnings)
	}
}

// What is decided early leaves its time to the blocks that follow.
func TestSequentialLeavesTime(t *testing.T) {
	w := wall(time.Microsecond)
	config, run := w.config()
	config.Done = func(c bench.Case) bool { return c.Scenario == "three" }
	plan := planned(t, Options{Budget: 20 * time.Second, Sequential: true}, threeCases(), like(threeCases(), "more"))
	if err := plan.Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	first, _ := forksOf(run, three("late"))
	second, _ := forksOf(run, bench.Case{Scenario: "more", Variant: "late", Workers: 1, Procs: 2})
	if len(first) != 1 || len(second) < 60 || w.now > 21*time.Second {
		t.Errorf("%d and %d forks in %v", len(first), len(second), w.now)
	}
}

// What is decided early leaves its time to the blocks before it as well, and
// these are done only when they have had it.
func TestSequentialGoesOn(t *testing.T) {
	const budget = 20 * time.Second
	w := wall(time.Microsecond)
	config, run := w.config()
	config.Done = func(c bench.Case) bool { return c.Scenario == "quick" }
	var done []int
	config.Progress = func(at Progress) error {
		if at.Done {
			done = append(done, at.Block)
		} else if at.Left > budget-at.Passed+time.Second {
			t.Errorf("block %d, fork %d: %v left after %v", at.Block, at.Forks, at.Left, at.Passed)
		}
		return nil
	}
	plan := planned(t, Options{Budget: budget, Sequential: true}, like(threeCases(), "slow"), like(threeCases(), "hard"), like(threeCases(), "quick"))
	if err := plan.Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	forks := func(scenario string) int {
		all, _ := forksOf(run, bench.Case{Scenario: scenario, Variant: "late", Workers: 1, Procs: 2})
		return len(all)
	}
	if a, b := forks("slow"), forks("hard"); a < 45 || b < 45 || forks("quick") != 1 {
		t.Errorf("%d and %d forks: each should have about half of the budget", a, b)
	}
	if !slices.Equal(done, []int{2, 0, 1}) {
		t.Errorf("blocks %v are done: each once, those that are open at the end", done)
	}
	if w.now > budget+budget/20 || w.now < budget*9/10 {
		t.Errorf("it took %v of %v", w.now, budget)
	}
	if len(run.Warnings)+len(run.Omitted)+len(run.Voids) != 0 {
		t.Errorf("warnings %q, omitted %v, voids %v", run.Warnings, run.Omitted, run.Voids)
	}
}

// What never had its turn is listed, once.
func TestSequentialCut(t *testing.T) {
	w := wall(5 * time.Second)
	run, _ := w.measured(t, Options{Budget: 2 * time.Second, Sequential: true}, costs(100, 100, 100, 100))
	if len(run.Measurements) != 1 || len(run.Omitted) != 3 || len(run.Warnings) != 0 {
		t.Errorf("%d measurements, omitted %v, warnings %q", len(run.Measurements), run.Omitted, run.Warnings)
	}
}

// Sequential sampling ends with the last look of a test, whatever time is left.
func TestSequentialEnds(t *testing.T) {
	w := wall(time.Microsecond)
	config, run := w.config()
	config.Done = func(bench.Case) bool { return false }
	if err := planned(t, Options{All: true, Sequential: true}, threeCases()).Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	if forks, _ := forksOf(run, three("late")); len(forks) != mostSequential {
		t.Errorf("%d forks, want %d", len(forks), mostSequential)
	}
}

// The plan says how long a first decision takes; with that much there is one.
func TestLeast(t *testing.T) {
	blocks, _, err := Select([]bench.Scenario{threeCases()}, Selection{Procs: []int{2}})
	if err != nil {
		t.Fatal(err)
	}
	least := Least(blocks, Options{Sequential: true})
	w := wall(time.Microsecond)
	config, run := w.config()
	config.Done = func(bench.Case) bool { return false }
	if err := planned(t, Options{Budget: least, Sequential: true}, threeCases()).Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	if forks, _ := forksOf(run, three("late")); len(forks) < LeastSequential || least > 3*time.Second {
		t.Errorf("%d forks in %v", len(forks), least)
	}
}

// A fork of arms is a process of each, started in random order; requests go to
// the process of their variant, and all are closed.
func TestArms(t *testing.T) {
	old, new := wall(time.Microsecond), wall(2*time.Microsecond)
	a := &Arms{Variants: []string{"old", "new"}, Starters: []Starter{old, new}, Random: rand.New(rand.NewPCG(1, 1))}
	at := func(variant string) bench.Case {
		return bench.Case{Scenario: "s", Variant: variant, Workers: 1, Procs: 2}
	}
	f, err := a.Start(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	for variant, want := range map[string]time.Duration{"old": 5 * time.Microsecond, "new": 10 * time.Microsecond} {
		if got, err := f.Trial(t.Context(), Request{Case: at(variant), N: 5}); err != nil || got.Elapsed != want {
			t.Errorf("%s: %v, %v", variant, got.Elapsed, err)
		}
	}
	if _, err := f.Trial(t.Context(), Request{Case: at("other"), N: 5}); err == nil {
		t.Error("an arm that does not exist answered")
	}
	f.Close()
	if old.live != 0 || new.live != 0 {
		t.Errorf("%d and %d processes are open", old.live, new.live)
	}
	a.Starters[1] = starter(func(context.Context, int) (Fork, error) { return nil, errDied })
	if _, err := a.Start(t.Context(), 2); err == nil || old.live != 0 {
		t.Errorf("a missing arm: %v, %d processes open", err, old.live)
	}
}

// Each arm is the first to be started about as often.
func TestArmsOrder(t *testing.T) {
	var order []string
	named := func(name string) Starter {
		return starter(func(ctx context.Context, procs int) (Fork, error) {
			order = append(order, name)
			return wall(1).Start(ctx, procs)
		})
	}
	a := &Arms{Variants: []string{"old", "new"}, Starters: []Starter{named("old"), named("new")}, Random: rand.New(rand.NewPCG(1, 1))}
	first := 0
	for range 200 {
		order = nil
		if _, err := a.Start(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
		if order[0] == "old" {
			first++
		}
	}
	if first < 70 || first > 130 {
		t.Errorf("old was first %d times of 200", first)
	}
}

// The order of trials within a round is random, so that neither arm is always
// the one that comes after the other.
func TestRoundsOfArms(t *testing.T) {
	w := wall(time.Microsecond)
	config, run := w.config()
	config.Done = func(bench.Case) bool { return true }
	blocks := []Block{{Scenario: ptr(twoCases()), Procs: 2, Paired: true, Cases: []bench.Case{baseCase, otherCase}}}
	if err := NewPlan(blocks, Options{Budget: 5 * time.Second, Sequential: true, Seed: 4}).Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	first := make(map[string]int)
	for _, m := range run.Measurements {
		if m.Order == 1 {
			first[m.Case.Variant]++
		}
	}
	rounds := len(run.Measurements) / 2
	if rounds < leastRoundsWorth || first["base"] == 0 || first["other"] == 0 {
		t.Errorf("first in %v of %d rounds", first, rounds)
	}
	if !slices.IsSortedFunc(run.Measurements, func(a, b record.Measurement) int { return a.Round - b.Round }) {
		t.Error(fmt.Sprint("rounds are mixed: ", run.Measurements))
	}
}

func ptr[T any](v T) *T { return &v }
