// Package claim judges what people say about concurrency by what a run
// measured.
//
// A claim is data that was fixed before the run: rules, each a quantity with a
// bound. The package works out the quantities from the measurements, asks the
// verdict function about each, and puts the answers together. It writes no
// sentence: that is up to the report.
package claim

import (
	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// level is the chance that any ruling of a run is false, by statistics that is.
// It is shared evenly by all rules that need statistics, whose number is known
// before anything is measured: with 25 of them, each has 0.2 %.
const level = 0.05

// A Ruling is what a run says about a claim or a rule.
type Ruling string

const (
	Unclear     Ruling = "unclear"
	Holds       Ruling = "holds"
	Refuted     Ruling = "refuted"
	NotTestable Ruling = "not testable here"
)

// A Result is a claim, judged.
type Result struct {
	Claim  *bench.Claim
	Ruling Ruling
	Rules  []Answer // as many as the claim has rules
}

// An Answer is what a run says about one rule.
type Answer struct {
	Rule   *bench.Rule
	Ruling Ruling
	Why    string // why it is not testable, or unclear for another reason than the interval

	// Missing says that it is not testable only because a case was not part of
	// the run.
	Missing bool

	Value stats.Interval // with the confidence of tables; of a count the part of all

	// K of N went wrong, in a rule that counts.
	K, N uint64

	Witness string // of a schedule that goes wrong
	Outcome string // to which it leads
}

// A Judge judges the claims of a run.
type Judge struct {
	run   *record.Run
	arms  map[bench.Case]arm
	voids map[string]*record.Void
	weak  func(bench.Case) string

	confidence float64 // of the interval of a verdict
}

// New prepares to judge a run. weak, if not nil, says why what was measured of
// a case is no ground for a ruling, "" if it is one.
func New(run *record.Run, weak func(bench.Case) string) *Judge {
	j := &Judge{run: run, weak: weak, arms: newArms(run.Measurements), voids: make(map[string]*record.Void)}
	for i := range run.Voids {
		j.voids[run.Voids[i].Case] = &run.Voids[i]
	}
	// A rule has one bound, or a band that a quantity is wholly inside or
	// outside of: whatever the truth is, only one end of the interval can be on
	// the wrong side of it. So an end may err as often as the rule.
	j.confidence = 1 - 2*level/float64(max(statistical(run.Claims), 1))
	return j
}

// statistical returns how many rules of the claims need statistics.
func statistical(claims []bench.Claim) (n int) {
	for i := range claims {
		for k := range claims[i].Rules {
			if !claims[i].Rules[k].Counts() {
				n++
			}
		}
	}
	return n
}

// All judges the claims of the run, in their order.
func (j *Judge) All() []Result {
	var all []Result
	for i := range j.run.Claims {
		all = append(all, j.Claim(&j.run.Claims[i]))
	}
	return all
}

// Claim judges one claim.
func (j *Judge) Claim(c *bench.Claim) Result {
	r := Result{Claim: c}
	for i := range c.Rules {
		r.Rules = append(r.Rules, j.rule(c, &c.Rules[i]))
	}
	r.Ruling = together(r.Rules)
	return r
}

// together is what the rules of a claim come to. One that is refuted is enough
// to refute the claim, whatever is missing beside it; to hold, a claim needs
// all of them.
func together(rules []Answer) Ruling {
	seen := make(map[Ruling]bool)
	for _, a := range rules {
		if !a.Rule.Beside {
			seen[a.Ruling] = true
		}
	}
	for _, ruling := range []Ruling{Refuted, NotTestable, Unclear, Holds} {
		if seen[ruling] {
			return ruling
		}
	}
	return NotTestable // a claim without a rule
}
