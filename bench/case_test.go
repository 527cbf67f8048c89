package bench_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/interleave-go/interleave/bench"
)

var caseNames = []struct {
	name string
	c    bench.Case
}{
	{"BenchmarkCounter/variant=mutex/workers=2-2", bench.Case{Scenario: "counter", Variant: "mutex", Workers: 2, Procs: 2}},
	{"BenchmarkCounter/variant=channel-buffered/workers=1", bench.Case{Scenario: "counter", Variant: "channel-buffered", Workers: 1, Procs: 1}},
	{"BenchmarkDownload/net=latency/variant=parallel/workers=3-2", bench.Case{Scenario: "download", Params: "net=latency", Variant: "parallel", Workers: 3, Procs: 2}},
	{"BenchmarkPoolMap/item=1µs/size=64/variant=errgroup/workers=16-128", bench.Case{Scenario: "poolMap", Params: "item=1µs/size=64", Variant: "errgroup", Workers: 16, Procs: 128}},
	{"BenchmarkX/variant=a-2/workers=1-3", bench.Case{Scenario: "x", Variant: "a-2", Workers: 1, Procs: 3}},
}

func TestCaseName(t *testing.T) {
	for _, tt := range caseNames {
		if got := tt.c.Name(); got != tt.name {
			t.Errorf("%+v is named %s, want %s", tt.c, got, tt.name)
		}
		if got := "Benchmark" + tt.c.Short(); got != tt.name {
			t.Errorf("%+v has the short name %s", tt.c, tt.c.Short())
		}
		got, err := bench.ParseCase(tt.name)
		if err != nil {
			t.Error(err)
		} else if got != tt.c {
			t.Errorf("%s parses as %+v, want %+v", tt.name, got, tt.c)
		}
	}
}

// Names that go test never prints for a case.
var notNames = []string{
	"",
	"Benchmark",
	"Benchmark/variant=a/workers=1",
	"Counter/variant=a/workers=1",
	"Benchmarkcounter/variant=a/workers=1",
	"BenchmarkÜber/variant=a/workers=1",
	"Benchmark\xc3/variant=a/workers=1",
	"BenchmarkCounter",
	"BenchmarkCounter-2",
	"BenchmarkCounter/workers=1",
	"BenchmarkCounter/variant=a",
	"BenchmarkCounter/variant=a-2",
	"BenchmarkCounter/workers=1/variant=a",
	"BenchmarkCounter/variant=/workers=1",
	"BenchmarkCounter/variant=a b/workers=1",
	"BenchmarkCounter/variant=a=b/workers=1",
	"BenchmarkCounter/variant=a/workers=0",
	"BenchmarkCounter/variant=a/workers=-1",
	"BenchmarkCounter/variant=a/workers=01",
	"BenchmarkCounter/variant=a/workers=+1",
	"BenchmarkCounter/variant=a/workers=two",
	"BenchmarkCounter/variant=a/workers=",
	"BenchmarkCounter/variant=a/workers=99999999999999999999",
	"BenchmarkCounter/variant=a/workers=1-1", // go test leaves it out
	"BenchmarkCounter/variant=a/workers=1-0",
	"BenchmarkCounter/variant=a/workers=1-02",
	"BenchmarkCounter/variant=a/workers=1-",
	"BenchmarkCounter/variant=a/workers=1-2-3",
	"BenchmarkCounter/net/variant=a/workers=1",
	"BenchmarkCounter/net=/variant=a/workers=1",
	"BenchmarkCounter/=x/variant=a/workers=1",
	"BenchmarkCounter//variant=a/workers=1",
	"BenchmarkCounter/net=a/net=b/variant=a/workers=1",
	"BenchmarkCounter/variant=b/variant=a/workers=1",
	"BenchmarkCounter/workers=1/variant=a/workers=1",
	"BenchmarkCounter/variant=a/workers=1/",
}

func TestParseCaseRejects(t *testing.T) {
	for _, name := range notNames {
		if c, err := bench.ParseCase(name); err == nil {
			t.Errorf("%q parses as %+v", name, c)
		}
	}
}

// Every name that parses is the name of what it parses to.
func FuzzParseCase(f *testing.F) {
	for _, tt := range caseNames {
		f.Add(tt.name)
	}
	for _, name := range notNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		c, err := bench.ParseCase(name)
		if err != nil {
			return
		}
		if got := c.Name(); got != name {
			t.Errorf("%q parses as %+v, which is named %q", name, c, got)
		}
	})
}

// The name of every case of a sound scenario parses to the case. Together with
// FuzzParseCase that makes one name for each case and one case for each name.
func FuzzCaseName(f *testing.F) {
	f.Add("counter", "", "", "mutex", 2, 2)
	f.Add("counter", "", "", "channel-buffered", 1, 1)
	f.Add("download", "net", "latency", "parallel", 3, 2)
	f.Add("poolMap", "item", "1µs", "a-2", 100, 128)
	f.Add("x", "workers", "1", "v", 1, 1)
	f.Add("x", "-", "#01", "é", 1, 64)
	f.Fuzz(func(t *testing.T, scenario, param, value, variant string, workers, procs int) {
		s := bench.Scenario{
			Name:     scenario,
			Variants: []bench.Variant{{Name: variant, New: newNothing}},
			Workers:  []int{workers},
		}
		if param+value != "" {
			s.Params = []bench.Param{{Name: param, Values: []string{value}}}
		}
		if bench.Check([]bench.Scenario{s}) != nil || procs < 1 {
			return
		}
		for _, c := range s.Cases(s.DefaultParams(), procs) {
			got, err := bench.ParseCase(c.Name())
			if err != nil {
				t.Errorf("%+v: %v", c, err)
			} else if got != c {
				t.Errorf("%+v is named %q, which parses as %+v", c, c.Name(), got)
			}
			if got := c.Param(param); s.Params != nil && got != value {
				t.Errorf("parameter %q of %+v is %q", param, c, got)
			}
		}
	})
}

func TestCaseParam(t *testing.T) {
	c := bench.Case{Params: "net=latency/size=64"}
	for name, want := range map[string]string{"net": "latency", "size": "64", "siz": "", "latency": "", "": ""} {
		if got := c.Param(name); got != want {
			t.Errorf("parameter %q is %q, want %q", name, got, want)
		}
	}
	if got := (bench.Case{}).Param(""); got != "" {
		t.Errorf("a case without parameters has one: %q", got)
	}
}

func TestCheckName(t *testing.T) {
	for _, name := range []string{"a", "mutex", "channel-buffered", "1µs", "über", "a.b", "#"} {
		if err := bench.CheckName(name); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"", "a/b", "a=b", "a b", "a\n", "a\u00a0b", "a\u200bb", "a\x00", "\xff"} {
		err := bench.CheckName(name)
		if err == nil {
			t.Errorf("the name %q passes", name)
		} else if !utf8.ValidString(err.Error()) || strings.ContainsAny(err.Error(), "\n\x00") {
			t.Errorf("the error repeats raw bytes of the name: %q", err)
		}
	}
}
