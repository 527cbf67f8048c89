package revision

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/units"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// matchUnits returns the units that both sides report, and those that one does.
func matchUnits(inBase, inHead map[string]float64) (both []string, single []OneSided) {
	sides := [2]map[string]float64{base: inBase, head: inHead}
	for i := range sides {
		for unit := range sides[i] {
			_, other := sides[1-i][unit]
			switch {
			case derived(unit):
			case !other:
				single = append(single, OneSided{unit, sideNames[i]})
			case i == base:
				both = append(both, unit)
			}
		}
	}
	slices.Sort(both)
	slices.SortFunc(single, func(a, b OneSided) int { return strings.Compare(a.Side+" "+a.Name, b.Side+" "+b.Name) })
	return both, single
}

// derived reports whether a metric is the time in other words.
func derived(unit string) bool { return unit == "MB/s" }

// metric judges a metric as far as that takes no statistics; ok is false where
// it does. forks are the estimates, one log ratio for each.
func (p *Pair) metric(row Row, old, new []stats.Sample, forks []float64) (judged Row, ok bool) {
	enough := len(forks) >= verdict.FirstLook // a stray allocation in one process is no finding
	fixed := enough && constant(old) && constant(new)
	negative := smallest(old) < 0 || smallest(new) < 0
	if fixed && (!negative || old[0].Value == new[0].Value) {
		return row.exact(old[0].Value, new[0].Value), true
	}
	row.Base, row.Head = p.level(old, row.Unit), p.level(new, row.Unit)
	switch {
	case negative:
		row.Changed = fixed && units.Better(row.Unit) == 0
		row.Reason = "negative values have no ratio"
	case enough && (zero(old) && positive(new) || zero(new) && positive(old)):
		return row.beyondRatios(len(forks)), true
	case !(positive(old) && positive(new)) && !enough:
		row.Reason = fmt.Sprintf("%d of at least %d processes", len(forks), verdict.FirstLook)
	case !(positive(old) && positive(new)):
		row.Reason = "it varies and is sometimes zero, so that it has no ratio"
	case enough && !slices.ContainsFunc(forks, func(x float64) bool { return !(math.Abs(x-forks[0]) < 1e-9) }):
		return row.exact(row.Base, row.Base*math.Exp(forks[0])), true // it varies within processes, and not between them
	default:
		return row, false
	}
	return row, true
}

// beyondRatios gives the verdict on a metric that is always zero on one side,
// and never on the other: more than any tolerance, however much it varies.
func (row Row) beyondRatios(forks int) Row {
	row.Change = stats.Interval{Value: 0, N: forks}
	row.Reason = "it was never zero, and always is now"
	if row.Base == 0 {
		row.Change = stats.Interval{Value: math.Inf(1), Lo: math.Inf(1), Hi: math.Inf(1), N: forks}
		row.Reason = "it was always zero, and never is now"
	}
	if row.Verdict = stats.Regressed; (row.Head > row.Base) == (units.Better(row.Unit) > 0) {
		row.Verdict = stats.Improved
	}
	return row.undirected()
}

// uncertain reports whether a metric may be worse, for all that was measured.
// Where the pair was measured in too few processes, its time says so already;
// and a process that is seldom met by somebody else's allocation is no news.
func (p *Pair) uncertain(row *Row) bool {
	if row.Verdict != stats.Unclear || row.Changed || len(p.logs("")) < verdict.FirstLook {
		return false
	}
	old, new := p.samples(base, row.Unit), p.samples(head, row.Unit)
	if len(old) == 0 || len(new) == 0 {
		return len(old) != len(new)
	}
	return units.Better(row.Unit) != 0 && !(stray(old) && stray(new)) && !(row.Unit == "B/op" && p.allocatesNothing())
}

// allocatesNothing reports whether no operation of either side allocates: bytes
// are the runtime's own then, which collects now and then.
func (p *Pair) allocatesNothing() bool {
	for _, side := range []int{base, head} {
		if allocs := p.samples(side, "allocs/op"); len(allocs) == 0 || !zero(allocs) {
			return false
		}
	}
	return true
}

// stray reports whether samples are hardly ever other than zero: at most in one
// of ten.
func stray(samples []stats.Sample) bool {
	n := 0
	for _, s := range samples {
		if s.Value != 0 {
			n++
		}
	}
	return 10*n <= len(samples)
}

func constant(samples []stats.Sample) bool {
	return !slices.ContainsFunc(samples, func(s stats.Sample) bool { return s.Value != samples[0].Value })
}

func positive(samples []stats.Sample) bool { return smallest(samples) > 0 }

func zero(samples []stats.Sample) bool { return constant(samples) && samples[0].Value == 0 }

func smallest(samples []stats.Sample) float64 {
	least := math.Inf(1)
	for _, s := range samples {
		least = min(least, s.Value)
	}
	return least
}

// exact compares values that do not vary. If one of them is negative they are
// equal.
func (row Row) exact(old, new float64) Row {
	row.Base, row.Head, row.Exact = old, new, true
	change := math.Log(new / old) // of zeros: infinite, or not a number
	if units.Better(row.Unit) > 0 {
		change = -change
	}
	switch {
	case old == new:
		row.Change = stats.Interval{Value: 1, Lo: 1, Hi: 1, N: 1}
	case old == 0:
		row.Change = stats.Interval{Value: math.Inf(1), Lo: math.Inf(1), Hi: math.Inf(1), N: 1}
	default:
		row.Change = stats.Interval{Value: new / old, Lo: new / old, Hi: new / old, N: 1}
	}
	band := math.Log1p(row.Tolerance)
	switch {
	case old == new || math.Abs(change) <= band:
		row.Verdict = stats.Same
	case change > 0:
		row.Verdict = stats.Regressed
	default:
		row.Verdict = stats.Improved
	}
	row.Reason = "it does not vary"
	return row.undirected()
}

// undirected takes the verdict back where nobody knows whether more is better.
func (row Row) undirected() Row {
	if units.Better(row.Unit) == 0 && (row.Verdict == stats.Regressed || row.Verdict == stats.Improved) {
		row.Verdict, row.Changed = stats.Unclear, true
		row.Reason = "it changed, and whether more of it is better is not known"
	}
	return row
}
