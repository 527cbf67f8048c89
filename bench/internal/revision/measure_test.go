package revision

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// Pairs get the verdicts that they deserve, stop when they are decided, and
// leave their time to others.
func TestMeasureVerdicts(t *testing.T) {
	w := newWorld(map[string]*behaviour{"slower": {ratio: 1.2}, "faster": {ratio: 0.8}, "close": {ratio: 1.05, luck: 0.02}})
	c, rows := w.compared(t, time.Minute, 0.05, "close", "slower", "same", "faster")
	for name, want := range map[string]stats.Verdict{"slower": stats.Regressed, "same": stats.Same, "faster": stats.Improved, "close": stats.Unclear} {
		if row := rows[name]; row.Verdict != want {
			t.Errorf("%s: %v (%s), want %v", name, row.Verdict, row.Reason, want)
		}
	}
	for _, p := range c.Pairs[1:] {
		if p.Forks > 16 || p.Spent > 8*time.Second {
			t.Errorf("%s took %d forks and %v", p.Name, p.Forks, p.Spent)
		}
	}
	if got := rows["slower"].Change.Value; math.Abs(got-1.2) > 0.02 {
		t.Errorf("slower by %v", got)
	}
	if w.now < 55*time.Second || w.now > 62*time.Second {
		t.Errorf("with one undecided it took %v of a minute", w.now)
	}
	if suite := c.Suite(rules(0.05)); math.Abs(suite.Ratio.Value-math.Pow(1.2*0.8*1.05, 0.25)) > 0.01 || suite.Ratio.N != 4 {
		t.Errorf("%+v", suite)
	}
}

// With τ = 0 a small difference is found, and the absence of one never called
// the same.
func TestMeasureAnyDifference(t *testing.T) {
	w := newWorld(map[string]*behaviour{"slower": {ratio: 1.03}})
	_, rows := w.compared(t, 20*time.Second, 0, "slower", "same")
	if rows["slower"].Verdict != stats.Regressed || rows["same"].Verdict != stats.Unclear {
		t.Errorf("%v (%s), %v", rows["slower"].Verdict, rows["slower"].Reason, rows["same"].Verdict)
	}
}

// What the usual order of functions alone does is no change: suspects are
// measured in other ones.
func TestMeasureLayouts(t *testing.T) {
	w := newWorld(map[string]*behaviour{"luck": {layout: [2]float64{1.12, 1}}, "everywhere": {layout: [2]float64{1.12, 1.12}}})
	c, rows := w.compared(t, time.Minute, 0.05, "luck", "everywhere", "same")
	if row := rows["luck"]; row.Verdict != stats.Same || !row.Layout || !strings.Contains(row.Reason, "linker") {
		t.Errorf("in one layout alone: %v (%s)", row.Verdict, row.Reason)
	}
	if row := rows["everywhere"]; row.Verdict != stats.Regressed || row.Layout {
		t.Errorf("in all layouts: %v (%s)", row.Verdict, row.Reason)
	}
	if len(w.linked) == 0 || slices.Max(w.linked) > 12 {
		t.Errorf("built: %v", w.linked)
	}
	for _, s := range c.Pairs[2].Slices {
		if s.Layout != 0 {
			t.Error("what nobody suspects was measured in another layout")
		}
	}
}

// Where all functions lie at the same places no other layout is built.
func TestMeasureSamePlaces(t *testing.T) {
	w := newWorld(map[string]*behaviour{"slower": {ratio: 1.2}})
	same := true
	p := &Pair{Name: "slower", function: "slower", Procs: 2, holds: true}
	for side := range p.arms {
		p.arms[side].built = &built{placed: &same}
	}
	c := &Comparison{trees: &Trees{Question: Question{Layouts: 12}}, Pairs: []*Pair{p}}
	if err := c.Measure(t.Context(), w.measuring(rules(0.05), 20*time.Second)); err != nil {
		t.Fatal(err)
	}
	if row := c.Judge(rules(0.05))[0]; row.Verdict != stats.Regressed || len(w.linked) > 0 {
		t.Errorf("%v, built %v", row.Verdict, w.linked)
	}
}

