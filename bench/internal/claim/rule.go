package claim

import (
	"fmt"
	"math"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// rule judges one rule of a claim.
func (j *Judge) rule(c *bench.Claim, r *bench.Rule) Answer {
	a := Answer{Rule: r, Ruling: Unclear}
	if n := j.coresFor(c); n > 0 && n < c.Cores {
		a.Ruling, a.Why = NotTestable, fmt.Sprintf("it takes %d cores, and this run has %d", c.Cores, n)
		return a
	}
	switch r.Quantity.Of {
	case bench.Wrong:
		j.countTrials(&a)
	case bench.Schedules:
		j.countSchedules(&a)
	case bench.Time, bench.Speedup, bench.Metric:
		j.measured(&a)
	default:
		a.Ruling, a.Why = NotTestable, fmt.Sprintf("this program does not know the measure %q", r.Quantity.Of)
	}
	return a
}

// measured judges a rule about a quantity that varies.
func (j *Judge) measured(a *Answer) {
	q := &a.Rule.Quantity
	for _, c := range j.needs(q) {
		if j.lacks(a, c) {
			return
		}
	}
	own, over := j.logs(q)
	log := j.log(q, own, over, stats.Confidence)
	if !log.Known() || math.IsNaN(log.Value) || math.IsInf(log.Value, 0) {
		a.Ruling, a.Why = NotTestable, "what was measured of "+q.Case.Short()+" gives no "+what(q)
		return
	}
	a.Value = log.Exp()
	for _, c := range j.needs(q) {
		if why := j.unsound(c); why != "" {
			a.Why = why
			return
		}
	}
	if !log.Bounded() {
		if a.Why = "a single process has no interval"; log.N > 1 {
			a.Why = "every process gave exactly the same, which gives no interval"
		}
		return
	}
	a.Ruling = decide(a.Rule, j.log(q, own, over, j.confidence))
}

func what(q *bench.Quantity) string {
	if q.Of == bench.Metric {
		return q.Unit
	}
	return string(q.Of)
}

func (j *Judge) unsound(c bench.Case) string {
	if j.weak == nil {
		return ""
	}
	return j.weak(c)
}

// decide asks the verdict function how a quantity, of which the log is given,
// stands to the bound of a rule.
func decide(r *bench.Rule, log stats.Interval) Ruling {
	limit := r.Limit()
	if !(limit > 0) || math.IsInf(limit, 0) {
		return Unclear
	}
	tolerance := 0.0 // it is in the limit
	if r.Is == bench.About {
		tolerance = r.Tolerance
	}
	verdict := stats.Decide(shift(log, -math.Log(limit)), tolerance)
	switch {
	case verdict == stats.Unclear:
		return Unclear
	case r.Is == bench.AtLeast:
		return holdsIf(verdict == stats.Regressed) // which is: larger
	case r.Is == bench.AtMost:
		return holdsIf(verdict == stats.Improved)
	case r.Is == bench.About:
		return holdsIf(verdict == stats.Same)
	}
	return Unclear
}

func holdsIf(yes bool) Ruling {
	if yes {
		return Holds
	}
	return Refuted
}

// countTrials judges a rule about trials with a wrong result. A variant that
// races is measured with its anomalies; any other is void with the first.
func (j *Judge) countTrials(a *Answer) {
	c := a.Rule.Quantity.Case
	var clusters []stats.Cluster
	fork := 0
	for _, m := range j.arms[c] {
		if len(clusters) == 0 || m.Fork != fork {
			clusters = append(clusters, stats.Cluster{})
			fork = m.Fork
		}
		last := &clusters[len(clusters)-1]
		a.N++
		last.N++
		if m.Anomaly != "" {
			a.K++
			last.K++
		}
	}
	if v := j.voids[c.Name()]; v != nil && v.Wrong {
		a.Why, a.K = v.Why, max(a.K, 1)
		a.N = max(a.N, a.K)
		a.Ruling = holdsIf(a.Rule.Is == bench.Some)
		return
	}
	if j.lacks(a, c) {
		return
	}
	a.Value = stats.Clustered(clusters, stats.Confidence)
	a.Ruling = counted(a.Rule, a.K, false)
}

// countSchedules judges a rule about all schedules of a pattern. It is no
// matter of statistics: a schedule that goes wrong is a proof, and an
// exhaustive search without one another.
func (j *Judge) countSchedules(a *Answer) {
	q := &a.Rule.Quantity
	s := j.run.ScheduleOf(q.Pattern, q.Way)
	if s == nil || s.Count == 0 {
		a.Ruling, a.Why = NotTestable, fmt.Sprintf("the schedules of %s %s were not gone through", q.Pattern, q.Way)
		return
	}
	a.K, a.N, a.Witness, a.Outcome = s.Wrong, s.Count, s.Witness, s.Outcome
	part := float64(s.Wrong) / float64(s.Count)
	a.Value = stats.Interval{Value: part, Lo: part, Hi: part, N: 1}
	a.Ruling = counted(a.Rule, s.Wrong, s.Exhaustive)
}

// counted judges a count. One case of it decides. That there is none decides
// only when it is known of all there are, or when the rule says no more than
// that none was seen: a result that is checked each time and always right is
// all that a measurement can say. That something which is claimed to happen was
// not seen refutes nothing.
func counted(r *bench.Rule, k uint64, exhaustive bool) Ruling {
	switch {
	case k > 0:
		return holdsIf(r.Is == bench.Some)
	case r.Is == bench.None:
		return Holds
	case exhaustive:
		return Refuted
	}
	return Unclear
}
