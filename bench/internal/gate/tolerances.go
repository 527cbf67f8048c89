package gate

import (
	"slices"
	"strings"
)

// A Tolerance is the change for the worse that a rule allows benchmarks in a
// comparison of two revisions.
type Tolerance struct {
	Part float64 // 0.03 is 3 %

	rule    *Rule
	pattern namePattern
	of      *Budgets
}

// Tolerances returns what the rules say of benchmarks against the base of a
// comparison, in the order of the file: the last that matches counts, as on the
// command line. A file without such a rule is an error.
func (b *Budgets) Tolerances() ([]Tolerance, error) {
	var all []Tolerance
	for i := range b.Rules {
		rule := &b.Rules[i]
		for _, a := range rule.Asks {
			if a.AgainstBase {
				pattern, _ := filePattern(rule.Benchmarks) // it was checked when the rule was read
				all = append(all, Tolerance{a.Tolerance, rule, pattern, b})
			}
		}
	}
	if len(all) == 0 {
		return nil, b.fail(0, "no rule is about a comparison of revisions: write one with benchmarks and regression: {against: base, tolerance: 3%%}")
	}
	return all, nil
}

// Matches reports whether the rule is about a benchmark, whose name is as go
// test prints it, without GOMAXPROCS.
func (t Tolerance) Matches(name string) bool {
	return t.pattern.matches(strings.TrimPrefix(name, "Benchmark"))
}

// Unused returns an error if the rule selects none of the names, and nothing
// that the functions might hold, which were not run.
func (t Tolerance) Unused(names, functions []string) error {
	may := Tolerance{pattern: t.pattern[:1]}
	if slices.ContainsFunc(names, t.Matches) || slices.ContainsFunc(functions, may.Matches) {
		return nil
	}
	return t.of.fail(t.rule.casesLine, "benchmarks %s selects nothing in either revision: patterns are for the names without Benchmark and GOMAXPROCS", t.rule.Benchmarks)
}

// aboutRevisions and aboutFiles tell for which command a rule of benchmarks is.
func (r *Rule) aboutRevisions() bool {
	return slices.ContainsFunc(r.Asks, func(a Ask) bool { return a.AgainstBase })
}

func (r *Rule) aboutFiles() bool {
	return r.Benchmarks != "" && slices.ContainsFunc(r.Asks, func(a Ask) bool { return !a.AgainstBase })
}
