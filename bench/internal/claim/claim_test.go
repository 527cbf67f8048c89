package claim

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A fake is a run that was made up.
type fake struct {
	record.Run
	noise float64
}

func newFake(noise float64, claims ...bench.Claim) *fake {
	f := &fake{noise: noise}
	f.Add(record.Event{Settings: []record.Setting{{Key: "cpus", Value: "2"}}})
	s := bench.Scenario{Name: "work", Workers: []int{1, 2}, Variants: []bench.Variant{
		{Name: "base", Workers: []int{1}}, {Name: "pool"}, {Name: "racy", Racy: true},
	}}
	for _, e := range record.Describe(&s, "") {
		f.Add(e)
	}
	for i := range claims {
		f.Add(record.Event{Claim: &claims[i]})
	}
	return f
}

func caseOf(variant string, workers, procs int) bench.Case {
	return bench.Case{Scenario: "work", Variant: variant, Workers: workers, Procs: procs}
}

var (
	base = caseOf("base", 1, 2)
	pool = caseOf("pool", 2, 2)
	racy = caseOf("racy", 2, 2)
)

// trials adds six processes with a trial each, that take so many nanoseconds
// but for the noise.
func (f *fake) trials(c bench.Case, ns float64, metrics map[string]float64, anomaly string) {
	for fork := 1; fork <= 6; fork++ {
		wobble := 1 + f.noise*math.Sin(float64(5*fork+int(c.Variant[0])+3*c.Procs))
		scaled := make(map[string]float64)
		for unit, v := range metrics {
			scaled[unit] = v * wobble
		}
		f.Add(record.Event{Measurement: &record.Measurement{
			Case: c, Racy: c.Variant == "racy", Place: record.Place{Fork: fork, Round: 1, Order: 1, Anomaly: anomaly},
			Ops: 1, Elapsed: time.Duration(1e6 * ns * wobble), Metrics: scaled,
		}})
	}
}

func judged(f *fake) Answer {
	return New(&f.Run, nil).All()[0].Rules[0]
}

func ruleOf(q bench.Quantity, is bench.Relation, bound, tolerance float64) bench.Claim {
	return bench.Claim{Name: "x", Rules: []bench.Rule{{Label: "x", Quantity: q, Is: is, Bound: bound, Tolerance: tolerance}}}
}

