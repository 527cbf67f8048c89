package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// A Prior is what many variances say about each one: that it is like a sample
// variance with D0 degrees of freedom of S02. The zero value says nothing.
type Prior struct {
	D0  float64 // degrees of freedom, 0 where the variances have nothing in common
	S02 float64
}

// fewestVariances is how many variances a prior takes at least: of fewer nobody
// can see how much they differ.
const fewestVariances = 5

// Moderate estimates the prior of sample variances with their degrees of
// freedom, by the moments of their logarithms: the empirical Bayes method of
// limma (G. K. Smyth, "Linear models and empirical Bayes methods for assessing
// differential expression in microarray experiments", Statistical Applications
// in Genetics and Molecular Biology 3, 2004, section 6.2). Variances of zero, or
// that are no numbers, do not count. Few variances give the zero value.
func Moderate(variances []float64, df []int) Prior {
	var logs []float64
	excess := 0.0 // what the logs of sample variances vary by themselves
	for i, v := range variances {
		if !(v > 0) || math.IsInf(v, 1) || df[i] < 1 {
			continue
		}
		half := float64(df[i]) / 2
		logs = append(logs, math.Log(v)-mathext.Digamma(half)+math.Log(half))
		excess += trigamma(half)
	}
	n := float64(len(logs))
	if len(logs) < fewestVariances {
		return Prior{}
	}
	centre := mean(logs)
	sum := 0.0
	for _, x := range logs {
		sum += (x - centre) * (x - centre)
	}
	between := sum/(n-1) - excess/n
	if between <= 0 { // they differ by no more than samples of one variance do
		return Prior{D0: math.Inf(1), S02: math.Exp(centre)}
	}
	half := inverseTrigamma(between)
	return Prior{D0: 2 * half, S02: math.Exp(centre + mathext.Digamma(half) - math.Log(half))}
}

// mostPrior bounds the degrees of freedom that a prior lends: it is an estimate
// itself.
const mostPrior = 30

// Variance returns a variance with df degrees of freedom in the light of the
// prior, and its degrees of freedom.
func (p Prior) Variance(v float64, df int) (moderated, freedom float64) {
	d0 := min(p.D0, mostPrior)
	if d0 <= 0 {
		return v, float64(df)
	}
	return (d0*p.S02 + float64(df)*v) / (d0 + float64(df)), d0 + float64(df)
}

// Mean returns the mean of independent estimates, and the interval of their
// moderated t statistic at a confidence: Student's for the zero prior.
func (p Prior) Mean(xs []float64, confidence float64) Interval {
	if len(xs) < 2 {
		return Mean(xs, confidence)
	}
	v, freedom := p.Variance(variance(xs), len(xs)-1)
	m := mean(xs)
	half := TQuantileOf((1+confidence)/2, freedom) * math.Sqrt(v/float64(len(xs)))
	return Interval{m, m - half, m + half, len(xs)}
}

// trigamma is the derivative of the digamma function, and tetragamma its own.
func trigamma(x float64) float64   { return mathext.Zeta(2, x) }
func tetragamma(x float64) float64 { return -2 * mathext.Zeta(3, x) }

// inverseTrigamma solves trigamma(y) = x by Newton's method, from the start that
// Smyth gives: 1/trigamma is convex, and nearly a line.
func inverseTrigamma(x float64) float64 {
	switch {
	case x > 1e7:
		return 1 / math.Sqrt(x)
	case x < 1e-6:
		return 1 / x
	}
	y := 0.5 + 1/x
	for range 50 {
		tri := trigamma(y)
		step := tri * (1 - tri/x) / tetragamma(y)
		y += step
		if -step/y < 1e-8 {
			break
		}
	}
	return y
}

// Variance is the sample variance of estimates, 0 of fewer than two.
func Variance(xs []float64) float64 {
	if len(xs) < 2 {
		return 0
	}
	return variance(xs)
}
