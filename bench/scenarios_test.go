package bench_test

import (
	"testing"

	"github.com/interleave-go/interleave/bench/benchtest"
	"github.com/interleave-go/interleave/scenarios"
)

// TestScenarios checks that every variant of every scenario gives the right
// answer, and under -race that the detector objects to those declared racy.
func TestScenarios(t *testing.T) { benchtest.Test(t, scenarios.All()...) }

func BenchmarkSleep(b *testing.B)    { benchtest.Benchmark(b, scenarios.Sleep) }
func BenchmarkCounter(b *testing.B)  { benchtest.Benchmark(b, scenarios.Counter) }
func BenchmarkPoolmap(b *testing.B)  { benchtest.Benchmark(b, scenarios.Poolmap) }
func BenchmarkDownload(b *testing.B) { benchtest.Benchmark(b, scenarios.Download) }
func BenchmarkBlend(b *testing.B)    { benchtest.Benchmark(b, scenarios.Blend) }
