// Package bench defines what Interleave measures: scenarios, the variants of
// each, and the trials in which one variant does its work once.
//
// A [Scenario] is one piece of work and the ways of doing it that are worth
// comparing. The first [Variant] is the baseline: speedup is the time of the
// baseline divided by the time of the variant, so above 1 is faster. A
// variant's New makes a [Trial], whose Run is timed and whose Verify is not:
//
//	var Sum = bench.Scenario{
//		Name: "sum", Doc: "add up a slice", Unit: "number",
//		Workers: []int{1, 2},
//		Variants: []bench.Variant{
//			{Name: "sequential", New: newSequential, Workers: []int{1}},
//			{Name: "parallel", New: newParallel},
//		},
//	}
//
// One definition serves three drivers: go test checks that every variant gives
// the right answer, go test -bench measures it as an ordinary Go benchmark
// (both through package benchtest), and package runner measures it with paired
// trials in fresh processes, and draws tables and charts.
//
// There are two kinds of scenarios. In a rate scenario (Fixed is 0) the number
// of operations is free: the runner chooses how many make a trial long enough
// to time, and compares the time of one operation. In a fixed scenario every
// variant does the same declared job, and the time of the job is compared.
//
// The package holds no clock, flag or file: it can be imported by anything.
package bench
