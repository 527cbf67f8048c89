// Package benchtest drives scenarios under go test: [Test] asks whether every
// variant gives the right answer, [Benchmark] measures the variants as ordinary
// Go benchmarks. In a package with scenarios of its own:
//
//	func TestScenarios(t *testing.T) { benchtest.Test(t, mine.All()...) }
//
//	func BenchmarkSum(b *testing.B) { benchtest.Benchmark(b, mine.Sum) }
//
// Racy variants never run in the test's own process, where they would make the
// whole run fail, or crash it. Under the race detector (go test -race), Test
// runs each of them in a child process and fails unless the detector objects.
// Otherwise they are skipped, with the reason.
package benchtest

import (
	"runtime"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
)

const (
	// testN is how many operations a trial of a rate scenario does in Test:
	// enough to share out unevenly, few enough for the slowest variant.
	testN = 1001

	// longestJob bounds the estimated time of a case in Test.
	longestJob = 500 * time.Millisecond
)

// Test checks that the definitions of all scenarios are sound, and that every
// variant gives the right answer, at each of its worker counts and with every
// combination of parameters. Each case is a subtest, named
// Counter/variant=mutex/workers=2. Cases that take long are skipped, with the
// reason.
func Test(t *testing.T, all ...bench.Scenario) {
	t.Helper()
	if err := bench.Check(all); err != nil {
		t.Fatal(err)
	}
	for i := range all {
		s := &all[i]
		t.Run(bench.TestName(s.Name), func(t *testing.T) {
			for _, c := range cases(s) {
				t.Run(c.SubName(), func(t *testing.T) { testCase(t, s, c) })
			}
		})
	}
}

// cases returns the cases of a scenario with all combinations of parameters, at
// the present GOMAXPROCS.
func cases(s *bench.Scenario) []bench.Case {
	var all []bench.Case
	for _, params := range s.AllParams() {
		all = append(all, s.Cases(params, runtime.GOMAXPROCS(0))...)
	}
	return all
}

func testCase(t *testing.T, s *bench.Scenario, c bench.Case) {
	v := s.Variant(c.Variant)
	if v.Estimate != nil {
		if d := v.Estimate(s.Setup(c, testN)); d > longestJob {
			t.Skipf("it takes about %v, and a test has %v for a case", d, longestJob)
		}
	}
	if v.Racy {
		testRacy(t, s, c)
		return
	}
	result, err := once(t, s, c, testN, untimed)
	if err != nil {
		t.Errorf("variant %s: %v", c.Variant, err)
	}
	if result.wrong != nil {
		t.Errorf("variant %s: %v", c.Variant, result.wrong)
	}
}
