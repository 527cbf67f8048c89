package claim

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// An arm is what was measured of one case.
type arm []*record.Measurement

func newArms(ms []record.Measurement) map[bench.Case]arm {
	arms := make(map[bench.Case]arm)
	for i := range ms {
		arms[ms[i].Case] = append(arms[ms[i].Case], &ms[i])
	}
	return arms
}

// times are those of the operations.
func (a arm) times() []stats.Sample {
	samples := make([]stats.Sample, len(a))
	for i, m := range a {
		samples[i] = stats.Sample{Fork: m.Fork, Round: m.Round, Value: m.PerOp()}
	}
	return samples
}

// metric are the values of a metric. Not positive ones are left out: levels are
// geometric means.
func (a arm) metric(unit string) []stats.Sample {
	var samples []stats.Sample
	for _, m := range a {
		if v := m.Metrics[unit]; v > 0 {
			samples = append(samples, stats.Sample{Fork: m.Fork, Round: m.Round, Value: v})
		}
	}
	return samples
}

// coresFor returns how many cores the cases of a claim can have at most: those
// that the machine has, or that a quota leaves. It is 0 if nobody knows.
func (j *Judge) coresFor(c *bench.Claim) int {
	most := 0
	for i := range c.Rules {
		for _, at := range c.Rules[i].Quantity.Cases() {
			most = max(most, at.Procs)
		}
	}
	cpus, err := strconv.Atoi(j.run.Setting("cpus"))
	if err != nil {
		return most
	}
	return min(cpus, most)
}

// base returns the case that the speedup of a case is over: the baseline at as
// many workers, or its only case. ok is false when there is none.
func (j *Judge) base(c bench.Case) (base bench.Case, ok bool) {
	s := j.run.Scenario(c.Scenario)
	if s == nil || len(s.Variants) == 0 {
		return base, false
	}
	b := s.Variants[0]
	c.Variant = b.Name
	switch {
	case slices.Contains(b.Workers, c.Workers):
	case len(b.Workers) == 1:
		c.Workers = b.Workers[0]
	default:
		return base, false
	}
	return c, true
}

// needs returns the cases that a quantity is made of.
func (j *Judge) needs(q *bench.Quantity) []bench.Case {
	cases := q.Cases()
	if q.Of != bench.Speedup {
		return cases
	}
	for _, c := range q.Cases() {
		if base, ok := j.base(c); ok {
			cases = append(cases, base)
		}
	}
	return cases
}

// lacks reports whether a case has no measurements, and if so says in the answer
// why the rule cannot be tested.
func (j *Judge) lacks(a *Answer, c bench.Case) bool {
	switch v := j.voids[c.Name()]; {
	case v != nil:
		a.Why = fmt.Sprintf("%s is void: %s", c.Short(), v.Why)
	case len(j.arms[c]) > 0:
		return false
	default:
		a.Why, a.Missing = c.Short()+" was not measured", true
		for _, o := range j.run.Omitted {
			if o.Case == c.Name() {
				a.Why, a.Missing = a.Why+" ("+o.Why+")", false
			}
		}
	}
	a.Ruling = NotTestable
	return true
}

// logs returns the estimates of the log of a quantity, one for each process.
// For a quantity over that of another, they are the pairs where both cases
// share their rounds, and otherwise two sets.
func (j *Judge) logs(q *bench.Quantity) (own, over []float64) {
	paired := func(num, den []stats.Sample) []float64 { return stats.Logs(stats.Rounds(den, num), stats.PairMedian) }
	switch q.Of {
	case bench.Time:
		num, den := j.arms[q.Case].times(), j.arms[q.Over].times()
		if sameForks(q.Case, q.Over) {
			return paired(num, den), nil
		}
		return byFork(num), byFork(den)
	case bench.Metric:
		num := j.arms[q.Case].metric(q.Unit)
		if q.Over == (bench.Case{}) {
			return byFork(num), nil
		}
		den := j.arms[q.Over].metric(q.Unit)
		if sameForks(q.Case, q.Over) {
			return paired(num, den), nil
		}
		return byFork(num), byFork(den)
	case bench.Speedup:
		speedup := func(c bench.Case) []float64 {
			base, ok := j.base(c)
			if !ok {
				return nil
			}
			return paired(j.arms[base].times(), j.arms[c].times())
		}
		if own = speedup(q.Case); q.Over != (bench.Case{}) {
			over = speedup(q.Over)
		}
	}
	return own, over
}

// sameForks reports whether two cases are measured in the same processes.
func sameForks(a, b bench.Case) bool {
	return a.Scenario == b.Scenario && a.Params == b.Params && a.Procs == b.Procs
}

// byFork returns the log of the median of each process.
func byFork(samples []stats.Sample) []float64 {
	groups := make(map[int][]float64)
	var order []int
	for _, s := range samples {
		if groups[s.Fork] == nil {
			order = append(order, s.Fork)
		}
		groups[s.Fork] = append(groups[s.Fork], math.Log(s.Value))
	}
	var logs []float64
	for _, fork := range order {
		logs = append(logs, stats.Median(groups[fork]))
	}
	return logs
}

// log returns the interval of the log of a quantity.
func (j *Judge) log(q *bench.Quantity, own, over []float64, confidence float64) stats.Interval {
	var log stats.Interval
	if q.Over != (bench.Case{}) && over != nil {
		log = stats.Welch(own, over, confidence)
	} else {
		log = stats.Mean(own, confidence)
	}
	if q.PerCore {
		log = shift(log, -math.Log(float64(cmp.Or(q.Case.Procs, 1))))
	}
	return log
}

// shift adds to an interval.
func shift(i stats.Interval, by float64) stats.Interval {
	if !i.Known() {
		return i
	}
	return stats.Interval{Value: i.Value + by, Lo: i.Lo + by, Hi: i.Hi + by, N: i.N}
}