// Each kind of work has its design, by the same facts of both sides.
func TestMeasureDesigns(t *testing.T) {
	parallel := behaviour{started: 2, parallel: 2, threads: 2}
	fought := parallel
	fought.fought = 5
	for name, test := range map[string]struct {
		behaviour behaviour
		want      Design
	}{
		"alone":                       {behaviour{}, SharedCore},
		"allocates":                   {behaviour{alloc: 3}, SharedCore},
		"waits":                       {behaviour{wait: 0.5}, Pinned},
		"starts goroutines":           {behaviour{started: 3}, InTurn},
		"threads that nobody starts":  {behaviour{threads: 2}, InTurn},
		"hidden, and allocates":       {behaviour{threads: 2, alloc: 3}, InTurn},
		"parallel":                    {parallel, SharedCore},
		"parallel, fought over":       {fought, InTurn},
		"parallel and others":         {behaviour{started: 3, parallel: 2, threads: 2}, InTurn},
		"not seen to run in parallel": {behaviour{started: 2, parallel: 2}, InTurn},
		"parallel in the head":        {behaviour{head: &parallel}, InTurn},
		"fought over in the head":     {behaviour{started: 2, parallel: 2, threads: 2, head: &fought}, InTurn},
		"nobody knows":                {behaviour{started: -1}, InTurn},
		"its own times":               {behaviour{metrics: func(float64) map[string]float64 { return map[string]float64{"p99-ns": 5} }}, InTurn},
		"its own rate":                {behaviour{metrics: func(perOp float64) map[string]float64 { return map[string]float64{"ops/s": 1e9 / perOp} }}, SharedCore},
	} {
		w := newWorld(map[string]*behaviour{"x": &test.behaviour})
		c, _ := w.compared(t, 10*time.Second, 0.05, "x")
		if p := c.Pairs[0]; p.Design != test.want || p.Problem != "" {
			t.Errorf("%s: %v (%s), want %v", name, p.Design, p.Problem, test.want)
		}
	}
}

// With one core there is nothing to share.
func TestMeasureOneCore(t *testing.T) {
	w := newWorld(nil)
	m := w.measuring(rules(0.05), 10*time.Second)
	m.cores = []int{3}
	c := &Comparison{Pairs: []*Pair{{Name: "x", function: "x", Procs: 1, holds: true}}}
	for side := range c.Pairs[0].arms {
		c.Pairs[0].arms[side].built = new(built)
	}
	if err := c.Measure(t.Context(), m); err != nil || c.Pairs[0].Design != InTurn {
		t.Errorf("%v, %v", err, c.Pairs[0].Design)
	}
}

// Slices are long enough for what goes with each run to be little of them.
func TestMeasureFixed(t *testing.T) {
	w := newWorld(map[string]*behaviour{"set-up": {fixed: 2e6, noise: 0.001}, "mostly": {fixed: 4e8, noise: 0.001}, "short": {noise: 0.001}})
	c, rows := w.compared(t, 2*time.Minute, 0.05, "set-up", "mostly", "short")
	if p := c.Pairs[0]; float64(p.N)*1000 < 2e6/mostFixed*0.9 || p.Doubt != "" {
		t.Errorf("2 ms of set-up: %d iterations of 1 µs, %q", p.N, p.Doubt)
	}
	if p := c.Pairs[2]; float64(p.N)*1000 > 1.2*float64(targetShared) || float64(p.N)*1000 < 0.8*float64(targetShared) {
		t.Errorf("none: %d iterations of 1 µs", p.N)
	}
	if row := rows["mostly"]; row.Verdict != stats.Unclear || !strings.HasPrefix(row.Reason, "its time is mostly set-up") {
		t.Errorf("400 ms of set-up: %v (%s), %d iterations", row.Verdict, row.Reason, row.N)
	}
}

// A row whose slices say something else than an ordinary run is unclear.
func TestMeasureOrdinary(t *testing.T) {
	w := newWorld(map[string]*behaviour{"grows": {perOp: 10, exponent: 0.3, ratio: 1.5}, "constant": {ratio: 1.5}})
	c, rows := w.compared(t, time.Minute, 0.05, "grows", "constant")
	for _, p := range c.Pairs {
		if len(p.Ordinary) == 0 {
			t.Errorf("%s was not run as go test runs it", p.Name)
		}
	}
	if row := rows["constant"]; row.Verdict != stats.Regressed {
		t.Errorf("constant: %v (%s)", row.Verdict, row.Reason)
	}
	if p := c.Pairs[0]; !p.Long {
		t.Errorf("what grows has slices of %d iterations like others", p.N)
	}
}

