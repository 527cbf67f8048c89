package revision

import (
	"math"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A Control is what the third process of the base says of the noise.
type Control struct {
	Pairs   int     // that had one
	Typical float64 // the median over pairs of how much it differed: a log ratio
	Most    float64 // at most

	// Floor is the largest difference that is there beyond doubt, although
	// both processes run the same binary: a log ratio, 0 when there is none.
	// The chance that it is there by chance is 5 % over all pairs.
	Floor float64
}

// Control compares the base with itself.
func (c *Comparison) Control() Control {
	const level = 0.05
	var control Control
	var sizes []float64
	for _, p := range c.Pairs {
		logs := p.logs(variantOld, variantControl, "")
		if len(logs) < 2 || p.Problem != "" {
			continue
		}
		i := stats.Mean(logs, 1-level/float64(len(c.Pairs)))
		sizes = append(sizes, math.Abs(i.Value))
		control.Most = max(control.Most, math.Abs(i.Value))
		if i.Lo > 0 || i.Hi < 0 {
			control.Floor = max(control.Floor, math.Abs(i.Value))
		}
	}
	control.Pairs, control.Typical = len(sizes), stats.Median(sizes)
	return control
}

// GeoMean is the geometric mean over pairs of the change in time, with its
// interval: the pairs are these and no others, so that only their noise makes
// it uncertain.
func (c *Comparison) GeoMean() stats.Interval {
	sum, variance, squares := 0.0, 0.0, 0.0
	n := 0
	for _, p := range c.Pairs {
		logs := stats.Fold(p.logs(variantOld, variantNew, ""), p.layouts())
		if len(logs) < 2 || p.Problem != "" {
			continue
		}
		i := stats.Mean(logs, stats.Confidence)
		df := float64(len(logs) - 1)
		se := i.Half() / stats.TQuantile((1+stats.Confidence)/2, len(logs)-1)
		sum, n = sum+i.Value, n+1
		variance += se * se
		squares += se * se * se * se / df
	}
	if n == 0 {
		return stats.Interval{}
	}
	mean, se, df := sum/float64(n), math.Sqrt(variance)/float64(n), 1
	if squares > 0 { // Welch and Satterthwaite
		df = max(1, int(variance*variance/squares))
	}
	half := stats.TQuantile((1+stats.Confidence)/2, df) * se
	return stats.Interval{Value: mean, Lo: mean - half, Hi: mean + half, N: max(n, 2)}.Exp()
}
