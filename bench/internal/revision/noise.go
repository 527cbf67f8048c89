package revision

import (
	"math"

	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// A Control is what comparing the base with itself says of the noise.
type Control struct {
	Pairs   int     // that were
	Typical float64 // the median over pairs of how much it differed: a log ratio
	Most    float64 // at most

	// Floor is the largest difference that is there beyond doubt, although
	// both processes run the same binary: a log ratio, 0 when there is none.
	Floor float64
}

// Control returns what the pairs say whose sides are both the base.
func (c *Comparison) Control() Control {
	var control Control
	var sizes []float64
	rulings := c.watch.Final()
	for i, p := range c.Pairs {
		if !p.Control || !rulings[i].Estimate.Bounded() {
			continue
		}
		size := math.Abs(rulings[i].Estimate.Value)
		sizes = append(sizes, size)
		control.Most = max(control.Most, size)
		if rulings[i].Verdict == stats.Regressed || rulings[i].Verdict == stats.Improved {
			control.Floor = max(control.Floor, size)
		}
	}
	control.Pairs, control.Typical = len(sizes), stats.Median(sizes)
	return control
}

// Suite is the verdict on the geometric mean of the changes in time over all
// benchmarks: these and no others, so that only their noise makes it uncertain.
func (c *Comparison) Suite(r Rules) verdict.Suite {
	return c.watch.Suite(r.General, func(i int) bool {
		p := c.Pairs[i]
		return p.Problem == "" && p.Doubt == "" && !p.Control
	})
}
