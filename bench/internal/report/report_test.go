package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden compares with a file in testdata, or rewrites it.
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
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (run with -update to accept):\n%s", name, diff)
	}
}

// A made-up run with known factors: every trial of a case takes its time times
// a wobble of a few per cent that depends on fork and round only through the
// given noise, so that intervals come out small but not zero.
type made struct {
	run   record.Run
	noise float64
}

func newMade(noise float64) *made {
	m := &made{noise: noise}
	m.run.Add(record.Event{Settings: []record.Setting{
		{Key: "goos", Value: "linux"}, {Key: "goarch", Value: "amd64"}, {Key: "cpu", Value: "Test CPU"}, {Key: "cpus", Value: "2"},
		{Key: "go", Value: "go1.26"}, {Key: "commit", Value: "abc"}, {Key: "command", Value: "interleave run"}, {Key: "seed", Value: "7"},
	}})
	return m
}

func (m *made) scenario(s bench.Scenario) {
	for _, e := range record.Describe(&s, "mine/mine.go:12") {
		m.run.Add(e)
	}
}

func (m *made) trials(c bench.Case, perOp float64, ops, forks int, metrics map[string]float64, anomaly string) {
	for fork := 1; fork <= forks; fork++ {
		for round := 1; round <= 2; round++ {
			wobble := 1 + m.noise*math.Sin(float64(7*fork+3*round+len(c.Variant)+c.Workers))
			m.run.Add(record.Event{Measurement: &record.Measurement{
				Case: c, Place: record.Place{Fork: fork, Round: round, Anomaly: anomaly}, Ops: ops,
				Elapsed: time.Duration(perOp * wobble * float64(ops)), Metrics: metrics,
			}})
		}
	}
}

// counterLike is a rate scenario with a second variant to compare with, one
// that gives something up, a racy one, and a case that lacks overlap.
func counterLike(m *made) {
	m.scenario(bench.Scenario{
		Name: "counter", Doc: "add to one number", Unit: "increment", Workers: []int{1, 2, 4}, Versus: "mutex",
		Lesson: bench.Lesson{Variant: "mutex", Workers: 2, Slower: true, Text: "with 2 workers the mutex counter takes %s times as long as one goroutine without a lock"},
		Variants: []bench.Variant{
			{Name: "sequential", Workers: []int{1}},
			{Name: "mutex", Headline: true, Contended: true},
			{Name: "atomic", Headline: true, Contended: true},
			{Name: "local", GivesUp: "the total is known only at the end"},
			{Name: "unsynchronised", Racy: true, Workers: []int{2}},
		},
	})
	c := func(variant string, workers int) bench.Case {
		return bench.Case{Scenario: "counter", Variant: variant, Workers: workers, Procs: 2}
	}
	const n = 1_000_000
	alloc := map[string]float64{"allocs/op": 0, "cpus": 1.9, "overlap": 0.9}
	apart := map[string]float64{"allocs/op": 0, "cpus": 1.1, "overlap": 0.05}
	m.trials(c("sequential", 1), 0.3, n, 6, alloc, "")
	for i, w := range []int{1, 2, 4} {
		m.trials(c("mutex", w), []float64{12, 16, 42}[i], n, 6, alloc, "")
		m.trials(c("atomic", w), []float64{5.7, 11, 5.9}[i], n, 6, []map[string]float64{alloc, alloc, apart}[i], "")
		m.trials(c("local", w), []float64{0.3, 0.15, 0.15}[i], n, 6, map[string]float64{"allocs/op": 0.25}, "")
	}
	m.trials(c("unsynchronised", 2), 0.5, n, 10, map[string]float64{"lost": 250_000, "overlap": 0.9, "cpus": 1.9}, "total 750000 of 1000000: 250000 lost")
}

