package gate

import (
	"fmt"
	"math"
	"slices"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// muchSteal is the part of processor time from which on nothing is decided: a
// thread that the host puts aside for a tenth of the time makes parallel work
// look slow and sequential work not.
const muchSteal = 0.10

// answer answers the questions from what was measured.
func (m *measuring) answer() {
	rulings := m.watch.Final()
	tables := report.New(&m.record)
	for _, p := range m.open {
		if p.Kind == Race || m.spoiled(p) || p.only {
			continue
		}
		switch {
		case p.comparison >= 0:
			m.compared(p, rulings[p.comparison])
		case p.Kind == Regression:
			m.regressed(p)
		case p.Kind == Allocs:
			m.allocs(p)
		case p.Kind == Lost:
			m.lost(p)
		}
		if p.Outcome == Pass {
			m.survived(p)
		}
		if p.Kind.statistical() && (p.Outcome == Pass || p.Outcome == Fail) {
			if why := m.disturbed(tables, p.cases()); why != "" {
				p.Outcome, p.Reason = Undecided, why
			}
		}
	}
}

// survived takes back that a question has passed where a process died or hung
// meanwhile: it may have been bad luck, but a program that crashes now and then
// must not look as if nothing were wrong.
func (m *measuring) survived(p *pending) {
	for _, c := range p.cases() {
		if text := m.died[c.Name()]; text != "" {
			p.Outcome, p.Reason = Undecided, "it holds where it was measured, but not every process lived: "+text
		}
	}
}

// spoiled answers a question whose cases have no measurements. That one of them
// is void says more than that another was left out, which may be the
// consequence.
func (m *measuring) spoiled(p *pending) bool {
	for _, c := range p.cases() {
		for _, v := range m.record.Voids {
			if v.Case == c.Name() {
				p.Outcome, p.Reason = Broken, c.Short()+" could not be measured: "+v.Why
				if v.Wrong {
					p.Outcome, p.Reason, p.Meant = Fail, v.Why, ""
				}
				return true
			}
		}
	}
	for _, c := range p.cases() {
		for _, o := range m.record.Omitted {
			if o.Case == c.Name() {
				p.Outcome, p.Reason = Undecided, c.Short()+" was left out, as there was not enough time: allow more with -for"
				return true
			}
		}
		if len(m.forks[c]) == 0 {
			p.Outcome, p.Reason = Broken, c.Short()+" was not measured"
			return true
		}
	}
	return false
}

// compared answers a question from the ruling on its comparison. A bound that
// the screen found broken is so until that is confirmed.
func (m *measuring) compared(p *pending, r verdict.Ruling) {
	log := r.Estimate
	if r.Verdict != stats.Unclear {
		log = r.Log
	}
	p.Estimate, log = m.watch.Estimate(p.comparison, stats.Confidence), m.watch.Ratio(p.comparison, log)
	if p.Kind != Ratio {
		p.Estimate, log = p.Estimate.Inverse(), log.Inverse()
	}
	span := fmt.Sprintf("the interval from %s to %s", figure(log.Lo), figure(log.Hi))
	switch {
	case r.Verdict == stats.Improved:
		p.Outcome = Pass
	case r.Verdict == stats.Regressed, r.Suspect && m.first == nil:
		p.Outcome, p.Reason = Fail, span+" misses the bound"
	case !log.Bounded():
		p.Reason, p.More = r.Reason, m.more(p.Case, r.More)
	default:
		p.Reason, p.More = span+" contains the bound", m.more(p.Case, r.More)
	}
}

// disturbed says why nothing may be decided from what was measured of cases,
// "" if it may.
func (m *measuring) disturbed(tables *report.Report, cases []bench.Case) string {
	for _, c := range cases {
		if part, known := m.record.Steal(c.Scenario, c.Params, c.Procs); known && part > muchSteal {
			return fmt.Sprintf("the host took %.0f %% of the processor time while it was measured: measure on a quieter machine", 100*part)
		}
		section := tables.Section(c.Scenario, c.Params, c.Procs)
		if section == nil {
			continue
		}
		if cell := section.Cell(c.Variant, c.Workers); cell != nil && cell.Overlap.Lacking() {
			return fmt.Sprintf("goroutines of %s overlapped in %d of %s only, so that it says little about contention", c.Short(), cell.Overlap.Together, some(cell.Overlap.Trials, "trial"))
		}
	}
	return ""
}

// trials returns the measurements of a case.
func (m *measuring) trials(c bench.Case) (trials []*record.Measurement) {
	for i := range m.record.Measurements {
		if m.record.Measurements[i].Case == c {
			trials = append(trials, &m.record.Measurements[i])
		}
	}
	return trials
}

// allocs answers a question about allocations. They are rounded down for each
// trial, as go test does: what a trial allocates once, whatever the number of
// its operations, is not an operation's. The runtime allocates beside the
// workload now and then, so the median trial decides.
func (m *measuring) allocs(p *pending) {
	const unit = "allocs/op"
	var counts []float64
	for _, t := range m.trials(p.Case) {
		if n, ok := t.Metrics[unit]; ok {
			counts = append(counts, math.Floor(n))
		}
	}
	if len(counts) == 0 {
		p.Outcome, p.Reason = Broken, "its allocations were not recorded"
		return
	}
	slices.Sort(counts)
	median := counts[(len(counts)-1)/2]
	p.exactly(median, unit, len(m.forks[p.Case]))
	if median <= p.Ask.Bound {
		p.Outcome = Pass
		return
	}
	p.Outcome, p.Reason = Fail, fmt.Sprintf("the median of %s allocates %g times an operation (from %g to %g)", some(len(counts), "trial"), median, counts[0], counts[len(counts)-1])
}

// lost answers a question about losses. A variant that does not race and loses
// something is void, so that its question never gets here.
func (m *measuring) lost(p *pending) {
	trials := m.trials(p.Case)
	n, example := 0, ""
	for _, t := range trials {
		if t.Anomaly != "" || t.Metrics["lost"] > 0 {
			n++
			example = t.Anomaly
		}
	}
	p.exactly(float64(n), fmt.Sprintf("of %s", some(len(trials), "trial")), len(m.forks[p.Case]))
	if n == 0 {
		p.Outcome = Pass
		return
	}
	p.Outcome, p.Reason = Fail, fmt.Sprintf("%d of %s went wrong, the last so: %s", n, some(len(trials), "trial"), example)
}

// exactly gives a result a count in the place of an estimate.
func (r *Result) exactly(x float64, unit string, forks int) {
	r.Estimate, r.Unit = stats.Interval{Value: x, Lo: x, Hi: x, N: forks}, unit
}
