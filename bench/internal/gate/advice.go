package gate

import (
	"cmp"
	"fmt"
	"slices"
)

// Answer returns the first line of every form of the report: what came out.
func (r *Report) Answer() string {
	t := r.tally()
	total := 0
	for _, n := range t {
		total += n
	}
	some := func(n int, is, are string) string {
		verb := are
		if n == 1 {
			verb = is
		}
		return fmt.Sprintf("%d of %s %s", n, r.count(total), verb)
	}
	var text string
	switch {
	case t[Broken] > 0:
		text = "BROKEN: " + some(t[Broken], "could not be measured", "could not be measured")
		return text + rest(t, Fail, Undecided, Skipped)
	case t[Fail] > 0:
		return "FAIL: " + some(t[Fail], "does not hold", "do not hold") + rest(t, Undecided, Skipped)
	case total == 0:
		return "UNCLEAR: nothing was decided, since there are no rules to check"
	case r.begins(t):
		return "PASS: the first reference of " + r.count(total)
	case t[Pass] == 0:
		return fmt.Sprintf("UNCLEAR: nothing was decided: of %s %d unclear, %d skipped", r.count(total), t[Undecided], t[Skipped])
	case t[Undecided] > 0:
		return "UNCLEAR: " + some(t[Undecided], "not decided", "not decided") + rest(t, Skipped)
	case t[Pass] == total && total > 1:
		return fmt.Sprintf("PASS: all %s hold", r.count(total))
	}
	return "PASS: " + some(t[Pass], "holds", "hold") + rest(t, Skipped)
}

// rest says how many rules had the other outcomes.
func rest(t map[Outcome]int, others ...Outcome) string {
	text := ""
	for _, o := range others {
		if t[o] > 0 {
			text += fmt.Sprintf(", %d %s", t[o], o)
		}
	}
	return text
}

func (r *Report) count(n int) string { return some(n, cmp.Or(r.Noun, "rule")) }

// Advice returns the second line: what to do.
func (r *Report) Advice() string {
	first := r.first()
	switch t := r.tally(); {
	case first == nil:
		return "what to do: write a rule, or name files that hold benchmarks"
	case t[Broken] > 0:
		return "what to do: repair what could not be measured, first " + first.name()
	case t[Fail] > 0:
		text := "what to do: look first at " + first.name()
		if first.Meant != "" {
			text += "; if it was meant, " + first.Meant
		}
		return text
	case t[Undecided] > 0:
		if more := r.more(); more > 0 {
			return fmt.Sprintf("what to do: allow about %v more with -for, or a quieter machine", more)
		}
		if r.Noun != "" { // what files say has many reasons to be unclear
			return "what to do: see the reasons, first of " + r.undecided().name()
		}
		return "what to do: see the reasons; measure again on a quieter machine"
	case r.begins(t):
		return "what to do: keep " + r.Kept + " in the repository"
	case t[Pass] == 0:
		return "what to do: run it where the needs of the rules are met"
	}
	return "what to do: nothing"
}

// first returns the first result of the most severe outcome.
func (r *Report) first() *Result {
	var worst *Result
	for i := range r.Results {
		if worst == nil || r.Results[i].Outcome.severity() < worst.Outcome.severity() {
			worst = &r.Results[i]
		}
	}
	return worst
}

// undecided returns the first result that is.
func (r *Report) undecided() *Result {
	i := slices.IndexFunc(r.Results, func(x Result) bool { return x.Outcome == Undecided })
	return &r.Results[i]
}
