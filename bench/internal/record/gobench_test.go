package record

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

// Output of our own benchmarks, with -count 2 and -cpu 1,2.
const ours = `goos: linux
goarch: amd64
pkg: github.com/interleave-go/interleave/bench
cpu: Some CPU
BenchmarkDownload/net=none/variant=parallel/workers=3 	 10 	 2500000 ns/op 	 7 conns
BenchmarkDownload/net=none/variant=parallel/workers=3 	 10 	 2600000 ns/op 	 7 conns
BenchmarkDownload/net=none/variant=parallel/workers=3-2 	 10 	 1500000 ns/op
BenchmarkDownload/net=none/variant=sequential/workers=1-2 	 10 	 5000000 ns/op
--- SKIP: BenchmarkDownload/net=none/variant=racy/workers=2-2
PASS
ok  	github.com/interleave-go/interleave/bench	1.2s
`

// Output of two packages that nobody here wrote.
const foreign = `goos: linux
pkg: example.com/a/json
BenchmarkEncode-8   	 1000	 1200 ns/op	 85.3 MB/s	 16 B/op
BenchmarkDecode-8   	 1000	 2400 ns/op
BenchmarkSort/n=100/kind=int-8 	 5000 	 300 ns/op
BenchmarkSort/n=100/kind=str-8 	 5000 	 900 ns/op
PASS
pkg: example.com/b/json
BenchmarkEncode-8   	 1000	 1300 ns/op
BenchmarkOnlyBytes 	 1000	 5 B/op
--- FAIL: BenchmarkBroken
FAIL
`

func caseNames(r *Run) []string {
	var names []string
	for _, m := range r.Measurements {
		names = append(names, m.Case.Name())
	}
	return names
}

func TestReadGoBenchOfOurs(t *testing.T) {
	run, err := Read("-", strings.NewReader(ours))
	if err != nil {
		t.Fatal(err)
	}
	if run.Partial || !run.GoTest || len(run.Warnings) != 1 {
		t.Errorf("partial %v, go test %v, warnings %q", run.Partial, run.GoTest, run.Warnings)
	}
	want := []string{
		"BenchmarkDownload/net=none/variant=parallel/workers=3", "BenchmarkDownload/net=none/variant=parallel/workers=3",
		"BenchmarkDownload/net=none/variant=parallel/workers=3-2", "BenchmarkDownload/net=none/variant=sequential/workers=1-2",
	}
	if got := caseNames(run); !slices.Equal(got, want) {
		t.Errorf("cases %q", got)
	}
	if second := run.Measurements[1]; second.Fork != 2 || second.Elapsed != 26*time.Millisecond || second.Ops != 10 || second.Metrics["conns"] != 7 {
		t.Errorf("the second repetition is %+v", second)
	}
	if base := run.Scenarios[0].Variants[0]; base.Name != "sequential" || !slices.Equal(base.Workers, []int{1}) {
		t.Errorf("the baseline is %+v", base)
	}
	if run.Setting("cpu") != "Some CPU" || run.Setting("pkg") == "" {
		t.Errorf("settings %v", run.Settings)
	}
}

func TestReadGoBenchOfOthers(t *testing.T) {
	run, err := Read("-", strings.NewReader(foreign))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"BenchmarkJson_benchmarks/variant=Encode/workers=1-8", "BenchmarkJson_benchmarks/variant=Decode/workers=1-8",
		"BenchmarkJson_sort/variant=n:100:kind:int/workers=1-8", "BenchmarkJson_sort/variant=n:100:kind:str/workers=1-8",
		"BenchmarkExample_com_b_json_benchmarks/variant=Encode/workers=1-8",
	}
	if got := caseNames(run); !slices.Equal(got, want) {
		t.Errorf("cases\n%q, want\n%q", got, want)
	}
	if run.Setting("pkg") != "" {
		t.Error("one package of two is said to be that of all")
	}
	if !strings.Contains(run.Warnings[0], "BenchmarkOnlyBytes on line 10 has no time") {
		t.Errorf("warnings %q", run.Warnings)
	}
}

func TestReadGoBenchObjects(t *testing.T) {
	for name, want := range map[string]string{
		"BenchmarkX 10 NaN ns/op":                                         "-:2: NaN ns/op is not a time that BenchmarkX can take",
		"BenchmarkX 10 -5 ns/op":                                          "-:2: -5 ns/op is not a time",
		"BenchmarkX 10 +Inf ns/op":                                        "-:2: +Inf ns/op is not a time",
		"BenchmarkX 0 5 ns/op":                                            "-:2: 5 ns/op is not a time",
		"BenchmarkX 10 5 B/op":                                            "-: no benchmark line has a time in ns/op",
		"BenchmarkX 10 5 ns/op\nBenchmarkY 10 five ns/op":                 "-:3: parsing measurement",
		"BenchmarkX 10 5 ns/op\n\x00":                                     "-:3: this is binary data",
		"BenchmarkX 10 5 ns/op\n" + strings.Repeat("x", MaxLine+1) + "\n": "-:3: the line is",
	} {
		_, err := Read("-", bytes.NewReader([]byte("goos: linux\n"+name+"\n")))
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40q: %v, want %s", name, err, want)
		}
	}
}
