package gate

import (
	"fmt"
	"math"
	"slices"

	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/units"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// constant reports whether a series has one value only.
func (s *series) constant() bool {
	return !slices.ContainsFunc(s.values, func(v float64) bool { return v != s.values[0] })
}

// figure writes a value in the unit of the file.
func (s *series) figure(tidy float64) string { return figure(tidy*s.scale) + " " + s.shown }

// counted reports whether the pair is compared without statistics: counts of
// which neither side varies, and whatever the file declares to be exact.
func (p *pair) counted() bool {
	return p.declared || !clocked(p.old.unit) && p.old.unit != speedupUnit && p.old.constant() && p.new.constant()
}

// clocked reports whether the testing package takes a unit from the clock, so
// that no two samples agree to the last digit. A rate that a benchmark reports
// itself may well be exact.
func clocked(unit string) bool { return unit == "sec/op" || unit == "B/s" }

// leastSides is how many samples a side needs so that chance does not put all
// zeros on one side: of 12 that are alike, in 1 of 462 ways.
const leastSides = 6

// sides reports whether a count is zero in every sample of one side and in none
// of the other, in so many of each that no chance does that. There is no ratio
// then, and none is needed.
func (p *pair) sides() bool {
	if units.Timed(p.old.unit) || min(len(p.old.values), len(p.new.values)) < leastSides {
		return false
	}
	zero := func(s *series) bool { return s.constant() && s.values[0] == 0 }
	above := func(s *series) bool { return slices.Min(s.values) > 0 }
	return zero(p.old) && above(p.new) || above(p.old) && zero(p.new)
}

// statistical reports whether the pair is one of those that share the level.
func (p *pair) statistical() bool { return p.better != 0 && !p.counted() && !p.sides() }

// judge answers the question to one pair.
func (c *Comparison) judge(p *pair, confidence float64, machine string) Result {
	r := Result{Rule: p.rule, Unit: "%", File: c.New.Name, Meant: c.New.Name + " is the old file from now on"}
	if p.better == 0 {
		r.Outcome, r.Unit = Skipped, ""
		r.Reason = fmt.Sprintf("nothing says whether more or less of it is better: add a line to the file, Unit %s better=higher, or lower", p.old.shown)
		return r
	}
	allowed := c.Tolerance
	switch {
	case p.exact && p.counted():
		allowed = 0
	case units.Timed(p.old.unit) && !p.counted():
		allowed += c.Drift
	}
	r.Bound = p.bound(allowed)
	switch why := p.unusable(); {
	case why != "":
		r.Reason = why
	case machine != "" && units.Timed(p.old.unit) && !p.counted():
		r.Reason = machine
	case p.counted():
		p.count(&r, allowed)
	case p.sides():
		p.appear(&r)
	default:
		p.estimate(&r, allowed, confidence)
		if p.old.unit == speedupUnit && r.Outcome == Fail {
			c.blameBaseline(&r, p)
		}
	}
	return r
}

// bound writes what is asked. What may become worse by a part, be it a time or
// a throughput, may cost 1+part times as much.
func (p *pair) bound(allowed float64) string {
	if p.better > 0 {
		return fmt.Sprintf("change >= %.3g %%", 100*(1/(1+allowed)-1))
	}
	return fmt.Sprintf("change <= %.3g %%", 100*allowed)
}

// unusable says why a pair cannot be judged, "" if it can.
func (p *pair) unusable() string {
	for _, s := range []*series{p.old, p.new} {
		if s.unsure != "" {
			return s.unsure
		}
	}
	least := stats.LeastUnpaired
	if p.counted() {
		least = 2 // to see that it does not vary
		if p.declared {
			least = 1
		}
	}
	if p.sides() {
		return ""
	}
	if a, b := len(p.old.values), len(p.new.values); min(a, b) < least {
		return fmt.Sprintf("too few samples: %d and %d, at least %d on each side are needed, and 10 are usual (%s 10)", a, b, least, p.more())
	}
	all := slices.Concat(p.old.values, p.new.values)
	switch {
	case slices.ContainsFunc(all, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) || units.Timed(p.old.unit) && v <= 0 }):
		return "some values are impossible, see above"
	case p.counted():
		return ""
	case slices.Min(all) <= 0:
		return "some values are zero or negative and others are not, so that there is no ratio: measure for longer (-benchtime), until they agree"
	case p.old.constant() && p.new.constant():
		return "all samples of a side are exactly the same, which times never are: the clock is too coarse, or lines were copied"
	}
	return ""
}

