package gate

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
)

// A world is a machine whose time passes only while forks start and trials run.
type world struct {
	now    time.Duration
	rng    *rand.Rand
	forks  int
	noise  float64 // of the logarithm of a fork's times
	stolen float64 // part of the processor time

	cost   func(c bench.Case, fork int) time.Duration // of an operation, or of a job
	answer func(c bench.Case, a *measure.Answer) error
	detect Detector
}

func newWorld(cost func(c bench.Case, fork int) time.Duration) *world {
	return &world{rng: rand.New(rand.NewPCG(1, 2)), noise: 0.01, cost: cost}
}

type worldFork struct {
	*world
	number int
}

func (w *world) Start(context.Context, int) (measure.Fork, error) {
	w.forks++
	w.now += 20 * time.Millisecond
	return &worldFork{w, w.forks}, nil
}

func (f *worldFork) Close() {}

func (f *worldFork) Trial(_ context.Context, r measure.Request) (measure.Answer, error) {
	n := r.N
	if r.Case.Scenario == "nap" {
		n = 1
	}
	each := float64(f.cost(r.Case, f.number)) * math.Exp(f.noise*f.rng.NormFloat64())
	a := measure.Answer{Elapsed: time.Duration(each * float64(n)), Metrics: map[string]float64{"allocs/op": 0.001}}
	if f.answer != nil {
		if err := f.answer(r.Case, &a); err != nil {
			return a, err
		}
	}
	f.now += a.Elapsed + 100*time.Microsecond
	return a, nil
}

func (w *world) machine() measure.Reading {
	return measure.Reading{Wall: time.Unix(0, 0).Add(w.now), Known: true, Busy: w.now, Stolen: time.Duration(w.stolen * float64(w.now))}
}

// check answers the rules of a budgets text.
func (w *world) check(t *testing.T, rules string, change ...func(*Check)) (*Report, error) {
	t.Helper()
	b, err := ParseBudgets("budgets.yaml", []byte("rules:\n"+rules))
	if err != nil {
		t.Fatal(err)
	}
	questions, err := b.Resolve(toys(), 2)
	if err != nil {
		t.Fatal(err)
	}
	c := &Check{
		Budgets: b, Questions: questions, Scenarios: toys(), Budget: 30 * time.Second, Seed: 1,
		Facts:   Facts{CPU: "abacus", CPUs: 2, Goos: "linux", Go: "go1.26", Max: 2},
		Starter: w, Clock: func() time.Duration { return w.now }, Machine: w.machine, Detect: w.detect,
	}
	for _, f := range change {
		f(c)
	}
	return c.Run(t.Context())
}

// usual is a world in which naps overlap, the lock costs twice what the atom
// does, and neither scales.
func usual() *world {
	return newWorld(func(c bench.Case, _ int) time.Duration {
		switch c.Variant {
		case "one":
			return time.Duration(c.Workers) * 20 * time.Millisecond
		case "many":
			return 20 * time.Millisecond
		case "lock":
			return 20 * time.Nanosecond
		}
		return 10 * time.Nanosecond
	})
}

// answerOf answers every trial of a variant with a problem.
func answerOf(variant string, p *measure.Problem) func(bench.Case, *measure.Answer) error {
	return func(c bench.Case, a *measure.Answer) error {
		if c.Variant == variant {
			a.Problem = p
		}
		return nil
	}
}

// found is a detector that makes so many reports.
func found(reports int) Detector {
	return func(context.Context, bench.Case, bool) (Detection, error) {
		return Detection{Trials: 4, Reports: reports}, nil
	}
}

