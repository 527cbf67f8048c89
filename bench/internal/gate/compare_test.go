package gate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A written file is go test output that a test puts together.
type written struct{ strings.Builder }

// goTest begins a file as go test does.
func goTest(pkg string) *written {
	w := new(written)
	w.head(pkg)
	return w
}

func (w *written) head(pkg string) {
	fmt.Fprintf(w, "goos: linux\ngoarch: amd64\npkg: %s\ncpu: AMD EPYC\n", pkg)
}

// bench writes n results of a benchmark. Times have a scatter of 1 %; what
// follows is written into each line as it is.
func (w *written) bench(name string, n int, nanoseconds float64, more string) *written {
	rng := rand.New(rand.NewPCG(uint64(len(name)), uint64(nanoseconds)))
	for range n {
		fmt.Fprintf(w, "Benchmark%s  \t 1000\t%.3f ns/op%s\n", name, nanoseconds*(1+0.01*rng.NormFloat64()), more)
	}
	return w
}

// values writes a result for each value in a unit.
func (w *written) values(name, unit string, values ...float64) *written {
	for _, v := range values {
		fmt.Fprintf(w, "Benchmark%s 10 %g %s\n", name, v, unit)
	}
	return w
}

func (w *written) line(text string) *written {
	w.WriteString(text + "\n")
	return w
}

func (w *written) end() string { return w.String() + "PASS\nok  \texample.com/codec\t1.234s\n" }

// compared compares two texts.
func compared(t *testing.T, old, new string) *Report {
	t.Helper()
	return comparison(t, old, new).Report()
}

