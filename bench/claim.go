package bench

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Claim is a sentence that people say about concurrency, with the rules that
// put it to the test. It is data, and written down before anything is measured:
// a run records it, so that a report can judge it again from the file alone.
//
// A claim holds when all its rules do, and is refuted when one of them is,
// leaving aside those that stand beside it. One whose cases were not measured
// is not testable.
type Claim struct {
	Name  string `json:"name"`            // one word, for file names and links: "waiting"
	Text  string `json:"text"`            // the sentence
	Cores int    `json:"cores,omitempty"` // with fewer it cannot be tested; 0 for any number
	Rules []Rule `json:"rules"`
}

// A Rule is a quantity and what it must be for a claim to hold.
type Rule struct {
	Label    string   `json:"label"` // of the quantity, for tables: "2 tasks"
	Quantity Quantity `json:"quantity"`
	Is       Relation `json:"is"`
	Bound    float64  `json:"bound"`

	// Tolerance is the part of the bound by which the quantity may miss it:
	// with 0.05, at least 3 is at least 2.85.
	Tolerance float64 `json:"tolerance,omitempty"`

	// Yes and No say what was found when the rule holds and when it is
	// refuted: half a sentence each, with the verb %s in the place of the
	// measured quantity, if it is to stand there.
	Yes string `json:"yes"`
	No  string `json:"no"`

	// Beside marks a rule that the claim does not stand on: it is judged and
	// shown, to compare with.
	Beside bool `json:"beside,omitempty"`
}

// A Quantity is what a rule is about.
type Quantity struct {
	Of   Measure `json:"of"`
	Case Case    `json:"case,omitzero"`
	Over Case    `json:"over,omitzero"` // divide by the same quantity of this case
	Unit string  `json:"unit,omitempty"`

	// PerCore divides by the case's GOMAXPROCS.
	PerCore bool `json:"per_core,omitempty"`

	Pattern string `json:"pattern,omitempty"` // of Schedules: the name of a pattern
	Way     string `json:"way,omitempty"`     // and of a way of writing it
}

// A Measure is what is measured of a case. In the case of a claim, empty Params
// are the default ones, and Procs of 0 are all cores.
type Measure string

const (
	Time    Measure = "time"    // of one operation; only divided by that of Over
	Speedup Measure = "speedup" // over the scenario's baseline
	Metric  Measure = "metric"  // the metric of the given Unit
	Wrong   Measure = "wrong"   // how many trials had a wrong result

	// Schedules is how many of all schedules of a pattern end with a wrong
	// outcome. It is known without measuring.
	Schedules Measure = "schedules"
)

// A Relation is how a quantity must stand to a bound.
type Relation string

const (
	AtLeast Relation = ">="
	AtMost  Relation = "<="
	About   Relation = "==" // within the tolerance, as a factor either way

	// For counts, which are compared with 0 and nothing else.
	None Relation = "none"
	Some Relation = "some"
)

// Counts reports whether the rule is about a number of things that went wrong,
// which no statistics are needed for: a single one decides.
func (r *Rule) Counts() bool { return r.Quantity.Of == Wrong || r.Quantity.Of == Schedules }

// Limit returns the bound with its tolerance: what is compared with.
func (r *Rule) Limit() float64 {
	switch r.Is {
	case AtLeast:
		return r.Bound * (1 - r.Tolerance)
	case AtMost:
		return r.Bound * (1 + r.Tolerance)
	}
	return r.Bound
}

// Nanoseconds reports whether the quantity is a time, which is what metrics are
// whose unit ends with -ns.
func (q *Quantity) Nanoseconds() bool {
	return q.Of == Metric && strings.HasSuffix("-"+q.Unit, "-ns") && q.Over == (Case{})
}

// Cases returns the cases that must be measured for the rule, without the
// baselines that the speedups are over.
func (q *Quantity) Cases() []Case {
	switch {
	case q.Of == Schedules:
		return nil
	case q.Over == (Case{}):
		return []Case{q.Case}
	}
	return []Case{q.Case, q.Over}
}

// String says the rule in words.
func (r Rule) String() string {
	limit := strconv.FormatFloat(r.Limit(), 'g', 4, 64)
	if r.Quantity.Nanoseconds() {
		limit = time.Duration(r.Limit()).String()
	}
	of := r.Quantity.String()
	switch r.Is {
	case AtLeast:
		return of + " is at least " + limit
	case AtMost:
		return of + " is at most " + limit
	case About:
		return fmt.Sprintf("%s is %s within a factor of %.4g", of, limit, 1+r.Tolerance)
	case None:
		return "no " + of + " is wrong"
	case Some:
		return "at least one " + of + " is wrong"
	}
	return of + " " + string(r.Is) + " " + limit
}

// String says in words what the quantity is.
func (q Quantity) String() string {
	text := ""
	switch q.Of {
	case Wrong:
		return "trial of " + words(q.Case)
	case Schedules:
		return "schedule of " + q.Pattern + " " + q.Way
	case Metric:
		text = "the metric " + q.Unit
		if q.Unit == "cpus" {
			text = "the number of busy cores"
		}
	default:
		text = "the " + string(q.Of)
	}
	text += " of " + words(q.Case)
	if q.PerCore {
		text += ", divided by the number of cores,"
	}
	if q.Over != (Case{}) {
		text += " over that of " + words(q.Over)
	}
	return text
}

// words is a case in words: "download net=latency, parallel, workers=3".
func words(c Case) string {
	text := c.Scenario
	if c.Params != "" {
		text += " " + strings.ReplaceAll(c.Params, "/", " ")
	}
	text += fmt.Sprintf(" %s workers=%d", c.Variant, c.Workers)
	if c.Procs > 0 {
		text += fmt.Sprintf(" at GOMAXPROCS=%d", c.Procs)
	}
	return text
}

// Resolve returns the claim with the default parameters of the scenarios and
// the number of cores written out, as a run records it. Scenarios that are not
// there leave their cases as they are.
func (c Claim) Resolve(all []Scenario, procs int) Claim {
	rules := make([]Rule, len(c.Rules))
	for i, r := range c.Rules {
		for _, at := range []*Case{&r.Quantity.Case, &r.Quantity.Over} {
			if *at == (Case{}) {
				continue
			}
			at.Procs = cmp.Or(at.Procs, procs)
			for j := range all {
				if all[j].Name == at.Scenario {
					at.Params = cmp.Or(at.Params, all[j].DefaultParams())
				}
			}
		}
		rules[i] = r
	}
	c.Rules = rules
	return c
}