func TestDecisions(t *testing.T) {
	const (
		speedup = "  - cases: nap/many/workers=2$\n    speedup: \">= 1.9\"\n"
		ratio   = "  - cases: count/small/atom/workers=1$\n    ratio: \"<= 0.8\"\n    versus: count/small/lock/workers=1$\n"
		scaling = "  - cases: count/small/atom/workers=2$\n    scaling: \"<= 1.5\"\n"
		allocs  = "  - cases: count/small/atom/workers=1$\n    allocs: \"<= 0\"\n"
		lost    = "  - cases: count/small/atom/workers=2$\n    lost: 0\n"
		wild    = "  - cases: count/small/wild\n    lost: 0\n"
		race    = "  - cases: count/small/atom/workers=2$\n    race: clean\n"
		found   = "  - cases: count/small/wild\n    race: found\n"
	)
	slower := func(factor float64, until int) *world {
		w := usual()
		before := w.cost
		w.cost = func(c bench.Case, fork int) time.Duration {
			if (c.Variant == "many" || c.Variant == "atom") && fork <= until {
				return time.Duration(float64(before(c, fork)) * factor)
			}
			return before(c, fork)
		}
		return w
	}
	answering := func(variant string, answer func(*measure.Answer) error) *world {
		w := usual()
		w.answer = func(c bench.Case, a *measure.Answer) error {
			if c.Variant != variant {
				return nil
			}
			return answer(a)
		}
		return w
	}
	detecting := func(d Detection) *world {
		w := usual()
		w.detect = func(context.Context, bench.Case, bool) (Detection, error) { return d, nil }
		return w
	}
	// failing takes processes with it, each time after so long.
	failing := func(times int, after time.Duration) *world {
		var w *world
		w = answering("many", func(*measure.Answer) error {
			if times--; times < 0 {
				return nil
			}
			w.now += after
			return errors.New("exit status 7")
		})
		return w
	}
	noisy := usual()
	noisy.noise = 0.5
	stolen := usual()
	stolen.stolen = 0.2
	const ever = math.MaxInt
	for _, tt := range []struct {
		name, rules string
		world       *world
		want        Outcome
		reason      string
	}{
		{"speedup", speedup, usual(), Pass, ""},
		{"speedup lost", speedup, slower(2, ever), Fail, "measured again in fresh processes: 1."},
		{"speedup lost for a while", speedup, slower(2, 7), Undecided, "not confirmed: at first the interval"},
		{"speedup at the bound", speedup, slower(2/1.9, ever), Undecided, "contains the bound"},
		{"noise", speedup, noisy, Undecided, "contains the bound"},
		{"stolen time", speedup, stolen, Undecided, "of the processor time while it was measured"},
		{"ratio", ratio, usual(), Pass, ""},
		{"ratio lost", ratio, slower(2, ever), Fail, "misses the bound"},
		{"an upper bound", scaling, usual(), Pass, ""},
		{"no allocations", allocs, usual(), Pass, ""},
		{"allocations", allocs, answering("atom", func(a *measure.Answer) error { a.Metrics["allocs/op"] = 2.001; return nil }), Fail, "allocates 2 times"},
		{"allocations not recorded", allocs, answering("atom", func(a *measure.Answer) error { delete(a.Metrics, "allocs/op"); return nil }), Broken, "not recorded"},
		{"nothing lost", lost, usual(), Pass, ""},
		{"a wrong result", lost, answering("atom", func(a *measure.Answer) error {
			a.Problem = &measure.Problem{Wrong: true, Text: "total 9 of 10"}
			return nil
		}), Fail, "total 9 of 10"},
		{"a wrong result of what is compared with", speedup, answering("one", func(a *measure.Answer) error {
			a.Problem = &measure.Problem{Wrong: true, Text: "wrong"}
			return nil
		}), Fail, "wrong"},
		{"a panic", speedup, answering("many", func(a *measure.Answer) error { a.Problem = &measure.Problem{Text: "Run panicked: no"}; return nil }), Broken, "Run panicked"},
		{"a crash", speedup, answering("many", func(*measure.Answer) error { return errors.New("exit status 7") }), Broken, "exit status 7"},
		{"a crash now and then", speedup, failing(1, 0), Undecided, "not every process lived: BenchmarkNap/variant=many/workers=2-2: failure 1 of at most 2, which costs the process: exit status 7"},
		{"hangs", speedup, failing(3, 5*time.Second), Broken, "3 processes failed, the last so: exit status 7"},
		{"hangs for all of the time", speedup, failing(2, 20*time.Second), Broken, "no process came to the end of a trial, the last since exit status 7"},
		{"the clock stands", speedup, answering("many", func(a *measure.Answer) error { a.Elapsed = 0; return nil }), Broken, "clock did not move"},
		{"a negative time", speedup, answering("many", func(a *measure.Answer) error { a.Elapsed = -1; return nil }), Broken, "clock did not move"},
		{"anomalies", wild, answering("wild", func(a *measure.Answer) error { a.Anomaly = "3 lost"; return nil }), Fail, "trials went wrong, the last so: 3 lost"},
		{"no anomalies", wild, usual(), Pass, ""},
		{"clean", race, detecting(Detection{Trials: 4}), Pass, ""},
		{"not clean", race, detecting(Detection{Trials: 4, Reports: 1}), Fail, "reports a data race"},
		{"found", found, detecting(Detection{Trials: 4, Reports: 1}), Pass, ""},
		{"not found", found, detecting(Detection{Trials: 4}), Fail, "reported nothing in 4 trials"},
		{"no detector", race, detecting(Detection{Missing: "no C compiler"}), Undecided, "no C compiler; a rule with needs"},
		{"no detector, and it is needed", race + "    needs: {cgo: true}\n", detecting(Detection{}), Skipped, "it needs cgo: no compiler"},
		{"wrong under the detector", race, detecting(Detection{Failed: "total 9", Wrong: true}), Fail, "total 9"},
		{"crash under the detector", race, detecting(Detection{Failed: "exit status 7"}), Broken, "exit status 7"},
		{"too few CPUs", speedup + "    needs: {cpus: 3}\n", usual(), Skipped, "it needs 3 CPUs, and this process can use 2"},
		{"another machine", speedup + "    needs: {same-machine: true}\n", usual(), Skipped, "there is no reference"},
		{"no cgo", speedup + "    needs: {cgo: true}\n", usual(), Skipped, "it needs cgo: no compiler"},
	} {
		r, err := tt.world.check(t, tt.rules, func(c *Check) { c.Facts.NoCgo = func() string { return "no compiler" } })
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if len(r.Results) != 1 {
			t.Errorf("%s: %d results", tt.name, len(r.Results))
			continue
		}
		got := r.Results[0]
		if got.Outcome != tt.want || !strings.Contains(got.Reason, tt.reason) || (got.Reason == "") != (tt.want == Pass) {
			t.Errorf("%s: %v (%s), want %v (%s)", tt.name, got.Outcome, got.Reason, tt.want, tt.reason)
		}
	}
}