// count compares values that do not vary.
func (p *pair) count(r *Result, allowed float64) {
	old, new := p.old.values[0], p.new.values[0]
	if !p.old.constant() || !p.new.constant() { // declared to be exact
		r.Reason = "it is declared to be exact, and differs between samples of one side"
		return
	}
	r.Estimate = exactly(old, new, p)
	if r.Estimate.Known() && old == 0 {
		r.Unit = p.old.shown
	}
	worse := new > old*(1+allowed)
	if p.better > 0 {
		worse = new < old/(1+allowed)
	}
	if old < 0 || new < 0 {
		r.Reason = "negative counts have no ratio"
		return
	}
	if r.Outcome = Pass; worse {
		r.Outcome = Fail
		r.Reason = fmt.Sprintf("%s before, %s now, in every sample", p.old.figure(old), p.new.figure(new))
	}
}

// appear judges a count that one side has and the other has not.
func (p *pair) appear(r *Result) {
	span := func(s *series) string {
		if s.constant() {
			return s.figure(s.values[0])
		}
		return fmt.Sprintf("from %s to %s", figure(slices.Min(s.values)*s.scale), s.figure(slices.Max(s.values)))
	}
	if grew := p.old.constant() && p.old.values[0] == 0; grew == (p.better > 0) {
		r.Outcome = Pass
		return
	}
	r.Outcome = Fail
	r.Reason = fmt.Sprintf("%s before, %s now, in every sample", span(p.old), span(p.new))
}

// exactly is the change of a count in per cent, or its new value where it was
// zero before.
func exactly(old, new float64, p *pair) stats.Interval {
	n := min(len(p.old.values), len(p.new.values))
	x := 100 * (new/old - 1)
	if old == 0 {
		x = new * p.new.scale
	}
	return stats.Interval{Value: x, Lo: x, Hi: x, N: n}
}

// estimate judges the interval of the change.
func (p *pair) estimate(r *Result, allowed, confidence float64) {
	old, new := p.logs()
	r.Estimate = percentChange(stats.Welch(new, old, stats.Confidence))
	// A throughput is better high: what it costs is the other way round.
	beyond := func(confidence float64) stats.Interval {
		cost, band := stats.Welch(new, old, confidence), math.Log1p(allowed)
		if p.better > 0 {
			cost.Value, cost.Lo, cost.Hi = -cost.Value, -cost.Hi, -cost.Lo
		}
		return stats.Interval{Value: cost.Value - band, Lo: cost.Lo - band, Hi: cost.Hi - band, N: cost.N}
	}
	v, at := verdict.Subject{OneSided: true}.Look(beyond, 1-confidence)
	shown := percentChange(stats.Welch(new, old, confidence))
	span := fmt.Sprintf("the interval from %+.3g %% to %+.3g %% at the level of the verdict", shown.Lo, shown.Hi)
	switch v {
	case stats.Regressed:
		r.Outcome = Fail
		r.Reason = fmt.Sprintf("%s before, %s now: %s is beyond the bound", p.old.figure(geometric(old)), p.new.figure(geometric(new)), span)
	case stats.Improved:
		r.Outcome = Pass
	default:
		r.Reason = span + " contains the bound: " + p.needs(new, old, at.Value, confidence)
	}
}

func geometric(logs []float64) float64 {
	sum := 0.0
	for _, x := range logs {
		sum += x
	}
	return math.Exp(sum / float64(len(logs)))
}

// more is the flag that makes more samples.
func (p *pair) more() string {
	if p.ours {
		return "-forks"
	}
	return "-count"
}

// needs says how many samples would probably decide what is beyond the bound by
// so much, as a logarithm.
func (p *pair) needs(new, old []float64, beyond, confidence float64) string {
	if beyond < 0 {
		confidence = 1 - 2*verdict.DefaultSame
	}
	n := stats.WelchNeeds(new, old, math.Abs(beyond), confidence)
	if n == 0 {
		return "no number of samples is likely to decide, the change is too near to it"
	}
	n = max(n, min(len(new), len(old))+1)
	return fmt.Sprintf("about %d samples on each side would decide (%s %d)", n, p.more(), n)
}

// blameBaseline takes back that a speedup fell where its baseline became
// faster: every speedup over it falls then, and nothing is slower.
func (c *Comparison) blameBaseline(r *Result, p *pair) {
	old, new := c.Old.time(p.old.base), c.New.time(p.new.base)
	if old == nil || new == nil {
		return
	}
	if ratio := geometric(logs(new.values)) / geometric(logs(old.values)); ratio*(1+c.Tolerance) < 1 {
		r.Outcome = Undecided
		r.Reason = fmt.Sprintf("it fell, but the baseline %s takes %+.3g %% of time, which lowers every speedup over it: see the case's own time", p.new.base.name, 100*(ratio-1))
	}
}

// time returns the times of a benchmark, nil if there are none.
func (f *BenchFile) time(n benchName) *series {
	if b := f.known[n]; b != nil {
		return b.in("sec/op")
	}
	return nil
}
