package gate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// referenceMissing returns an error when a rule compares with a reference that
// is not there. To skip the rule would be a gate that cannot fail.
func (c *Check) referenceMissing() error {
	for i := range c.Questions {
		if q := &c.Questions[i]; q.Kind == Regression && c.Reference == nil && !c.Updating {
			return c.Budgets.fail(q.Line, "the rule compares with a reference, and there is none: measure one with check -update-reference, and keep the file in the repository")
		}
	}
	return nil
}

// comparable returns the runs of the reference that a question may be compared
// with.
func (c *Check) comparable(q *Question) (earlier []quantity) {
	for _, run := range c.Reference.runs {
		if !q.Rule.Portable && run.facts.differences(c.Facts) != "" {
			continue
		}
		if x, ok := quantityOf(run.Run, q); ok {
			earlier = append(earlier, x)
		}
	}
	return earlier
}

// incomparable says why a question cannot be compared with the reference, "" if
// it can.
func (c *Check) incomparable(q *Question) string {
	if c.Reference == nil {
		return "there is no reference yet: this run is to be the first"
	}
	if len(c.comparable(q)) > 0 {
		return ""
	}
	newest := c.Reference.runs[len(c.Reference.runs)-1]
	if _, ok := quantityOf(newest.Run, q); !ok {
		return "new: the reference has no measurements of it; -update-reference adds them"
	}
	return "not comparable: the reference was measured on another machine (" + newest.facts.differences(c.Facts) + "), and the rule is not portable"
}

// floor is by how much two runs differ on this machine though nothing changed.
func (m *measuring) floor() float64 { return cmp.Or(m.Floor, DefaultFloor) }

// regressed answers a question about the reference.
func (m *measuring) regressed(p *pending) {
	now, ok := quantityOf(&m.record, p.Question)
	if !ok {
		p.Reason = "it was measured in fewer than 2 processes"
		return
	}
	earlier := m.comparable(p.Question)
	p.Estimate = change(now, earlier, stats.Confidence, m.floor()).Exp()
	p.Unit = "times that of the reference"
	log := change(now, earlier, 1-m.level, m.floor())
	at := log.Exp()
	span := fmt.Sprintf("the interval of the change at the level of the verdict, from %s to %s, with the variance between %s,",
		stats.Change(at.Lo), stats.Change(at.Hi), some(len(earlier), "reference run"))
	if len(earlier) < enoughReferences {
		span = fmt.Sprintf("the interval of the change at the level of the verdict, from %s to %s, widened by %s since fewer than %d reference runs say little about how much runs differ,",
			stats.Change(at.Lo), stats.Change(at.Hi), percent(m.floor()), enoughReferences)
	}
	// A verdict of the same asks for more than is asked here: to be faster than
	// the reference is no regression, however uncertain by how much.
	switch band := math.Log1p(p.Tolerance); {
	case stats.Decide(log, p.Tolerance) == stats.Regressed:
		p.Outcome, p.Reason = Fail, span+" is beyond the tolerance"
		p.Meant = "remove the files in " + m.Reference.Dir + ", which are about what was before, and measure others with check -update-reference"
	case log.Bounded() && log.Hi < band:
		p.Outcome = Pass
	case spread(earlier) > band:
		p.Reason = fmt.Sprintf("%s contains the tolerance: the reference runs themselves differ by %s; if the older ones are of other code, remove their files in %s",
			span, stats.Change(math.Exp(spread(earlier))), m.Reference.Dir)
	default:
		p.Reason = span + " contains the tolerance: more reference runs would narrow it"
	}
}

// spread is by how much runs differ at most, as a logarithm.
func spread(runs []quantity) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, q := range runs {
		lo, hi = min(lo, q.log), max(hi, q.log)
	}
	return hi - lo
}

// list says what the reference has that this program has not, and the other way
// round. A case that is gone cannot be measured: it may be the one that had
// become slow.
func (c *Check) list(r *Report) {
	var news []string
	for i := range r.Results {
		if res := &r.Results[i]; c.Questions[i].Kind == Regression && res.Outcome == Skipped {
			if strings.HasPrefix(res.Reason, "new:") {
				news = append(news, res.Subject)
			}
			r.Listed = append(r.Listed, res.Subject+": "+res.Reason)
		}
	}
	if c.Reference == nil || !slices.ContainsFunc(c.Questions, func(q Question) bool { return q.Kind == Regression }) {
		return
	}
	for _, gone := range c.gone() {
		why := "missing: the reference has it, and there is no such case any more"
		if len(news) > 0 {
			why += "; if it was renamed, perhaps to " + news[0] + ","
		} else {
			why += "; if that is meant,"
		}
		why += " measure the reference again with -update-reference"
		r.Listed = append(r.Listed, gone.Short()+": "+why)
		if !c.Updating {
			r.Results = append(r.Results, Result{Rule: "cases of the reference", Subject: gone.Short(), Outcome: Broken, Reason: why, File: c.Reference.runs[len(c.Reference.runs)-1].file})
		}
	}
}

// gone returns the cases of the newest reference run that no scenario has.
func (c *Check) gone() (cases []bench.Case) {
	known := func(of bench.Case) bool {
		for i := range c.Scenarios {
			if s := &c.Scenarios[i]; s.Name == of.Scenario && slices.Contains(s.AllParams(), of.Params) && slices.Contains(s.Cases(of.Params, of.Procs), of) {
				return true
			}
		}
		return false
	}
	newest := c.Reference.runs[len(c.Reference.runs)-1]
	for i := range newest.Measurements {
		if of := newest.Measurements[i].Case; !known(of) && !slices.Contains(cases, of) {
			cases = append(cases, of)
		}
	}
	return cases
}