// TestOverlap holds that a contended case whose goroutines hardly met decides
// nothing, either way.
func TestOverlap(t *testing.T) {
	w := usual()
	w.answer = func(c bench.Case, a *measure.Answer) error {
		a.Metrics["overlap"], a.Metrics["cpus"] = 0.01, 1
		return nil
	}
	r, err := w.check(t, "  - cases: count/small/lock/workers=2$\n    scaling: \">= 1.5\"\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Results[0]; got.Outcome != Undecided || !strings.Contains(got.Reason, "overlapped in 0 of") {
		t.Errorf("%v (%s)", got.Outcome, got.Reason)
	}
}

func TestTooShort(t *testing.T) {
	_, err := usual().check(t, "  - cases: nap/many/workers=2$\n    speedup: \">= 1.9\"\n", func(c *Check) { c.Budget = 100 * time.Millisecond })
	if err == nil || !strings.Contains(err.Error(), "-for 100ms is too short for any decision") {
		t.Errorf("error %v", err)
	}
}

// TestLevel holds that questions share the level, without those that are exact
// or skipped, and that a decided block leaves its time to the others.
func TestLevel(t *testing.T) {
	r, err := usual().check(t, "  - cases: nap/many\n    speedup: \">= 1.5\"\n  - cases: count/small/atom\n    allocs: \"<= 0\"\n  - cases: nap/many\n    speedup: \"<= 20\"\n    needs: {cpus: 64}\n")
	if err != nil {
		t.Fatal(err)
	}
	const want = "2 statistical questions at a level of 1 % together"
	if len(r.Header) < 2 || r.Header[1] != want {
		t.Errorf("header %q, want %q in it", r.Header, want)
	}
	if got := r.Answer(); got != "PASS: 2 of 3 rules hold, 1 skipped" {
		t.Errorf("answer %q", got)
	}
}

func TestInterrupted(t *testing.T) {
	w := usual()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b, _ := ParseBudgets("budgets.yaml", []byte("rules:\n  - cases: nap/many\n    speedup: \">= 1.9\"\n"))
	questions, _ := b.Resolve(toys(), 2)
	c := &Check{Budgets: b, Questions: questions, Scenarios: toys(), Budget: time.Minute, Starter: w, Clock: func() time.Duration { return w.now }}
	if r, err := c.Run(ctx); !errors.Is(err, context.Canceled) || r != nil {
		t.Errorf("report %v, error %v", r, err)
	}
}

// What confirms failures shares the level of all comparisons among those alone.
func TestLevelOfConfirming(t *testing.T) {
	b, _ := ParseBudgets("budgets.yaml", []byte("rules:\n  - cases: nap/many\n    speedup: \">= 1.9\"\n  - cases: count/small/atom/workers=1$\n    ratio: \"<= 0.8\"\n    versus: count/small/lock/workers=1$\n"))
	questions, _ := b.Resolve(toys(), 2)
	c := &Check{Budgets: b, Questions: questions, Scenarios: toys()}
	var open []*pending
	for i := range questions {
		open = append(open, &pending{Question: &questions[i], comparison: -1})
	}
	first := c.newMeasuring(open, alpha/float64(len(open)), nil)
	second := c.newMeasuring(open[:1], first.level, first)
	if len(open) < 2 || math.Abs(first.shared-alpha) > 1e-12 || second.shared != first.shared {
		t.Errorf("%d comparisons at %v together, the confirmed ones at %v", len(open), first.shared, second.shared)
	}
}
