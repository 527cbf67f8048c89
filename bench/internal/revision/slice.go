package revision

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/revision/served"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A Slice is one measured run of some iterations on one side of a pair.
type Slice struct {
	record.Place
	Side    string // "base" or "head"
	Layout  int    // the order of functions that it was linked with
	Design  Design
	N       int           // iterations
	Elapsed time.Duration // by the timer of the benchmark; on a shared core, of processor time
	Metrics map[string]float64
}

// PerOp returns the time of an iteration in nanoseconds.
func (s *Slice) PerOp() float64 { return float64(s.Elapsed) / float64(s.N) }

// A process serves the benchmarks of one side. Tests have others than
// [served.Process].
type process interface {
	Ask(context.Context, served.Request) (served.Answer, error)
	Close()
}

// slice runs n iterations in a process. The answer has a Run in any case; where
// the binary cannot hold a benchmark, its processor time is 0 and its
// goroutines are not known.
func (p *Pair) slice(ctx context.Context, from process, n int) (served.Answer, error) {
	a, err := from.Ask(ctx, served.Request{
		Benchmark: p.function, Pattern: served.Pattern(p.Name), N: n, Hold: p.holds,
		Keep: p.Design == SharedCore, Own: p.Design == SharedCore && p.own,
	})
	switch {
	case err != nil:
		return a, err
	case a.Skipped:
		return a, refuse("it skipped itself at %d iterations", n)
	case !a.Held:
		if a, err = p.printed(a, p.procs()); err != nil {
			return a, err
		}
	}
	ownTime(a.Run)
	if a.Run.N != n {
		return a, refuse("it made %d iterations where %d were asked for", a.Run.N, n)
	}
	return a, nil
}

// ownTime takes the time that a benchmark reports itself for its time, as go
// test does.
func ownTime(r *served.Run) {
	if perOp, own := r.Metrics[TimeUnit]; own {
		r.Timed, r.Used = time.Duration(perOp*float64(r.N)), 0
		delete(r.Metrics, TimeUnit)
	}
}

// printed makes a run of what package testing printed.
func (p *Pair) printed(a served.Answer, procs int) (served.Answer, error) {
	results, failures := served.Parse(a.Output, procs)
	for _, f := range failures {
		return a, refuse("%s failed: %s", f.Name, f.Text)
	}
	for _, r := range results {
		if r.Name == p.Name {
			a.Run = &served.Run{N: r.N, Timed: r.Elapsed, Metrics: r.Metrics}
			a.Started = -1
			return a, nil
		}
	}
	return a, refuse("it is gone: the benchmarks that %s makes differ from run to run", p.function)
}

// procs is the GOMAXPROCS of the processes that measure the pair.
func (p *Pair) procs() int { return p.Design.procs(p.Procs) }

// A refusal is what a benchmark said that it will say again, in every process.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

func refuse(format string, args ...any) error { return &refusal{fmt.Sprintf(format, args...)} }

// metrics returns the metrics of a run that can be judged and written to a file.
func (p *Pair) metrics(r *served.Run) map[string]float64 {
	kept := make(map[string]float64)
	for unit, value := range r.Metrics {
		if record.CheckMetric(unit, value) == nil && !derived(unit) {
			kept[unit] = value
		}
	}
	return kept
}

// samples returns what was measured of a side in a unit; "" is time.
func (p *Pair) samples(side int, unit string) []stats.Sample {
	var samples []stats.Sample
	for i := range p.Slices {
		s := &p.Slices[i]
		if s.Side != sideNames[side] {
			continue
		}
		value, ok := s.PerOp(), true
		if unit != "" {
			value, ok = s.Metrics[unit]
		}
		if ok {
			samples = append(samples, stats.Sample{Fork: s.Fork, Round: s.Round, Value: value})
		}
	}
	return samples
}

// followsTime reports whether a metric says nothing that the time does not say:
// in all runs it is the same number of times as large, or of what happens in a
// second the same part of it. Only runs whose times differ can tell.
func followsTime(perOps, values []float64) bool {
	if len(values) < steadyRuns || len(values) != len(perOps) || slices.Min(values) <= 0 {
		return false
	}
	var times, products, quotients []float64
	for i, v := range values {
		times, products, quotients = append(times, math.Log(perOps[i])), append(products, math.Log(v*perOps[i])), append(quotients, math.Log(v/perOps[i]))
	}
	const alike = 0.002 // of what is rounded when it is reported
	within := min(alike, spread(times)/4)
	return spread(products) < within || spread(quotients) < within
}

func spread(xs []float64) float64 { return slices.Max(xs) - slices.Min(xs) }

// follows reports whether a metric follows from the time in all slices of both
// sides. On a shared core its benchmark knows another time than the one that is
// compared: there it was found out before.
func (p *Pair) follows(unit string) bool {
	if p.Design == SharedCore {
		return slices.Contains(p.derived, unit)
	}
	for _, side := range sideNames {
		var perOps, values []float64
		for i := range p.Slices {
			if s := &p.Slices[i]; s.Side == side {
				if v, ok := s.Metrics[unit]; ok {
					perOps, values = append(perOps, s.PerOp()), append(values, v)
				}
			}
		}
		if !followsTime(perOps, values) {
			return false
		}
	}
	return true
}
