package benchtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// Whether Test and Benchmark fail when they should can be seen only from
// outside. TestToy and BenchmarkToy run in a child process, with the toy
// scenario that toyEnv names, and do nothing otherwise.
const toyEnv = "BENCHTEST_TOY"

func TestToy(t *testing.T)      { Test(t, chosenToy(t)) }
func BenchmarkToy(b *testing.B) { Benchmark(b, chosenToy(b)) }

func chosenToy(tb testing.TB) bench.Scenario {
	name := os.Getenv(toyEnv)
	if name == "" {
		tb.Skip("it runs in the child processes of other tests")
	}
	s := bench.Scenario{Name: "toy", Variants: []bench.Variant{{Name: "base", New: toyTrial(nil)}}}
	odd := bench.Variant{Name: "odd", New: toyTrial(nil)}
	switch name {
	case "right":
		s.Workers = []int{1, 2}
		s.Params = []bench.Param{{Name: "size", Values: []string{"1", "9"}}}
	case "wrong":
		odd.New = toyTrial(errors.New("two is not three"))
	case "panics":
		odd.New = func(context.Context, bench.Setup) (*bench.Trial, error) { panic("boom") }
	case "unverified":
		odd.New = func(context.Context, bench.Setup) (*bench.Trial, error) {
			return &bench.Trial{Run: func(context.Context) error { return nil }}, nil
		}
	case "slow":
		odd.Estimate = func(bench.Setup) time.Duration { return 501 * time.Millisecond }
	case "unsound":
		odd.Name = "base"
	case "racy":
		odd.New, odd.Racy = toyRace, true
	case "not racy":
		odd.Racy = true
	case "fixed":
		s.Fixed = 5
	}
	s.Variants = append(s.Variants, odd)
	return s
}

// toyTrials numbers the trials of a process, and is what their metric reports.
var toyTrials int

func toyTrial(wrong error) func(context.Context, bench.Setup) (*bench.Trial, error) {
	return func(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
		toyTrials++
		return &bench.Trial{
			Run:    func(context.Context) error { return nil },
			Verify: func() error { return wrong },
			Metrics: func() map[string]float64 {
				return map[string]float64{"trial": float64(toyTrials), "n": float64(setup.N)}
			},
		}, nil
	}
}

// toyRace writes one word from two goroutines. No lock orders them, so the
// detector objects however they are scheduled.
func toyRace(context.Context, bench.Setup) (*bench.Trial, error) {
	word, done := new(int), make(chan bool, 2)
	return &bench.Trial{
		Run: func(context.Context) error {
			for i := range 2 {
				go func() { *word = i; done <- true }()
			}
			<-done
			<-done
			return nil
		},
		Verify: func() error { return errors.New("torn") },
	}, nil
}

// runToy runs a toy in a child process, and returns what it printed and whether
// it passed.
func runToy(t *testing.T, toy string, args ...string) (out string, passed bool) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), binary, append([]string{"-test.v", "-test.cpu=2"}, args...)...)
	// The detector sleeps a second at exit, unless told not to.
	child.Env = append(os.Environ(), toyEnv+"="+toy, "GORACE=atexit_sleep_ms=0")
	b, err := child.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(b), err == nil
}

func TestTest(t *testing.T) {
	for _, tt := range []struct {
		toy    string
		passed bool
		want   []string // in the output
	}{
		{"right", true, []string{
			"--- PASS: TestToy/Toy/size=1/variant=base/workers=1 ",
			"--- PASS: TestToy/Toy/size=1/variant=odd/workers=2 ",
			"--- PASS: TestToy/Toy/size=9/variant=base/workers=1 ",
			"--- PASS: TestToy/Toy/size=9/variant=odd/workers=2 ",
		}},
		{"wrong", false, []string{
			"--- PASS: TestToy/Toy/variant=base/workers=1 ",
			"--- FAIL: TestToy/Toy/variant=odd/workers=1 ",
			"variant odd: Verify: two is not three",
		}},
		{"panics", false, []string{
			"--- PASS: TestToy/Toy/variant=base/workers=1 ",
			"--- FAIL: TestToy/Toy/variant=odd/workers=1 ",
			"variant odd: New panicked: boom",
			"benchtest_test.go", // the stack
		}},
		{"unverified", false, []string{"variant odd: its New returned a trial without Verify"}},
		{"slow", true, []string{
			"--- SKIP: TestToy/Toy/variant=odd/workers=1 ",
			"it takes about 501ms, and a test has 500ms for a case",
		}},
		{"unsound", false, []string{`scenario "toy": variant "base" is defined twice: rename one`}},
	} {
		t.Run(tt.toy, func(t *testing.T) {
			checkToy(t, tt.toy, tt.passed, tt.want, "-test.run=^TestToy$")
		})
	}
}

