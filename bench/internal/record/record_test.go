package record

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"

	"github.com/interleave-go/interleave/bench"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

var golden = filepath.Join("testdata", "run.txt")

func newNothing(context.Context, bench.Setup) (*bench.Trial, error) { return nil, nil }

// sampleScenarios use every field that a run file keeps.
var sampleScenarios = []bench.Scenario{{
	Name: "sleep", Doc: "tasks <wait> & see: 10 µs each", Unit: "step", Worker: "task", Fixed: 5, Versus: "goroutines",
	Lesson:  bench.Lesson{Variant: "goroutines", Workers: 2, Text: "two tasks take %s"},
	Workers: []int{2, 8},
	Params:  []bench.Param{{Name: "item", Values: []string{"1µs", "1ms"}}},
	Variants: []bench.Variant{
		{Name: "sequential", New: newNothing, Workers: []int{1}},
		{Name: "goroutines", Doc: "all at once", New: newNothing, Headline: true, Contended: true, GivesUp: "order"},
	},
}, {
	Name: "counter", Unit: "increment",
	Variants: []bench.Variant{
		{Name: "mutex", New: newNothing, Workers: []int{1, 2}},
		{Name: "plain", New: newNothing, Racy: true, Workers: []int{2}},
	},
}}

var (
	sequential = bench.Case{Scenario: "sleep", Params: "item=1µs", Variant: "sequential", Workers: 1, Procs: 2}
	goroutines = bench.Case{Scenario: "sleep", Params: "item=1µs", Variant: "goroutines", Workers: 8, Procs: 2}
	mutex      = bench.Case{Scenario: "counter", Variant: "mutex", Workers: 1, Procs: 1}
	plain      = bench.Case{Scenario: "counter", Variant: "plain", Workers: 2, Procs: 16}
)

