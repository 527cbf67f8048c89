package revision

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/units"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// Rules say what counts as a change.
type Rules struct {
	Level     float64             // the chance of any false alarm in the whole comparison
	Tolerance func(*Pair) float64 // the change that does not matter
	General   float64             // the tolerance for the mean of all
}

// timeShare is the part of the level that the times get, by the plan of package
// verdict; the other metrics share the rest by a union bound, which holds
// whatever they have to do with each other.
const timeShare = 0.8

// A Row is the verdict on one pair in one unit.
type Row struct {
	*Pair
	Unit       string  // "ns/op" or a metric
	Base, Head float64 // levels: geometric means over forks of medians
	Change     stats.Interval
	Verdict    stats.Verdict
	Changed    bool   // by more than the tolerance, in a unit whose better direction is not known
	Uncertain  bool   // a metric that is better low, or high, and may be worse for all that is known
	Layout     bool   // a change that is gone when the functions lie in another order
	Exact      bool   // no value varies, so that there is no interval
	Reason     string // in words
	Level      float64
	More       float64 // further forks that would probably decide
	Tolerance  float64
}

// TimeUnit is the unit of the times of benchmarks.
const TimeUnit = "ns/op"

// watched returns the plan of verdicts over the times of all pairs.
func (c *Comparison) watched(r Rules) *verdict.Watch {
	subjects := make([]verdict.Subject, len(c.Pairs))
	for i, p := range c.Pairs {
		subjects[i] = verdict.Subject{Tolerance: r.Tolerance(p), Group: int(p.Design)}
	}
	c.watch = verdict.New(verdict.Plan{Level: timeShare * r.Level, Layouts: c.trees != nil && c.trees.Layouts > 1}, subjects)
	return c.watch
}

// estimate returns the log ratio of head to base in one fork.
func (p *Pair) estimate(fork int) (log float64, ok bool) {
	of := func(side int) []stats.Sample {
		return slices.DeleteFunc(p.samples(side, ""), func(s stats.Sample) bool { return s.Fork != fork })
	}
	logs := stats.Logs(stats.Rounds(of(base), of(head)), p.estimator(""))
	if len(logs) == 0 {
		return 0, false
	}
	return logs[0], true
}

// logs returns one log ratio of head to base for each fork.
func (p *Pair) logs(unit string) []float64 {
	return stats.Logs(stats.Rounds(p.samples(base, unit), p.samples(head, unit)), p.estimator(unit))
}

// estimator chooses how the slices of a fork become one estimate, by what is
// known before measuring. What meets a single goroutine only ever adds time, and
// on a shared core both sides meet the same of it. In turn a slice is as near to
// that of the round before as to its own. Where a slice holds some cycles of the
// collector, a few rounds have one more on one side: their median would hide it.
func (p *Pair) estimator(unit string) stats.Estimator {
	switch {
	case unit == "" && p.spread > 0:
		return stats.PairMean
	case unit == "" && p.Design == SharedCore && p.Rounds >= stats.ManyRounds:
		return stats.OwnFastest
	case unit != "" || p.Design == SharedCore:
		return stats.PairMedian
	}
	return stats.AllRatios
}

// Judge gives the verdicts on all pairs that were measured: first on their
// times, by effect, the slowest first, then on metrics.
func (c *Comparison) Judge(r Rules) []Row {
	if c.watch == nil {
		c.replay(r)
	}
	rulings := c.watch.Final()
	floor := c.Control().Floor
	var rows []Row
	level := c.metricLevel(r)
	for i, p := range c.Pairs {
		if p.Problem != "" || len(p.Slices) == 0 || p.Control {
			continue
		}
		rows = append(rows, p.row(rulings[i], r, floor))
		for _, unit := range p.units {
			if p.follows(unit) {
				continue // it says what the time says
			}
			row := p.metricRow(unit, level, r.Tolerance(p))
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
		return cmp.Compare(b.Change.Value, a.Change.Value)
	})
	return rows
}

// replay makes the plan of verdicts of slices that are there already.
func (c *Comparison) replay(r Rules) {
	watch := c.watched(r)
	for i, p := range c.Pairs {
		for n := 1; n <= p.Forks; n++ {
			if log, ok := p.estimate(n); ok {
				watch.Add(i, verdict.Fork{Log: log, Layout: p.layoutOf(n)})
			}
		}
	}
}

