package measure

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// slower returns a world in which the trials of the repository's scenarios take
// factor times as long as estimated: as the Estimate of a fixed scenario says,
// or as the pilot of a rate scenario found.
func slower(factor float64, scenarios []bench.Scenario) *world {
	pilots := make(map[string]int) // block → number of its first fork
	return &world{cost: func(f *fakeFork, req Request) time.Duration {
		i := slices.IndexFunc(scenarios, func(s bench.Scenario) bool { return s.Name == req.Case.Scenario })
		s := &scenarios[i]
		v := s.Variant(req.Case.Variant)
		if s.Fixed > 0 {
			return time.Duration(factor * float64(v.Estimate(s.Setup(req.Case, 1))))
		}
		block := fmt.Sprint(s.Name, v.Racy)
		if pilots[block] == 0 {
			pilots[block] = f.number
		}
		perOp := 3.7 * float64(req.Case.Workers)
		if pilots[block] != f.number {
			perOp *= factor
		}
		return time.Duration(perOp * float64(req.N))
	}}
}

func TestBudget(t *testing.T) {
	two := []bench.Scenario{likeSleep(), likeCounter()}
	four := append(slices.Clone(two), like(likeSleep(), "third"), like(likeCounter(), "fourth"))
	for _, tt := range []struct {
		name      string
		o         Options
		scenarios []bench.Scenario
		want      time.Duration
	}{
		{"default", Options{}, two, 30 * time.Second},
		{"one", Options{}, two[:1], 15 * time.Second},
		{"other", Options{}, two[1:], 15 * time.Second},
		{"four", Options{}, four, 60 * time.Second},
		{"quick", Options{Quick: true}, two, 7500 * time.Millisecond},
		{"four quick", Options{Quick: true}, four, 15 * time.Second},
		{"for 5s", Options{Budget: 5 * time.Second}, two, 5 * time.Second},
		{"quick for 5s", Options{Budget: 5 * time.Second, Quick: true}, two, 5 * time.Second},
		{"for 5s one", Options{Budget: 5 * time.Second}, two[:1], 5 * time.Second},
		{"for 60s", Options{Budget: time.Minute}, two, time.Minute},
		{"for 2m", Options{Budget: 2 * time.Minute}, two, 2 * time.Minute},
		{"for 2m four", Options{Budget: 2 * time.Minute}, four, 2 * time.Minute},
		{"benchtime", Options{Target: 300 * time.Millisecond}, two, 30 * time.Second},
		{"short benchtime", Options{Target: 100 * time.Microsecond}, two, 30 * time.Second},
		{"few forks", Options{Forks: 2}, two, 30 * time.Second},
		{"many rounds", Options{Rounds: 7}, two, 30 * time.Second},
	} {
		for _, factor := range []float64{0.3, 1, 1.04, 3} {
			t.Run(fmt.Sprint(tt.name, " x", factor), func(t *testing.T) {
				w := slower(factor, tt.scenarios)
				run, plan := w.measured(t, tt.o, tt.scenarios...)
				if plan.Budget != tt.want {
					t.Errorf("the budget is %v, want %v", plan.Budget, tt.want)
				}
				if most := tt.want + tt.want/20; w.now > most {
					t.Errorf("took %v of %v", w.now, tt.want)
				}
				checkComplete(t, run, tt.scenarios, tt.o, factor)
			})
		}
	}
}

// checkComplete checks that every case was measured enough, or was omitted.
func checkComplete(t *testing.T, run *record.Run, scenarios []bench.Scenario, o Options, factor float64) {
	t.Helper()
	blocks, _, _ := Select(scenarios, Selection{Procs: []int{2}, Quick: o.Quick})
	for _, b := range blocks {
		most := 0
		for _, c := range b.Cases {
			forks, trials := forksOf(run, c)
			omitted := slices.ContainsFunc(run.Omitted, func(o record.Omitted) bool { return o.Case == c.Name() })
			if omitted == (trials > 0) {
				t.Errorf("%s has %d measurements, omitted: %v", c.Short(), trials, omitted)
			}
			most = max(most, len(forks))
			if factor <= 1 && trials > 0 && len(forks) < fewForks && o.Forks == 0 {
				t.Errorf("%s was measured in %d forks", c.Short(), len(forks))
			}
			if factor <= 1 && b.Racy && trials > 0 && trials < racyTrials {
				t.Errorf("%s races in %d trials", c.Short(), trials)
			}
		}
		if most < 2 && o.Forks == 0 && o.Target == 0 {
			t.Errorf("%s was measured in %d forks", b.Scenario.Name, most)
		}
		if stopped := strings.Contains(fmt.Sprint(run.Warnings), b.Scenario.Name); stopped && factor <= 1 {
			t.Errorf("%s was stopped early: %q", b.Scenario.Name, run.Warnings)
		}
	}
	if factor > 2 && len(run.Warnings) == 0 && len(run.Omitted) == 0 {
		t.Error("nothing is said of a budget that was too small")
	}
}