// sampleEvents are a run with events of every kind.
func sampleEvents() []Event {
	events := []Event{
		{Run: &Header{Format: Format, ID: "9F2C"}},
		{Settings: []Setting{{"goos", "linux"}, {"cpu", "AMD EPYC: 2 µ"}, {"command", "interleave run -for=5s"}, {"goamd64", "v1"}}},
		{Warning: &Warning{Text: "the load is high"}},
	}
	for i := range sampleScenarios {
		events = append(events, Describe(&sampleScenarios[i], "scenarios/file.go:60")...)
	}
	trial := func(c bench.Case, at Place, ops int, elapsed time.Duration, metrics map[string]float64) Event {
		return Event{Measurement: &Measurement{Case: c, Place: at, Racy: c == plain, Ops: ops, Elapsed: elapsed, Metrics: metrics}}
	}
	lost := func(n float64) map[string]float64 { return map[string]float64{"lost": n} }
	return append(events,
		Event{Claim: &bench.Claim{Name: "waiting", Text: "waiting <overlaps> & more", Cores: 2, Rules: []bench.Rule{
			{Label: "8 tasks", Quantity: bench.Quantity{Of: bench.Speedup, Case: goroutines, Over: sequential, PerCore: true}, Is: bench.AtLeast, Bound: 3, Tolerance: 0.05, Yes: "%s times", No: "only %s times", Beside: true},
			{Label: "steps", Quantity: bench.Quantity{Of: bench.Schedules, Pattern: "overdraft", Way: "locked-steps"}, Is: bench.None, Yes: "yes", No: "%s"},
			{Label: "cores", Quantity: bench.Quantity{Of: bench.Metric, Case: mutex, Unit: "cpus"}, Is: bench.About, Bound: 1, Tolerance: 0.1, Yes: "%s", No: "%s"},
		}}},
		Event{Schedules: &Schedules{Pattern: "overdraft", Way: "locked-steps", Exhaustive: true, Count: 20, Wrong: 4, Outcome: "2 paid", Witness: "ABBA"}},
		Event{Added: &Added{Scenario: "sleep", Params: "item=1µs", Procs: 1, For: []string{"waiting"}}},
		Event{Omitted: &Omitted{Case: "BenchmarkSleep/item=1µs/variant=goroutines/workers=2-2", Why: "the budget does not allow it"}},
		trial(goroutines, Place{Fork: 1, Round: 1, Order: 1}, 1, 50_212_345, map[string]float64{"B/op": 1416, "allocs/op": 3.25, "cpus": 0.1}),
		trial(sequential, Place{Fork: 1, Round: 1, Order: 2}, 1, 1, map[string]float64{"MB/s": 1e-9, "ns": 4, "offset": -2.5}),
		trial(sequential, Place{Fork: 1, Round: 2, Order: 1}, 1, MaxElapsed, nil),
		trial(goroutines, Place{Fork: 1, Round: 2, Order: 2}, 1, 50_212_346, nil),
		Event{Spans: &Spans{Case: goroutines.Name(), Spans: []bench.Span{
			{Worker: 0, Kind: bench.Work, Label: "count", Start: 5, End: 5_000_000_000},
			{Worker: 1, Kind: bench.Note, Label: "µ", Start: 7, End: 7},
		}}},
		Event{Fork: &Fork{Scenario: "sleep", Params: "item=1µs", Procs: 2, Fork: 1, Processor: 3 * time.Second, Stolen: 30 * time.Millisecond, Load: 0.25}},
		// Operations that no power of two divides, and a time of many digits.
		trial(mutex, Place{Fork: 1, Round: 1, Order: 1}, 430_000_007, 7*24*time.Hour+1, nil),
		trial(mutex, Place{Fork: 2, Round: 1, Order: 1}, 430_000_007, 7*24*time.Hour+2, nil),
		trial(plain, Place{Fork: 1, Round: 1, Order: 1, Anomaly: "total 3 of 5:\n2 lost"}, 999_999_937, 1_977_678_901_234_567, lost(2)),
		trial(plain, Place{Fork: 1, Round: 2, Order: 1}, 999_999_937, 1, lost(0)),
		Event{Fork: &Fork{Scenario: "counter", Procs: 16, Racy: true, Fork: 1}}, // nothing is known
		Event{Void: &Void{Case: "BenchmarkCounter/variant=mutex/workers=2-2", Wrong: true, Why: "total 1 of 2"}},
		Event{Void: &Void{Case: "BenchmarkCounter/variant=mutex/workers=2-4", Why: "the process died"}},
		Event{Warning: &Warning{Text: "stopped early"}},
		Event{Peer: &Peer{Interpreter: &Interpreter{Language: "Python", Version: "3.13.0", Implementation: "CPython", Lock: new(bool)}}},
		Event{Peer: &Peer{Way: &PeerWay{PeerKey: PeerKey{"counter", "lock", 2}, Title: "count: 2 threads", Unit: "increment", Case: mutex.Name(), PerOp: 1}}},
		Event{Peer: &Peer{Way: &PeerWay{PeerKey: PeerKey{"counter", "nolock", 2}, Title: "<count>", Case: plain.Name(), PerOp: 20, Racy: true, Notes: "it differs"}}},
		Event{Peer: &Peer{Trial: &PeerTrial{PeerKey: PeerKey{"counter", "nolock", 2}, Fork: 3, Order: 2, Units: 200, Elapsed: 12_345_678_901, Total: 150, Expected: 200}}},
		Event{Peer: &Peer{Void: &PeerVoid{Job: "counter", Wrong: true, Why: "total 3 of 5"}}},
	)
}

// written returns what a writer makes of events, without an end.
func written(t testing.TB, events ...Event) (*bytes.Buffer, *Writer) {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b)
	for _, e := range events {
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	return &b, w
}

// sampleFile returns the sample as a complete file, and as a run in memory.
func sampleFile(t testing.TB) (data []byte, run *Run) {
	t.Helper()
	run = new(Run)
	for _, e := range sampleEvents() {
		run.Add(e)
	}
	b, w := written(t, sampleEvents()...)
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), run
}

