package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// claimed is a report of a run with a claim for each ruling, and with a section
// that was measured for one of them.
func claimed() *Report {
	m := newMade(0.02)
	sleepLike(m)
	counterLike(m)
	counter := func(variant string, workers int) bench.Case {
		return bench.Case{Scenario: "counter", Variant: variant, Workers: workers, Procs: 2}
	}
	slept := bench.Case{Scenario: "sleep", Params: "net=fast", Variant: "goroutines", Workers: 8, Procs: 1}
	for _, c := range []bench.Claim{
		{Name: "waiting", Text: "tasks that wait take the time of one, however many there are and whatever it is", Rules: []bench.Rule{
			{Label: "8 tasks, speedup", Quantity: bench.Quantity{Of: bench.Speedup, Case: slept}, Is: bench.AtLeast, Bound: 8, Tolerance: 0.1, Yes: "8 tasks gain %s", No: "8 tasks gain only %s"},
			{Label: "per core", Quantity: bench.Quantity{Of: bench.Speedup, Case: slept, PerCore: true}, Is: bench.AtLeast, Bound: 1, Beside: true, Yes: "that is %s for each core", No: "no"},
		}},
		{Name: "locks", Text: "two with a lock are as fast as one", Rules: []bench.Rule{
			{Label: "2 with a mutex, time/sequential", Quantity: bench.Quantity{Of: bench.Time, Case: counter("mutex", 2), Over: counter("sequential", 1)}, Is: bench.AtMost, Bound: 1, Yes: "yes", No: "two with a mutex take %s times as long"},
			{Label: "no lock, wrong", Quantity: bench.Quantity{Of: bench.Wrong, Case: counter("unsynchronised", 2)}, Is: bench.Some, Yes: "without one %s are wrong", No: "no"},
			{Label: "cores busy", Quantity: bench.Quantity{Of: bench.Metric, Unit: "cpus", Case: counter("mutex", 2), PerCore: true}, Is: bench.About, Bound: 0.95, Tolerance: 0.1, Beside: true, Yes: "%s of the cores are busy", No: "no"},
		}},
		{Name: "safety", Text: "a lock makes | a program <safe>", Rules: []bench.Rule{
			{Label: "overdrawn", Quantity: bench.Quantity{Of: bench.Schedules, Pattern: "overdraft", Way: "locked"}, Is: bench.None, Yes: "no", No: "%s overdraw"},
		}},
		{Name: "atomics", Text: "atomics are cheaper than a mutex with four", Rules: []bench.Rule{
			{Label: "4 goroutines, time/mutex", Quantity: bench.Quantity{Of: bench.Time, Case: counter("atomic", 4), Over: counter("mutex", 4)}, Is: bench.AtMost, Bound: 1, Yes: "yes", No: "no"},
		}},
		{Name: "nets", Text: "networks are fast", Rules: []bench.Rule{
			{Label: "speedup", Quantity: bench.Quantity{Of: bench.Speedup, Case: bench.Case{Scenario: "download", Variant: "x", Workers: 3, Procs: 2}}, Is: bench.AtLeast, Bound: 3, Yes: "yes", No: "no"},
		}},
		{Name: "many", Text: "many cores are better", Cores: 8, Rules: []bench.Rule{
			{Label: "speedup", Quantity: bench.Quantity{Of: bench.Speedup, Case: counter("local", 2)}, Is: bench.AtLeast, Bound: 3, Yes: "yes", No: "no"},
		}},
	} {
		m.run.Add(record.Event{Claim: &c})
	}
	m.run.Add(record.Event{Schedules: &record.Schedules{Pattern: "overdraft", Way: "locked", Exhaustive: true, Count: 20, Wrong: 4, Witness: "ABBA", Outcome: "2 paid"}})
	m.run.Add(record.Event{Added: &record.Added{Scenario: "sleep", Params: "net=fast", Procs: 1, For: []string{"waiting", "many"}}})
	return New(&m.run)
}