// In the last fork there is nothing to stop: only what was not measured is
// listed.
func TestBudgetCutLast(t *testing.T) {
	w := wall(5 * time.Second)
	run, _ := w.measured(t, Options{Budget: 2 * time.Second, Forks: 1}, costs(100, 100, 100, 100))
	if len(run.Measurements) != 1 || len(run.Omitted) != 3 || len(run.Warnings) != 0 {
		t.Errorf("%d measurements, omitted %v, warnings %q", len(run.Measurements), run.Omitted, run.Warnings)
	}
}

// When a trial alone takes more than the budget, nothing else is begun, and
// what was not measured is listed.
func TestBudgetCut(t *testing.T) {
	w := wall(5 * time.Second)
	run, _ := w.measured(t, Options{Budget: 2 * time.Second}, costs(100, 100, 100, 100))
	if len(run.Measurements) != 1 || len(run.Omitted) != 3 || len(w.forks) != 1 {
		t.Errorf("%d measurements in %d forks, omitted %v", len(run.Measurements), len(w.forks), run.Omitted)
	}
	want := "costs at GOMAXPROCS=2: stopped after 1 of 6 forks, as they took longer than planned and the budget is spent"
	if len(run.Warnings) != 1 || run.Warnings[0] != want {
		t.Errorf("warnings %q, want %s", run.Warnings, want)
	}
}

// Without a limit everything is measured, whatever it takes.
func TestBudgetAll(t *testing.T) {
	all := []bench.Scenario{likeSleep(), likeCounter(), like(costs(100_000), "long")}
	run, plan := slower(3, all).measured(t, Options{All: true}, all...)
	if plan.Budget != 0 || len(run.Omitted)+len(run.Warnings) > 0 {
		t.Errorf("budget %v, omitted %v, warnings %q", plan.Budget, run.Omitted, run.Warnings)
	}
	for _, b := range plan.Blocks {
		for _, c := range b.Cases {
			if forks, n := forksOf(run, c.Case); len(forks) != b.Forks || n != b.Forks*b.Rounds || b.Forks < racyForks {
				t.Errorf("%s was measured %d times in forks %v", c.Short(), n, forks)
			}
		}
	}
}

// What claims need besides takes little of a budget, whatever it costs, and
// leaves the rest to what the run is for.
func TestAddedBlocksTakeLittle(t *testing.T) {
	cheap, dear := costs(100, 100), costs(600, 600)
	cheap.Name = "cheap"
	blocks := func(with bool) []Block {
		all := []Block{{Scenario: &cheap, Procs: 2, Cases: cheap.Cases("", 2)}, {Scenario: &dear, Procs: 2, Cases: dear.Cases("", 2)}}
		if with {
			for _, s := range []*bench.Scenario{&cheap, &dear} {
				for _, c := range s.Cases("", 1) {
					all = Complete(all, []bench.Scenario{*s}, []Wanted{{c, "claim"}})
				}
			}
		}
		return all
	}
	for _, tt := range []struct {
		o    Options
		want []string
		most time.Duration
	}{
		{Options{}, []string{"v0:12 v1:12 forks=12 rounds=5", "v0:8 v1:8 forks=8 rounds=2", "v0:12 v1:12 forks=12 rounds=1", "v0:3 v1:3 forks=3 rounds=1"}, 42 * time.Second},
		{Options{Budget: 20 * time.Second}, []string{"v0:12 v1:12 forks=12 rounds=3", "v0:4 v1:4 forks=4 rounds=1", "v0:8 v1:8 forks=8 rounds=1", "v1:left v0:left forks=0 rounds=1"}, 20 * time.Second},
		{Options{All: true}, []string{"v0:12 v1:12 forks=12 rounds=1", "v0:8 v1:8 forks=8 rounds=1", "v0:12 v1:12 forks=12 rounds=1", "v0:8 v1:8 forks=8 rounds=1"}, 0},
		{Options{Forks: 2}, []string{"v0:2 v1:2 forks=2 rounds=5", "v0:2 v1:2 forks=2 rounds=3", "v0:2 v1:2 forks=2 rounds=5", "v0:2 v1:2 forks=2 rounds=1"}, 42 * time.Second},
	} {
		plan := NewPlan(blocks(true), tt.o)
		var got []string
		for _, b := range plan.Blocks {
			got = append(got, shape(b))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.o, diff)
		}
		if plan.Budget != tt.most || tt.most > 0 && plan.Time() > tt.most {
			t.Errorf("%+v: %v of a budget of %v, want at most %v", tt.o, plan.Time(), plan.Budget, tt.most)
		}
	}
}
