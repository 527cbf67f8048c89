package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// A choice is a made-up scenario: times in nanoseconds by variant, with 1, 2
// and 4 workers.
type choice struct {
	name     string
	keeps    string
	variants []bench.Variant
	times    map[string][3]float64
	wobble   float64
	apart    string // a variant whose trials do not overlap,
	from     int    // with so many workers or more
}

func (c choice) report() *Report {
	m := newMade(c.wobble)
	m.scenario(bench.Scenario{
		Name: c.name, Doc: "made up", Unit: "step", Keeps: c.keeps, Workers: []int{1, 2, 4},
		Variants: append([]bench.Variant{{Name: "alone", Workers: []int{1}}}, c.variants...),
	})
	at := func(variant string, workers int) bench.Case {
		return bench.Case{Scenario: c.name, Variant: variant, Workers: workers, Procs: 2}
	}
	m.trials(at("alone", 1), 100, 1000, 6, nil, "")
	for _, v := range c.variants {
		for i, w := range []int{1, 2, 4} {
			metrics := map[string]float64{"overlap": 0.9, "cpus": 1.9}
			if v.Name == c.apart && w >= c.from {
				metrics = map[string]float64{"overlap": 0, "cpus": 1}
			}
			if ns := c.times[v.Name][i]; ns > 0 {
				m.trials(at(v.Name, w), ns, 1000, 6, metrics, "")
			}
		}
	}
	return New(&m.run)
}

// answers writes the answers of a report as a reader sees them.
func answers(r *Report) []string {
	g := r.Glance()
	lines := g.Lines()
	return append([]string{g.Bought}, lines[:len(lines)-1]...)
}

// The answers follow the data: each row changes something, and the answer
// changes with it.
func TestGlance(t *testing.T) {
	safe, fast := bench.Variant{Name: "safe", Contended: true}, bench.Variant{Name: "fast", GivesUp: "the total is known only at the end."}
	other := bench.Variant{Name: "other", Contended: true}
	for _, tt := range []struct {
		what string
		choice
		want []string
	}{
		{"one gives up nothing, one is faster", choice{variants: []bench.Variant{safe, fast, other}, wobble: 0.002,
			times: map[string][3]float64{"safe": {200, 300, 400}, "fast": {100, 50, 50}, "other": {210, 350, 450}}}, []string{
			"Concurrency made x 3.00 times as slow.",
			"x, giving up nothing: safe (300 ns/step with 2 goroutines)",
			"x, fastest of all: fast (50.0 ns/step with 2 goroutines; gives up: the total is known only at the end)",
			"x, how many goroutines: 1 (200 ns with 1, 300 ns with 2; more do not help)",
		}},
		{"the other is faster", choice{variants: []bench.Variant{safe, fast, other}, wobble: 0.002, keeps: "read while counting",
			times: map[string][3]float64{"safe": {200, 300, 400}, "fast": {100, 50, 50}, "other": {90, 45, 22}}}, []string{
			"Concurrency made x 2.22 times as fast.",
			"x, read while counting: other (45.0 ns/step with 2 goroutines; giving something up gains nothing clear)",
			"x, how many goroutines: 4 (45.0 ns with 2, 22.0 ns with 4; the most measured)",
		}},
		{"nothing is gained beyond two", choice{variants: []bench.Variant{safe, other}, wobble: 0.002,
			times: map[string][3]float64{"safe": {100, 50, 50}, "other": {100, 60, 60}}}, []string{
			"Concurrency made x 2.00 times as fast.",
			"x, fastest: safe (50.0 ns/step with 2 goroutines)",
			"x, how many goroutines: 2 (100 ns with 1, 50.0 ns with 2, 50.0 ns with 4; more do not help)",
		}},
		{"the intervals do not tell", choice{variants: []bench.Variant{safe, other, fast}, wobble: 0.5,
			times: map[string][3]float64{"safe": {100, 100, 90}, "other": {100, 101, 91}, "fast": {100, 99, 91}}}, []string{
			"Concurrency had no clear effect on x.",
			"x, giving up nothing: unclear: safe or other (94.1 to 94.9 ns/step with 2 goroutines, no clear difference; giving something up gains nothing clear)",
			"x, how many goroutines: unclear: 1 or more (safe: ",
		}},
		{"lack of overlap is no speed", choice{variants: []bench.Variant{safe, other, fast}, wobble: 0.002, apart: "safe",
			times: map[string][3]float64{"safe": {100, 10, 10}, "other": {200, 300, 400}, "fast": {100, 50, 50}}}, []string{
			"Concurrency made x 3.00 times as slow.",
			"x, giving up nothing: unclear (1 of 2 variants hardly ever had 2 goroutines at the same time)",
			"x, how many goroutines: 1 (other: 200 ns with 1, 300 ns with 2; more do not help)",
		}},
		{"nothing is known of it", choice{variants: []bench.Variant{safe, fast}, wobble: 0.002, apart: "safe",
			times: map[string][3]float64{"safe": {100, 10, 10}, "fast": {100, 50, 50}}}, []string{
			"What concurrency did to x cannot be told.",
		}},
		{"several are faster", choice{variants: []bench.Variant{safe, other, fast, {Name: "faster", GivesUp: "order"}}, wobble: 0.002,
			times: map[string][3]float64{"safe": {100, 90, 80}, "other": {100, 90, 91}, "fast": {100, 50, 50}, "faster": {100, 50, 50}}}, []string{
			"Concurrency made x 1.11 times as fast.",
			"x, giving up nothing: unclear: safe or other (about 90.0 ns/step with 2 goroutines, no clear difference)",
			"x, fastest of all: unclear: fast or faster (about 50.0 ns/step with 2 goroutines, no clear difference; fast",
			"x, how many goroutines: 4 (safe: 90.0 ns with 2, 80.0 ns with 4; the most measured)",
		}},
		{"nor is it a reason for more workers", choice{variants: []bench.Variant{safe, other}, wobble: 0.002, apart: "safe", from: 4,
			times: map[string][3]float64{"safe": {100, 50, 10}, "other": {100, 60, 60}}}, []string{
			"Concurrency made x 2.00 times as fast.",
			"x, fastest: safe (50.0 ns/step with 2 goroutines)",
			"x, how many goroutines: 2 (100 ns with 1, 50.0 ns with 2; with more the goroutines hardly overlapped)",
		}},
		{"one variant alone", choice{variants: nil, wobble: 0.01}, []string{
			"There is nothing to compare: no variant was measured beside its baseline.",
		}},
	} {
		tt.name = "x"
		got := answers(tt.report())
		ok := len(got) == len(tt.want)
		for i := range min(len(got), len(tt.want)) {
			ok = ok && strings.HasPrefix(got[i], tt.want[i])
		}
		if !ok {
			t.Errorf("%s: %s", tt.what, cmp.Diff(tt.want, got))
		}
	}
}

