package benchtest

import (
	"testing"

	"github.com/interleave-go/interleave/bench"
)

// Benchmark measures every variant of a scenario, at each of its worker counts
// and with every combination of parameters, as sub-benchmarks of b. Call it
// from a function that is named after the scenario, so that the names come out
// as those of [bench.Case.Name]:
//
//	func BenchmarkCounter(b *testing.B) { benchtest.Benchmark(b, scenarios.Counter) }
//
// In a rate scenario b.N counts operations, and they make one trial. In a fixed
// scenario b.N counts jobs, each a trial of its own, and the metrics are their
// mean. Only Run is timed. A wrong result fails the benchmark. Racy variants
// are skipped: go test -v shows the reason.
func Benchmark(b *testing.B, s bench.Scenario) {
	b.Helper()
	if err := bench.Check([]bench.Scenario{s}); err != nil {
		b.Fatal(err)
	}
	for _, c := range cases(&s) {
		b.Run(c.SubName(), func(b *testing.B) { benchmarkCase(b, &s, c) })
	}
}

func benchmarkCase(b *testing.B, s *bench.Scenario, c bench.Case) {
	if s.Variant(c.Variant).Racy {
		b.Skipf("%s has a data race: a wrong result has no speed", c.Variant)
	}
	b.StopTimer()
	b.ResetTimer() // nothing counts but Run
	n, jobs := b.N, 1
	if s.Fixed > 0 {
		n, jobs = s.Fixed, b.N
	}
	sums := make(map[string]float64)
	for range jobs {
		result, err := once(b, s, c, n, func(run func() error) error {
			b.StartTimer()
			defer b.StopTimer()
			return run()
		})
		if err != nil {
			b.Fatalf("variant %s: %v", c.Variant, err)
		}
		if result.wrong != nil {
			b.Fatalf("variant %s: %v", c.Variant, result.wrong)
		}
		for unit, value := range result.metrics {
			sums[unit] += value
		}
	}
	for unit, sum := range sums {
		b.ReportMetric(sum/float64(jobs), unit)
	}
}
