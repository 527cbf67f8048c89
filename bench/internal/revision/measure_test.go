package revision

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/revision/served"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A world is a machine whose time passes only while processes start and slices
// run.
type world struct {
	now   time.Duration
	rng   *rand.Rand
	sized int                // how often a pair was tried that cannot be sized
	noise float64            // standard deviation of the log of a slice
	ratio map[string]float64 // pair → time(new)/time(old); 1 if absent
	start map[string]error   // pair → why its processes do not start
	trial map[string]func(measure.Request) (measure.Answer, error)
}

const startTime = 40 * time.Millisecond

func newWorld() *world {
	return &world{rng: rand.New(rand.NewPCG(1, 2)), noise: 0.01, ratio: map[string]float64{}, start: map[string]error{}, trial: map[string]func(measure.Request) (measure.Answer, error){}}
}

func (w *world) clock() time.Duration { return w.now }

type fakeStarter struct {
	*world
	*Pair
	control bool
}

func (s fakeStarter) Start(ctx context.Context, procs int) (measure.Fork, error) {
	s.now += startTime
	if err := s.world.start[s.Name]; err != nil {
		return nil, err
	}
	s.forks++
	return fakeFork(s), ctx.Err()
}

type fakeFork fakeStarter

func (f fakeFork) Trial(_ context.Context, r measure.Request) (measure.Answer, error) {
	if own := f.trial[f.Name]; own != nil {
		f.now += f.Slice
		return own(r)
	}
	perOp := 1000 * math.Exp(f.noise*f.rng.NormFloat64())
	if ratio := f.ratio[f.Name]; ratio > 0 && r.Case.Variant == variantNew {
		perOp *= ratio
	}
	took := time.Duration(perOp * float64(r.N))
	f.now += took + time.Millisecond
	return measure.Answer{Elapsed: took, Metrics: map[string]float64{"B/op": 16}}, nil
}

func (fakeFork) Close() {}