// What is read is what the same events make in memory.
func TestRoundTrip(t *testing.T) {
	data, want := sampleFile(t)
	got, err := Read("run.txt", bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read differs from what was written (-want +got):\n%s", diff)
	}
	if got.Partial || len(got.Measurements) != 8 || len(got.Timelines) != 1 || got.Timelines[0].Case != goroutines.Name() || len(got.Timelines[0].Spans) != 2 {
		t.Errorf("partial %v, %d measurements", got.Partial, len(got.Measurements))
	}
	if got.Setting("cpu") != "AMD EPYC: 2 µ" || got.Setting("none") != "" {
		t.Errorf("settings %v", got.Settings)
	}
	v := got.Scenario("sleep").Variant("goroutines")
	if v == nil || !v.Headline || !got.Scenario("counter").Variants[0].Headline || got.Scenario("sleep").Variant("x") != nil {
		t.Errorf("variants %+v", got.Scenarios)
	}
}

func TestGolden(t *testing.T) {
	data, want := sampleFile(t)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(kept), "\n"), strings.Split(string(data), "\n")); diff != "" {
		t.Errorf("what is written changed; if it should, raise Format or run with -update (-want +got):\n%s", diff)
	}
	got, err := ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the golden file is read differently (-want +got):\n%s", diff)
	}
}

// An interrupted run is partial although its file is closed, and one without
// measurements keeps its settings.
func TestInterrupted(t *testing.T) {
	b, w := written(t,
		Event{Run: &Header{Format: Format}},
		Event{Settings: []Setting{{"goos", "linux"}}},
		Event{Void: &Void{Case: mutex.Name(), Why: "it died"}},
		Event{Interrupted: &Interrupted{Why: "interrupted"}})
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	run, err := Read("run.txt", b)
	if err != nil {
		t.Fatal(err)
	}
	if !run.Partial || run.Interrupted != "interrupted" || run.Setting("goos") != "linux" || len(run.Voids) != 1 {
		t.Errorf("%+v", run)
	}
}

// Every tool of the benchmark format sees the same names, values and settings.
func TestBenchfmt(t *testing.T) {
	data, want := sampleFile(t)
	reader := benchfmt.NewReader(bytes.NewReader(data), "run.txt")
	n := 0
	for ; reader.Scan(); n++ {
		r, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			t.Fatalf("record %d is %v", n, reader.Result())
		}
		m := want.Measurements[n]
		if got := "Benchmark" + r.Name.String(); got != m.Case.Name() || r.Iters != m.Ops {
			t.Errorf("result %d is %s with %d operations, want %s with %d", n, got, r.Iters, m.Case.Name(), m.Ops)
		}
		seconds, ok := r.Value("sec/op")
		if m.Racy {
			if ok {
				t.Errorf("%s has a speed, and is racy", m.Case.Name())
			}
		} else if want := m.PerOp() / 1e9; !ok || seconds < want*(1-1e-12) || seconds > want*(1+1e-12) {
			t.Errorf("%s took %v s/op, want %v", m.Case.Name(), seconds, want)
		}
		for unit, value := range m.Metrics {
			if unit == "MB/s" || unit == "ns" {
				continue // benchfmt reads these in other units
			}
			if got, ok := r.Value(unit); !ok || got != value {
				t.Errorf("%s: %v %s, want %v", m.Case.Name(), got, unit, value)
			}
		}
		for _, s := range want.Settings {
			if got := r.GetConfig(s.Key); got != s.Value {
				t.Errorf("%s is %q, want %q", s.Key, got, s.Value)
			}
		}
		if len(r.Config) != len(want.Settings) {
			t.Errorf("config %v, want %v", r.Config, want.Settings)
		}
	}
	if err := reader.Err(); err != nil || n != len(want.Measurements) {
		t.Errorf("%d results, want %d: %v", n, len(want.Measurements), err)
	}
}

func TestShortName(t *testing.T) {
	if got := ShortName(mutex.Name()); got != mutex.Short() {
		t.Errorf("short name %q", got)
	}
}
