package report

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/chart"
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// titles returns the titles of the charts of a section in which the second
// variant takes so many times as long as the first. One variant alone is noisy.
func titles(t *testing.T, ratio, noise float64, forks int) map[string]string {
	t.Helper()
	m := newMade(noise)
	m.scenario(bench.Scenario{
		Name: "x", Doc: "do something", Unit: "item", Worker: "worker", Workers: []int{1, 2},
		Lesson:   bench.Lesson{Variant: "pool", Workers: 2, Text: "a pool of two is %s times as fast"},
		Variants: []bench.Variant{{Name: "loop", Workers: []int{1}}, {Name: "pool", Headline: true}},
	})
	c := func(variant string, workers int) bench.Case {
		return bench.Case{Scenario: "x", Variant: variant, Workers: workers, Procs: 2}
	}
	m.trials(c("loop", 1), 100, 1000, forks, nil, "")
	for _, w := range []int{1, 2} {
		m.trials(c("pool", w), 100*ratio, 1000, forks, nil, "")
	}
	for i, variant := range []string{"loop", "pool"} {
		end := time.Duration([]float64{1e6, 1e6 * ratio}[i])
		m.run.Add(record.Event{Spans: &record.Spans{Case: c(variant, i+1).Name(), Spans: []bench.Span{
			{Worker: 0, Kind: bench.Work, Label: "0", End: end}, {Worker: i, Kind: bench.Work, Label: "1", End: end},
		}}})
	}
	r := New(&m.run)
	s := &r.Sections[0]
	all := make(map[string]string)
	for name, make := range map[string]func(*Section) figure{
		"time": r.timeChart, "workers": r.workersChart, "timeline": r.timelineChart, "samples": r.samplesChart,
	} {
		fig, err := make(s).Figure()
		if err != nil {
			t.Fatal(err)
		}
		svg, err := fig.SVG()
		if err != nil {
			t.Fatal(err)
		}
		_, title, _ := bytes.Cut(svg, []byte("<title>"))
		title, _, _ = bytes.Cut(title, []byte("</title>"))
		all[name] = string(title)
	}
	return all
}

// The titles of charts are what the data say: other data make others, and where
// the data do not decide, the title says that.
func TestTitlesFollowTheData(t *testing.T) {
	for _, c := range []struct {
		name         string
		ratio, noise float64
		forks        int
		want         map[string]string
	}{
		{"faster", 0.5, 0.001, 6, map[string]string{
			"time":     "A pool of two is 2.00 times as fast",
			"workers":  "Most is gained by pool: 2.00 times with ",
			"timeline": "Pool: 2 workers take 500 µs instead of 1.00 ms, 2.00 times as fast, in this one trial",
			"samples":  "Single trials with 2 workers hardly differ: those of pool most, by 0.2%",
		}},
		{"much faster", 0.25, 0.2, 6, map[string]string{
			"time":     "A pool of two is ",
			"workers":  "Most is gained by pool: ",
			"timeline": "Pool: 2 workers take 250 µs instead of 1.00 ms, 4.00 times as fast, in this one trial",
			"samples":  "Single trials with 2 workers differ most in pool: the slowest took 1.50 times as long as the fastest",
		}},
		{"slower", 2, 0.001, 6, map[string]string{
			"time":     "With 1 worker nothing is faster than loop; the next is pool, which takes 2.00 times as long",
			"workers":  "No variant gains from more workers",
			"timeline": "In this one trial each nothing is shorter than loop with 1.00 ms: pool takes 2.00 ms with 2 workers",
			"samples":  "Single trials with 2 workers hardly differ",
		}},
		{"overlapping", 0.995, 0.3, 3, map[string]string{
			"time":     "Unclear: whether pool and loop differ at 2 workers",
			"workers":  "Unclear whether anything gains from more workers: pool comes to ",
			"timeline": "Unclear from one trial each: pool takes 995 µs with 2 workers, loop 1.00 ms",
			"samples":  "Single trials with 2 workers differ most in pool: the slowest took ",
		}},
	} {
		got := titles(t, c.ratio, c.noise, c.forks)
		for chart, want := range c.want {
			if !strings.HasPrefix(got[chart], want) {
				t.Errorf("%s, %s: %q, want %q", c.name, chart, got[chart], want)
			}
		}
	}
}

