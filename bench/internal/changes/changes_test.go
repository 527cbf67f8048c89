package changes

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/revision"
	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

// sample is a result with one of everything.
func sample() *Result {
	pair := func(pkg, name string) *revision.Pair {
		return &revision.Pair{Package: pkg, Name: name, Procs: 2, Spent: 3200 * time.Millisecond}
	}
	slow, fast, same := pair("example.com/m/sum", "BenchmarkSum/size=10"), pair("example.com/m/sum", "BenchmarkFast"), pair("example.com/m/sort", "BenchmarkSort")
	open, broken, starved := pair("example.com/m/sort", "BenchmarkOpen"), pair("example.com/m/sort", "BenchmarkBroken"), pair("example.com/m/sort", "BenchmarkLate")
	broken.Problem, broken.New, starved.Starved = "head: it failed", true, true
	slow.Design, fast.Design, fast.Why = revision.SharedCore, revision.SharedCore, "RunParallel without contention, compared by its processor time on one core"
	open.Design = revision.Pinned
	broken.Notes = []string{"a pair of processes counts for nothing: the clock jumped"}
	same.OneSided = []revision.OneSided{{Name: "hits", Side: "base"}, {Name: "errs/op", Side: "head"}, {Name: "n", Side: "head"}}
	slow.Notes = []string{"its set-up takes 300ms, longer than a slice may be (100ms): one sample a process"}
	ratio := func(v, half float64) stats.Interval {
		return stats.Interval{Value: v, Lo: v - half, Hi: v + half, N: 8}
	}
	row := func(p *revision.Pair, base float64, change stats.Interval, v stats.Verdict, reason string) revision.Row {
		return revision.Row{Pair: p, Unit: revision.TimeUnit, Base: base, Head: base * change.Value, Change: change, Verdict: v, Reason: reason, Tolerance: 0.05, Level: 0.002}
	}
	exact := func(p *revision.Pair, unit string, base, head float64, v stats.Verdict, changed bool) revision.Row {
		r := revision.Row{Pair: p, Unit: unit, Base: base, Head: head, Verdict: v, Changed: changed, Exact: true, Reason: "it does not vary", Tolerance: 0.05}
		r.Change = stats.Interval{Value: head / base, Lo: head / base, Hi: head / base, N: 1}
		return r
	}
	unclear := row(open, 52e6, ratio(1.04, 0.08), stats.Unclear, "the interval −4% to +12% does not settle whether it is beyond the tolerance of 5%")
	unclear.More = 20
	fast.Ordinary = []revision.Ordinary{{PerOp: 1.5}}
	appeared := revision.Row{Pair: open, Unit: "allocs/op", Head: 24.9, Verdict: stats.Regressed, Reason: "it was always zero, and never is now", Tolerance: 0.05}
	appeared.Change = stats.Interval{Value: math.Inf(1), Lo: math.Inf(1), Hi: math.Inf(1), N: 8}
	varies := revision.Row{Pair: same, Unit: "allocs/op", Head: 1, Verdict: stats.Unclear, Uncertain: true, Reason: "it varies and is sometimes zero", Tolerance: 0.05}
	negative := revision.Row{Pair: same, Unit: "score", Base: -10, Head: -20, Verdict: stats.Unclear, Changed: true, Reason: "negative values have no ratio", Tolerance: 0.05}
	return &Result{
		Base: "1a2b3c4 (main)", Head: "5d6e7f8 with uncommitted changes", Machine: "linux/amd64, 2 CPUs, a CPU",
		Tolerance: "5%", Level: 0.01, Took: 21 * time.Second, Warnings: []string{"the load is high"},
		Rows: []revision.Row{
			row(slow, 812.3, ratio(1.212, 0.013), stats.Regressed, "beyond"), unclear,
			row(same, 12345, ratio(1.0001, 0.0004), stats.Same, "within"), row(fast, 1.5, ratio(0.5, 0.01), stats.Improved, "beyond"),
			exact(slow, "allocs/op", 0, 2, stats.Regressed, false), exact(fast, "B/op", 4096, 1536, stats.Improved, false),
			exact(same, "B/op", 16, 16, stats.Same, false), exact(same, "things", 3, 4, stats.Unclear, true),
			appeared, varies, negative,
		},
		Found: &revision.Comparison{
			Pairs: []*revision.Pair{slow, fast, same, open, broken, starved}, Identical: []string{"example.com/m/same"},
			OneSided: []revision.OneSided{{Name: "example.com/m/sum.BenchmarkNew", Side: "head"}},
			Skipped:  []string{"example.com/m/sum.BenchmarkSkip: it skips itself"},
			Problems: []revision.Problem{{Name: "example.com/m/bad", Side: "base", Text: "a < b | c"}, {Name: "example.com/m/bad", Side: "head", Text: "a < b | c"}, {Name: "example.com/m/worse", Side: "head", Text: "it died"}},
			Notes:    []string{"example.com/m/sum was built without -trimpath: a benchmark of it fails with it"},
		},
		Control: revision.Control{Pairs: 4, Typical: 0.003, Most: 0.021, Floor: 0.021}, Suite: verdict.Suite{Ratio: ratio(0.902, 0.02), Verdict: stats.Improved, Reason: "the interval −12% to −7.5% is beyond the tolerance of 5%"},
	}
}

