package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/chart"
)

// contended is a section of one contended variant, "fast", whose trials have
// the given pairs of overlap and cores, beside "slow", which always overlaps
// if there is a second core.
func contended(baseline string, secondCore bool, trials ...[2]float64) Section {
	m := newMade(0)
	variants := []bench.Variant{{Name: "base", Workers: []int{1}}, {Name: "fast", Contended: true}, {Name: "slow", Contended: true}}
	if baseline != "base" {
		variants = []bench.Variant{{Name: "fast", Contended: true}, {Name: "slow", Contended: true}}
	}
	m.scenario(bench.Scenario{Name: "x", Workers: []int{2}, Variants: variants})
	if baseline == "base" {
		m.trials(bench.Case{Scenario: "x", Variant: "base", Workers: 1, Procs: 2}, 10, 100, len(trials), nil, "")
	}
	cores := 1.0
	if secondCore {
		cores = 1.9
	}
	m.trials(bench.Case{Scenario: "x", Variant: "slow", Workers: 2, Procs: 2}, 9, 100, len(trials), map[string]float64{"overlap": 0.9, "cpus": cores}, "")
	for i, t := range trials {
		from := len(m.run.Measurements)
		metrics := map[string]float64{"overlap": t[0]}
		if t[1] > 0 {
			metrics["cpus"] = t[1]
		}
		m.trials(bench.Case{Scenario: "x", Variant: "fast", Workers: 2, Procs: 2}, 2, 100, 1, metrics, "")
		for j := range m.run.Measurements[from:] {
			m.run.Measurements[from+j].Fork = i + 1
		}
	}
	return New(&m.run).Sections[0]
}

func TestTooLittleOverlapIsUnclear(t *testing.T) {
	both, alone, apart, asleep := [2]float64{0.9, 1.9}, [2]float64{0.9, 1.05}, [2]float64{0.05, 1.9}, [2]float64{0.9, 1.04}
	for _, c := range []struct {
		name       string
		secondCore bool
		trials     [][2]float64
		together   int
		lacking    bool
		turns      bool
	}{
		{"all together", true, [][2]float64{both, both, both, both}, 8, false, false},
		{"half together", true, [][2]float64{both, both, alone, alone}, 4, false, false},
		{"one core in most", true, [][2]float64{both, alone, alone, alone}, 2, true, false},
		{"one after the other", true, [][2]float64{apart, apart, apart, both}, 2, true, false},
		{"always one after the other", true, [][2]float64{apart, apart}, 0, true, false},
		{"waits asleep", true, [][2]float64{asleep, asleep, asleep}, 0, false, true},
		{"one core, and none had two", false, [][2]float64{asleep, asleep, asleep}, 0, true, false},
		{"cores unknown", true, [][2]float64{{0.9, 0}, {0.9, 0}}, 4, false, false},
		{"cores unknown, apart", true, [][2]float64{{0.05, 0}, {0.05, 0}}, 0, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := contended("base", c.secondCore, c.trials...)
			cell := s.Cell("fast", 2)
			o := cell.Overlap
			if o.Trials != 2*len(c.trials) || o.Together != c.together || o.Lacking() != c.lacking || o.Turns != c.turns || cell.Unclear != c.lacking {
				t.Fatalf("%+v, lacking %v, unclear %v", o, o.Lacking(), cell.Unclear)
			}
			if got := s.speedup(cell) == "unclear"; got != c.lacking {
				t.Errorf("the table says %q", s.speedup(cell))
			}
			if best := slices.Contains(s.Best.Names, "fast"); best == c.lacking {
				t.Errorf("best is %v", s.Best.Names)
			}
			if wins := strings.Contains(s.Sentence(), "fast is 5.00 times as fast"); wins == c.lacking {
				t.Errorf("the sentence is %q", s.Sentence())
			}
			notes := strings.Join(s.notes(), "\n")
			if got := strings.Contains(notes, "unclear: fast with 2 goroutines: goroutines overlapped in"); got != c.lacking {
				t.Errorf("the notes are\n%s", notes)
			}
			if got := strings.Contains(notes, "Fast takes turns"); got != c.turns {
				t.Errorf("the notes are\n%s", notes)
			}
		})
	}
}

// A baseline that lacks overlap makes all that is compared with it unclear.
func TestBaselineThatLacksOverlap(t *testing.T) {
	s := contended("fast", true, [2]float64{0.05, 1.9}, [2]float64{0.05, 1.9})
	if got := s.speedup(s.Cell("slow", 2)); got != "unclear" {
		t.Errorf("slow has speedup %q, want unclear", got)
	}
	if got, want := s.Sentence(), "Unclear: the goroutines of no variant overlapped enough to compare it with fast."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if notes := strings.Join(s.notes(), "\n"); !strings.Contains(notes, "slow with 2 goroutines: goroutines of fast overlapped in 0 of 4 trials.") {
		t.Errorf("the notes are\n%s", notes)
	}
}

// Nothing contends with one worker or on one core, and what is not contended
// need not overlap.
func TestOverlapIsAskedOfContendedCasesOnly(t *testing.T) {
	for _, c := range []struct {
		contended      bool
		workers, procs int
		known          bool
	}{{true, 2, 2, true}, {true, 1, 2, false}, {true, 2, 1, false}, {false, 2, 2, false}} {
		m := newMade(0)
		m.scenario(bench.Scenario{Name: "x", Workers: []int{c.workers}, Variants: []bench.Variant{{Name: "a", Contended: c.contended}}})
		m.trials(bench.Case{Scenario: "x", Variant: "a", Workers: c.workers, Procs: c.procs}, 2, 100, 3, map[string]float64{"overlap": 0}, "")
		s := New(&m.run).Sections[0]
		if got := s.Cell("a", c.workers).Overlap.Known(); got != c.known {
			t.Errorf("%+v: known is %v", c, got)
		}
	}
}

// A chart shows no point for a speedup that is unclear, and a hollow one for
// its time.
func TestChartsOfUnclearCases(t *testing.T) {
	r := wholeReport()
	s := r.Section("counter", "", 2)
	lines := r.workersChart(s).(chart.Lines)
	for _, l := range lines.Series {
		want := map[string]int{"mutex": 3, "atomic": 2, "local": 3}[l.Name]
		if len(l.Points) != want {
			t.Errorf("%s has %d points, want %d", l.Name, len(l.Points), want)
		}
	}
	for _, row := range r.timeChart(s).(chart.Dots).Rows {
		for i, p := range row.Points {
			if want := row.Label == "atomic" && i == 2; p.Open != want {
				t.Errorf("%s: point %d is open: %v, want %v", row.Label, i, p.Open, want)
			}
		}
	}
}
