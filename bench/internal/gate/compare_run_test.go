package gate

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// sumRun writes a run of a scenario with a baseline, in so many forks.
func sumRun(t *testing.T, forks int, baseline, parallel float64, more ...record.Event) string {
	t.Helper()
	var out bytes.Buffer
	w := record.NewWriter(&out)
	events := []record.Event{
		{Run: &record.Header{Format: record.Format, ID: "x"}},
		{Settings: []record.Setting{{Key: "goos", Value: "linux"}, {Key: "cpu", Value: "AMD EPYC"}}},
		{Scenario: &record.Scenario{Name: "sum", Unit: "number", Worker: "goroutine"}},
		{Variant: &record.Variant{Scenario: "sum", Name: "sequential", Workers: []int{1}}},
		{Variant: &record.Variant{Scenario: "sum", Name: "parallel", Workers: []int{2}}},
	}
	rng := rand.New(rand.NewPCG(uint64(baseline), uint64(parallel)))
	for fork := 1; fork <= forks; fork++ {
		drift := 1 + 0.02*rng.NormFloat64() // meets both alike
		for i, ns := range []float64{baseline, parallel} {
			c := bench.Case{Scenario: "sum", Variant: []string{"sequential", "parallel"}[i], Workers: i + 1, Procs: 2}
			events = append(events, record.Event{Measurement: &record.Measurement{
				Case: c, Place: record.Place{Fork: fork, Round: 1, Order: i + 1}, Ops: 1,
				Elapsed: time.Duration(ns * 1000 * drift * (1 + 0.003*rng.NormFloat64())),
			}})
		}
	}
	for _, e := range append(events, more...) {
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A speedup is paired within its run, so that drift need not be allowed for: it
// finds what the times cannot.
func TestCompareRuns(t *testing.T) {
	const times, ups = "Sum/variant=parallel/workers=2-2 ns/op", "Sum/variant=parallel/workers=2-2 speedup"
	old := sumRun(t, 16, 1000, 500)
	for _, tt := range []struct {
		name       string
		new        string
		time, up   Outcome
		whySpeedup string
	}{
		{"unchanged", sumRun(t, 16, 1001, 501), Pass, Pass, ""},
		{"slower by less than drift may be", sumRun(t, 16, 1001, 545), Pass, Fail, "beyond"},
		{"a slower machine", sumRun(t, 16, 1300, 650), Fail, Pass, ""},
		{"a faster baseline", sumRun(t, 16, 700, 500), Pass, Undecided, "the baseline Sum/variant=sequential/workers=1-2 takes -[23]"},
		{"few processes", sumRun(t, 3, 1000, 500), Undecided, Undecided, `at least 4 .*-forks 10`},
	} {
		r := compared(t, old, tt.new)
		if got := outcomeOf(t, r, times); got.Outcome != tt.time {
			t.Errorf("%s: time %v (%s), want %v", tt.name, got.Outcome, got.Reason, tt.time)
		}
		if got := outcomeOf(t, r, ups); got.Outcome != tt.up || !matches(tt.whySpeedup, got.Reason) {
			t.Errorf("%s: speedup %v (%s), want %v (%s)", tt.name, got.Outcome, got.Reason, tt.up, tt.whySpeedup)
		}
		for _, result := range r.Results {
			if strings.Contains(result.Rule, "sequential") && strings.HasSuffix(result.Rule, speedupUnit) {
				t.Errorf("%s: the baseline has a speedup over itself", tt.name)
			}
		}
	}
}

func TestCompareVoidRuns(t *testing.T) {
	void := func(wrong bool) string {
		return sumRun(t, 6, 1000, 500, record.Event{Void: &record.Void{Case: "BenchmarkSum/variant=other/workers=2-2", Wrong: wrong, Why: "the sum is 3"}})
	}
	good := sumRun(t, 6, 1000, 500)
	for _, tt := range []struct {
		old, new string
		want     int
	}{{good, void(true), 1}, {good, void(false), 2}, {void(true), good, 2}} {
		if code, text := checkedFile(t, tt.old, tt.new); code != tt.want || !strings.Contains(text, "the sum is 3") {
			t.Errorf("exit code %d, want %d:\n%s", code, tt.want, text)
		}
	}
}

// Where the host took the processor away, times decide nothing.
func TestCompareStolen(t *testing.T) {
	var forks []record.Event
	for i := range 6 {
		forks = append(forks, record.Event{Fork: &record.Fork{Scenario: "sum", Procs: 2, Fork: i + 1, Processor: time.Second, Stolen: 300 * time.Millisecond}})
	}
	good := sumRun(t, 6, 1000, 500)
	if code, text := checkedFile(t, good, sumRun(t, 6, 1000, 900, forks...)); code != exitUndecided || !strings.Contains(text, "the host took more than a tenth") {
		t.Errorf("exit code %d:\n%s", code, text)
	}
}