func TestOutput(t *testing.T) {
	r := sample()
	for name, write := range map[string]func(*bytes.Buffer) error{
		"text.txt":    func(b *bytes.Buffer) error { return r.Text(b) },
		"markdown.md": func(b *bytes.Buffer) error { return r.Markdown(b, "charts/changes.svg") },
		"report.json": func(b *bytes.Buffer) error { return r.JSON(b) },
		"junit.xml":   func(b *bytes.Buffer) error { return r.JUnit(b) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-want +got), rewrite with -update:\n%s", name, diff)
		}
	}
}

// Tables fit a terminal, and no number in them is none.
func TestTextFits(t *testing.T) {
	var b bytes.Buffer
	if err := sample().Text(&b); err != nil {
		t.Fatal(err)
	}
	table := false
	for line := range strings.Lines(b.String()) {
		line = strings.TrimSuffix(line, "\n")
		table = strings.HasPrefix(line, "verdict") || table && line != ""
		if table && utf8.RuneCountInString(line) > 80 {
			t.Errorf("%d columns: %s", utf8.RuneCountInString(line), line)
		}
		if strings.Contains(line, "NaN") || strings.Contains(line, "Inf") {
			t.Error(line)
		}
	}
}

func TestTally(t *testing.T) {
	r := sample()
	want := Tally{Regressed: 2, Improved: 1, Same: 1, Unclear: 1, Failed: 2, Broken: 1, Identical: 1, Metrics: 1}
	if diff := cmp.Diff(want, r.Tally()); diff != "" {
		t.Error(diff)
	}
	r.Strict = true
	if got := r.Tally().Failed; got != 5 {
		t.Errorf("-strict: %d failed, want 5: a benchmark and the metrics of two sides", got)
	}
	// A metric that regressed makes a benchmark regress whose time did not.
	r.Rows[6].Verdict = stats.Regressed
	if got := r.Tally(); got.Regressed != 3 || got.Same != 0 {
		t.Errorf("%+v", got)
	}
	empty := Result{Found: &revision.Comparison{}}
	if empty.Tally().Decided() || empty.Sentence() != "nothing to compare" {
		t.Errorf("%+v %s", empty.Tally(), empty.Sentence())
	}
}

// Everything can be read back, also with numbers that are none.
func TestReadBack(t *testing.T) {
	r := sample()
	r.Rows[0].Change = stats.Interval{Value: math.Inf(1), Lo: math.NaN(), Hi: math.Inf(1), N: 1}
	var b bytes.Buffer
	if err := r.JSON(&b); err != nil {
		t.Fatal(err)
	}
	var j jsonResult
	if err := json.Unmarshal(b.Bytes(), &j); err != nil || len(j.Rows) != len(r.Rows)+1 { // and what was not measured
		t.Errorf("%v", err)
	}
	b.Reset()
	if err := r.JUnit(&b); err != nil {
		t.Fatal(err)
	}
	var s junitSuite
	if err := xml.Unmarshal(b.Bytes(), &s); err != nil || s.Tests != len(s.Cases) || s.Failures != 3 || s.Errors != 2 || s.Skipped != 11 {
		t.Errorf("%v %+v", err, s)
	}
}

func TestDraw(t *testing.T) {
	r := sample()
	dir := filepath.Join(t.TempDir(), "charts")
	paths, err := r.Draw(dir)
	if err != nil || len(paths) != 2 {
		t.Fatalf("%v %v", paths, err)
	}
	svg, err := os.ReadFile(paths[0])
	if err != nil || !bytes.Contains(svg, []byte("sum.Sum/size=10-2")) {
		t.Errorf("%v", err)
	}
	r.Rows = nil
	if paths, err := r.Draw(dir); err != nil || paths != nil {
		t.Errorf("nothing to draw: %v %v", paths, err)
	}
}

