package stats

import "gonum.org/v1/gonum/stat/distuv"

// Proportion returns the part k/n and the exact interval of the probability
// behind it (Clopper and Pearson, Biometrika 26, 1934): it holds the truth at
// least as often as the confidence says, for any n. Without trials nothing is
// known.
func Proportion(k, n int, confidence float64) Interval {
	if n <= 0 {
		return Interval{}
	}
	tail := (1 - confidence) / 2
	return Interval{Value: float64(k) / float64(n), Lo: lowerBound(k, n, tail), Hi: upperBound(k, n, tail), N: n}
}

// AtMost returns the exact one-sided upper bound of the probability of
// something that happened in k of n trials.
func AtMost(k, n int, confidence float64) float64 {
	if n <= 0 {
		return 1
	}
	return upperBound(k, n, 1-confidence)
}

func lowerBound(k, n int, tail float64) float64 {
	if k == 0 {
		return 0
	}
	return distuv.Beta{Alpha: float64(k), Beta: float64(n - k + 1)}.Quantile(tail)
}

func upperBound(k, n int, tail float64) float64 {
	if k == n {
		return 1
	}
	return distuv.Beta{Alpha: float64(k + 1), Beta: float64(n - k)}.Quantile(1 - tail)
}