// Each measure is worked out as it says, with little noise and with so much
// that nothing can be said.
func TestQuantities(t *testing.T) {
	pool1 := caseOf("pool", 2, 1)
	base1 := caseOf("base", 1, 1)
	for _, tt := range []struct {
		name string
		q    bench.Quantity
		want float64
	}{
		{"speedup", bench.Quantity{Of: bench.Speedup, Case: pool}, 3},
		{"speedup per core", bench.Quantity{Of: bench.Speedup, Case: pool, PerCore: true}, 1.5},
		{"speedup over another", bench.Quantity{Of: bench.Speedup, Case: pool, Over: pool1}, 2},
		{"time", bench.Quantity{Of: bench.Time, Case: pool, Over: base}, 1.0 / 3},
		{"time of other processes", bench.Quantity{Of: bench.Time, Case: pool1, Over: pool}, 2},
		{"metric", bench.Quantity{Of: bench.Metric, Unit: "cpus", Case: pool}, 1.6},
		{"metric per core", bench.Quantity{Of: bench.Metric, Unit: "cpus", Case: pool, PerCore: true}, 0.8},
		{"metric over another", bench.Quantity{Of: bench.Metric, Unit: "cpus", Case: pool, Over: base}, 2},
		{"metric of other processes", bench.Quantity{Of: bench.Metric, Unit: "cpus", Case: pool, Over: pool1}, 4},
	} {
		run := func(noise float64, is bench.Relation, bound, tolerance float64) Answer {
			f := newFake(noise, ruleOf(tt.q, is, bound, tolerance))
			f.trials(base, 300, map[string]float64{"cpus": 0.8}, "")
			f.trials(pool, 100, map[string]float64{"cpus": 1.6}, "")
			f.trials(base1, 300, map[string]float64{"cpus": 0.8}, "")
			f.trials(pool1, 200, map[string]float64{"cpus": 0.4}, "")
			return judged(f)
		}
		a := run(0.002, bench.AtLeast, tt.want, 0.05)
		if math.Abs(a.Value.Value/tt.want-1) > 0.01 || !a.Value.Bounded() || a.Value.N != 6 {
			t.Errorf("%s: %+v, want %v (%s)", tt.name, a.Value, tt.want, a.Why)
		}
		for _, r := range []struct {
			is               bench.Relation
			bound, tolerance float64
			noise            float64
			want             Ruling
		}{
			{bench.AtLeast, tt.want, 0.05, 0.002, Holds},
			{bench.AtLeast, tt.want * 1.2, 0.05, 0.002, Refuted},
			{bench.AtLeast, tt.want, 0.05, 0.3, Unclear},
			{bench.AtMost, tt.want, 0.05, 0.002, Holds},
			{bench.AtMost, tt.want / 1.2, 0.05, 0.002, Refuted},
			{bench.AtMost, tt.want, 0.05, 0.3, Unclear},
			{bench.About, tt.want, 0.05, 0.002, Holds},
			{bench.About, tt.want * 1.2, 0.05, 0.002, Refuted},
			{bench.About, tt.want / 1.2, 0.05, 0.002, Refuted},
			{bench.About, tt.want, 0.05, 0.3, Unclear},
		} {
			if got := run(r.noise, r.is, r.bound, r.tolerance); got.Ruling != r.want {
				t.Errorf("%s %s %.3g ±%v with noise %v: %s (%v, %s), want %s", tt.name, r.is, r.bound, r.tolerance, r.noise, got.Ruling, got.Value, got.Why, r.want)
			}
		}
	}
}

func TestCounts(t *testing.T) {
	wrong := func(c bench.Case, is bench.Relation) bench.Claim {
		return ruleOf(bench.Quantity{Of: bench.Wrong, Case: c}, is, 0, 0)
	}
	way := func(is bench.Relation) bench.Claim {
		return ruleOf(bench.Quantity{Of: bench.Schedules, Pattern: "p", Way: "w"}, is, 0, 0)
	}
	explored := func(count, wrong uint64, exhaustive bool) func(*fake) {
		return func(f *fake) {
			f.Add(record.Event{Schedules: &record.Schedules{Pattern: "p", Way: "w", Count: count, Wrong: wrong, Exhaustive: exhaustive, Witness: "AB"}})
		}
	}
	measured := func(c bench.Case, anomaly string) func(*fake) {
		return func(f *fake) { f.trials(c, 1, nil, anomaly) }
	}
	void := func(wrong bool) func(*fake) {
		return func(f *fake) {
			f.Add(record.Event{Void: &record.Void{Case: pool.Name(), Wrong: wrong, Why: "9 of 10"}})
		}
	}
	for _, tt := range []struct {
		name  string
		claim bench.Claim
		with  func(*fake)
		want  Ruling
		k, n  uint64
	}{
		{"updates get lost", wrong(racy, bench.Some), measured(racy, "lost"), Holds, 6, 6},
		{"none was seen to get lost, which refutes nothing", wrong(racy, bench.Some), measured(racy, ""), Unclear, 0, 6},
		{"every trial is right", wrong(pool, bench.None), measured(pool, ""), Holds, 0, 6},
		{"a wrong result", wrong(pool, bench.None), void(true), Refuted, 1, 1},
		{"no result", wrong(pool, bench.None), void(false), NotTestable, 0, 0},
		{"nothing measured", wrong(pool, bench.None), func(*fake) {}, NotTestable, 0, 0},
		{"a race that was to be absent", wrong(racy, bench.None), measured(racy, "lost"), Refuted, 6, 6},
		{"no schedule is wrong", way(bench.None), explored(20, 0, true), Holds, 0, 20},
		{"a schedule is wrong", way(bench.None), explored(20, 4, true), Refuted, 4, 20},
		{"a schedule is wrong among some", way(bench.None), explored(20, 4, false), Refuted, 4, 20},
		{"some schedule is to be wrong", way(bench.Some), explored(20, 4, false), Holds, 4, 20},
		{"none is, of all", way(bench.Some), explored(20, 0, true), Refuted, 0, 20},
		{"none is, of some", way(bench.Some), explored(20, 0, false), Unclear, 0, 20},
		{"no schedules", way(bench.None), func(*fake) {}, NotTestable, 0, 0},
	} {
		f := newFake(0, tt.claim)
		tt.with(f)
		a := judged(f)
		if a.Ruling != tt.want || a.K != tt.k || a.N != tt.n {
			t.Errorf("%s: %s, %d of %d (%s), want %s, %d of %d", tt.name, a.Ruling, a.K, a.N, a.Why, tt.want, tt.k, tt.n)
		}
		if a.Ruling == NotTestable && a.Why == "" {
			t.Errorf("%s: not testable, and no reason", tt.name)
		}
	}
}

