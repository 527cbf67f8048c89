package stats

import (
	"math"
	"testing"
)

// binomial returns the probability of at most k successes in n trials, summed
// term by term.
func binomial(k, n int, p float64) float64 {
	total := 0.0
	for i := range k + 1 {
		lg := func(x int) float64 { v, _ := math.Lgamma(float64(x + 1)); return v }
		total += math.Exp(lg(n) - lg(i) - lg(n-i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return total
}

// The bounds are where the binomial tails have just the probability that is
// left outside.
func TestProportionAgainstTheBinomialTails(t *testing.T) {
	for _, c := range []struct{ k, n int }{{0, 10}, {1, 10}, {5, 10}, {9, 10}, {10, 10}, {8, 1050}, {57, 60}, {180, 200}} {
		got := Proportion(c.k, c.n, 0.95)
		if got.Value != float64(c.k)/float64(c.n) || got.N != c.n {
			t.Errorf("%d of %d: got %v", c.k, c.n, got)
		}
		if c.k > 0 {
			if tail := 1 - binomial(c.k-1, c.n, got.Lo); math.Abs(tail-0.025) > 1e-6 {
				t.Errorf("%d of %d: lower bound %v leaves %v above", c.k, c.n, got.Lo, tail)
			}
		} else if got.Lo != 0 {
			t.Errorf("0 of %d: lower bound %v", c.n, got.Lo)
		}
		if c.k < c.n {
			if tail := binomial(c.k, c.n, got.Hi); math.Abs(tail-0.025) > 1e-6 {
				t.Errorf("%d of %d: upper bound %v leaves %v below", c.k, c.n, got.Hi, tail)
			}
		} else if got.Hi != 1 {
			t.Errorf("%d of %d: upper bound %v", c.n, c.n, got.Hi)
		}
	}
	if got := AtMost(8, 1050, 0.95); math.Abs(binomial(8, 1050, got)-0.05) > 1e-6 {
		t.Errorf("at most: %v", got)
	}
	if Proportion(0, 0, 0.95).Known() || AtMost(0, 0, 0.95) != 1 {
		t.Error("no trials must say nothing")
	}
}
