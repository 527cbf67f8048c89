package record

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench"
)

// goBenchFiles are outputs of go test, and what is read in them: a line for
// each measurement, then the settings, then the warnings.
var goBenchFiles = []struct{ name, text, want string }{
	{"ours", `goos: linux
goarch: amd64
pkg: example.com/bench
cpu: AMD EPYC
BenchmarkCounter/variant=mutex/workers=1         	 100	 20.5 ns/op	 0 B/op	 0 allocs/op
BenchmarkCounter/variant=mutex/workers=1         	 200	 21 ns/op	 0 B/op	 0 allocs/op
BenchmarkCounter/variant=mutex/workers=1-2       	 100	 20 ns/op	 0 B/op	 0 allocs/op
BenchmarkCounter/variant=sequential/workers=1    	 100	 5 ns/op	 0 B/op	 0 allocs/op
BenchmarkDownload/net=shared/variant=all/workers=4-2	 1	 500 ns/op
PASS
ok  	example.com/bench	1.2s
`, `BenchmarkCounter/variant=mutex/workers=1 fork 1: 2050 ns for 100 map[B/op:0 allocs/op:0]
BenchmarkCounter/variant=mutex/workers=1 fork 2: 4200 ns for 200 map[B/op:0 allocs/op:0]
BenchmarkCounter/variant=mutex/workers=1-2 fork 1: 2000 ns for 100 map[B/op:0 allocs/op:0]
BenchmarkCounter/variant=sequential/workers=1 fork 1: 500 ns for 100 map[B/op:0 allocs/op:0]
BenchmarkDownload/net=shared/variant=all/workers=4-2 fork 1: 500 ns for 1 map[]
counter by goroutine: sequential [1] mutex [1]
download by goroutine: all [4]
goos=linux goarch=amd64 cpu=AMD EPYC pkg=example.com/bench
` + goBenchRepeated + "\n"},
	{"plain", `pkg: example.com/go-json
BenchmarkEncode-8   	 100	 30 ns/op	  64.20 MB/s
BenchmarkDecode-8   	 100	 60 ns/op	  32.10 MB/s
BenchmarkCopy/small/fast-8 	 100	 7 ns/op
BenchmarkCopy/size=64/workers=2/Baseline-8 	 100	 7 ns/op
BenchmarkSort/n=10-8 	 100	 7 ns/op
BenchmarkPool/workers=max/a=/a==b-8 	 100	 7 ns/op`, `BenchmarkGo_json/variant=Encode/workers=1-8 fork 1: 3000 ns for 100 map[MB/s:64.2]
BenchmarkGo_json/variant=Decode/workers=1-8 fork 1: 6000 ns for 100 map[MB/s:32.1]
BenchmarkCopy/variant=small:fast/workers=1-8 fork 1: 700 ns for 100 map[]
BenchmarkCopy/size=64/variant=Baseline/workers=2-8 fork 1: 700 ns for 100 map[]
BenchmarkGo_json/n=10/variant=Sort/workers=1-8 fork 1: 700 ns for 100 map[]
BenchmarkPool/variant=workers:max:a::a::b/workers=1-8 fork 1: 700 ns for 100 map[]
go_json by worker: Encode [1] Decode [1] Sort [1]
copy by goroutine: Baseline [2] small:fast [1]
pool by worker: workers:max:a::a::b [1]
pkg=example.com/go-json
` + goBenchOnce + "\n"},
	{"two packages", `pkg: example.com/a
BenchmarkX/variant=v/workers=1 	 1	 1 ns/op
BenchmarkY 	 1	 1 ns/op
pkg: example.org/a
BenchmarkX/variant=v/workers=1 	 1	 1 ns/op
BenchmarkY 	 1	 1 ns/op
pkg: example.com/c
BenchmarkX/variant=v/workers=1 	 1	 1 ns/op
`, `BenchmarkX/variant=v/workers=1 fork 1: 1 ns for 1 map[]
BenchmarkA/variant=Y/workers=1 fork 1: 1 ns for 1 map[]
BenchmarkX_a/variant=v/workers=1 fork 1: 1 ns for 1 map[]
BenchmarkA_a/variant=Y/workers=1 fork 1: 1 ns for 1 map[]
BenchmarkX_c/variant=v/workers=1 fork 1: 1 ns for 1 map[]
x by goroutine: v [1]
a by worker: Y [1]
x_a by goroutine: v [1]
a_a by worker: Y [1]
x_c by goroutine: v [1]

` + goBenchOnce + "\n"},
	{"failures", `=== RUN   TestX
--- SKIP: TestX (0.00s)
Benchmarking 3 files
go: downloading example.com/x v1.0.0
BenchmarkA
BenchmarkA 	 10	 2 ns/op
BenchmarkB 	--- FAIL: BenchmarkB
    b_test.go:3: bad
--- FAIL: BenchmarkB
BenchmarkC 	 10	 3 widgets
BenchmarkD 	`, `BenchmarkBenchmarks/variant=A/workers=1 fork 1: 20 ns for 10 map[]
benchmarks by worker: A [1]

go test output: line 9 says that a test or benchmark failed
go test output: benchmarks without ns/op were left out: 1, the first on line 10
go test output: lines that begin with Benchmark and are no results were left out: 3, the first is line 3
` + goBenchOnce + "\n"},
	{"odd names", `BenchmarkX/a/b 	 1	 1 ns/op
BenchmarkX/a:b 	 1	 1 ns/op
BenchmarkX/a=1/a=2/ 	 1	 1 ns/op
Benchmark 	 1	 1 ns/op
BenchmarkÄ/x 	 1	 1 ns/op
Benchmark_x/size-1 	 1	 1 ns/op	 3 anomalies
`, `BenchmarkX/variant=a:b/workers=1 fork 1: 1 ns for 1 map[]
BenchmarkX/variant=a:b:2/workers=1 fork 1: 1 ns for 1 map[]
BenchmarkX/a=1/variant=a:2:_/workers=1 fork 1: 1 ns for 1 map[]
BenchmarkBenchmarks/variant=Benchmark/workers=1 fork 1: 1 ns for 1 map[]
BenchmarkBÄ/variant=x/workers=1 fork 1: 1 ns for 1 map[]
BenchmarkB_x/variant=size-1/workers=1 fork 1: 1 ns for 1 map[]
x by worker: a:b [1] a:b:2 [1] a:2:_ [1]
benchmarks by worker: Benchmark [1]
bÄ by worker: x [1]
b_x by worker: size-1 [1]

` + goBenchOnce + "\n"},
}

