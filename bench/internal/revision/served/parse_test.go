package served

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench/internal/child"
)

func TestParse(t *testing.T) {
	none := map[string]float64{}
	for name, test := range map[string]struct {
		output   string
		procs    int
		results  []Result
		failures []Failure
	}{
		"empty": {procs: 1},
		"plain": {
			"BenchmarkSort   \t     100\t      12.50 ns/op\n", 1,
			[]Result{{"BenchmarkSort", 100, 1250, none}}, nil,
		},
		"all kinds of values": {
			"BenchmarkSort/size=10-2         \t       7\t 1.5e+06 ns/op\t  10.00 MB/s\t  3.5 things/op\t      16 B/op\t       1 allocs/op\n", 2,
			[]Result{{"BenchmarkSort/size=10", 7, 10500 * time.Microsecond, map[string]float64{"MB/s": 10, "things/op": 3.5, "B/op": 16, "allocs/op": 1}}}, nil,
		},
		"a name that ends like GOMAXPROCS": {
			"BenchmarkX/n-2-2\t1\t5 ns/op\nBenchmarkX/n-2\t1\t5 ns/op\n", 2,
			[]Result{{"BenchmarkX/n-2", 1, 5, none}, {"BenchmarkX/n", 1, 5, none}}, nil,
		},
		"another GOMAXPROCS": {"BenchmarkX-4\t1\t5 ns/op\n", 2, nil, nil},
		"no time":            {"BenchmarkX\t3\t7 things/op\n", 1, []Result{{"BenchmarkX", 3, 0, map[string]float64{"things/op": 7}}}, nil},
		"log": {
			"BenchmarkX-2\t1\t5 ns/op\n--- BENCH: BenchmarkX-2\n    x_test.go:5: BenchmarkY-2\t1\t5 ns/op\n        --- FAIL: BenchmarkZ\n", 2,
			[]Result{{"BenchmarkX", 1, 5, none}}, nil,
		},
		"failed at once": {
			"--- FAIL: BenchmarkX\n    x_test.go:5: one\n        two\nBenchmarkY\t1\t5 ns/op\n    x_test.go:6: not of X\n", 1,
			[]Result{{"BenchmarkY", 1, 5, none}}, []Failure{{"BenchmarkX", "x_test.go:5: one | two"}},
		},
		"failed later": {
			"BenchmarkX-2   \t--- FAIL: BenchmarkX-2\n    x_test.go:5: one\n", 2,
			nil, []Failure{{"BenchmarkX", "x_test.go:5: one"}},
		},
		"a parent with its child": {
			"--- FAIL: BenchmarkX/a\n    x_test.go:5: one\n--- FAIL: BenchmarkX\n--- FAIL: BenchmarkXa\n", 1,
			nil, []Failure{{"BenchmarkX/a", "x_test.go:5: one"}, {"BenchmarkXa", ""}},
		},
		"a parent with a word of its own": {
			"--- FAIL: BenchmarkX/a\n    x_test.go:5: one\n--- FAIL: BenchmarkX\n    x_test.go:6: two\n", 1,
			nil, []Failure{{"BenchmarkX/a", "x_test.go:5: one"}, {"BenchmarkX", "x_test.go:6: two"}},
		},
		"nonsense": {
			"BenchmarkX\nBenchmarkX\t0\t5 ns/op\nBenchmarkX\t1\tfive ns/op\nBenchmarkX\t1\t5\nBenchmarkX\t1\tNaN ns/op\nBenchmarkX\t1\t-5 ns/op\nBenchmarkX\t9\t1e300 ns/op\nX\t1\t5 ns/op\n", 1,
			nil, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			results, failures := Parse(test.output, test.procs)
			if diff := cmp.Diff(test.results, results); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.failures, failures); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
		})
	}
}

// What a benchmark prints may look like anything, and never makes a result that
// is none.
func FuzzParse(f *testing.F) {
	f.Add("BenchmarkX-2\t1\t5 ns/op\n--- FAIL: BenchmarkY-2\n    text\n", 2)
	f.Add("BenchmarkX\t9999999999999999999\t5 ns/op 1 B/op\n", 1)
	f.Add("--- FAIL: \n \n--- FAIL: a: b\n", 0)
	f.Fuzz(func(t *testing.T, output string, procs int) {
		results, failures := Parse(output, procs)
		for _, r := range results {
			if r.N < 1 || r.Elapsed < 0 || !strings.HasPrefix(r.Name, "Benchmark") || strings.ContainsAny(r.Name, " \t\n") {
				t.Errorf("%+v", r)
			}
		}
		for _, f := range failures {
			if strings.ContainsAny(f.Text, "\n\r") || len(f.Text) > 500 {
				t.Errorf("%+v", f)
			}
		}
	})
}

func TestPattern(t *testing.T) {
	if got, want := Pattern("BenchmarkX/a=[1|2]/(3)"), `^BenchmarkX$/^a=\[1\|2\]$/^\(3\)$`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTail(t *testing.T) {
	var a, b child.Tail
	a.Write([]byte("setting up\npanic: on purpose [recovered]\n\tmore\n\ngoroutine 1 [running]:\nmain.f()\n"))
	if got, want := lastWords(&a), "panic: on purpose [recovered] | more"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b.Write([]byte(strings.Repeat("x\n", 5000) + "the end"))
	if got := lastWords(&b); !strings.HasPrefix(got, "x | x") || len(got) > 500 {
		t.Errorf("got %q", got)
	}
}