// measured measures pairs of the given names and judges them.
func (w *world) measured(t *testing.T, budget time.Duration, tolerance float64, names ...string) (*Comparison, map[string]Row, []string) {
	t.Helper()
	c := new(Comparison)
	for _, name := range names {
		c.Pairs = append(c.Pairs, &Pair{Package: "p", Name: name, Procs: 2, units: []string{"B/op"}})
	}
	rules := Rules{Level: 0.01, Tolerance: func(*Pair) float64 { return tolerance }}
	var order []string
	err := c.Measure(t.Context(), Measuring{
		Budget: budget, Control: true, Seed: 3, Clock: w.clock,
		Decided: func(p *Pair) bool { return c.Decided(p, rules) },
		Sink: func(p *Pair, m record.Measurement) error {
			order = append(order, fmt.Sprintf("%s %d %s", p.Name, m.Fork, m.Case.Variant))
			return nil
		},
		start: func(p *Pair) measure.Starter { return fakeStarter{w, p, p.forks < controlForks} },
		size: func(_ context.Context, p *Pair, _ Length, _ allowance) error {
			if strings.HasPrefix(p.Name, "late") {
				return fmt.Errorf("head: %w", errNoTime)
			}
			if strings.HasPrefix(p.Name, "unsized") {
				w.sized++
				return errors.New("it cannot be sized")
			}
			p.N, p.Rounds, p.Slice = 2000, 12, 3*time.Millisecond
			if p.Name == "long" {
				p.Slice = time.Minute
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := make(map[string]Row)
	for _, row := range c.Judge(rules) {
		if row.Unit == TimeUnit {
			rows[row.Name] = row
		}
	}
	return c, rows, order
}

// Pairs get the verdicts that they deserve, stop when they are decided, and
// leave their time to others.
func TestMeasureVerdicts(t *testing.T) {
	w := newWorld()
	w.ratio = map[string]float64{"slower": 1.2, "faster": 0.8, "close": 1.049}
	c, rows, order := w.measured(t, time.Minute, 0.05, "close", "slower", "same", "faster")
	for name, want := range map[string]stats.Verdict{"slower": stats.Regressed, "same": stats.Same, "faster": stats.Improved} {
		if row := rows[name]; row.Verdict != want {
			t.Errorf("%s: %v (%s), want %v", name, row.Verdict, row.Reason, want)
		}
	}
	for _, p := range c.Pairs[1:] {
		if p.forks > 16 || p.Spent > 8*time.Second {
			t.Errorf("%s took %d forks and %v", p.Name, p.forks, p.Spent)
		}
	}
	if p := c.Pairs[0]; p.forks != mostForks {
		t.Errorf("close was given %d forks of %d", p.forks, mostForks)
	}
	if got := rows["slower"].Change.Value; math.Abs(got-1.2) > 0.02 {
		t.Errorf("slower by %v", got)
	}
	if w.now > time.Minute+2*time.Second {
		t.Errorf("it took %v of a minute", w.now)
	}
	// The control is in the first forks of each pair, and only there; a fork
	// has one number, also when the pair had a second turn.
	last := 0
	for _, line := range order {
		var name, variant string
		var fork int
		fmt.Sscan(line, &name, &fork, &variant)
		if variant == variantControl && fork > controlForks {
			t.Errorf("control in %s", line)
		}
		if name == "close" && fork < last {
			t.Errorf("fork %d of %s after %d", fork, name, last)
		} else if name == "close" {
			last = fork
		}
	}
	if control := c.Control(); control.Pairs != 4 || control.Typical <= 0 || control.Typical > 0.01 || control.Most < control.Typical {
		t.Errorf("%+v", control)
	}
	if g := c.GeoMean(); !(g.Lo < g.Value && g.Value < g.Hi) || math.Abs(g.Value-math.Pow(1.2*0.8*1.049, 0.25)) > 0.01 {
		t.Errorf("%+v", g)
	}
}

// With τ = 0 a small difference is found, and the absence of one never called
// the same.
func TestMeasureAnyDifference(t *testing.T) {
	w := newWorld()
	w.ratio["slower"] = 1.03
	_, rows, _ := w.measured(t, 20*time.Second, 0, "slower", "same")
	if rows["slower"].Verdict != stats.Regressed || rows["same"].Verdict != stats.Unclear {
		t.Errorf("%v %v", rows["slower"].Verdict, rows["same"].Verdict)
	}
}

// What fails costs itself alone and says why.
func TestMeasureFailures(t *testing.T) {
	w := newWorld()
	w.start["unstarted"] = errors.New("base: it does not start")
	w.trial["dies"] = func(measure.Request) (measure.Answer, error) { return measure.Answer{}, errors.New("head: it died") }
	calls := 0
	w.ratio["close"] = 1.05 // has a second turn
	w.trial["fails"] = func(r measure.Request) (measure.Answer, error) {
		if calls++; calls > 20 {
			return measure.Answer{Problem: &measure.Problem{Text: "head: it failed"}}, nil
		}
		return measure.Answer{Elapsed: time.Millisecond}, nil
	}
	c, rows, _ := w.measured(t, 30*time.Second, 0.05, "unsized", "unstarted", "dies", "fails", "good", "close", "late", "long")
	for i, want := range []string{"it cannot be sized", "base: it does not start", "3 processes failed, the last so: head: it died", "head: it failed", ""} {
		if got := c.Pairs[i].Problem; got != want {
			t.Errorf("%s: %q, want %q", c.Pairs[i].Name, got, want)
		}
	}
	if w.sized != 1 {
		t.Errorf("what failed was tried %d times", w.sized)
	}
	for _, p := range c.Pairs[6:] { // no time to size, or for a slice
		if !p.Starved || p.Problem != "" || p.forks > 0 {
			t.Errorf("%s: starved %v, problem %q, %d forks", p.Name, p.Starved, p.Problem, p.forks)
		}
	}
	if len(rows) != 2 || rows["good"].Verdict != stats.Same {
		t.Errorf("%v", rows)
	}
}

// A budget that is too small for all leaves the last ones out and says so; the
// others still get enough for a verdict.
func TestMeasureStarved(t *testing.T) {
	w := newWorld()
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	c, rows, _ := w.measured(t, 3*time.Second, 0.05, names...)
	starved := 0
	for _, p := range c.Pairs {
		if p.Starved {
			starved++
		}
	}
	if starved == 0 || starved > 6 || c.Pairs[0].Starved || !c.Pairs[7].Starved || len(rows) != len(names)-starved {
		t.Errorf("%d starved, %d rows", starved, len(rows))
	}
	if w.now > 4500*time.Millisecond {
		t.Errorf("it took %v", w.now)
	}
}

// What takes longer than the budget is not begun.
func TestMeasureTooLong(t *testing.T) {
	w := newWorld()
	c := &Comparison{Pairs: []*Pair{{Package: "p", Name: "long", Procs: 2, once: 10 * time.Second}}}
	err := c.Measure(t.Context(), Measuring{
		Budget: 30 * time.Second, Clock: w.clock, Decided: func(*Pair) bool { return false },
		start: func(p *Pair) measure.Starter { return fakeStarter{w, p, false} },
		size:  func(context.Context, *Pair, Length, allowance) error { return errors.New("it was tried") },
	})
	if err != nil || !c.Pairs[0].Starved || c.Pairs[0].Problem != "" {
		t.Errorf("%v %+v", err, c.Pairs[0])
	}
}

// Layouts come in turn, the same on both sides, and forks of one count as one:
// a benchmark that is faster in half of the layouts is no faster for certain,
// however many processes say so.
func TestLayouts(t *testing.T) {
	s := starter{Pair: new(Pair)}
	for i := range s.arms {
		s.arms[i].binaries = make([]served.Binary, 6)
	}
	logs := make([]float64, 120)
	for s.forks = range logs {
		if s.layout() != s.forks%6 {
			t.Errorf("fork %d has layout %d", s.forks, s.layout())
		}
		logs[s.forks] = 1e-4*float64(s.forks%7) - 0.1*float64(s.layout()%2)
	}
	test := stats.Test{Level: 0.01}
	if v := test.Judge(logs, true).Verdict; v != stats.Improved {
		t.Errorf("without layouts it is %v", v)
	}
	test.Kinds = s.layouts()
	if v := test.Judge(logs, true).Verdict; v != stats.Unclear {
		t.Errorf("with layouts it is %v", v)
	}
	for i := range logs {
		logs[i] = -0.1 + 1e-3*float64(i%6)
	}
	if v := test.Judge(logs, true).Verdict; v != stats.Improved {
		t.Errorf("faster in all layouts it is %v", v)
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
		{0, false, []int{0, 0}},
		{1, false, []int{0, 0}},
		{2, false, []int{0, 1, 0, 1}},
		{1, true, []int{0, 1}},
		{2, true, []int{0, 1, 2, 3}},
	} {
		trees := &Trees{Question: Question{Layouts: test.layouts, Apart: test.apart}}
		var got []int
		for side := range 2 {
			for layout := range max(test.layouts, 1) {
				got = append(got, trees.seed(side, layout))
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%d layouts, apart %v: %v, want %v", test.layouts, test.apart, got, test.want)
		}
	}
}
