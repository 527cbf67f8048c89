package report

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

func TestRatio(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		i    stats.Interval
		want string
	}{
		{stats.Interval{}, "–"},
		{stats.Interval{Value: 1.98, Lo: 1.96, Hi: 2, N: 6}, "1.98 ±0.02"},
		{stats.Interval{Value: 2, Lo: 1.999, Hi: 2.001, N: 6}, "2.000 ±0.001"},
		{stats.Interval{Value: 25.94, Lo: 25.1, Hi: 26.8, N: 6}, "25.9 ±0.9"},
		{stats.Interval{Value: 512.4, Lo: 500, Hi: 530, N: 6}, "512 ±18"},
		{stats.Interval{Value: 0.5, Lo: 0.4, Hi: 0.6, N: 6}, "0.50 ±0.10"},
		{stats.Interval{Value: 0.02, Lo: 0.019, Hi: 0.021, N: 6}, "1/50.0 ±2.6"},
		{stats.Interval{Value: 2, Lo: 0, Hi: inf, N: 1}, "2.00 ±?"},
	} {
		if got := ratio(c.i); got != c.want {
			t.Errorf("ratio(%+v) = %q, want %q", c.i, got, c.want)
		}
	}
}

func TestDuration(t *testing.T) {
	for ns, want := range map[float64]string{
		0.28: "0.28 ns", 9.96: "10.0 ns", 15.84: "15.8 ns", 999.4: "999 ns", 999.6: "1.00 µs",
		1e6: "1.00 ms", 50.61e6: "50.6 ms", 3.2e9: "3.20 s", 61e9: "61.0 s",
	} {
		if got := duration(ns); got != want {
			t.Errorf("duration(%v) = %q, want %q", ns, got, want)
		}
	}
}

// The sentence says what the data say: it turns with them, and when the
// interval holds 1 it says that the matter is unclear.
func TestSentenceFollowsTheData(t *testing.T) {
	sentence := func(mutex, noise float64, lesson bool) string {
		m := newMade(noise)
		s := bench.Scenario{Name: "x", Workers: []int{2}, Variants: []bench.Variant{{Name: "base", Workers: []int{1}}, {Name: "mutex"}}}
		if lesson {
			s.Lesson = bench.Lesson{Variant: "mutex", Workers: 2, Slower: true, Text: "mutex takes %s times as long"}
		}
		m.scenario(s)
		m.trials(bench.Case{Scenario: "x", Variant: "base", Workers: 1, Procs: 2}, 10, 1000, 6, nil, "")
		m.trials(bench.Case{Scenario: "x", Variant: "mutex", Workers: 2, Procs: 2}, mutex, 1000, 6, nil, "")
		return New(&m.run).Sections[0].Sentence()
	}
	for _, c := range []struct {
		mutex, noise float64
		lesson       bool
		want         string
	}{
		{30, 0.001, true, "Mutex takes 3.00 times as long."},
		{30, 0.001, false, "With 2 goroutines nothing is faster than base; the next is mutex, which takes 3.00 times as long."},
		{5, 0.001, false, "With 2 goroutines mutex is 2.00 times as fast as base."},
		{10.1, 0.3, true, "Unclear: whether mutex and base differ at 2 goroutines; the ratio is"},
		{10.1, 0.3, false, "Unclear: with 2 goroutines no variant differs from base beyond the intervals."},
	} {
		if got := sentence(c.mutex, c.noise, c.lesson); !strings.HasPrefix(got, c.want) {
			t.Errorf("mutex %v, noise %v: %q, want %q", c.mutex, c.noise, got, c.want)
		}
	}
}

func TestSentenceOfASingleProcess(t *testing.T) {
	m := newMade(0)
	m.scenario(bench.Scenario{Name: "x", Variants: []bench.Variant{{Name: "base"}, {Name: "fast"}}})
	m.trials(bench.Case{Scenario: "x", Variant: "base", Workers: 1, Procs: 1}, 10, 1000, 1, nil, "")
	m.trials(bench.Case{Scenario: "x", Variant: "fast", Workers: 1, Procs: 1}, 5, 1000, 1, nil, "")
	if got := New(&m.run).Sections[0].Sentence(); !strings.Contains(got, "without an interval") {
		t.Errorf("the sentence does not say that there is no interval: %s", got)
	}
}

func TestBestGivesUpNothingAndBeatsTheRest(t *testing.T) {
	rank := func(atomic, noise float64) []string {
		m := newMade(noise)
		m.scenario(bench.Scenario{Name: "x", Workers: []int{2}, Variants: []bench.Variant{
			{Name: "mutex"}, {Name: "atomic"}, {Name: "local", GivesUp: "everything"},
		}})
		for variant, ns := range map[string]float64{"mutex": 10, "atomic": atomic, "local": 1} {
			m.trials(bench.Case{Scenario: "x", Variant: variant, Workers: 2, Procs: 2}, ns, 1000, 6, nil, "")
		}
		return New(&m.run).Sections[0].Best.Names
	}
	if got := rank(5, 0.01); !slices.Equal(got, []string{"atomic"}) {
		t.Errorf("the best is %v, want atomic alone", got)
	}
	if got := rank(9.9, 0.2); !slices.Equal(got, []string{"atomic", "mutex"}) {
		t.Errorf("the best is %v, want both, which the intervals do not tell apart", got)
	}
}

// A trial without true overlap says nothing about a race, and is counted apart.
func TestRacyCountsOverlap(t *testing.T) {
	m := newMade(0)
	m.scenario(bench.Scenario{Name: "x", Variants: []bench.Variant{{Name: "base"}, {Name: "racy", Racy: true, Workers: []int{2}}}})
	c := bench.Case{Scenario: "x", Variant: "racy", Workers: 2, Procs: 2}
	m.trials(c, 1, 100, 2, map[string]float64{"lost": 10, "overlap": 0.8, "cpus": 1.8}, "90 of 100")
	for _, metrics := range []map[string]float64{{"lost": 0, "overlap": 0.8, "cpus": 1}, {"lost": 0, "overlap": 0.01, "cpus": 1.9}} {
		m.trials(c, 1, 100, 1, metrics, "")
	}
	racy := New(&m.run).Sections[0].Racy
	if len(racy) != 1 || racy[0].Trials != 8 || racy[0].Wrong != 4 || racy[0].Overlapped != 4 {
		t.Fatalf("racy variants: %+v, want 8 trials, 4 wrong, 4 overlapped", racy)
	}
	if want := "wrong in 4 of 8 trials, 5% of the updates lost; threads ran at the same time in 4 of 8"; racy[0].String() != want {
		t.Errorf("%q, want %q", racy[0].String(), want)
	}
}

// Every chart that the data can fill is drawn, and the rest is left out.
func TestDraw(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "charts")
	r := wholeReport()
	for i := range r.Sections {
		if err := r.Draw(&r.Sections[i], dir); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".svg" {
			names = append(names, e.Name())
		}
	}
	want := []string{
		"counter-samples.svg", "counter-time.svg", "counter-workers.svg",
		"sleep-fast-p1-samples.svg", "sleep-fast-p1-time.svg", "sleep-fast-p1-timeline.svg", "sleep-fast-p1-workers.svg",
	}
	if !slices.Equal(names, want) {
		t.Errorf("drawn: %v, want %v", names, want)
	}
	svg, err := os.ReadFile(filepath.Join(dir, "sleep-fast-p1-workers.svg"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(svg, []byte("Most is gained by goroutines: 8.00 times with 8 tasks")) {
		t.Error("the title of the workers chart is not what the data say")
	}
}
