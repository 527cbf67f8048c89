package page

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
	"github.com/interleave-go/interleave/bench/internal/table"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// newRun makes up a run of a counter, in which a variant has the given name.
func newRun(name string) *record.Run {
	run := &record.Run{}
	run.Add(record.Event{Settings: []record.Setting{
		{Key: "goos", Value: "linux"}, {Key: "goarch", Value: "amd64"}, {Key: "cpus", Value: "2"}, {Key: "cpu", Value: "Test CPU"},
		{Key: "go", Value: "go1.26"}, {Key: "commit", Value: "abc"}, {Key: "command", Value: "interleave run -o=out"}, {Key: "seed", Value: "7"},
	}})
	s := bench.Scenario{
		Name: "counter", Doc: "add to one number", Unit: "increment", Workers: []int{1, 2}, Keeps: "read while counting",
		Variants: []bench.Variant{
			{Name: "sequential", Doc: "one loop", Workers: []int{1}},
			{Name: name, Doc: "a lock", Headline: true},
			{Name: "atomic", Doc: "an atomic add", Headline: true},
			{Name: "local", Doc: "a word each", GivesUp: "the total is known only at the end"},
			{Name: "unsynchronised", Racy: true, Workers: []int{2}},
		},
	}
	for _, e := range record.Describe(&s, "mine/mine.go:12") {
		run.Add(e)
	}
	trials := func(variant string, workers int, ns float64, metrics map[string]float64, anomaly string) {
		for fork := 1; fork <= 6; fork++ {
			wobble := 1 + 0.01*math.Sin(float64(7*fork+workers))
			run.Add(record.Event{Measurement: &record.Measurement{
				Case:  bench.Case{Scenario: "counter", Variant: variant, Workers: workers, Procs: 2},
				Place: record.Place{Fork: fork, Round: 1, Anomaly: anomaly}, Ops: 1e6, Elapsed: time.Duration(ns * wobble * 1e6), Metrics: metrics, Racy: anomaly != "",
			}})
		}
	}
	trials("sequential", 1, 0.3, nil, "")
	for i, w := range []int{1, 2} {
		trials(name, w, []float64{12, 16}[i], nil, "")
		trials("atomic", w, []float64{6, 11}[i], nil, "")
		trials("local", w, []float64{0.3, 0.15}[i], nil, "")
	}
	trials("unsynchronised", 2, 0.5, map[string]float64{"lost": 250_000}, "total 750000 of 1000000")
	run.Add(record.Event{Fork: &record.Fork{Scenario: "counter", Procs: 2, Fork: 1, Processor: time.Second, Load: 1.2}})
	return run
}

// newReport makes up a report with everything that a page can show.
func newReport() *report.Report {
	r := report.New(newRun("mutex"))
	charts := filepath.Join("testdata", "run", "charts")
	r.Charts["counter"] = []string{filepath.Join(charts, "counter-time.svg"), filepath.Join(charts, "counter-time.png")}
	r.Summary = []string{filepath.Join(charts, "summary.svg")}
	for i, ruling := range []report.Ruling{report.Holds, report.Refuted, "", report.NotTestable} {
		r.Claims = append(r.Claims, report.Claim{
			Name: "claim" + string(rune('a'+i)), Text: "a claim", Rule: "a rule", Ruling: ruling, Finding: "a finding",
			Figures: []report.Figure{{Label: "figure", Value: "2.95 ±0.02"}},
		})
	}
	r.Claims[0].Section, r.Claims[0].Charts = "counter", r.Summary
	t := &table.Table{Head: []string{"program", "time", "speedup"}}
	t.Add("sleep", "10.0 ms", "1.99")
	r.Beside = &report.Beside{Language: "Python 3.11.7", Sentence: "Python has a global lock.", Tables: []*table.Table{t}, Notes: []string{"a note"}}
	return r
}

func write(t *testing.T, r *report.Report, dir string) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, dir); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var embedded = regexp.MustCompile(`(?s)(<style>|<script>).*?(</style>|</script>)`)

// The page of a small run, with its style and script left out.
func TestGolden(t *testing.T) {
	got := embedded.ReplaceAllString(write(t, newReport(), filepath.Join("testdata", "run")), "$1$2")
	path := filepath.Join("testdata", "page.html")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (run with -update to accept):\n%s", path, diff)
	}
}

// pages are those that every rule about pages is checked on.
func pages(t *testing.T) map[string]string {
	odd := report.New(newRun(`"><script>alert('x')</script>`))
	all := map[string]string{
		"everything": write(t, newReport(), filepath.Join("testdata", "run")),
		"odd names":  write(t, odd, ""),
		"nothing":    write(t, report.New(&record.Run{}), t.TempDir()),
	}
	run, err := record.ReadFile(filepath.Join("..", "..", "..", "results", "reference", "run.txt"))
	if err != nil {
		t.Fatal(err)
	}
	all["reference"] = write(t, drawn(t, run), filepath.Join("..", "..", "..", "results", "reference"))
	return all
}

