package measure

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
)

// costs returns a fixed scenario whose variants cost so many milliseconds; the
// first is the baseline.
func costs(milliseconds ...int) bench.Scenario {
	s := bench.Scenario{Name: "costs", Fixed: 1}
	for i, ms := range milliseconds {
		s.Variants = append(s.Variants, bench.Variant{Name: fmt.Sprint("v", i), New: neverNew, Estimate: func(bench.Setup) time.Duration {
			return time.Duration(ms) * time.Millisecond
		}})
	}
	return s
}

// shape says in how many forks each case of a block takes part.
func shape(b Planned) (text string) {
	for _, c := range b.Cases {
		text += fmt.Sprintf("%s:%d ", c.Variant, c.Forks)
	}
	for _, c := range b.Left {
		text += fmt.Sprintf("%s:left ", c.Variant)
	}
	return fmt.Sprintf("%sforks=%d rounds=%d", text, b.Forks, b.Rounds)
}

// The less the budget has for a block, the fewer forks; then expensive cases
// get fewer still, and then they are left out, which makes room again.
func TestFit(t *testing.T) {
	for _, tt := range []struct {
		budget time.Duration
		o      Options
		s      bench.Scenario
		want   string
	}{
		{time.Minute, Options{}, costs(100, 100, 100), "v0:12 v1:12 v2:12 forks=12 rounds=5"},
		{9 * time.Second, Options{}, costs(100, 100, 100), "v0:12 v1:12 v2:12 forks=12 rounds=2"},
		{5 * time.Second, Options{}, costs(100, 100, 100), "v0:12 v1:12 v2:12 forks=12 rounds=1"},
		{4 * time.Second, Options{}, costs(100, 100, 100), "v0:8 v1:8 v2:8 forks=8 rounds=1"},
		{2500 * time.Millisecond, Options{}, costs(100, 100, 100), "v0:6 v1:6 v2:6 forks=6 rounds=1"},
		{2 * time.Second, Options{}, costs(100, 100, 100), "v0:6 v1:6 v2:3 forks=6 rounds=1"},
		{1300 * time.Millisecond, Options{}, costs(100, 100, 100), "v0:3 v1:3 v2:3 forks=3 rounds=1"},
		{1100 * time.Millisecond, Options{}, costs(100, 100, 100), "v0:3 v1:3 v2:left forks=3 rounds=1"},
		{200 * time.Millisecond, Options{}, costs(100, 100, 100), "v2:left v1:left v0:left forks=0 rounds=1"},
		{1, Options{}, costs(100, 100), "v1:left v0:left forks=0 rounds=1"},

		{5500 * time.Millisecond, Options{}, costs(900, 100, 100), "v0:3 v1:6 v2:6 forks=6 rounds=1"},
		{5 * time.Second, Options{}, costs(10_000, 100, 100), "v1:12 v2:12 v0:left forks=12 rounds=1"},
		{5 * time.Second, Options{}, costs(100, 10_000, 1_000), "v0:6 v2:3 v1:left forks=6 rounds=1"},

		{5 * time.Second, Options{}, costs(700, 600, 500), "v0:3 v2:3 v1:left forks=3 rounds=1"}, // the baseline stays

		{5 * time.Second, Options{Forks: 2}, costs(100, 100), "v0:2 v1:2 forks=2 rounds=5"},
		{5 * time.Second, Options{Forks: 20}, costs(100, 100), "v0:20 v1:20 forks=20 rounds=1"},
		{time.Minute, Options{Rounds: 2}, costs(100, 100), "v0:12 v1:12 forks=12 rounds=2"},
		{0, Options{All: true}, costs(100, 100_000), "v0:12 v1:12 forks=12 rounds=1"},
		{0, Options{All: true, Forks: 3, Rounds: 7}, costs(100), "v0:3 forks=3 rounds=7"},
	} {
		tt.o.Budget = tt.budget
		plan := planned(t, tt.o, tt.s)
		if got := shape(plan.Blocks[0]); got != tt.want {
			t.Errorf("%v %+v:\n got %s\nwant %s", tt.budget, tt.o, got, tt.want)
		}
		if tt.budget > 0 && plan.Time() > tt.budget {
			t.Errorf("%v: the plan takes %v", tt.budget, plan.Time())
		}
		if plan.Budget != tt.budget {
			t.Errorf("the budget of %v is %v", tt.budget, plan.Budget)
		}
	}
}

// Of cases that cost the same, headlines with few workers are kept longest.
func TestByCost(t *testing.T) {
	s := likeCounter()
	s.Variants = s.Variants[3:6] // v2, contended headline and now the baseline; v3 likewise; v4 contended
	plan := planned(t, Options{Budget: time.Second}, s)
	var left []string
	for _, c := range plan.Blocks[0].Left {
		left = append(left, c.SubName())
	}
	want := []string{"variant=v4/workers=8", "variant=v4/workers=4", "variant=v4/workers=2", "variant=v3/workers=8", "variant=v2/workers=8"}
	if len(left) < len(want) || !slices.Equal(left[:len(want)], want) {
		t.Errorf("left out %q, want first %q", left, want)
	}
}