func TestClaimsText(t *testing.T) {
	r := claimed()
	r.Claims[0].Charts = []string{"out/charts/claim-waiting.svg", "out/charts/claim-waiting.png"}
	var b bytes.Buffer
	if err := r.ClaimsText(&b); err != nil {
		t.Fatal(err)
	}
	if err := r.Text(&b, &r.Sections[0]); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
			t.Errorf("a line is %d characters wide, a terminal has 80: %s", n, line)
		}
	}
	golden(t, "claims.txt", b.Bytes())
}

func TestClaimsMarkdown(t *testing.T) {
	r := claimed()
	r.Claims[0].Charts = []string{"out/charts/claim-waiting.svg", "out/charts/claim-waiting.png"}
	var b bytes.Buffer
	if err := r.Markdown(&b, "out"); err != nil {
		t.Fatal(err)
	}
	page, _, found := strings.Cut(b.String(), "## Counter")
	if !found || strings.Contains(page, "<safe>") {
		t.Errorf("the page does not open with the claims, escaped:\n%s", page)
	}
	golden(t, "claims.md", []byte(page))
}

func TestClaimsJSON(t *testing.T) {
	data, err := json.MarshalIndent(claimed().JSON().Claims, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "claims.json", append(data, '\n'))
}

// What the claims come to is the same when the run is read from a file.
func TestClaimsFromFile(t *testing.T) {
	r := claimed()
	var file bytes.Buffer
	w := record.NewWriter(&file)
	write := func(e record.Event) {
		t.Helper()
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	write(record.Event{Run: &record.Header{Format: record.Format, ID: "A"}})
	write(record.Event{Settings: r.Run.Settings})
	for i := range r.Run.Scenarios {
		s := &r.Run.Scenarios[i]
		write(record.Event{Scenario: s})
		for k := range s.Variants {
			write(record.Event{Variant: &s.Variants[k]})
		}
	}
	for i := range r.Run.Claims {
		write(record.Event{Claim: &r.Run.Claims[i]})
	}
	for i := range r.Run.Schedules {
		write(record.Event{Schedules: &r.Run.Schedules[i]})
	}
	order := make(map[bench.Case]int)
	for _, m := range r.Run.Measurements {
		order[m.Case]++
		m.Order = order[m.Case]
		m.Racy = m.Case.Variant == "unsynchronised"
		write(record.Event{Measurement: &m})
	}
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	run, err := record.Read("run.txt", &file)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := json.Marshal(r.JSON().Claims)
	if got, _ := json.Marshal(New(run).JSON().Claims); string(got) != string(want) {
		t.Errorf("claims from the file:\n%s\nand before:\n%s", got, want)
	}
}

// There is a chart for each claim that was put to the test, and the title says
// what it came to.
func TestClaimCharts(t *testing.T) {
	dir := t.TempDir()
	r := claimed()
	if err := r.DrawClaims(dir); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"Holds: 8 tasks gain 8.00", "Refuted: two with a mutex take 53.4 times as long", "Refuted: 4 of 20 schedules overdraw", "Unclear about 4 goroutines", "", ""} {
		c := r.Claims[i]
		if want == "" {
			if c.Charts != nil {
				t.Errorf("%s, which was not put to the test, has a chart", c.Name)
			}
			continue
		}
		if got := r.claimTitle(r.judged[i]); !strings.HasPrefix(got, want) {
			t.Errorf("title %q, want %q", got, want)
		}
		for _, path := range c.Charts {
			if info, err := os.Stat(path); err != nil || info.Size() > 200<<10 || filepath.Dir(path) != dir {
				t.Errorf("chart %s: %v", path, err)
			}
		}
		if len(c.Charts) != 2 {
			t.Errorf("%s has charts %v", c.Name, c.Charts)
		}
	}
}

// A run without claims shows nothing of them.
func TestNoClaims(t *testing.T) {
	r := wholeReport()
	var b bytes.Buffer
	if err := r.ClaimsText(&b); err != nil || b.Len() > 0 || r.DrawClaims(t.TempDir()) != nil {
		t.Errorf("without claims: %q, %v", b.String(), err)
	}
}