func comparison(t *testing.T, old, new string) *Comparison {
	t.Helper()
	c := &Comparison{Tolerance: 0.05, Drift: DefaultDrift, DriftFrom: "the default", Level: 0.01}
	for name, to := range map[string]**BenchFile{"old.txt": &c.Old, "new.txt": &c.New} {
		text := old
		if name == "new.txt" {
			text = new
		}
		f, err := parseBenchFile(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		*to = f
	}
	return c
}

func outcomeOf(t *testing.T, r *Report, rule string) Result {
	t.Helper()
	for _, result := range r.Results {
		if result.Rule == rule {
			return result
		}
	}
	t.Fatalf("there is no result of %q in %+v", rule, r.Results)
	return Result{}
}

func TestCompareOneBenchmark(t *testing.T) {
	ten := func(ns float64, more string) string {
		return goTest("example.com/codec").bench("Encode-2", 10, ns, more).end()
	}
	values := func(unit string, vs ...float64) string {
		return goTest("example.com/codec").values("Encode-2", unit, vs...).end()
	}
	few := func(n int, ns float64) string {
		return goTest("example.com/codec").bench("Encode-2", n, ns, "").end()
	}
	const declared = "Unit hits better=higher\nUnit widgets better=lower assume=exact\nUnit p99-ns better=lower\n"
	for _, tt := range []struct {
		name, old, new, unit string
		want                 Outcome
		reason               string
	}{
		{"unchanged", ten(100, ""), ten(101, ""), "ns/op", Pass, ""},
		{"slower", ten(100, ""), ten(130, ""), "ns/op", Fail, "before, 13.* ns/op now: the interval from .* is beyond"},
		{"slower by what is allowed", ten(100, ""), ten(110, ""), "ns/op", Pass, ""},
		{"at the bound", ten(100, ""), ten(115, ""), "ns/op", Undecided, "contains the bound"},
		{"faster", ten(100, ""), ten(50, ""), "ns/op", Pass, ""},
		{"one sample", few(1, 100), few(1, 200), "ns/op", Undecided, "1 and 1, at least 4"},
		{"one sample of the new", few(10, 100), few(1, 100), "ns/op", Undecided, "10 and 1, at least 4"},
		{"three samples", few(3, 100), few(3, 100), "ns/op", Undecided, "at least 4"},
		{"four samples", few(4, 100), few(4, 200), "ns/op", Fail, ""},
		{"no variance", values("ns/op", 100, 100, 100, 100, 100), values("ns/op", 100, 100, 100, 100, 100), "ns/op", Undecided, "exactly the same"},
		{"another scale of the same unit", values("ns/op", 100, 101, 102, 99, 100), values("sec/op", 130e-9, 131e-9, 132e-9, 133e-9, 130e-9), "ns/op", Fail, ""},

		{"throughput drops", values("MB/s", 100, 101, 99, 100, 102), values("MB/s", 70, 71, 70, 69, 70), "MB/s", Fail, ""},
		{"throughput rises", values("MB/s", 100, 101, 99, 100, 102), values("MB/s", 170, 171, 170, 169, 170), "MB/s", Pass, ""},
		{"requests drop", values("req/s", 100, 101, 99, 100, 102), values("req/s", 70, 71, 70, 69, 70), "req/s", Fail, ""},

		{"an exact rate drops", values("req/s", 90000, 90000, 90000, 90000), values("req/s", 45000, 45000, 45000, 45000), "req/s", Fail, "90000 req/s before, 45000 req/s now, in every sample"},
		{"an exact rate drops by less than drift would allow", values("req/s", 90000, 90000, 90000, 90000), values("req/s", 81000, 81000, 81000, 81000), "req/s", Fail, "81000 req/s now"},
		{"an exact rate on another machine", values("req/s", 90000, 90000), strings.Replace(values("req/s", 45000, 45000), "AMD EPYC", "Intel", 1), "req/s", Fail, "45000 req/s now"},
		{"an exact rate stays", values("req/s", 90000, 90000, 90000, 90000), values("req/s", 90000, 90000, 90000, 90000), "req/s", Pass, ""},
		{"allocations appear", values("allocs/op", 0, 0, 0, 0, 0, 0), values("allocs/op", 20, 29, 21, 25, 22, 23), "allocs/op", Fail, "0 allocs/op before, from 20 to 29 allocs/op now, in every sample"},
		{"allocations go away", values("allocs/op", 20, 29, 21, 25, 22, 23), values("allocs/op", 0, 0, 0, 0, 0, 0), "allocs/op", Pass, ""},
		{"allocations appear now and then", values("allocs/op", 0, 0, 0, 0, 0, 0), values("allocs/op", 20, 29, 0, 25, 22, 23), "allocs/op", Undecided, "there is no ratio"},
		{"allocations appear in few samples", values("allocs/op", 0, 0, 0, 0, 0), values("allocs/op", 20, 29, 21, 25, 22), "allocs/op", Undecided, "there is no ratio"},
		{"a good rate appears", values("hits/s", 0, 0, 0, 0, 0, 0), values("hits/s", 20, 29, 21, 25, 22, 23), "hits/s", Undecided, "some values are impossible"},
		{"one more allocation", ten(100, "\t 0 B/op\t 100 allocs/op"), ten(100, "\t 0 B/op\t 101 allocs/op"), "allocs/op", Fail, "100 allocs/op before, 101 allocs/op now, in every sample"},
		{"the first allocation", ten(100, "\t 0 B/op\t 0 allocs/op"), ten(100, "\t 0 B/op\t 1 allocs/op"), "allocs/op", Fail, "0 allocs/op before"},
		{"no allocations", ten(100, "\t 0 B/op\t 0 allocs/op"), ten(100, "\t 0 B/op\t 0 allocs/op"), "allocs/op", Pass, ""},
		{"fewer allocations", ten(100, "\t 0 B/op\t 9 allocs/op"), ten(100, "\t 0 B/op\t 3 allocs/op"), "allocs/op", Pass, ""},
		{"a byte more", ten(100, "\t 1000 B/op\t 1 allocs/op"), ten(100, "\t 1001 B/op\t 1 allocs/op"), "B/op", Pass, ""},
		{"a tenth more bytes", ten(100, "\t 1000 B/op\t 1 allocs/op"), ten(100, "\t 1100 B/op\t 1 allocs/op"), "B/op", Fail, ""},
		{"the first bytes", ten(100, "\t 0 B/op"), ten(100, "\t 8 B/op"), "B/op", Fail, "0 B/op before, 8 B/op now"},
		{"allocations of one sample", values("allocs/op", 3), values("allocs/op", 3), "allocs/op", Undecided, "at least 2"},
		{"allocations that vary", values("allocs/op", 100, 101, 100, 101, 102), values("allocs/op", 150, 151, 151, 150, 150), "allocs/op", Fail, "beyond"},
		{"bytes that are sometimes zero", values("B/op", 0, 0, 1, 0, 0), values("B/op", 0, 0, 0, 0, 2), "B/op", Undecided, "zero or negative"},

		{"a metric that nothing is known of", values("hits", 3, 4, 5, 6), values("hits", 3, 4, 5, 6), "hits", Skipped, "Unit hits better=higher"},
		{"a metric that should be high", declared + values("hits", 30, 31, 32, 31), values("hits", 20, 21, 20, 21), "hits", Fail, ""},
		{"an exact metric, once", declared + values("widgets", 30), values("widgets", 31), "widgets", Fail, "30 widgets before"},
		{"an exact metric, equal", declared + values("widgets", 30), values("widgets", 30), "widgets", Pass, ""},
		{"an exact metric that varies", declared + values("widgets", 30, 31), values("widgets", 30, 30), "widgets", Undecided, "differs between samples"},
		{"a time of its own", declared + values("p99-ns", 100, 101, 99, 102), values("p99-ns", 110, 111, 109, 112), "p99-ns", Pass, ""},

		{"another machine", ten(100, ""), strings.Replace(ten(200, ""), "AMD EPYC", "Intel Xeon", 1), "ns/op", Undecided, "cpu: AMD EPYC, then Intel Xeon"},
		{"another machine, counts", ten(100, "\t 1 allocs/op"), strings.Replace(ten(200, "\t 2 allocs/op"), "AMD EPYC", "Intel Xeon", 1), "allocs/op", Fail, ""},
	} {
		r := outcomeOf(t, compared(t, tt.old, tt.new), "Encode-2 "+tt.unit)
		if r.Outcome != tt.want || !matches(tt.reason, r.Reason) || r.Reason == "" && r.Outcome != Pass {
			t.Errorf("%s: %v (%s), want %v (%s)\n%+v", tt.name, r.Outcome, r.Reason, tt.want, tt.reason, r)
		}
		if r.Outcome != Skipped && r.Bound == "" {
			t.Errorf("%s: there is no bound: %+v", tt.name, r)
		}
	}
}

// The drift allowance is of times alone, and a drop in throughput may be as
// large as the rise of a time that it stands for.
func TestCompareBounds(t *testing.T) {
	old := goTest("p").bench("A", 5, 100, "\t 50 MB/s\t 64 B/op\t 2 allocs/op").end()
	r := compared(t, old, old)
	for unit, want := range map[string]string{"ns/op": "change <= 15 %", "MB/s": "change >= -13 %", "B/op": "change <= 5 %", "allocs/op": "change <= 0 %"} {
		if got := outcomeOf(t, r, "A "+unit).Bound; got != want {
			t.Errorf("the bound of %s is %q, want %q", unit, got, want)
		}
	}
}

func TestComparePackagesAndProcessors(t *testing.T) {
	file := func(a, b float64) string {
		w := goTest("example.com/a")
		w.bench("Encode", 6, a, "").bench("Encode-2", 6, a/2, "").line("PASS")
		w.head("example.com/b")
		return w.bench("Encode", 6, b, "").bench("Encode-2", 6, b/2, "").end()
	}
	r := compared(t, file(100, 1000), file(100, 1500))
	for rule, want := range map[string]Outcome{
		"example.com/a.Encode ns/op": Pass, "example.com/a.Encode-2 ns/op": Pass,
		"example.com/b.Encode ns/op": Fail, "example.com/b.Encode-2 ns/op": Fail,
	} {
		if got := outcomeOf(t, r, rule).Outcome; got != want {
			t.Errorf("%s: %v, want %v", rule, got, want)
		}
	}
	if code := r.ExitCode(false); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
}

// The level is shared by statistical comparisons alone, and by all of them.
func TestCompareLevel(t *testing.T) {
	w := goTest("p")
	for i := range 10 {
		w.bench(fmt.Sprintf("A%d", i), 6, 100, "\t 0 B/op\t 0 allocs/op\t 3 hits")
	}
	r := compared(t, w.end(), w.end())
	if text := strings.Join(r.Header, "\n"); !strings.Contains(text, "level 1 % over 10 statistical comparisons, each 0.1 %") || !strings.Contains(text, "interleave diff") {
		t.Errorf("the header is\n%s", text)
	}
}

// Files of equal times fail hardly ever: without any allowance, in as many
// comparisons as the level says.
func TestCompareFalseFailures(t *testing.T) {
	times := 1500
	if testing.Short() {
		times = 300
	}
	rng := rand.New(rand.NewPCG(7, 8))
	failed := 0
	for range times {
		var p pair
		p.better = -1
		for _, s := range []**series{&p.old, &p.new} {
			*s = &series{unit: "sec/op", shown: "ns/op", scale: 1e9}
			for range 10 {
				(*s).values = append((*s).values, 1e-7*(1+0.05*rng.NormFloat64()))
			}
		}
		c := &Comparison{New: &BenchFile{Name: "new.txt"}}
		if c.judge(&p, 0.95, "").Outcome == Fail { // half of the level on this side
			failed++
		}
	}
	if rate := stats.Proportion(failed, times, 0.999); rate.Lo > 0.025 || rate.Hi < 0.025 {
		t.Errorf("%d of %d equal pairs fail, want 2.5 %%", failed, times)
	}
}

// A file that a test puts on disk.
func onDisk(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "new.txt")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// Every form of a comparison can be written.
func TestCompareForms(t *testing.T) {
	old := goTest("example.com/codec").
		bench("Encode-2", 10, 100, "\t 64.20 MB/s\t 0 B/op\t 0 allocs/op").
		bench("Decode-2", 10, 300, "\t 512 B/op\t 3 allocs/op").
		bench("Old-2", 10, 10, "").end()
	new := goTest("example.com/codec").
		bench("Encode-2", 10, 131, "\t 49.01 MB/s\t 0 B/op\t 0 allocs/op").
		bench("Decode-2", 10, 340, "\t 512 B/op\t 3 allocs/op").
		bench("New-2", 10, 10, "").end()
	r := compared(t, old, new)
	var b bytes.Buffer
	if err := r.Text(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "compare.txt", b.Bytes())
	for line := range strings.Lines(b.String()) {
		if len([]rune(line)) > width+1 {
			t.Errorf("%d columns: %s", len([]rune(line)), line)
		}
	}
}