func TestNoGround(t *testing.T) {
	claim := ruleOf(bench.Quantity{Of: bench.Speedup, Case: pool}, bench.AtLeast, 2, 0)
	many := claim
	many.Cores = 4
	odd := ruleOf(bench.Quantity{Of: "size", Case: pool}, bench.AtLeast, 2, 0)
	noMetric := ruleOf(bench.Quantity{Of: bench.Metric, Unit: "conns", Case: pool}, bench.AtLeast, 2, 0)
	for _, tt := range []struct {
		name  string
		claim bench.Claim
		with  func(*fake)
		weak  string
		want  Ruling
		why   string
	}{
		{"the case is missing", claim, func(f *fake) { f.trials(base, 3, nil, "") }, "", NotTestable, "Work/variant=pool/workers=2-2 was not measured"},
		{"the baseline is missing", claim, func(f *fake) { f.trials(pool, 3, nil, "") }, "", NotTestable, "Work/variant=base/workers=1-2 was not measured"},
		{"left out", claim, func(f *fake) {
			f.trials(base, 3, nil, "")
			f.Add(record.Event{Omitted: &record.Omitted{Case: pool.Name(), Why: "-quick"}})
		}, "", NotTestable, "was not measured (-quick)"},
		{"void", claim, func(f *fake) {
			f.Add(record.Event{Void: &record.Void{Case: pool.Name(), Why: "no network"}})
		}, "", NotTestable, "Work/variant=pool/workers=2-2 is void: no network"},
		{"too few cores", many, func(f *fake) { f.trials(base, 3, nil, ""); f.trials(pool, 1, nil, "") }, "", NotTestable, "it takes 4 cores, and this run has 2"},
		{"an unknown measure", odd, func(f *fake) { f.trials(pool, 1, nil, "") }, "", NotTestable, `does not know the measure "size"`},
		{"an unknown metric", noMetric, func(f *fake) { f.trials(pool, 1, nil, "") }, "", NotTestable, "gives no conns"},
		{"no overlap", claim, func(f *fake) { f.trials(base, 3, nil, ""); f.trials(pool, 1, nil, "") }, "in 1 of 6 trials", Unclear, "in 1 of 6 trials"},
		{"one process", claim, func(f *fake) {
			for _, c := range []bench.Case{base, pool} {
				f.Add(record.Event{Measurement: &record.Measurement{Case: c, Place: record.Place{Fork: 1, Round: 1, Order: 1}, Ops: 1, Elapsed: 5}})
			}
		}, "", Unclear, "a single process has no interval"},
	} {
		f := newFake(0.001, tt.claim)
		tt.with(f)
		a := New(&f.Run, func(bench.Case) string { return tt.weak }).All()[0].Rules[0]
		if a.Ruling != tt.want || !strings.Contains(a.Why, tt.why) {
			t.Errorf("%s: %s (%s), want %s (%s)", tt.name, a.Ruling, a.Why, tt.want, tt.why)
		}
		if missing := strings.HasSuffix(tt.why, "was not measured"); a.Missing != missing {
			t.Errorf("%s: missing is %v, want %v", tt.name, a.Missing, missing)
		}
	}
}

