// Package scenarios holds the work that this repository measures: one file for
// each scenario, and [All] of them in the order of telling.
//
// Correctness tests and Go benchmarks of every scenario run from package bench,
// where one test binary holds them side by side:
//
//	go test ./bench                      # is every variant right?
//	go test -race ./bench                # and does the detector object to the racy ones?
//	go test -bench=Counter ./bench       # measure one scenario as Go benchmarks
//
// The tests in this package are about what is special in one scenario, such as
// the exact length of a sleep, or the machine code of an inner loop.
//
// To add a scenario, add one file that defines it:
//
//	var Sum = add(bench.Scenario{
//		Name: "sum", Doc: "add up a slice", Unit: "number",
//		Variants: []bench.Variant{
//			{Name: "sequential", Doc: "one goroutine", New: sumSequential},
//			{Name: "parallel", Doc: "a part for each worker", New: sumParallel},
//		},
//	})
//
// That is all for the correctness tests and for the interleave command. A line
// in bench/scenarios_test.go makes it a Go benchmark too.
package scenarios