func checkToy(t *testing.T, toy string, passed bool, want []string, args ...string) {
	t.Helper()
	out, ok := runToy(t, toy, args...)
	if ok != passed {
		t.Errorf("passed is %v, want %v:\n%s", ok, passed, out)
	}
	for _, s := range want {
		if !strings.Contains(out, s) {
			t.Errorf("the output lacks %q:\n%s", s, out)
		}
	}
}

func TestRacy(t *testing.T) {
	const run = "-test.run=^TestToy$"
	if !raceDetector {
		for _, toy := range []string{"racy", "not racy"} {
			checkToy(t, toy, true, []string{
				"--- SKIP: TestToy/Toy/variant=odd/workers=1 ",
				"odd has a data race: it runs only under the race detector",
			}, run)
		}
		return
	}
	checkToy(t, "racy", true, []string{"--- PASS: TestToy/Toy/variant=odd/workers=1 "}, run)
	checkToy(t, "not racy", false, []string{
		"--- FAIL: TestToy/Toy/variant=odd/workers=1 ",
		"the race detector did not object to the racy variant odd",
	}, run)
}

// Toys that go wrong in Test go wrong in Benchmark too.
func TestBenchmarkFails(t *testing.T) {
	args := []string{"-test.run=^$", "-test.bench=^BenchmarkToy$", "-test.benchtime=1x"}
	checkToy(t, "wrong", false, []string{"variant odd: Verify: two is not three"}, args...)
	checkToy(t, "panics", false, []string{"variant odd: New panicked: boom"}, args...)
	checkToy(t, "unsound", false, []string{"is defined twice"}, args...)
	checkToy(t, "racy", true, []string{"odd has a data race: a wrong result has no speed"}, args...)
}

// With -benchtime=3x, go test calls a benchmark with b.N of 1 and then of 3.
func TestBenchmark(t *testing.T) {
	for _, tt := range []struct {
		toy  string
		want []string // name, b.N, mean number of the trials, Setup.N
	}{
		// Two trials each: the second is the one that counts.
		{"right", []string{
			"BenchmarkToy/size=1/variant=base/workers=1-2 3 2 3",
			"BenchmarkToy/size=1/variant=base/workers=2-2 3 4 3",
			"BenchmarkToy/size=1/variant=odd/workers=1-2 3 6 3",
			"BenchmarkToy/size=1/variant=odd/workers=2-2 3 8 3",
			"BenchmarkToy/size=9/variant=base/workers=1-2 3 10 3",
			"BenchmarkToy/size=9/variant=base/workers=2-2 3 12 3",
			"BenchmarkToy/size=9/variant=odd/workers=1-2 3 14 3",
			"BenchmarkToy/size=9/variant=odd/workers=2-2 3 16 3",
		}},
		// One job, and then three, which are the trials 2 to 4, and 6 to 8.
		{"fixed", []string{
			"BenchmarkToy/variant=base/workers=1-2 3 3 5",
			"BenchmarkToy/variant=odd/workers=1-2 3 7 5",
		}},
	} {
		t.Run(tt.toy, func(t *testing.T) {
			out, ok := runToy(t, tt.toy, "-test.run=^$", "-test.bench=^BenchmarkToy$", "-test.benchtime=3x")
			if !ok {
				t.Fatalf("it failed:\n%s", out)
			}
			got := benchmarkLines(t, out)
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

var benchmarkLine = regexp.MustCompile(`(?m)^(\S+)\s+(\d+)\s+.* ns/op\s+(\S+) n\s+(\S+) trial$`)

func benchmarkLines(t *testing.T, out string) (lines []string) {
	for _, m := range benchmarkLine.FindAllStringSubmatch(out, -1) {
		if _, err := bench.ParseCase(m[1]); err != nil {
			t.Error(err)
		}
		n, _ := strconv.ParseFloat(m[3], 64)
		trial, _ := strconv.ParseFloat(m[4], 64)
		lines = append(lines, fmt.Sprintf("%s %s %v %v", m[1], m[2], trial, n))
	}
	return lines
}

func TestExactly(t *testing.T) {
	if got, want := exactly("TestA/B/variant=c.d/workers=1"), `^TestA$/^B$/^variant=c\.d$/^workers=1$`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