// Off is told by the run that comes nearest: a disturbed one is no finding.
func TestOff(t *testing.T) {
	for name, test := range map[string]struct {
		runs []Ordinary
		want bool
	}{
		"alike":           {[]Ordinary{{100, 90}}, false},
		"off":             {[]Ordinary{{100, 50}, {100, 60}, {90, 55}}, true},
		"faster":          {[]Ordinary{{50, 100}}, true},
		"disturbed twice": {[]Ordinary{{200, 100}, {101, 100}, {300, 100}}, false},
		"none":            {nil, false},
	} {
		if got := (&Pair{Ordinary: test.runs}).off(); (got != 0) != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// What fails costs itself alone and says why, and only what the head alone does
// is new.
func TestMeasureFailures(t *testing.T) {
	fails := func(which ...int) func(int, int) error {
		return func(side, n int) error {
			if slices.Contains(which, side) && n > 1 {
				return refuse("it failed at %d", n)
			}
			return nil
		}
	}
	died := 0
	w := newWorld(map[string]*behaviour{
		"both": {dies: fails(base, head)}, "head": {dies: fails(head)}, "base": {dies: fails(base)},
		"later": {dies: func(side, n int) error {
			if side == head && n > 1 {
				if died++; died > 30 {
					return errDied
				}
			}
			return nil
		}},
	})
	c, rows := w.compared(t, 30*time.Second, 0.05, "both", "head", "base", "later", "good")
	for i, want := range []struct {
		start string
		new   bool
	}{{"base: it failed", false}, {"head: it failed", true}, {"base: it failed", false}, {"", false}, {"", false}} {
		if p := c.Pairs[i]; !strings.HasPrefix(p.Problem, want.start) || want.start == "" && i == 4 && p.Problem != "" || p.New != want.new && i < 3 {
			t.Errorf("%s: %q, new %v", p.Name, p.Problem, p.New)
		}
	}
	if rows["good"].Verdict != stats.Same {
		t.Errorf("%v", rows["good"].Verdict)
	}
	if len(c.Pairs[3].Notes) == 0 && c.Pairs[3].Problem == "" && rows["later"].Verdict == stats.Unclear {
		t.Errorf("a process that died left no trace")
	}
}

// A budget that is too small for all leaves some out and says so; the others
// still get enough for a verdict, and the budget is kept.
func TestMeasureStarved(t *testing.T) {
	w := newWorld(map[string]*behaviour{"slow": {perOp: 2e9}})
	c, rows := w.compared(t, 4*time.Second, 0.05, "a", "b", "c", "slow")
	if !c.Pairs[3].Starved || len(rows) != 3 {
		t.Errorf("starved %v, %d rows", c.Pairs[3].Starved, len(rows))
	}
	if w.now > 9*time.Second { // a slow benchmark is begun when the others are done
		t.Errorf("it took %v", w.now)
	}
}

// Everybody gets a first look before anybody gets more.
func TestMeasureFirstForks(t *testing.T) {
	w := newWorld(map[string]*behaviour{"noisy": {luck: 0.2}})
	c, _ := w.compared(t, 6*time.Second, 0.05, "noisy", "a", "b", "c")
	for _, p := range c.Pairs {
		if p.Forks < 4 {
			t.Errorf("%s had %d forks", p.Name, p.Forks)
		}
	}
}

// The base is compared with itself, too, where that is asked for.
func TestMeasureControl(t *testing.T) {
	w := newWorld(map[string]*behaviour{"x": {ratio: 1.2}})
	c := &Comparison{Pairs: []*Pair{{Name: "x", function: "x", Procs: 2, holds: true}}}
	for side := range c.Pairs[0].arms {
		c.Pairs[0].arms[side].built = new(built)
	}
	m := w.measuring(rules(0.05), 20*time.Second)
	m.Control = true
	if err := c.Measure(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	rows := c.Judge(rules(0.05))
	if control := c.Control(); len(rows) == 0 || rows[0].Verdict != stats.Regressed || control.Pairs != 1 || control.Floor != 0 || control.Most > 0.05 {
		t.Errorf("%v, %+v", rows[0].Verdict, control)
	}
}

// A pair that was interrupted has not failed.
func TestInterruptedIsNoProblem(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	w := newWorld(map[string]*behaviour{"a": {dies: func(int, int) error {
		stop()
		return errors.New("its process was killed")
	}}})
	c := &Comparison{Pairs: []*Pair{{Name: "a", function: "a", Procs: 2, holds: true}, {Name: "b", function: "b", Procs: 2, holds: true}}}
	for _, p := range c.Pairs {
		for side := range p.arms {
			p.arms[side].built = new(built)
		}
	}
	err := c.Measure(ctx, w.measuring(rules(0.05), time.Minute))
	if !errors.Is(err, context.Canceled) || c.Pairs[0].Problem != "" || c.Pairs[1].Problem != "" {
		t.Errorf("%v; %q, %q", err, c.Pairs[0].Problem, c.Pairs[1].Problem)
	}
}

// Both sides have the same layouts, unless they are asked to have none in
// common.
func TestLayoutSeeds(t *testing.T) {
	for _, test := range []struct {
		layouts int
		apart   bool
		want    []int // base's, then head's
	}{
		{1, false, []int{0, 1, 0, 1}},
		{2, false, []int{0, 1, 2, 0, 1, 2}},
		{2, true, []int{0, 1, 2, 3, 4, 5}},
	} {
		trees := &Trees{Question: Question{Layouts: test.layouts, Apart: test.apart}}
		var got []int
		for side := range 2 {
			for layout := range test.layouts + 1 {
				got = append(got, trees.seed(side, layout))
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%d layouts, apart %v: %v, want %v", test.layouts, test.apart, got, test.want)
		}
	}
}