// sleepLike is a fixed scenario whose baseline has as many workers, except at
// 1024, and that has timelines.
func sleepLike(m *made) {
	m.scenario(bench.Scenario{
		Name: "sleep", Doc: "wait in turn or together", Unit: "step", Worker: "task", Fixed: 5, Workers: []int{2, 8},
		Params:   []bench.Param{{Name: "net", Values: []string{"slow", "fast"}}},
		Variants: []bench.Variant{{Name: "sequential"}, {Name: "goroutines", Workers: []int{2, 8, 1024}, Headline: true}},
	})
	c := func(variant string, workers int) bench.Case {
		return bench.Case{Scenario: "sleep", Params: "net=fast", Variant: variant, Workers: workers, Procs: 1}
	}
	for _, w := range []int{2, 8} {
		m.trials(c("sequential", w), 50e6*float64(w), 1, 3, map[string]float64{"allocs/op": 12}, "")
		m.trials(c("goroutines", w), 50e6, 1, 6, map[string]float64{"allocs/op": 20, "conns": 3, "B/s": 2.5e6}, "")
	}
	m.trials(c("goroutines", 1024), 57e6, 1, 6, nil, "")
	for v, together := range map[string]bool{"sequential": false, "goroutines": true} {
		var spans []bench.Span
		for task := range 2 {
			start := time.Second
			if !together {
				start += time.Duration(task) * 30 * time.Millisecond
			}
			for step := range 3 {
				at := start + time.Duration(step)*10*time.Millisecond
				spans = append(spans, bench.Span{Worker: task, Kind: bench.Wait, Label: string(rune('a' + step)), Start: at, End: at + 10*time.Millisecond})
			}
		}
		m.run.Add(record.Event{Spans: &record.Spans{Case: c(v, 2).Name(), Spans: spans}})
	}
}

func wholeReport() *Report {
	m := newMade(0.02)
	sleepLike(m)
	counterLike(m)
	m.run.Add(record.Event{Warning: &record.Warning{Text: "the load is 2.0: close other programs"}})
	m.run.Add(record.Event{Void: &record.Void{Case: "BenchmarkCounter/variant=cas/workers=2-2", Wrong: true, Why: "total 9 of 10: 1 lost"}})
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		m.run.Add(record.Event{Omitted: &record.Omitted{Case: "BenchmarkX/variant=" + name + "/workers=1", Why: "no time"}})
	}
	m.run.Add(record.Event{Interrupted: &record.Interrupted{Why: "interrupted"}})
	return New(&m.run)
}

func TestText(t *testing.T) {
	r := wholeReport()
	r.Charts["sleep-fast-p1"] = []string{"out/charts/sleep-fast-p1-time.svg", "out/charts/sleep-fast-p1-time.png", "out/charts/sleep-fast-p1-workers.svg"}
	var b bytes.Buffer
	b.WriteString(strings.Join(Environment(r.Run), "\n") + "\n\n")
	for i := range r.Sections {
		if err := r.Text(&b, &r.Sections[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Tail(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
			t.Errorf("a line is %d characters wide, a terminal has 80: %s", n, line)
		}
	}
	golden(t, "report.txt", b.Bytes())
}

func TestMarkdown(t *testing.T) {
	r := wholeReport()
	r.Charts["counter"] = []string{"out/charts/counter-time.svg", "out/charts/counter-time.png"}
	var b bytes.Buffer
	if err := r.Markdown(&b, "out"); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.md", b.Bytes())
}

func TestJSON(t *testing.T) {
	data, err := json.MarshalIndent(wholeReport().JSON(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", append(data, '\n'))
}

// Names come from other people's files: what means something in Markdown must
// not do so in a report.
func TestMarkdownEscapes(t *testing.T) {
	m := newMade(0)
	m.scenario(bench.Scenario{Name: "x", Doc: "a | b\n<script>", Variants: []bench.Variant{{Name: "<b>|*"}}})
	m.trials(bench.Case{Scenario: "x", Variant: "<b>|*", Workers: 1, Procs: 1}, 5, 10, 2, nil, "")
	var b bytes.Buffer
	if err := New(&m.run).Markdown(&b, "."); err != nil {
		t.Fatal(err)
	}
	if out := b.String(); strings.Contains(out, "<script>") || strings.Contains(out, "<b>|") {
		t.Errorf("the page has unescaped names:\n%s", out)
	}
}
