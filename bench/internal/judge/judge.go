// Package judge watches measurements as they are made and says which cases
// have been measured enough: it stands between the engine, which knows no
// statistics, and the statistics, which know no cases. What run, check, diff
// and calibrate decide while they measure, they decide here.
package judge

import (
	"math"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A Comparison is a question about two cases of one block: does New take longer
// than Old? With Against it is whether the ratio of their times is above
// Against.
type Comparison struct {
	Old, New bench.Case
	Against  float64 // the ratio time(New)/time(Old) that counts as no change; 0 means 1
	Unit     string  // what is compared: a metric of the trials; "" is their time
	Test     stats.Test
}

// logs returns one estimate for each fork that has both cases.
func (c *Comparison) logs(samples map[series][]stats.Sample) []float64 {
	pairs := stats.Rounds(samples[series{c.Old, c.Unit}], samples[series{c.New, c.Unit}])
	logs := stats.Logs(pairs, c.estimator(pairs))
	if c.Against > 0 {
		for i := range logs {
			logs[i] -= math.Log(c.Against)
		}
	}
	return logs
}

// estimator chooses how the rounds of a fork become one estimate, by what is
// known before anything is measured, never by the times: by the kind of work
// and the planned number of rounds.
func (c *Comparison) estimator(pairs []stats.Paired) stats.Estimator {
	single := c.Unit == "" && c.Old.Workers == 1 && c.New.Workers == 1
	if single && len(pairs) > 0 && len(pairs[0].Old) >= stats.ManyRounds {
		return stats.OwnMinima
	}
	return stats.PairMedian
}

// A series is what is measured of a case in one unit.
type series struct {
	bench.Case
	unit string
}

// A Watch judges comparisons while they are measured.
type Watch struct {
	comparisons []Comparison
	state       []state
	samples     map[series][]stats.Sample
	wanted      map[string]bool // units other than time
}

// state is how far a comparison is.
type state struct {
	forks     int // when it was last looked at
	judgement stats.Judgement
	settled   bool
}

// NewWatch returns a watch over comparisons.
func NewWatch(comparisons []Comparison) *Watch {
	w := &Watch{
		comparisons: comparisons, state: make([]state, len(comparisons)),
		samples: make(map[series][]stats.Sample), wanted: make(map[string]bool),
	}
	for _, c := range comparisons {
		if c.Unit != "" {
			w.wanted[c.Unit] = true
		}
	}
	return w
}

// Take takes up an event of the run. A case that is void settles what needs it.
func (w *Watch) Take(e record.Event) {
	switch {
	case e.Measurement != nil:
		m := e.Measurement
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
	case e.Void != nil:
		for i, c := range w.comparisons {
			if c.Old.Name() == e.Void.Case || c.New.Name() == e.Void.Case {
				w.state[i].settled = true
				w.state[i].judgement = stats.Judgement{Reason: e.Void.Case + " is void: " + e.Void.Why}
			}
		}
	}
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

// settled reports whether a comparison is decided, looking at it again when
// the schedule has a look at what is there now.
func (w *Watch) settled(i int) bool {
	s := &w.state[i]
	if s.settled {
		return true
	}
	logs := w.comparisons[i].logs(w.samples)
	if len(logs) == s.forks {
		return false
	}
	s.forks = len(logs)
	if stats.IsLook(s.forks) {
		s.judgement = w.comparisons[i].Test.Judge(logs, false)
		s.settled = s.judgement.Verdict != stats.Unclear || s.forks == stats.LastLook
	}
	return s.settled
}

// Decided returns how many comparisons are settled.
func (w *Watch) Decided() int {
	n := 0
	for _, s := range w.state {
		if s.settled {
			n++
		}
	}
	return n
}

// Final returns the judgement of each comparison when nothing more will be
// measured. It is called once, since it may spend a last look.
func (w *Watch) Final() []stats.Judgement {
	all := make([]stats.Judgement, len(w.comparisons))
	for i := range w.comparisons {
		s := &w.state[i]
		if !s.settled {
			s.judgement = w.comparisons[i].Test.Judge(w.comparisons[i].logs(w.samples), true)
			s.settled = true
		}
		all[i] = s.judgement
	}
	return all
}

// Estimate returns the ratio time(New)/time(Old) of a comparison with its
// interval at a confidence of one's own, over all that was measured.
func (w *Watch) Estimate(i int, confidence float64) stats.Interval {
	c := w.comparisons[i]
	c.Against = 0
	return stats.Mean(c.logs(w.samples), confidence).Exp()
}

// Rounds returns what was measured of a comparison, by fork.
func (w *Watch) Rounds(i int) []stats.Paired {
	c := &w.comparisons[i]
	return stats.Rounds(w.samples[series{c.Old, c.Unit}], w.samples[series{c.New, c.Unit}])
}
