// Package stats turns numbers into estimates with intervals. It knows nothing
// of scenarios.
//
// The unit of statistics is the fork, a fresh process: trials within one
// process share its memory layout and its luck with the scheduler, so they
// are not independent of each other. The estimand of a speedup is therefore
// the expected log ratio of the two times over forks. Within a fork it is
// estimated by the median of the log ratios of trials that ran in the same
// round; over forks, by the mean, with Student's t interval. The exponential
// of that is the geometric mean speedup and its interval.
//
// Percentile bootstrap intervals were tried for the few forks that a run can
// afford and cover less than they promise: 87 % at 6 forks and 91 % at 12
// where 95 % is meant, against 95 % for t.
//
// Descriptive statistics come from montanaflynn/stats, the t distribution from
// gonum. The t test of montanaflynn/stats must not be used: its p-values are
// wrong near t = 0.
package stats

import (
	"cmp"
	"math"
	"slices"

	descriptive "github.com/montanaflynn/stats"
)

// Confidence is the level of the intervals in tables and charts.
const Confidence = 0.95

// An Interval is an estimate with the interval that holds the truth with the
// confidence it was computed for. The zero value says that nothing is known.
type Interval struct {
	Value, Lo, Hi float64
	N             int // independent estimates behind it: forks
}

// Known reports whether there is an estimate at all.
func (i Interval) Known() bool { return i.N > 0 }

// Bounded reports whether the interval has ends. A single fork gives an
// estimate, but says nothing about how far off it may be.
func (i Interval) Bounded() bool {
	return i.N > 1 && !math.IsInf(i.Lo, 0) && !math.IsInf(i.Hi, 0)
}

// Half returns the longer arm of the interval, infinite if it is not bounded.
func (i Interval) Half() float64 {
	if !i.Bounded() {
		return math.Inf(1)
	}
	return max(i.Hi-i.Value, i.Value-i.Lo)
}

// Exp returns the interval of the exponential: from log ratios to ratios.
func (i Interval) Exp() Interval {
	if !i.Known() {
		return Interval{}
	}
	return Interval{math.Exp(i.Value), math.Exp(i.Lo), math.Exp(i.Hi), i.N}
}

// Inverse returns the interval of 1/x, for an interval of positive numbers.
func (i Interval) Inverse() Interval {
	if !i.Known() {
		return Interval{}
	}
	return Interval{1 / i.Value, 1 / i.Hi, 1 / i.Lo, i.N}
}

// Mean returns the mean of independent estimates and Student's t interval at
// the given confidence. One estimate gives an unbounded interval, none the
// zero value.
func Mean(xs []float64, confidence float64) Interval {
	n := len(xs)
	if n == 0 {
		return Interval{}
	}
	mean, _ := descriptive.Mean(xs) // fails on empty input only
	if n == 1 {
		return Interval{mean, math.Inf(-1), math.Inf(1), 1}
	}
	sd, _ := descriptive.StandardDeviationSample(xs)
	half := TQuantile((1+confidence)/2, n-1) * sd / math.Sqrt(float64(n))
	return Interval{mean, mean - half, mean + half, n}
}

// Median returns the median, and 0 of nothing.
func Median(xs []float64) float64 {
	switch len(xs) { // most forks have one or two rounds
	case 1:
		return xs[0]
	case 2:
		return (xs[0] + xs[1]) / 2
	}
	m, err := descriptive.Median(xs)
	if err != nil {
		return 0
	}
	return m
}

// A Sample is one trial of an arm: its fork, its round in the fork, and what
// was measured, a positive number.
type Sample struct {
	Fork, Round int
	Value       float64
}

// Ratio estimates value(num)/value(den), paired within rounds. Forks in which
// no round has both arms say nothing and are left out; N counts the others.
func Ratio(num, den []Sample, confidence float64) Interval {
	return Mean(Logs(Rounds(den, num), PairMedian), confidence).Exp()
}

// Level estimates the value of one arm: the geometric mean over forks of the
// medians within them.
func Level(arm []Sample, confidence float64) Interval {
	logs := make([]Sample, len(arm))
	for i, s := range arm {
		logs[i] = Sample{s.Fork, s.Round, math.Log(s.Value)}
	}
	return Mean(byFork(logs), confidence).Exp()
}

// byFork returns the median of each fork, in the order in which forks appear.
func byFork(samples []Sample) []float64 {
	if slices.IsSortedFunc(samples, func(a, b Sample) int { return cmp.Compare(a.Fork, b.Fork) }) {
		return byRun(samples)
	}
	var order []int
	groups := make(map[int][]Sample)
	for _, s := range samples {
		if groups[s.Fork] == nil {
			order = append(order, s.Fork)
		}
		groups[s.Fork] = append(groups[s.Fork], s)
	}
	medians := make([]float64, len(order))
	for i, fork := range order {
		medians[i] = byRun(groups[fork])[0]
	}
	return medians
}

// byRun is byFork for samples of which those of a fork stand together, as they
// do in the order of measuring: a large report spends its time here.
func byRun(samples []Sample) []float64 {
	var medians, values []float64
	for i, s := range samples {
		values = append(values, s.Value)
		if i+1 == len(samples) || samples[i+1].Fork != s.Fork {
			medians = append(medians, Median(values))
			values = values[:0]
		}
	}
	return medians
}