func TestReadGoBench(t *testing.T) {
	for _, tt := range goBenchFiles {
		t.Run(tt.name, func(t *testing.T) {
			for _, text := range []string{tt.text, strings.ReplaceAll(tt.text, "\n", "\r\n")} {
				run, err := Read("run.txt", strings.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				checkGoBench(t, run)
				if got := goBenchText(run); got != tt.want {
					t.Errorf("read\n%s\nwant\n%s", got, tt.want)
				}
			}
		})
	}
}

// goBenchText writes down what was read.
func goBenchText(run *Run) string {
	var b strings.Builder
	for _, m := range run.Measurements {
		fmt.Fprintf(&b, "%s fork %d: %d ns for %d %v\n", m.Case.Name(), m.Fork, m.Elapsed, m.Ops, m.Metrics)
	}
	for _, s := range run.Scenarios {
		fmt.Fprintf(&b, "%s by %s:", s.Name, s.Worker)
		for _, v := range s.Variants {
			fmt.Fprintf(&b, " %s %v", v.Name, v.Workers)
		}
		b.WriteByte('\n')
	}
	var settings []string
	for _, s := range run.Settings {
		settings = append(settings, s.Key+"="+s.Value)
	}
	return b.String() + strings.Join(settings, " ") + "\n" + strings.Join(run.Warnings, "\n") + "\n"
}

// checkGoBench checks what holds for all go test output: every case can be
// named and is described, and its repetitions count from 1.
func checkGoBench(t *testing.T, run *Run) {
	t.Helper()
	if run.Partial || len(run.Measurements) == 0 || len(run.Warnings) == 0 {
		t.Errorf("partial %v, %d measurements, %d warnings", run.Partial, len(run.Measurements), len(run.Warnings))
	}
	forks := make(map[bench.Case]int)
	for _, m := range run.Measurements {
		if c, err := bench.ParseCase(m.Case.Name()); err != nil || c != m.Case {
			t.Errorf("the case %+v comes back as %+v: %v", m.Case, c, err)
		}
		if v := run.Scenario(m.Case.Scenario).Variant(m.Case.Variant); v == nil || !slices.Contains(v.Workers, m.Case.Workers) {
			t.Errorf("the case %+v is not described: %+v", m.Case, v)
		}
		if forks[m.Case]++; m.Fork != forks[m.Case] {
			t.Errorf("repetition %d of %s has number %d", forks[m.Case], m.Case.Name(), m.Fork)
		}
		for unit, value := range m.Metrics {
			if err := CheckMetric(unit, value); err != nil {
				t.Error(err)
			}
		}
	}
	for _, w := range run.Warnings {
		if strings.ContainsAny(w, "\n\r\x00") {
			t.Errorf("the warning %q is not one line", w)
		}
	}
}

const goBenchBad = ": the output is damaged, run go test -bench again"

// badGoBenchFiles are outputs that Read refuses, and what it says of them.
var badGoBenchFiles = []struct{ name, text, want string }{
	{"no benchmarks", "PASS\nok  \texample.com/a\t0.1s\n", "run.txt:1: this is neither a run file, which would begin with #il, nor what go test -bench printed: measure one with interleave run"},
	{"only prose", "Benchmarks are 3 x as good\nBenchmark results: none\n", "run.txt:1: this is neither a run file, which would begin with #il, nor what go test -bench printed: measure one with interleave run"},
	{"NaN", "goos: linux\nBenchmarkA 1 NaN ns/op\n", "run.txt:2: the time of BenchmarkA is not a number, zero, negative or beyond 576h0m0s" + goBenchBad},
	{"infinite", "BenchmarkA 1 +Inf ns/op\n", "run.txt:1: the time of BenchmarkA is not a number, zero, negative or beyond 576h0m0s" + goBenchBad},
	{"zero", "BenchmarkA 1 0 ns/op\n", "run.txt:1: the time of BenchmarkA is not a number, zero, negative or beyond 576h0m0s" + goBenchBad},
	{"negative", "BenchmarkA-2 1 -5 ns/op\n", "run.txt:1: the time of BenchmarkA-2 is not a number, zero, negative or beyond 576h0m0s" + goBenchBad},
	{"no operations", "BenchmarkA 0 5 ns/op\n", "run.txt:1: BenchmarkA has 0 operations: a trial has at least one" + goBenchBad},
	{"no number", "BenchmarkA 1 5x ns/op\n", "run.txt:1: parsing measurement: invalid syntax" + goBenchBad},
	{"metric NaN", "BenchmarkA 1 5 ns/op NaN B/op\n", `run.txt:1: BenchmarkA: the metric "B/op" is NaN: leave it out when there is no number` + goBenchBad},
	{"two times", "BenchmarkA 1 5 ns/op 6 ns/op\n", `run.txt:1: BenchmarkA has two values of "ns/op"` + goBenchBad},
	{"no time", "BenchmarkA 1 5 B/op\n", "run.txt: no benchmark in it has a time (ns/op): run go test -bench again"},
	{"two machines", "cpu: a\nBenchmarkA 1 5 ns/op\ncpu: b\nBenchmarkA 1 5 ns/op\n", `run.txt:4: "cpu" is "b" here and was "a" above: measurements of different machines cannot be compared, give each a file of its own`},
	{"binary", "BenchmarkA 1 5 ns/op\n\x00\n", "run.txt:2: this is binary data: name a run file, or what go test -bench printed"},
	{"a run file without its head", trialOf(1, 1, "1 5 ns/op")[1:] + trialOf(1, 2, "1 5 ns/op"), "run.txt:3: this line is of a run file, and the file does not begin with one" + broken},
}

func TestReadGoBenchBad(t *testing.T) {
	long := "BenchmarkA 1 5 ns/op\n" + strings.Repeat("x", MaxLine+1)
	files := append(slices.Clone(badGoBenchFiles), struct{ name, text, want string }{
		"long line", long, "run.txt:2: the line is 65536 bytes long, the limit is 65535" + goBenchBad,
	})
	for _, tt := range files {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read("run.txt", strings.NewReader(tt.text))
			if err == nil || err.Error() != tt.want {
				t.Fatalf("the error differs\n got %v\nwant %s", err, tt.want)
			}
			checkMessage(t, err)
		})
	}
}
