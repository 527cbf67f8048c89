package calibrate

import (
	"bytes"
	"context"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/benchtest"
	"github.com/interleave-go/interleave/bench/internal/measure"
)

var update = flag.Bool("update", false, "write the golden files")

// A machine whose time passes only while processes start and trials run. Each
// process has luck of its own, each trial some noise, and a busy neighbour makes
// everything slower.
type machine struct {
	now  time.Duration
	rng  *rand.Rand
	busy int
	log  []string
}

func (m *machine) clock() time.Duration { return m.now }

func (m *machine) Start(_ context.Context, procs int) (measure.Fork, error) {
	m.now += 10 * time.Millisecond
	return &process{m, 1 + 0.01*m.rng.NormFloat64()}, nil
}

type process struct {
	*machine
	luck float64
}

func (p *process) Trial(ctx context.Context, r measure.Request) (measure.Answer, error) {
	if r.Case.Variant == "busy" {
		p.busy++
		p.log = append(p.log, "on")
		<-ctx.Done()
		p.busy--
		return measure.Answer{}, ctx.Err()
	}
	perOp := 1000 * p.luck * math.Exp(0.02*math.Abs(p.rng.NormFloat64()))
	if p.busy > 0 {
		perOp *= 1.5
	}
	took := time.Duration(perOp * float64(r.N))
	p.now += took + 100*time.Microsecond
	return measure.Answer{Elapsed: took}, nil
}

func (p *process) Close() {}

// run makes an experiment of the cells on a machine without neighbours.
func run(t *testing.T, cells []Cell, before []Outcome, until time.Duration) ([]Outcome, bool) {
	t.Helper()
	m := &machine{rng: rand.New(rand.NewPCG(1, 2))}
	var made []Outcome
	e := &Experiment{
		Cells: cells, Starter: m, Clock: m.clock, Procs: 2, Seed: 3, Progress: func(int, int) {},
		Take: func(o Outcome) error { made = append(made, o); return nil },
	}
	full, err := e.Run(t.Context(), before, until)
	if err != nil {
		t.Fatal(err)
	}
	return made, full
}

func quietCells() []Cell {
	var cells []Cell
	for _, c := range Select(Full(), func(name string) bool { return !strings.Contains(name, diffPrefix) }) {
		if c.Regime == Quiet {
			c.Want, c.Usual = min(c.Want, 6), min(c.Usual, 3)
			cells = append(cells, c)
		}
	}
	return cells
}

// Every cell gets what it wants; equal arms are not called different, slow ones
// are found, and a slowdown is performed, not reckoned.
func TestExperiment(t *testing.T) {
	cells := quietCells()
	made, full := run(t, cells, nil, 0)
	if !full {
		t.Fatal("not full without a limit")
	}
	s := Summarize(made)
	for _, c := range cells {
		p, u := s.of(c.Key, Paired), s.of(c.Key, Usual)
		if p.N != c.Want || u.N != c.Usual {
			t.Errorf("%v: %d paired and %d usual, want %d and %d", c.Key, p.N, u.N, c.Want, c.Usual)
		}
		if math.Abs(p.Real-(1+c.Slowdown)) > 0.001 {
			t.Errorf("%v: performed a ratio of %v", c.Key, p.Real)
		}
		if longest(p.Seconds) > 1.06*c.Limit.Seconds() {
			t.Errorf("%v: took %v s of %v", c.Key, longest(p.Seconds), c.Limit)
		}
	}
	if k, _ := s.together(Quiet, Paired, "").Different(); k != 0 {
		t.Errorf("%d false alarms of 18", k)
	}
	for _, w := range works {
		found := s.of(Key{Power, Quiet, w.name, 0.10, 0}, Paired)
		if found.Regressed != found.N || found.within(2) != found.N {
			t.Errorf("%s: 10 %% slower: %+v", w.name, found)
		}
		if same := s.of(Key{Tolerance, Quiet, w.name, 0, tolerance}, Paired); same.Same != same.N {
			t.Errorf("%s: equal arms at a tolerance: %+v", w.name, same)
		}
	}
}