func TestFormat(t *testing.T) {
	for _, test := range []struct {
		v    float64
		unit string
		want string
	}{
		{0.3123, "ns/op", "0.31 ns"}, {999.4, "ns/op", "999 ns"}, {999.7, "ns/op", "1.00 µs"}, {12.34e6, "ns/op", "12.3 ms"}, {3e9, "ns/op", "3.00 s"},
		{0, "B/op", "0 B"}, {1536, "B/op", "1.50 KiB"}, {0.00012, "things", "0.00012"}, {12345, "things", "12.3k"},
	} {
		if got := value(test.v, test.unit); got != test.want {
			t.Errorf("%v %s: %s, want %s", test.v, test.unit, got, test.want)
		}
	}
	for _, test := range []struct {
		i    stats.Interval
		want string
	}{
		{stats.Interval{Value: 1.052, Lo: 1.04, Hi: 1.064, N: 8}, "+5.2% ±1.2"}, {stats.Interval{Value: 0.9, Lo: 0.8, Hi: 1.01, N: 8}, "−10% ±11"},
		{stats.Interval{Value: 1, Lo: 0.9996, Hi: 1.0004, N: 8}, "0% ±0.04"}, {stats.Interval{Value: 12.3, Lo: 11, Hi: 13, N: 8}, "12.3 times"},
		{stats.Interval{}, "?"}, {stats.Interval{Value: 1.1, Lo: math.Inf(-1), Hi: math.Inf(1), N: 1}, "+10% ±?"},
	} {
		if got := changeOf(test.i); got != test.want {
			t.Errorf("%v: %s, want %s", test.i, got, test.want)
		}
	}
}

func TestFile(t *testing.T) {
	var b bytes.Buffer
	f, err := NewFile(&b, []record.Setting{{Key: "goos", Value: "linux"}, {Key: "gogc"}})
	if err != nil {
		t.Fatal(err)
	}
	p := &revision.Pair{Package: "example.com/m/sum", Name: "BenchmarkSum", Procs: 2}
	again := &revision.Pair{Package: p.Package, Name: p.Name, Procs: 2, Control: true}
	for i, side := range []string{"base", "head", "head", "base"} {
		s := &revision.Slice{Place: record.Place{Fork: 1, Round: 1, Order: i + 1}, Side: side, N: 3, Elapsed: 1000, Metrics: map[string]float64{"B/op": 16}}
		of := p
		switch i {
		case 2:
			s.Design, s.Layout = revision.SharedCore, 4
		case 3:
			of = again
		}
		if err := f.Take(of, s); err != nil {
			t.Fatal(err)
		}
	}
	want := `goos: linux
pkg: example.com/m/sum
revision: base
#slice {"fork":1,"round":1,"order":1,"design":"in turn"}
BenchmarkSum-2	3	333.3333333333333 ns/op	16 B/op
revision: head
#slice {"fork":1,"round":1,"order":2,"design":"in turn"}
BenchmarkSum-2	3	333.3333333333333 ns/op	16 B/op
#slice {"fork":1,"round":1,"order":3,"layout":4,"design":"shared core"}
BenchmarkSum-2	3	333.3333333333333 cpu-ns/op	16 B/op
revision: base-again
#slice {"fork":1,"round":1,"order":4,"design":"in turn"}
BenchmarkSum-2	3	333.3333333333333 ns/op	16 B/op
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

// Where an undecided comparison fails the build, JUnit does not look green.
func TestJUnitUnclear(t *testing.T) {
	r := sample()
	count := func(attribute string) (n int) {
		var b bytes.Buffer
		if err := r.JUnit(&b); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(b.String(), attribute+`="`)
		fmt.Sscanf(rest, "%d", &n)
		return n
	}
	failures, skipped := count("failures"), count("skipped")
	unclear := 0
	for i := range r.Rows {
		if r.Rows[i].Verdict == stats.Unclear {
			unclear++
		}
	}
	r.UnclearFails = true
	if f, s := count("failures"), count("skipped"); unclear == 0 || f != failures+unclear || s != skipped-unclear {
		t.Errorf("%d failures and %d skipped; with UnclearFails %d and %d, of %d unclear rows", failures, skipped, f, s, unclear)
	}
}