// A racy block is measured in at least 20 trials of each case, or not.
func TestRacyTrials(t *testing.T) {
	for _, o := range []Options{{}, {Quick: true}, {All: true}, {Forks: 1}, {Forks: 3}, {Forks: 7}, {Forks: 50}, {Rounds: 1}, {Rounds: 9}, {Budget: 2 * time.Second}} {
		plan := planned(t, o, likeCounter())
		b := plan.Blocks[1]
		if !b.Racy || len(b.Cases) != 3 {
			t.Fatalf("%+v: the second block is %s", o, shape(b))
		}
		for _, c := range b.Cases {
			if trials := c.Forks * b.Rounds; trials < 20 {
				t.Errorf("%+v: %d trials of %s", o, trials, c.Short())
			}
		}
	}
	for budget := 50 * time.Millisecond; budget < 2*time.Second; budget += 20 * time.Millisecond {
		b := planned(t, Options{Budget: budget}, likeCounter()).Blocks[1]
		for _, c := range b.Cases {
			if trials := c.Forks * b.Rounds; trials < 20 {
				t.Errorf("%v: %d trials of %s", budget, trials, c.Short())
			}
		}
		if len(b.Cases)+len(b.Left) != 3 || len(b.Cases) == 0 && budget > time.Second {
			t.Errorf("%v: %s", budget, shape(b))
		}
	}
}

// Shares are even, and what a block leaves is for those behind it.
func TestShare(t *testing.T) {
	plan := planned(t, Options{}, costs(1), like(costs(1000), "second"))
	if plan.Budget != 30*time.Second {
		t.Errorf("the budget is %v", plan.Budget)
	}
	first, second := plan.Blocks[0].Time(), plan.Blocks[1].Time()
	if first > 2*time.Second || second < 20*time.Second {
		t.Errorf("the first block takes %v, the second %v: it does not use what the first leaves", first, second)
	}
}

func TestEstimate(t *testing.T) {
	contended := bench.Variant{Contended: true}
	one, two := bench.Case{Workers: 1}, bench.Case{Workers: 2}
	for _, tt := range []struct {
		o    Options
		v    bench.Variant
		c    bench.Case
		want time.Duration
	}{
		{Options{}, bench.Variant{}, one, 5 * time.Millisecond},
		{Options{}, bench.Variant{}, two, 20 * time.Millisecond},
		{Options{}, contended, one, 5 * time.Millisecond},
		{Options{}, contended, two, 50 * time.Millisecond},
		{Options{}, bench.Variant{Contended: true, Racy: true}, two, 10 * time.Millisecond},
		{Options{Target: time.Second}, contended, two, time.Second},
	} {
		tt.c.Variant = "v"
		tt.v.Name = "v"
		s := bench.Scenario{Variants: []bench.Variant{tt.v}}
		if got := tt.o.target(Block{Scenario: &s}, tt.c); got != tt.want {
			t.Errorf("%+v, %+v at %d workers: target %v, want %v", tt.o, tt.v, tt.c.Workers, got, tt.want)
		}
	}
	unknown := costs(100)
	unknown.Variants[0].Estimate = nil
	if c := planned(t, Options{}, unknown).Blocks[0].Cases[0]; !c.Guess || c.N != 1 {
		t.Errorf("a job that nobody estimated is %+v", c)
	}
	if c := planned(t, Options{}, costs(100)).Blocks[0].Cases[0]; c.Guess || c.N != 1 || c.Cost != 100*time.Millisecond+trialOverhead {
		t.Errorf("a job of 100 ms is %+v", c)
	}
}

func TestPlanPrint(t *testing.T) {
	s := costs(100, 10_000)
	s.Variants[0].Estimate = nil
	var b strings.Builder
	plan := planned(t, Options{Budget: 2 * time.Second}, s, twoCases())
	plan.Blocks[1].Cases[0].Forks = 3
	if err := plan.Print(&b); err != nil {
		t.Fatal(err)
	}
	want := `costs at GOMAXPROCS=2: 8 processes, rounds in each: 1, about 900ms
  Costs/variant=v0/workers=1-2: a trial of 50ms, a guess until the pilot
  left out: Costs/variant=v1/workers=1-2
two at GOMAXPROCS=2: 8 processes, rounds in each: 1, about 900ms
  Two/variant=base/workers=1-2: a trial of 5.4ms, operations chosen by the pilot, in 3 processes only
  Two/variant=other/workers=2-2: a trial of 50.4ms, operations chosen by the pilot
in all about 1.8s (at most 2s)
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("the plan is printed differently (-want +got):\n%s", diff)
	}
	if got := plan.What(); got != "costs, two" {
		t.Errorf("the plan measures %s", got)
	}
	racy := Block{Scenario: &s, Params: "net=shared", Procs: 4, Racy: true}
	if got := racy.Name(); got != "costs net=shared (racy) at GOMAXPROCS=4" {
		t.Errorf("the block is called %s", got)
	}
}

// Rounds differ, repeat with the seed, and hold every case of the fork once.
func TestOrder(t *testing.T) {
	b := planned(t, Options{All: true}, likeCounter()).Blocks[0]
	b.Cases[0].Forks = 3
	round := func(seed uint64, fork, round int) (text string) {
		for _, c := range b.order(seed, fork, round) {
			text += c.SubName() + "\n"
		}
		return text
	}
	seen := make(map[string]bool)
	for seed := range uint64(3) {
		for fork := range 3 {
			for n := range 3 {
				text := round(seed, fork+1, n+1)
				if text != round(seed, fork+1, n+1) {
					t.Fatal("the same round has two orders")
				}
				if seen[text] {
					t.Errorf("seed %d, fork %d, round %d has an order that was there before", seed, fork+1, n+1)
				}
				seen[text] = true
				for _, c := range b.Cases {
					if strings.Count(text, c.SubName()+"\n") != 1 {
						t.Errorf("%s does not stand in a round once", c.Short())
					}
				}
			}
		}
	}
	if got := strings.Count(round(1, 4, 1), "\n"); got != len(b.Cases)-1 {
		t.Errorf("fork 4 has %d cases, want one fewer than %d", got, len(b.Cases))
	}
}
