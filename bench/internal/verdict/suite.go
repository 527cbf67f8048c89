package verdict

import (
	"fmt"
	"math"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A Suite is the verdict on all subjects together.
type Suite struct {
	Ratio   stats.Interval // the geometric mean of the ratios, at 95 %; N is the number of subjects
	Verdict stats.Verdict
	Reason  string
}

// leastSuite is the least tolerance for all subjects together: another order of
// functions can move all of them by as much.
const leastSuite = 0.01

// Suite returns the verdict on the geometric mean of the subjects for which in
// is true: of these and no others, so that only their noise makes it uncertain.
// Its standard error is made of theirs, with the degrees of freedom of Welch and
// Satterthwaite. It needs two subjects.
func (w *Watch) Suite(tolerance float64, in func(i int) bool) Suite {
	sum, variance, squares, n := 0.0, 0.0, 0.0, 0
	for i := range w.subjects {
		s := &w.subjects[i]
		if s.void || !in(i) || len(s.logs) < 2 || unusable(s.logs) != "" {
			continue
		}
		at := w.estimate(s)
		freedom := float64(at.N - 1)
		if se := at.Half() / stats.TQuantile((1+stats.Confidence)/2, at.N-1); s.suspect == 0 {
			v, df := w.prior(s.Group).Variance(stats.Variance(s.logs), len(s.logs)-1)
			variance, freedom = variance+v/float64(len(s.logs)), df
			squares += v * v / float64(len(s.logs)*len(s.logs)) / freedom
		} else {
			variance += se * se
			squares += se * se * se * se / freedom
		}
		sum, n = sum+at.Value, n+1
	}
	if n < 2 {
		return Suite{Reason: "fewer than two benchmarks"}
	}
	mean, se, df := sum/float64(n), math.Sqrt(variance)/float64(n), 1.0
	if squares > 0 {
		df = variance * variance / squares
	}
	interval := func(p float64) stats.Interval {
		half := stats.TQuantileOf(p, df) * se
		return stats.Interval{Value: mean, Lo: mean - half, Hi: mean + half, N: n}
	}
	tolerance = max(tolerance, leastSuite)
	all := &subject{Subject: Subject{Tolerance: tolerance}}
	suite := Suite{Ratio: interval((1 + stats.Confidence) / 2).Exp()}
	wide, same := interval(1-w.plan.Level*suiteShare/2), interval(1-w.plan.Same)
	switch {
	case wide.Lo > all.band():
		suite.Verdict, suite.Reason = stats.Regressed, all.rule(stats.Regressed, wide).Reason
	case wide.Hi < -all.band():
		suite.Verdict, suite.Reason = stats.Improved, all.rule(stats.Improved, wide).Reason
	case all.holds(same):
		suite.Verdict, suite.Reason = stats.Same, all.rule(stats.Same, same).Reason
	default:
		suite.Reason = fmt.Sprintf("%s %s", span(same), all.crosses())
	}
	return suite
}