// drawn is the report of a run whose charts stand where they were committed.
func drawn(t *testing.T, run *record.Run) *report.Report {
	r := report.New(run)
	dir := filepath.Join("..", "..", "..", "results", "reference", "charts")
	files, err := filepath.Glob(filepath.Join(dir, "*.svg"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no charts (%v)", err)
	}
	for i := range r.Sections {
		name := r.Sections[i].Name(run.Setting("cpus"))
		for _, f := range files {
			if strings.HasPrefix(filepath.Base(f), name+"-") {
				r.Charts[name] = append(r.Charts[name], f)
			}
		}
	}
	r.Summary = []string{filepath.Join(dir, "summary.svg")}
	return r
}

var (
	request = regexp.MustCompile(`(?i)\ssrc(set)?\s*=|@import|<link\b|<iframe|<object|<embed|<img|<base\b|url\(\s*['"]?[^#'"\s]|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(`)
	idOf    = regexp.MustCompile(`\sid="([^"]*)"`)
	linkTo  = regexp.MustCompile(`\b(?:href|aria-labelledby|aria-describedby)="(#?)([^"]*)"`)
	heading = regexp.MustCompile(`<h([1-6])[ >]`)
	plainly = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
)

// A page asks nothing of the network, every id is there once, every link
// within it leads somewhere, and no heading skips a level.
func TestRules(t *testing.T) {
	for name, page := range pages(t) {
		if m := request.FindString(page); m != "" {
			t.Errorf("%s: the page has %q, which asks for another file", name, m)
		}
		ids := make(map[string]bool)
		for _, m := range idOf.FindAllStringSubmatch(page, -1) {
			if ids[m[1]] {
				t.Errorf("%s: two parts have the id %q", name, m[1])
			}
			if !plainly.MatchString(m[1]) {
				t.Errorf("%s: the id %q is not plain", name, m[1])
			}
			ids[m[1]] = true
		}
		for _, m := range linkTo.FindAllStringSubmatch(page, -1) {
			if strings.HasPrefix(m[2], "https://") {
				continue
			}
			for _, id := range strings.Fields(m[2]) {
				if !ids[id] {
					t.Errorf("%s: %s leads to nothing", name, m[0])
				}
			}
		}
		last := byte('0')
		for i, m := range heading.FindAllStringSubmatch(page, -1) {
			level := m[1][0]
			if level > last+1 || i == 0 && level != '1' || i > 0 && level == '1' {
				t.Errorf("%s: heading %d has level %c below %c", name, i+1, level, last)
			}
			last = level
		}
	}
}

// The names of others are text, wherever they stand.
func TestEscaping(t *testing.T) {
	const evil = `"><script>alert('x')</script>`
	run := newRun(evil)
	run.Warnings = []string{evil}
	run.Voids = []record.Void{{Case: "BenchmarkCounter/" + evil, Why: evil}}
	run.Settings = append(run.Settings, record.Setting{Key: evil, Value: evil})
	for i := range run.Scenarios {
		run.Scenarios[i].Doc, run.Scenarios[i].Source = evil, evil
	}
	r := report.New(run)
	r.Claims = []report.Claim{{Name: evil, Text: evil, Rule: evil, Ruling: report.Ruling(evil), Finding: evil, Figures: []report.Figure{{Label: evil, Value: evil}}}}
	tbl := &table.Table{Head: []string{evil}}
	tbl.Add(evil)
	r.Beside = &report.Beside{Language: evil, Sentence: evil, Tables: []*table.Table{tbl}, Notes: []string{evil}}
	dir := t.TempDir()
	md := "# x\n\nlinux/amd64, 2 CPUs, Test CPU, go1.26\n\n## " + evil + "\n\n" + evil + "\n\n- " + evil + "\n- https://example.com/" + evil + "\n\n| " + evil + " |\n|:--|\n| " + evil + " |\n\n```\n" + evil + "\n```\n"
	if err := os.WriteFile(filepath.Join(dir, "race.md"), []byte(md), 0o644); err != nil {
		t.Fatal(err)
	}
	page := write(t, r, dir)
	if n := strings.Count(page, "<script"); n != 1 {
		t.Errorf("the page has %d scripts, want its own", n)
	}
	if n := strings.Count(page, "&lt;script&gt;alert"); n < 20 {
		t.Errorf("the name stands %d times on the page, as text: it must not be lost", n)
	}
}

// The page of the reference run is small.
func TestSize(t *testing.T) {
	const most = 1_500_000
	if n := len(pages(t)["reference"]); n > most || n < 100_000 {
		t.Errorf("the page of the reference run has %d bytes, want at most %d and all of its charts", n, most)
	}
}

// Without a script everything is there to read: only the script knows the
// filter and the buttons.
func TestWithoutScript(t *testing.T) {
	page := embedded.ReplaceAllString(pages(t)["everything"], "")
	for _, part := range []string{`id="filter"`, "<button", `class="js"`, " hidden"} {
		if strings.Contains(page, part) {
			t.Errorf("%q stands in the page before its script ran", part)
		}
	}
}

// What another command left is shown, or said to be of another machine.
func TestOtherMachine(t *testing.T) {
	r := newReport()
	r.Run.Settings[3].Value = "Another CPU"
	page := write(t, r, filepath.Join("testdata", "run"))
	if strings.Contains(page, `id="race-lost"`) || !strings.Contains(page, "on another machine") {
		t.Error("races of another machine are shown, or nothing is said of them")
	}
}

// A chart that cannot be read is an error that names it, not a gap.
func TestMissingChart(t *testing.T) {
	r := report.New(newRun("mutex"))
	r.Charts["counter"] = []string{filepath.Join(t.TempDir(), "gone.svg")}
	if err := Write(&bytes.Buffer{}, r, ""); err == nil || !strings.Contains(err.Error(), "gone.svg") {
		t.Errorf("error %v, want one that names the chart", err)
	}
}
