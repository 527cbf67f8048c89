package gate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// An Outcome is what became of one question. The zero value is Undecided: what
// was not judged has not passed.
type Outcome int

const (
	Undecided Outcome = iota // the evidence is too thin
	Pass
	Fail
	Skipped // a declared need is not met here
	Broken  // it could not be measured
)

var outcomes = [...]string{Undecided: "unclear", Pass: "pass", Fail: "fail", Skipped: "skipped", Broken: "broken"}

func (o Outcome) String() string {
	if o < 0 || int(o) >= len(outcomes) {
		return outcomes[Undecided]
	}
	return outcomes[o]
}

// severity orders outcomes: what needs attention comes first.
func (o Outcome) severity() int {
	return slices.Index([]Outcome{Broken, Fail, Undecided, Pass, Skipped}, o)
}

// A Result is the answer to one question: what a rule asks of one case, or of
// one benchmark in two files.
type Result struct {
	Rule    string // results of one rule count as one in the first line
	Subject string // the case or benchmark, as tables name it
	Unit    string // of Estimate; "" for a factor
	Outcome Outcome

	// Required turns Undecided into a failure of the check.
	Required bool

	Estimate stats.Interval // with its 95 % interval
	Bound    string         // what is asked: "speedup >= 1.9"
	Reason   string         // in words; not empty unless it passed
	Meant    string         // what to do about a failure that was intended, "" where none can be
	More     time.Duration  // further measuring that would probably decide; 0: not known

	File string // where the rule stands, "" if in no file
	Line int    // from 1, in File
}

// A Report is everything that a check found out.
type Report struct {
	Results  []Result
	Header   []string // about the run: machine, files, level
	Warnings []string // what a reader of the numbers should know
	Listed   []string // what was left out of the comparison, and why

	// Kept is where the run was kept as one to compare with from now on, "" if
	// it was not. That is an end in itself: rules that have nothing to compare
	// with yet are no failure then.
	Kept string

	// Noun is what a result is called, in the singular; "" is "rule".
	Noun string
}

// IsReport reports whether data is what Markdown or JUnit has written.
func IsReport(data []byte) bool {
	return bytes.HasPrefix(data, []byte("**")) && bytes.Contains(data, []byte("\n\nwhat to do: ")) ||
		bytes.Contains(data, []byte(`<testsuite name="`+suiteName+`"`))
}

// The exit codes of a check.
const (
	exitOK        = 0
	exitFinding   = 1
	exitFailed    = 2
	exitUndecided = 3
)

// ExitCode returns 2 when something could not be measured, otherwise 1 when a
// rule is not met, otherwise 3 when nothing at all was decided, or a rule is
// undecided that must not be: one that is required, or any with failOnUnclear.
// Otherwise it returns 0.
func (r *Report) ExitCode(failOnUnclear bool) int {
	switch t := r.tally(); {
	case t[Broken] > 0:
		return exitFailed
	case t[Fail] > 0:
		return exitFinding
	case t[Pass] == 0 && !r.begins(t):
		return exitUndecided
	}
	for i := range r.Results {
		if r.Results[i].mustDecide(failOnUnclear) {
			return exitUndecided
		}
	}
	return exitOK
}

// begins reports whether all that was done is to measure what rules compare
// with from now on.
func (r *Report) begins(t map[Outcome]int) bool {
	return r.Kept != "" && t[Pass]+t[Undecided] == 0
}

// mustDecide reports whether a result fails the check for being undecided.
func (r *Result) mustDecide(failOnUnclear bool) bool {
	return r.Outcome == Undecided && (r.Required || failOnUnclear)
}

// A rule's results count as one: the most severe.
type group struct {
	rule    string
	worst   Outcome
	results []Result
}

// groups returns the results by rule, the most severe rules first and otherwise
// in their order. A rule of which some cases are skipped has passed if the
// others have.
func (r *Report) groups() []group {
	var all []group
	for _, result := range r.Results {
		i := slices.IndexFunc(all, func(g group) bool { return g.rule == result.Rule })
		if i < 0 {
			i = len(all)
			all = append(all, group{rule: result.Rule, worst: result.Outcome})
		}
		if result.Outcome.severity() < all[i].worst.severity() {
			all[i].worst = result.Outcome
		}
		all[i].results = append(all[i].results, result)
	}
	slices.SortStableFunc(all, func(a, b group) int { return a.worst.severity() - b.worst.severity() })
	return all
}

// tally counts rules by outcome.
func (r *Report) tally() map[Outcome]int {
	t := make(map[Outcome]int)
	for _, g := range r.groups() {
		t[g.worst]++
	}
	return t
}

func (r *Result) name() string {
	if r.Subject == "" {
		return r.Rule
	}
	return r.Subject
}

// more returns how much longer measuring would probably decide all that is
// undecided, 0 when that is not known of any or when one has no end in sight.
func (r *Report) more() time.Duration {
	var total time.Duration
	for i := range r.Results {
		if r.Results[i].Outcome == Undecided {
			total += r.Results[i].More
		}
	}
	if total > 0 {
		total = max(total.Round(time.Second), time.Second)
	}
	return total
}

// Number writes an estimate with its 95 % interval, and its unit.
func (r *Result) number() string {
	e := r.Estimate
	unit := ""
	if r.Unit != "" {
		unit = " " + r.Unit
	}
	switch {
	case !e.Known():
		return ""
	case !e.Bounded():
		return figure(e.Value) + unit
	case e.Half() == 0:
		return "exactly " + figure(e.Value) + unit
	}
	return fmt.Sprintf("%s [%s, %s]%s", figure(e.Value), figure(e.Lo), figure(e.Hi), unit)
}

// figure writes a number with four significant digits and without an exponent
// where that is readable.
func figure(x float64) string {
	text := fmt.Sprintf("%.4g", x)
	if strings.Contains(text, "e+") && x < 1e9 {
		text = fmt.Sprintf("%.0f", x)
	}
	return text
}