// Slices of time make the same whole as one long one: nothing is made twice.
func TestSlices(t *testing.T) {
	cells := quietCells()[:3]
	var all []Outcome
	for slice := 1; ; slice++ {
		made, full := run(t, cells, all, 10*time.Second)
		all = append(all, made...)
		if full {
			break
		}
		if len(made) == 0 || slice > 20 {
			t.Fatalf("slice %d made %d trials, %d in all", slice, len(made), len(all))
		}
	}
	if want := 3 * (6 + 3); len(all) != want {
		t.Errorf("%d trials, want %d", len(all), want)
	}
}

// A warning about half-filled tables is better than none: the least filled cell
// comes first.
func TestNext(t *testing.T) {
	a, b := Cell{Key: Key{Work: "cpu"}, Want: 2, Usual: 1}, Cell{Key: Key{Work: "lock"}, Want: 4}
	tally := newTally([]Cell{a, b}, []Outcome{{Cell: Key{Work: "alloc"}, Protocol: Paired}})
	var order []string
	for {
		i, protocol, ok := tally.next()
		if !ok {
			break
		}
		o := Outcome{Cell: tally.cells[i].Key, Protocol: protocol, Seconds: 1}
		order = append(order, o.Cell.Work+" "+protocol)
		tally.add(o)
	}
	want := "cpu paired, lock paired, cpu usual, lock paired, cpu paired, lock paired, lock paired"
	if got := strings.Join(order, ", "); got != want {
		t.Errorf("order %s, want %s", got, want)
	}
}

// The load is there when its regime says so.
func TestRegimes(t *testing.T) {
	for regime, want := range map[string][2]bool{Quiet: {false, false}, Steady: {true, true}, Half: {false, true}} {
		m := &machine{rng: rand.New(rand.NewPCG(1, 2))}
		w := &workshop{load: &load{starter: m}}
		var got [2]bool
		err := w.under(t.Context(), regime, func(half func() error) error {
			got[0] = w.load.stop != nil
			if err := half(); err != nil {
				return err
			}
			got[1] = w.load.stop != nil
			return half() // twice is once
		})
		if err != nil || got != want || w.load.stop != nil {
			t.Errorf("%s: load %v, want %v (%v)", regime, got, want, err)
		}
	}
}

// The workloads are right, whatever arm they are.
func TestScenarios(t *testing.T) {
	for _, s := range Scenarios() {
		if s.Name != prefix+"burn" {
			benchtest.Test(t, s)
		}
	}
	if err := bench.Check(Scenarios()); err != nil {
		t.Error(err)
	}
}

// The tables and charts of a seeded experiment look as they should.
func TestTables(t *testing.T) {
	made, _ := run(t, quietCells(), nil, 0)
	for _, regime := range []string{Steady, Half} {
		o := outcome(8)
		o.Cell.Regime = regime
		made = append(made, o)
	}
	s := Summarize(made)
	var text, page bytes.Buffer
	if err := s.Text(&text); err != nil {
		t.Fatal(err)
	}
	if err := s.Markdown(&page, header()); err != nil {
		t.Fatal(err)
	}
	golden(t, "calibration.txt", text.Bytes())
	golden(t, "calibration.md", page.Bytes())
	for line := range strings.Lines(text.String()) {
		if len([]rune(line)) > 81 {
			t.Errorf("a line of more than 80 columns: %s", line)
		}
	}
	paths, err := s.Draw(t.TempDir(), header())
	if err != nil || len(paths) != 8 {
		t.Errorf("charts %v, %v", paths, err)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and look at the difference:\n%s", path, got)
	}
}

// False alarms of diff are those of a comparison of all its works.
func TestBeside(t *testing.T) {
	cells := Full()
	for _, c := range cells {
		want := 1
		if c.Part == Alarms && c.work().benchmark() != "" {
			want = len(diffWorks)
		}
		all := beside(c, cells)
		if len(all) != want || !slices.ContainsFunc(all, func(other Cell) bool { return other.Key == c.Key }) {
			t.Errorf("%v: %d cells, want %d", c.Key, len(all), want)
		}
		for _, other := range all {
			if other.Regime != c.Regime || other.Part != c.Part || other.Limit != c.Limit {
				t.Errorf("%v beside %v", other.Key, c.Key)
			}
		}
	}
}