func (p *Pair) layoutOf(fork int) int {
	for i := range p.Slices {
		if p.Slices[i].Fork == fork {
			return p.Slices[i].Layout
		}
	}
	return 0
}

// row makes the row of the time of a pair. floor is the log ratio below which
// nothing was found.
func (p *Pair) row(ruling verdict.Ruling, r Rules, floor float64) Row {
	row := Row{
		Pair: p, Unit: TimeUnit, Level: r.Level, Tolerance: r.Tolerance(p),
		Change: ruling.Estimate.Exp(), Verdict: ruling.Verdict, Reason: ruling.Reason, More: ruling.More, Layout: ruling.Layout,
	}
	row.Base = p.unshared()
	row.Head = row.Base * row.Change.Value
	if p.Design != SharedCore {
		row.Head = p.level(p.samples(head, ""), "")
	}
	unclear := func(format string, args ...any) {
		row.Verdict, row.Reason, row.More = stats.Unclear, fmt.Sprintf(format, args...), math.Inf(1)
	}
	if found := row.Verdict == stats.Regressed || row.Verdict == stats.Improved; found && math.Abs(ruling.Estimate.Value) < floor {
		unclear("smaller than what two processes of the same binary differed by in this run (%s)", stats.Change(math.Exp(floor)))
	}
	if stolen := p.Stolen(); stolen > heavySteal && p.Design != SharedCore {
		unclear("the host took %.0f%% of the processor time while it was measured: measure again when it is quieter", 100*stolen)
	}
	if p.Doubt != "" && !p.beyondDoubt(row.Verdict, ruling.Log, math.Log1p(row.Tolerance)) {
		unclear("%s", p.Doubt)
	}
	return row
}

// beyondDoubt reports whether a verdict holds whatever slices and an ordinary run
// differ by: a change is larger, or the tolerance is.
func (p *Pair) beyondDoubt(v stats.Verdict, log stats.Interval, band float64) bool {
	switch v {
	case stats.Regressed:
		return p.Off > 0 && log.Lo-p.Off > band
	case stats.Improved:
		return p.Off > 0 && log.Hi+p.Off < -band
	case stats.Same:
		return p.Off > 0 && log.Lo-p.Off > -band && log.Hi+p.Off < band
	}
	return false
}

// metricRow judges one pair in the unit of a metric.
func (p *Pair) metricRow(unit string, level, tolerance float64) Row {
	old, new := p.samples(base, unit), p.samples(head, unit)
	row := Row{Pair: p, Unit: unit, Level: level, Tolerance: tolerance}
	logs := p.logs(unit)
	if len(logs) == 0 {
		switch row.Reason = "it was not reported on both sides"; {
		case len(old) == 0 && len(new) > 0:
			row.Reason = "only head reported it while it was measured"
		case len(new) == 0 && len(old) > 0:
			row.Reason = "only base reported it while it was measured"
		}
		return row
	}
	if judged, ok := p.metric(row, old, new, logs); ok {
		return judged
	}
	row.Base, row.Head = p.level(old, unit), p.level(new, unit)
	row.Change = stats.Mean(logs, stats.Confidence).Exp()
	if units.Better(row.Unit) > 0 {
		for i := range logs {
			logs[i] = -logs[i]
		}
	}
	ruling := verdict.Once(logs, tolerance, level)
	row.Verdict, row.Reason, row.More = ruling.Verdict, ruling.Reason, ruling.More
	return row.undirected()
}

func (c *Comparison) metricLevel(r Rules) float64 {
	n := 0
	for _, p := range c.Pairs {
		n += len(p.units)
	}
	return (1 - timeShare) * r.Level / float64(max(n, 1))
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

// level is what a side takes, or reports: over forks the geometric mean of their
// medians.
func (p *Pair) level(samples []stats.Sample, unit string) float64 {
	if positive(samples) {
		return stats.Level(samples, stats.Confidence).Value
	}
	var values []float64
	for _, s := range samples {
		values = append(values, s.Value)
	}
	return stats.Median(values)
}
