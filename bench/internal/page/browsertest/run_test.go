package browsertest

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/page"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// draw draws the charts of a report.
func draw(t *testing.T, run *record.Run) *report.Report {
	t.Helper()
	r, dir := report.New(run), t.TempDir()
	var errs []error
	for i := range r.Sections {
		if s := &r.Sections[i]; len(s.For) == 0 { // the others are in the charts of claims
			errs = append(errs, r.Draw(s, dir))
		}
	}
	if err := errors.Join(append(errs, r.DrawClaims(dir), r.DrawSummary(dir))...); err != nil {
		t.Fatal(err)
	}
	return r
}

// write returns the page of a report. dir has what other commands left beside
// the run.
func write(t *testing.T, r *report.Report, dir string) string {
	t.Helper()
	var html bytes.Buffer
	if err := page.Write(&html, r, dir); err != nil {
		t.Fatal(err)
	}
	return html.String()
}

// reference returns the page of the run that is committed.
func reference(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(root(t), "results", "reference")
	run, err := record.ReadFile(filepath.Join(dir, "run.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return write(t, draw(t, run), dir)
}

// evil is text that sets window.pwned where a page takes it for more.
const evil = `"'></title></script><script>pwned=1</script><img src=x onerror=pwned=1><svg onload=pwned=1>javascript:pwned=1`

// evilName is the same as far as a name can be: files are named after it.
const evilName = `"'><img src=x onerror=pwned=1><svg onload=pwned=1>`

// hostile returns the page of a run in which everything that a file can say is
// an attempt to be more than text. It is small, and has every part that a page
// can have.
func hostile(t *testing.T) string {
	t.Helper()
	var run record.Run
	for _, key := range []string{"goos", "goarch", "cpu", "go", "commit", "command", "seed"} {
		run.Add(record.Event{Settings: []record.Setting{{Key: key, Value: evil}}})
	}
	run.Add(record.Event{Settings: []record.Setting{{Key: "cpus", Value: "2"}, {Key: evil, Value: evil}}})
	s := bench.Scenario{
		Name: "s" + evilName, Doc: evil, Unit: evil, Worker: evil, Workers: []int{1, 2},
		Params: []bench.Param{{Name: "net", Values: []string{evilName}}},
		Variants: []bench.Variant{
			{Name: "first" + evilName, Doc: evil},
			{Name: "second" + evilName, Doc: evil, Headline: true, GivesUp: evil},
			{Name: "third" + strings.Repeat("-and-so-on", 12), Doc: evil, Headline: true},
			{Name: "racy" + evilName, Doc: evil, Racy: true},
		},
	}
	for _, e := range record.Describe(&s, evil) {
		run.Add(e)
	}
	for i, v := range s.Variants {
		for _, workers := range s.Workers {
			c := bench.Case{Scenario: s.Name, Params: "net=" + evilName, Variant: v.Name, Workers: workers, Procs: 2}
			addTrials(&run, c, v.Racy, time.Duration(10+40*i)*time.Microsecond/time.Duration(workers))
			run.Add(record.Event{Spans: &record.Spans{Case: c.Name(), Spans: []bench.Span{
				{Worker: 0, Kind: bench.Wait, Label: evil, Start: time.Second, End: 2 * time.Second},
				{Worker: 1, Kind: bench.Wait, Label: evil, Start: time.Second, End: 3 * time.Second},
			}}})
		}
	}
	run.Add(record.Event{Warning: &record.Warning{Text: evil}})
	run.Add(record.Event{Void: &record.Void{Case: "Benchmark" + evil, Wrong: true, Why: evil}})
	run.Add(record.Event{Omitted: &record.Omitted{Case: "Benchmark" + evil, Why: evil}})
	run.Add(record.Event{Interrupted: &record.Interrupted{Why: evil}})

	for name, bound := range map[string]float64{"holds": 0.1, "refuted": 10} {
		c := bench.Case{Scenario: s.Name, Params: "net=" + evilName, Variant: s.Variants[1].Name, Workers: 2, Procs: 2}
		run.Add(record.Event{Claim: &bench.Claim{Name: name, Text: evil, Rules: []bench.Rule{{
			Label: evil, Quantity: bench.Quantity{Of: bench.Speedup, Case: c}, Is: bench.AtLeast, Bound: bound, Yes: "gains %s" + evil, No: "gains %s" + evil,
		}}}})
	}

	r := draw(t, &run)
	for i, ruling := range []report.Ruling{report.Holds, report.Refuted, report.Unclear, report.NotTestable} {
		r.Claims = append(r.Claims, report.Claim{
			Name: "claim" + strings.Repeat(evil, i), Text: evil, Rule: evil, Ruling: ruling, Finding: evil,
			Figures: []report.Figure{{Label: evil, Value: evil}},
		})
	}
	beside := table.Table{Head: []string{evil, evil}}
	beside.Add(evil, "1.98 ±0.02")
	beside.Add("b", "20")
	r.Beside = &report.Beside{Language: evil, Sentence: evil, Tables: []*table.Table{&beside}, Notes: []string{evil}}
	html := write(t, r, races(t, report.Environment(&run)[0]))
	if n := strings.Count(html, "pwned=1"); n < 100 {
		t.Fatalf("the hostile page has only %d attempts", n)
	}
	return html
}

// addTrials adds trials of a case that takes about so long.
func addTrials(run *record.Run, c bench.Case, racy bool, perOp time.Duration) {
	anomaly := ""
	if racy {
		anomaly = evil
	}
	for fork := 1; fork <= 4; fork++ {
		for round := 1; round <= 2; round++ {
			run.Add(record.Event{Measurement: &record.Measurement{
				Case: c, Racy: racy, Place: record.Place{Fork: fork, Round: round, Anomaly: anomaly}, Ops: 100,
				Elapsed: 100*perOp + time.Duration(fork*round)*time.Microsecond,
				Metrics: map[string]float64{"allocs/op": 1, "overlap": 0.9, "cpus": 1.9, "lost": 3},
			}})
		}
	}
}

// races returns a folder with what interleave race left on a machine.
func races(t *testing.T, machine string) string {
	t.Helper()
	text := read(t, filepath.Join("..", "..", "report", "testdata", "races.md"))
	text = strings.Replace(text, "plan9", machine, 1)
	text = strings.ReplaceAll(text, "Something", strings.ReplaceAll(evil, "|", ""))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "race.md"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}