// With one trial of each nothing is known of how far they lie apart.
func TestSamplesTitleOfOne(t *testing.T) {
	m := newMade(0)
	m.scenario(bench.Scenario{Name: "x", Worker: "task", Workers: []int{2}, Variants: []bench.Variant{{Name: "loop"}}})
	m.run.Add(record.Event{Measurement: &record.Measurement{
		Case: bench.Case{Scenario: "x", Variant: "loop", Workers: 2, Procs: 2}, Place: record.Place{Fork: 1, Round: 1}, Ops: 1, Elapsed: 1000,
	}})
	s := &New(&m.run).Sections[0]
	if got, want := samplesTitle(s), "Unclear how far trials lie apart: with 2 tasks there is one of each"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// With several variants the title speaks of the shortest, and counts those that
// are longer than the baseline.
func TestTimelineTitle(t *testing.T) {
	took := func(name string, lanes int, ms int) Picture {
		return Picture{Variant: name, Worker: "worker", End: time.Duration(ms) * time.Millisecond, Lanes: make([]PictureLane, lanes)}
	}
	check := func(want string, pictures ...Picture) {
		t.Helper()
		if got := timelineTitle("loop", pictures); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	loop := took("loop", 1, 20)
	check("Chunks: 2 workers take 10.0 ms instead of 20.0 ms, 2.00 times as fast, in this one trial; 2 others take longer than loop",
		loop, took("a", 2, 30), took("chunks", 2, 10), took("b", 4, 21))
	check("A: 1 worker takes 10.0 ms instead of 20.0 ms, 2.00 times as fast, in this one trial; 1 other takes longer than loop",
		loop, took("a", 1, 10), took("b", 4, 21))
	check("loop takes 20.0 ms", loop)
	check("a takes 30.0 ms, b takes 21.0 ms", took("a", 2, 30), took("b", 4, 21))
}

func TestRatesTitle(t *testing.T) {
	rate := func(l demo.Level, anomalies, trials int) provoke.Rate {
		part, half := float64(anomalies)/float64(trials), 1/math.Sqrt(float64(trials))
		return provoke.Rate{Level: l, Trials: trials, Anomalies: anomalies, Part: stats.Interval{Value: part, Lo: max(0, part-half), Hi: min(1, part+half), N: 10}}
	}
	of := func(name string, rates ...provoke.Rate) *provoke.Study {
		return &provoke.Study{Demo: &demo.Demo{Name: name}, Ways: []provoke.WayStudy{{Rates: rates}}}
	}
	check := func(want string, studies ...*provoke.Study) {
		t.Helper()
		if got := ratesTitle(studies); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	rare := of("lost", rate(demo.Written, 0, 1000), rate(demo.Aligned, 990, 1000))
	often := of("often", rate(demo.Written, 900, 1000), rate(demo.Aligned, 990, 1000))
	open := of("open", rate(demo.Written, 1, 10), rate(demo.Aligned, 2, 10))
	check("Lost goes wrong in 0% of the trials as written, in 99% aligned", rare)
	check("Often goes wrong in 90% of the trials as written, in 99% aligned", often)
	check("Unclear whether aligning matters to open: it goes wrong in 10% of the trials as written, in 20% aligned", open)
	check("X goes wrong in 50% of the trials as written", of("x", rate(demo.Written, 5, 10)))
	check("X goes wrong in 50% of the trials when aligned", of("x", rate(demo.Aligned, 5, 10)))
	check("Unclear how often x goes wrong: it was tried neither as written nor aligned", of("x"))
	check("As written 1 of 3 races hardly show (unclear for 1); aligned, the same code shows 2", rare, often, open)
	check("As written 2 of 3 races hardly show; aligned, the same code shows 3", rare, often, rare)
}

func TestPricesTitle(t *testing.T) {
	at := func(name string, ns float64) price {
		return price{name, stats.Interval{Value: ns, Lo: ns * 0.9, Hi: ns * 1.1, N: 6}}
	}
	check := func(want string, prices ...price) {
		t.Helper()
		if got := pricesTitle("the fixes of lost", 2, prices); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	check("With 2 goroutines atomic costs least of the fixes of lost, 10.0 ns an operation, and mutex most, 30.0 ns", at("mutex", 30), at("atomic", 10))
	check("With 2 goroutines mutex costs least of the fixes of lost, 10.0 ns an operation, and atomic most, 30.0 ns", at("mutex", 10), at("atomic", 30))
	check("Unclear which costs less: with 2 goroutines mutex takes 10.0 ns, and no other differs beyond the intervals", at("mutex", 10), at("atomic", 11))
	check("With 2 goroutines mutex costs 10.0 ns an operation", at("mutex", 10))
	check("Unclear what the fixes of lost cost: nothing was measured with 2 goroutines")
}

// Of very many variants those are drawn that gain most.
func TestMostGaining(t *testing.T) {
	var lines []chart.Line
	for i := range 40 {
		lines = append(lines, chart.Line{Name: string(rune('A' + i)), Points: []chart.XY{{X: 1, Y: 1}, {X: 2, Y: float64(i * 7 % 40)}}})
	}
	kept := mostGaining(lines)
	for _, l := range kept {
		if l.Points[1].Y < 28 {
			t.Errorf("%s gains %g", l.Name, l.Points[1].Y)
		}
	}
	if len(kept) != mostLines {
		t.Errorf("%d lines", len(kept))
	}
	for i := range lines {
		lines[i].Points[1].Y = 2
	}
	if kept := mostGaining(lines); len(kept) != mostLines || kept[0].Name != "A" {
		t.Errorf("%d lines of equals, from %s", len(kept), kept[0].Name)
	}
}