func TestTogether(t *testing.T) {
	for _, tt := range []struct {
		rules, beside []Ruling
		want          Ruling
	}{
		{[]Ruling{Holds, Holds}, nil, Holds},
		{[]Ruling{Holds, Refuted, Unclear, NotTestable}, nil, Refuted},
		{[]Ruling{Holds, Unclear, NotTestable}, nil, NotTestable},
		{[]Ruling{Holds, Unclear}, nil, Unclear},
		{[]Ruling{Holds}, []Ruling{Refuted, NotTestable, Unclear}, Holds},
		{nil, []Ruling{Holds}, NotTestable},
	} {
		var answers []Answer
		for _, r := range tt.rules {
			answers = append(answers, Answer{Rule: &bench.Rule{}, Ruling: r})
		}
		for _, r := range tt.beside {
			answers = append(answers, Answer{Rule: &bench.Rule{Beside: true}, Ruling: r})
		}
		if got := together(answers); got != tt.want {
			t.Errorf("%v beside %v: %s, want %s", tt.rules, tt.beside, got, tt.want)
		}
	}
}

// The level is shared by all rules of the run that need statistics, whether
// they can be tested or not: their number was known before.
func TestLevel(t *testing.T) {
	counting := ruleOf(bench.Quantity{Of: bench.Wrong, Case: pool}, bench.None, 0, 0)
	one := ruleOf(bench.Quantity{Of: bench.Speedup, Case: pool}, bench.AtLeast, 2, 0)
	for n, claims := range map[int][]bench.Claim{1: {counting, one}, 3: {one, one, counting, one}} {
		f := newFake(0, claims...)
		if got, want := New(&f.Run, nil).confidence, 1-2*level/float64(n); math.Abs(got-want) > 1e-12 {
			t.Errorf("%d rules: confidence %v, want %v", n, got, want)
		}
	}
}

// By simulation, a rule whose bound is exactly the truth is ruled upon as often
// as its share of the level says, on each side.
func TestErrorRate(t *testing.T) {
	r := &bench.Rule{Is: bench.AtLeast, Bound: 1}
	const trials, share = 4000, 0.05
	rng := newNormal(7)
	held, refuted := 0, 0
	for range trials {
		logs := make([]float64, 6)
		for i := range logs {
			logs[i] = rng()
		}
		switch decide(r, stats.Mean(logs, 1-2*share)) {
		case Holds:
			held++
		case Refuted:
			refuted++
		}
	}
	for what, k := range map[string]int{"holds": held, "refuted": refuted} {
		if part := float64(k) / trials; part < 0.035 || part > 0.065 {
			t.Errorf("%s in %.1f %% of runs, want %v", what, 100*part, share)
		}
	}
}

// Two cases of the same processes are paired, so that what disturbs both of
// them cancels; two of different ones, which merely have the same numbers, are
// not.
func TestPairing(t *testing.T) {
	for procs, want := range map[int]Ruling{2: Holds, 1: Unclear} {
		other := caseOf("base", 1, procs)
		f := newFake(0, ruleOf(bench.Quantity{Of: bench.Time, Case: pool, Over: other}, bench.About, 2, 0.1))
		for fork, ns := range []float64{1000, 3000, 1500, 500, 4000, 2000} {
			for c, factor := range map[bench.Case]float64{pool: 2, other: 1} {
				elapsed := time.Duration(ns * factor * (1 + 0.001*float64(fork)))
				f.Add(record.Event{Measurement: &record.Measurement{Case: c, Place: record.Place{Fork: fork + 1, Round: 1, Order: 1}, Ops: 1, Elapsed: elapsed}})
			}
		}
		if a := judged(f); a.Ruling != want {
			t.Errorf("over a case at GOMAXPROCS=%d: %s (%v), want %s", procs, a.Ruling, a.Value, want)
		}
	}
}
