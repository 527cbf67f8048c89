package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/claim"
)

// judgeClaims puts the claims of the run to the test, and into words.
func (r *Report) judgeClaims() {
	if len(r.Run.Claims) == 0 {
		return
	}
	judge := claim.New(r.Run, r.noOverlap)
	r.judged = judge.All()
	for _, found := range r.judged {
		r.Claims = append(r.Claims, r.newClaim(found))
	}
}

// noOverlap says why a case is no ground for a ruling: its goroutines hardly
// ever ran at the same time.
func (r *Report) noOverlap(c bench.Case) string {
	s := r.Section(c.Scenario, c.Params, c.Procs)
	if s == nil {
		return ""
	}
	if cell := s.Cell(c.Variant, c.Workers); cell != nil && cell.Overlap.Lacking() {
		return fmt.Sprintf("the %ss of %s overlapped in %d of %s", s.Scenario.Worker, c.Short(), cell.Overlap.Together, plural(cell.Overlap.Trials, "trial"))
	}
	return ""
}

func (r *Report) newClaim(found claim.Result) Claim {
	c := Claim{Name: found.Claim.Name, Text: found.Claim.Text, Ruling: Ruling(found.Ruling), Finding: finding(found)}
	var rules []string
	for _, a := range found.Rules {
		text := a.Rule.String()
		if a.Rule.Beside {
			text += " (to compare with)"
		}
		rules = append(rules, text)
		c.Figures = append(c.Figures, Figure{
			Label: a.Rule.Label, Value: measured(a), Bound: bound(a.Rule), Ruling: Ruling(a.Ruling), Beside: a.Rule.Beside,
		})
	}
	c.Rule = strings.Join(rules, "; ")
	for _, a := range found.Rules {
		at := a.Rule.Quantity.Case
		if s := r.Section(at.Scenario, at.Params, at.Procs); s != nil && c.Section == "" {
			c.Section = s.Name(r.Run.Setting("cpus"))
		}
	}
	return c
}

// measured writes what was measured for a rule, with half of its 95 % interval.
func measured(a claim.Answer) string {
	q := &a.Rule.Quantity
	switch {
	case a.Rule.Counts() && a.N > 0:
		return ofAll(a)
	case !a.Value.Known():
		return "–"
	case share(q):
		return partly(a)
	case q.Nanoseconds():
		return durationInterval(a.Value)
	}
	return ratio(a.Value)
}

// inShort is measured without the interval, for a sentence.
func inShort(a claim.Answer) string {
	q := &a.Rule.Quantity
	switch {
	case a.Rule.Counts():
		return ofAll(a)
	case share(q):
		return percent(a.Value.Value)
	case q.Nanoseconds():
		return duration(a.Value.Value)
	}
	return times(a.Value)
}

func ofAll(a claim.Answer) string {
	noun := "trials"
	if a.Rule.Quantity.Of == bench.Schedules {
		noun = "schedules"
	}
	return fmt.Sprintf("%d of %d %s", a.K, a.N, noun)
}

// partly writes a part of all cores.
func partly(a claim.Answer) string {
	if !a.Value.Bounded() {
		return percent(a.Value.Value) + " ±?"
	}
	return percent(a.Value.Value) + " ±" + strings.TrimSuffix(percent(a.Value.Half()), "%")
}

// share reports whether a quantity is a part of the cores that are there.
func share(q *bench.Quantity) bool {
	return q.Of == bench.Metric && q.Unit == "cpus" && q.PerCore && q.Over == (bench.Case{})
}

// bound writes what a rule asks of its quantity.
func bound(r *bench.Rule) string {
	limit := ""
	switch q := &r.Quantity; {
	case share(q):
		limit = percent(r.Limit())
	case q.Nanoseconds():
		limit = tick(r.Limit())
	default:
		limit = decimals(r.Limit(), places(r.Limit()))
		if strings.Contains(limit, ".") {
			limit = strings.TrimSuffix(strings.TrimRight(limit, "0"), ".")
		}
	}
	switch r.Is {
	case bench.AtLeast:
		return "at least " + limit
	case bench.AtMost:
		return "at most " + limit
	case bench.About:
		return limit + ", ±" + percent(r.Tolerance)
	}
	return string(r.Is) // of a count
}

// finding says in a sentence what decided about a claim, and what stands beside
// it.
func finding(found claim.Result) string {
	parts := deciding(found)
	for _, a := range found.Rules {
		if a.Rule.Beside && (a.Ruling == claim.Holds || a.Ruling == claim.Refuted) {
			parts = append(parts, inWords(a))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return capital(strings.Join(parts, "; ")) + witness(found) + "."
}

// deciding are the half-sentences about the rules that made a claim what it is.
func deciding(found claim.Result) (parts []string) {
	for _, a := range found.Rules {
		if a.Rule.Beside || a.Ruling != found.Ruling {
			continue
		}
		if text := inWords(a); !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	return parts
}

// inWords is half a sentence about what a run says about a rule.
func inWords(a claim.Answer) string {
	text := ""
	switch a.Ruling {
	case claim.Holds:
		text = a.Rule.Yes
	case claim.Refuted:
		text = a.Rule.No
	case claim.NotTestable:
		return a.Why
	default:
		why := a.Why
		if why == "" && a.Rule.Counts() {
			why = "not seen in " + fmt.Sprint(a.N) + " trials, which proves nothing"
		}
		if why == "" {
			// What is shown is narrower: all claims share the level of a ruling.
			why = "the confidence interval crosses the bound, " + bound(a.Rule)
			return fmt.Sprintf("unclear about %s: %s (at 95%%: %s)", a.Rule.Label, why, measured(a))
		}
		return fmt.Sprintf("unclear about %s: %s (%s)", a.Rule.Label, why, measured(a))
	}
	return strings.ReplaceAll(text, "%s", inShort(a))
}

// witness names a schedule that goes wrong, for whoever wants to replay it.
func witness(found claim.Result) string {
	for _, a := range found.Rules {
		if a.Witness != "" && a.K > 0 {
			return fmt.Sprintf(" (schedule %s leads to %s)", a.Witness, a.Outcome)
		}
	}
	return ""
}
