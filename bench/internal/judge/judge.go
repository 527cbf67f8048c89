// Package judge feeds the plan of verdicts (package verdict) from the events of
// a run: it stands between the engine, which knows no statistics, and the plan,
// which knows no cases. It says which cases have been measured enough.
package judge

import (
	"math"
	"slices"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// A Comparison is a question about two cases of one block: does New take longer
// than Old?
type Comparison struct {
	Old, New  bench.Case
	Unit      string  // what is compared: a metric of the trials; "" is their time
	Tolerance float64 // the change that does not matter

	// Against, if not 0, asks for a bound instead: that the ratio
	// time(New)/time(Old) is at most Against, or at least. It is kept where the
	// verdict is Improved, and broken where it is Regressed.
	Against float64
	AtLeast bool

	Suspected bool // an earlier watch found it: see verdict.Subject
}

// logs returns one log ratio for each fork that has both cases.
func (w *Watch) logs(c *Comparison) []float64 {
	pairs := stats.Rounds(w.samples[series{c.Old, c.Unit}], w.samples[series{c.New, c.Unit}])
	return stats.Logs(pairs, w.estimator(c, pairs))
}

// cost returns how much a log ratio is on the wrong side of what is asked.
func (c *Comparison) cost(log float64) float64 {
	if c.Against > 0 {
		log -= math.Log(c.Against)
	}
	if c.AtLeast {
		log = -log
	}
	return log
}

// garbage is how many bytes a trial may allocate before the collector has a
// part in its time.
const garbage = 1 << 20

// estimator chooses how the rounds of a fork become one estimate, never by the
// times themselves: by the kind of work, by whether its first trials allocate,
// and by the planned number of rounds. Where not every trial holds a cycle of
// the collector, the fastest are those that it happened to leave alone, which is
// luck and not the work.
func (w *Watch) estimator(c *Comparison, pairs []stats.Paired) stats.Estimator {
	single := c.Unit == "" && c.Old.Workers == 1 && c.New.Workers == 1
	alike := w.alike[c.Old] && w.alike[c.New]
	if single && alike && len(pairs) > 0 && len(pairs[0].Old) >= stats.ManyRounds {
		return stats.OwnMinima
	}
	return stats.PairMedian
}

// A series is what is measured of a case in one unit.
type series struct {
	bench.Case
	unit string
}

// A Watch rules on comparisons while they are measured.
type Watch struct {
	comparisons []Comparison
	plan        *verdict.Watch
	screening   bool
	forks       []int // of each comparison, that the plan has
	samples     map[series][]stats.Sample
	alike       map[bench.Case]bool // the first trial made no garbage to speak of, or had it collected
	wanted      map[string]bool     // units other than time
}

// NewWatch returns a watch over comparisons.
func NewWatch(plan verdict.Plan, comparisons []Comparison) *Watch {
	subjects := make([]verdict.Subject, len(comparisons))
	w := &Watch{
		comparisons: comparisons, forks: make([]int, len(comparisons)),
		samples: make(map[series][]stats.Sample), alike: make(map[bench.Case]bool), wanted: make(map[string]bool),
	}
	for i, c := range comparisons {
		subjects[i] = verdict.Subject{Tolerance: c.Tolerance, OneSided: c.Against > 0, Suspected: c.Suspected, Group: min(c.Old.Workers*c.New.Workers, 2)}
		if c.Unit != "" {
			w.wanted[c.Unit] = true
		}
	}
	w.plan = verdict.New(plan, subjects)
	return w
}

// Screen makes a suspect need no more forks: another watch, over fresh processes
// of a later time, will confirm it.
func (w *Watch) Screen() { w.screening = true }

// Take takes up an event of the run. A case that is void settles what needs it.
func (w *Watch) Take(e record.Event) {
	switch {
	case e.Measurement != nil:
		m := e.Measurement
		if _, known := w.alike[m.Case]; !known {
			w.alike[m.Case] = m.Metrics["B/op"]*float64(m.Ops) < garbage || m.Metrics["gc-cycles"] >= 1
		}
		add := func(unit string, value float64) {
			k := series{m.Case, unit}
			w.samples[k] = append(w.samples[k], stats.Sample{Fork: m.Fork, Round: m.Round, Value: value})
		}
		add("", m.PerOp())
		for unit := range w.wanted {
			if v, ok := m.Metrics[unit]; ok {
				add(unit, v)
			}
		}
	case e.Fork != nil && e.Fork.Void != "":
		for k, all := range w.samples {
			if k.Scenario == e.Fork.Scenario && k.Params == e.Fork.Params && k.Procs == e.Fork.Procs {
				w.samples[k] = without(all, e.Fork.Fork)
			}
		}
	case e.Void != nil:
		for i, c := range w.comparisons {
			if c.Old.Name() == e.Void.Case || c.New.Name() == e.Void.Case {
				w.plan.Void(i, e.Void.Case+" is void: "+e.Void.Why)
			}
		}
	}
}

// without returns the samples of all forks but one.
func without(samples []stats.Sample, fork int) []stats.Sample {
	return slices.DeleteFunc(samples, func(s stats.Sample) bool { return s.Fork == fork })
}

// Done reports whether every comparison that needs a case is settled: a
// baseline stays as long as anything is compared with it. A case that nothing
// asks about is done.
func (w *Watch) Done(c bench.Case) bool {
	for i := range w.comparisons {
		q := &w.comparisons[i]
		if (q.Old == c || q.New == c) && !w.settled(i) {
			return false
		}
	}
	return true
}

// settled reports whether a comparison needs no more forks.
func (w *Watch) settled(i int) bool {
	w.feed(i)
	return w.plan.Done(i) || w.screening && w.plan.Suspect(i)
}

// feed gives the plan the forks of a comparison that it does not know.
func (w *Watch) feed(i int) {
	c := &w.comparisons[i]
	logs := w.logs(c)
	for ; w.forks[i] < len(logs); w.forks[i]++ {
		w.plan.Add(i, verdict.Fork{Log: c.cost(logs[w.forks[i]])})
	}
}

// Final returns the ruling on each comparison when nothing more will be
// measured.
func (w *Watch) Final() []verdict.Ruling {
	for i := range w.comparisons {
		w.feed(i)
	}
	return w.plan.Final()
}

// Ratio returns an interval of the ruling on a comparison as one of the ratio
// time(New)/time(Old).
func (w *Watch) Ratio(i int, log stats.Interval) stats.Interval {
	c := &w.comparisons[i]
	if c.AtLeast {
		log.Value, log.Lo, log.Hi = -log.Value, -log.Hi, -log.Lo
	}
	if c.Against > 0 {
		by := math.Log(c.Against)
		log.Value, log.Lo, log.Hi = log.Value+by, log.Lo+by, log.Hi+by
	}
	return log.Exp()
}

// Estimate returns the ratio time(New)/time(Old) of a comparison with its
// interval at a confidence of one's own, over all that was measured.
func (w *Watch) Estimate(i int, confidence float64) stats.Interval {
	return stats.Mean(w.logs(&w.comparisons[i]), confidence).Exp()
}

// Rounds returns what was measured of a comparison, by fork.
func (w *Watch) Rounds(i int) []stats.Paired {
	c := &w.comparisons[i]
	return stats.Rounds(w.samples[series{c.Old, c.Unit}], w.samples[series{c.New, c.Unit}])
}
