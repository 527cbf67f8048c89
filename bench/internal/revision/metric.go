package revision

import (
	"math"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// exact compares values that do not vary.
func (row Row) exact(old, new float64) Row {
	row.Base, row.Head, row.Exact = old, new, true
	change := math.Log(new / old) // of zeros: infinite, or not a number
	if better(row.Unit) > 0 {
		change = -change
	}
	if old > 0 && new > 0 {
		row.Change = stats.Interval{Value: new / old, Lo: new / old, Hi: new / old, N: 1}
	} else if old != new {
		row.Change = stats.Interval{Value: math.Inf(1), Lo: math.Inf(1), Hi: math.Inf(1), N: 1}
		if new < old {
			row.Change = stats.Interval{Value: 0, N: 1}
		}
	} else {
		row.Change = stats.Interval{Value: 1, Lo: 1, Hi: 1, N: 1}
	}
	band := math.Log1p(row.Tolerance)
	switch {
	case old == new || math.Abs(change) <= band:
		row.Verdict = stats.Same
	case change > 0 || math.IsNaN(change) && new > old:
		row.Verdict = stats.Regressed
	default:
		row.Verdict = stats.Improved
	}
	row.Reason = "it does not vary"
	return row.undirected()
}

// undirected takes the verdict back where nobody knows whether more is better.
func (row Row) undirected() Row {
	if better(row.Unit) == 0 && (row.Verdict == stats.Regressed || row.Verdict == stats.Improved) {
		row.Verdict, row.Changed = stats.Unclear, true
		row.Reason = "it changed, and nobody said whether more of it is better"
	}
	return row
}

// better says in which direction a unit is better: below 0 less, above 0 more,
// 0 nobody knows.
func better(unit string) int {
	switch {
	case strings.HasSuffix(unit, "/s") || strings.HasSuffix(unit, "/sec"):
		return 1
	case unit == "B/op" || unit == "allocs/op" || strings.HasPrefix(unit, "ns") || strings.HasSuffix(unit, "ns/op") || strings.HasSuffix(unit, "-ns") || strings.HasSuffix(unit, "-bytes"):
		return -1
	}
	return 0
}