// Where the work grows with the workers, there is no number of them to choose,
// and where there is most to choose comes first.
func TestGlanceTopics(t *testing.T) {
	g := wholeReport().Glance()
	var names []string
	for _, topic := range g.Topics {
		names = append(names, topic.Name+" "+topic.Section)
		for _, a := range topic.Answers {
			if topic.Section == "sleep-fast-p1" && strings.HasPrefix(a.Label, "how many") {
				t.Errorf("sleep has an answer to %q", a.Label)
			}
		}
	}
	if diff := cmp.Diff([]string{"counter counter", "sleep net=fast sleep-fast-p1"}, names); diff != "" {
		t.Error(diff)
	}
	if want := "Unsynchronised counter was wrong in 20 of 20 trials."; g.Broke != want {
		t.Errorf("broke %q, want %q", g.Broke, want)
	}
}

func TestBelieve(t *testing.T) {
	fork := func(stolen time.Duration, load float64) record.Fork {
		return record.Fork{Fork: 1, Processor: time.Second, Stolen: stolen, Load: load}
	}
	for _, tt := range []struct {
		name  string
		forks []record.Fork
		more  func(*record.Run)
		want  string
	}{
		{"quiet", []record.Fork{fork(0, 1.2)}, nil, "yes: no processor time was stolen; the load stayed at 1.2 or less"},
		{"a little stolen", []record.Fork{fork(10*time.Millisecond, 1)}, nil, "yes: 1% of the processor time was stolen; the load stayed at 1.0 or less"},
		{"some stolen", []record.Fork{fork(30*time.Millisecond, 1)}, nil, "with care: 3% of the processor time was stolen, in the worst process 3%; the load stayed at 1.0 or less"},
		{"one process suffered", append(make([]record.Fork, 0, 9), fork(0, 1), fork(0, 1), fork(0, 1), fork(0, 1), fork(0, 1), fork(0, 1), fork(0, 1), fork(110*time.Millisecond, 1)), nil,
			"with care: 1.4% of the processor time was stolen, in the worst process 11%; the load stayed at 1.0 or less"},
		{"much stolen", []record.Fork{fork(200*time.Millisecond, 1)}, nil, "no: 20% of the processor time was stolen"},
		{"others ran", []record.Fork{fork(0, 3.5)}, nil, "with care: the load rose to 3.5 on 2 CPUs; no processor time was stolen"},
		{"crowded", []record.Fork{fork(0, 5.5)}, nil, "no: the load rose to 5.5 on 2 CPUs"},
		{"nothing recorded", nil, nil, "unclear: how the machine was meanwhile was not recorded"},
		{"warned", []record.Fork{fork(0, 0)}, func(r *record.Run) { r.Warnings = []string{"x"} }, "with care: 1 warning; no processor time was stolen"},
		{"void", []record.Fork{fork(0, 0), {Fork: 2, Void: "the clock jumped"}}, nil, "with care: 1 process counted for nothing; no processor time was stolen"},
		{"partial", []record.Fork{fork(0, 0)}, func(r *record.Run) { r.Partial = true }, "with care: the run is not whole; no processor time was stolen"},
		{"one process", []record.Fork{fork(0, 0)}, func(r *record.Run) { r.Measurements = r.Measurements[:1] }, "no: nothing was measured twice, so nothing has an interval"},
	} {
		m := newMade(0.01)
		m.scenario(bench.Scenario{Name: "x", Variants: []bench.Variant{{Name: "a", Workers: []int{1}}}})
		m.trials(bench.Case{Scenario: "x", Variant: "a", Workers: 1, Procs: 2}, 10, 100, 6, nil, "")
		m.run.Forks = tt.forks
		if tt.more != nil {
			tt.more(&m.run)
		}
		b := New(&m.run).Glance().Belief
		if got := b.Answer + ": " + b.Why; got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// The summary's title follows the data.
func TestSummary(t *testing.T) {
	quick := bench.Variant{Name: "quick", Headline: true}
	for _, tt := range []struct {
		ns, wobble float64
		want       string
	}{
		{50, 0.002, "Concurrency gains up to 2.00 times in x (quick)"},
		{400, 0.002, "Concurrency gains nothing here, and costs up to 4.00 times in x (quick)"},
		{100, 0.5, "Unclear: no variant differs from its baseline beyond the intervals"},
	} {
		r := choice{name: "x", variants: []bench.Variant{quick}, wobble: tt.wobble, times: map[string][3]float64{"quick": {100, tt.ns, 0}}}.report()
		dir := t.TempDir()
		if err := r.DrawSummary(dir); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{filepath.Join(dir, "summary.svg"), filepath.Join(dir, "summary.png")}, r.Summary); diff != "" {
			t.Error(diff)
		}
		svg, err := os.ReadFile(filepath.Join(dir, "summary.svg"))
		if err != nil || !strings.Contains(string(svg), "<title>"+tt.want+"</title>") {
			t.Errorf("%v ns: no title %q in the summary (%v)", tt.ns, tt.want, err)
		}
	}
	r := wholeReport()
	if title := r.summaryChart(); title == nil {
		t.Error("no chart of two scenarios")
	}
	r = choice{name: "x"}.report()
	if err := r.DrawSummary(t.TempDir()); err != nil || r.Summary != nil {
		t.Errorf("a summary of nothing: %v, %v", r.Summary, err)
	}
}

// Conditions are not chosen from: none is best, and there is no answer.
func TestConditions(t *testing.T) {
	r := choice{
		name:     "weather",
		variants: []bench.Variant{{Name: "rain", Doc: "it rains"}, {Name: "sun", Doc: "it does not"}},
		times:    map[string][3]float64{"rain": {100, 90, 80}, "sun": {100, 50, 20}},
		wobble:   0.01,
	}.report()
	if len(r.Sections[0].Best.Names) == 0 || len(r.Glance().Topics) != 1 {
		t.Fatal("this is to be told from one with a choice")
	}
	r.Run.Scenarios[0].Conditions = true
	r = New(r.Run)
	if best, topics := r.Sections[0].Best.Names, r.Glance().Topics; len(best) != 0 || len(topics) != 0 {
		t.Errorf("best are %v, and to be chosen %v", best, topics)
	}
}
