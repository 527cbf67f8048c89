package bench_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench"
)

func newHere(context.Context, bench.Setup) (*bench.Trial, error) { return nil, nil }

// Source points at the constructor, also where that is a function literal.
func TestVariantSource(t *testing.T) {
	literal := bench.Variant{New: func(context.Context, bench.Setup) (*bench.Trial, error) { return nil, nil }}
	for _, tt := range []struct {
		v    bench.Variant
		want string
	}{
		{bench.Variant{New: newHere}, "func newHere("},
		{literal, "literal := bench.Variant{New: func("},
	} {
		file, line := tt.v.Source()
		if filepath.Base(file) != "scenario_test.go" {
			t.Errorf("the source of %s is in %s", tt.want, file)
			continue
		}
		text, err := os.ReadFile("scenario_test.go")
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Split(string(text), "\n")[line-1]; !strings.Contains(got, tt.want) {
			t.Errorf("line %d is %q, want %q", line, got, tt.want)
		}
	}
	if file, line := new(bench.Variant).Source(); file != "" || line != 0 {
		t.Errorf("a variant without New has the source %s:%d", file, line)
	}
}

func TestWorkerCounts(t *testing.T) {
	var s bench.Scenario
	var v bench.Variant
	for _, tt := range []struct{ scenario, variant, want []int }{
		{nil, nil, []int{1}},
		{[]int{2, 8}, nil, []int{2, 8}},
		{[]int{2, 8}, []int{1}, []int{1}},
		{nil, []int{4}, []int{4}},
	} {
		s.Workers, v.Workers = tt.scenario, tt.variant
		if got := s.WorkerCounts(&v); !slices.Equal(got, tt.want) {
			t.Errorf("scenario %v, variant %v: %v, want %v", tt.scenario, tt.variant, got, tt.want)
		}
	}
}

func TestScenarioLookups(t *testing.T) {
	s := sound()
	if got := s.Baseline().Name; got != "base" {
		t.Errorf("the baseline is %q", got)
	}
	if v := s.Variant("other"); v != &s.Variants[1] {
		t.Errorf("the variant other is %v", v)
	}
	if v := s.Variant("none"); v != nil {
		t.Errorf("a variant that is not there is %v", v)
	}
	if got := s.WorkerNoun(); got != "goroutine" {
		t.Errorf("workers are called %q", got)
	}
	s.Worker = "task"
	if got := s.WorkerNoun(); got != "task" {
		t.Errorf("workers are called %q", got)
	}
}

func TestCases(t *testing.T) {
	s := sound()
	if got, want := s.AllParams(), []string{"net=latency/size=64", "net=none/size=64"}; !slices.Equal(got, want) {
		t.Errorf("all parameters %q, want %q", got, want)
	}
	if got, want := s.DefaultParams(), "net=latency/size=64"; got != want {
		t.Errorf("default parameters %q, want %q", got, want)
	}
	if got := new(bench.Scenario).AllParams(); !slices.Equal(got, []string{""}) {
		t.Errorf("without parameters: %q", got)
	}
	var got []string
	for _, c := range s.Cases("net=none/size=64", 2) {
		got = append(got, fmt.Sprintf("%s %d", c.Variant, c.Workers))
		if c.Scenario != "sound" || c.Params != "net=none/size=64" || c.Procs != 2 {
			t.Errorf("case %+v", c)
		}
	}
	want := []string{"base 1", "other 1", "other 2", "other 8", "racy 1", "racy 2", "racy 8"}
	if !slices.Equal(got, want) {
		t.Errorf("cases %q, want %q", got, want)
	}
}

func TestSetup(t *testing.T) {
	s := sound()
	c := bench.Case{Params: "net=none/size=64", Workers: 3, Procs: 2}
	setup := s.Setup(c, 100)
	if setup.Workers != 3 || setup.Procs != 2 || setup.N != 100 {
		t.Errorf("setup %+v", setup)
	}
	if got := setup.Param("net") + setup.Param("none"); got != "none" {
		t.Errorf("parameters %q", got)
	}
	s.Fixed = 5
	if got := s.Setup(c, 100).N; got != 5 {
		t.Errorf("a fixed scenario does %d operations, want its own 5", got)
	}
}
