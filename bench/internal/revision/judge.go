package revision

import (
	"fmt"
	"math"
	"slices"

	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/units"
)

// Rules say what counts as a change.
type Rules struct {
	Level     float64             // the chance of any false verdict in the whole comparison
	Tolerance func(*Pair) float64 // the change that does not matter
}

// timeShare is the part of the level that the times get; the other metrics
// share the rest. Union bounds make the level hold for all verdicts together
// whatever they have to do with each other, and whenever each of them is
// reached, which Holm's method does not.
const timeShare = 0.8

// A Row is the verdict on one pair in one unit.
type Row struct {
	*Pair
	Unit       string  // "ns/op" or a metric
	Base, Head float64 // levels: geometric means over forks of medians
	Change     stats.Interval
	Verdict    stats.Verdict
	Changed    bool   // by more than the tolerance, in a unit of which nobody knows whether more is better
	Uncertain  bool   // a metric that is better low, or high, and may be worse for all that is known
	Exact      bool   // no value varies, so that there is no interval
	Reason     string // in words
	Level      float64
	More       float64 // further forks that would probably decide
	Tolerance  float64
}

// TimeUnit is the unit of the times of benchmarks.
const TimeUnit = "ns/op"

// Decided reports whether a pair's time needs no more forks.
func (c *Comparison) Decided(p *Pair, r Rules) bool {
	logs := p.logs(variantOld, variantNew, "")
	if n := len(logs); n == p.judgedAt {
		return p.decided
	} else if p.judgedAt = n; stats.IsLook(n) {
		test := stats.Test{Tolerance: r.Tolerance(p), Level: c.timeLevel(r), Kinds: p.layouts()}
		p.decided = test.Judge(logs, false).Verdict != stats.Unclear || n >= stats.LastLook
	}
	return p.decided
}

func (c *Comparison) timeLevel(r Rules) float64 {
	return timeShare * r.Level / float64(max(len(c.Pairs), 1))
}

func (c *Comparison) metricLevel(r Rules) float64 {
	n := 0
	for _, p := range c.Pairs {
		n += len(p.units)
	}
	return (1 - timeShare) * r.Level / float64(max(n, 1))
}

// samples returns what was measured of a variant in a unit; "" is time.
func (p *Pair) samples(variant, unit string) []stats.Sample {
	var samples []stats.Sample
	for i := range p.Measurements {
		m := &p.Measurements[i]
		if m.Case.Variant != variant {
			continue
		}
		value, ok := m.PerOp(), true
		if unit != "" {
			value, ok = m.Metrics[unit]
		}
		if ok {
			samples = append(samples, stats.Sample{Fork: m.Fork, Round: m.Round, Value: value})
		}
	}
	return samples
}

// logs returns one log ratio of new to old for each fork.
func (p *Pair) logs(old, new, unit string) []float64 {
	return stats.Logs(stats.Rounds(p.samples(old, unit), p.samples(new, unit)), p.estimator(unit))
}

// estimator chooses how the slices of a fork become one estimate, by what is
// known before measuring: the kind of work and the number of slices.
func (p *Pair) estimator(unit string) stats.Estimator {
	switch {
	case unit != "":
		return stats.PairMedian
	case p.Alone && p.Rounds >= stats.ManyRounds:
		return stats.OwnMinima
	}
	return stats.AllRatios // the rounds of a fork take less than half a second
}

// Judge gives the verdicts on all pairs that were measured: first on their
// times, by effect, the slowest first, then on metrics.
func (c *Comparison) Judge(r Rules) []Row {
	var rows []Row
	floor := c.Control().Floor
	for _, p := range c.Pairs {
		if p.Problem != "" || len(p.Measurements) == 0 {
			continue
		}
		rows = append(rows, p.row("", c.timeLevel(r), r.Tolerance(p), floor))
		for _, unit := range p.units {
			row := p.row(unit, c.metricLevel(r), r.Tolerance(p), 0)
			row.Uncertain = p.uncertain(&row)
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		if time := a.Unit == TimeUnit; time != (b.Unit == TimeUnit) {
			if time {
				return -1
			}
			return 1
		}
		return compareDown(a.Change.Value, b.Change.Value)
	})
	return rows
}

func compareDown(a, b float64) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}

// row judges one pair in one unit. floor is the log ratio below which nothing
// was found.
func (p *Pair) row(unit string, level, tolerance, floor float64) Row {
	old, new := p.samples(variantOld, unit), p.samples(variantNew, unit)
	row := Row{Pair: p, Unit: unit, Level: level, Tolerance: tolerance}
	if unit == "" {
		row.Unit = TimeUnit
	}
	logs := p.logs(variantOld, variantNew, unit)
	if len(logs) == 0 {
		switch row.Reason = "it was not reported on both sides"; {
		case len(old) == 0 && len(new) > 0:
			row.Reason = "only head reported it while it was measured"
		case len(new) == 0 && len(old) > 0:
			row.Reason = "only base reported it while it was measured"
		}
		return row
	}
	if unit != "" {
		if judged, ok := p.metric(row, old, new, logs); ok {
			return judged
		}
	}
	row.Base, row.Head = p.level(old, unit), p.level(new, unit)
	row.Change = stats.Mean(stats.Fold(logs, p.layouts()), stats.Confidence).Exp()
	if units.Better(row.Unit) > 0 {
		for i := range logs {
			logs[i] = -logs[i]
		}
	}
	j := stats.Test{Tolerance: tolerance, Level: level, Kinds: p.layouts()}.Judge(logs, true)
	row.Verdict, row.Reason, row.More = j.Verdict, j.Reason, j.More
	if found := j.Verdict == stats.Regressed || j.Verdict == stats.Improved; found && math.Abs(j.Log.Value) < floor {
		row.Verdict = stats.Unclear
		row.Reason = fmt.Sprintf("smaller than what two processes of the same binary differed by in this run (%s)", stats.Change(math.Exp(floor)))
	}
	if stolen := p.Stolen(); unit == "" && stolen > heavySteal {
		row.Verdict = stats.Unclear
		row.Reason = fmt.Sprintf("the host took %.0f %% of the processor time while it was measured: measure again when it is quieter", 100*stolen)
	}
	return row.undirected()
}

// heavySteal is the part of processor time that the host may take until times
// say more about the host than about the program.
const heavySteal = 0.25

// Stolen returns the part of processor time that the host gave to others while
// the pair was measured, 0 where it does not say.
func (p *Pair) Stolen() float64 {
	if p.processor <= 0 {
		return 0
	}
	return float64(p.stolen) / float64(p.processor)
}

// level is what an arm takes by the pair's estimator: over forks the geometric
// mean of their medians, or of their fastest slices.
func (p *Pair) level(samples []stats.Sample, unit string) float64 {
	if !positive(samples) {
		var values []float64
		for _, s := range samples {
			values = append(values, s.Value)
		}
		return stats.Median(values)
	}
	if p.estimator(unit).Name != stats.OwnMinima.Name {
		return stats.Level(samples, stats.Confidence).Value
	}
	fastest := make(map[int]float64)
	for _, s := range samples {
		if v, ok := fastest[s.Fork]; !ok || s.Value < v {
			fastest[s.Fork] = s.Value
		}
	}
	sum := 0.0
	for _, v := range fastest {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(fastest)))
}
