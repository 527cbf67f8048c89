package gate

import (
	"fmt"
	"slices"
	"strings"
)

// A Tolerance is the change for the worse that benchmarks are allowed in a
// comparison of two revisions.
type Tolerance struct {
	Part float64 // 0.03 is 3 %

	pattern namePattern
	unused  func() error // what to say when it selects nothing
}

const selectsNothing = "selects nothing in either revision: patterns are for the names without Benchmark and GOMAXPROCS"

// NewTolerance returns a tolerance that a flag sets for the benchmarks that a
// pattern matches, as it does in a budgets file. flag is as the user wrote it.
func NewTolerance(flag, pattern string, part float64) (Tolerance, error) {
	parsed, err := filePattern(pattern)
	if err != nil {
		return Tolerance{}, fmt.Errorf("%s: %q is not a regular expression: %w", flag, pattern, err)
	}
	return Tolerance{part, parsed, func() error { return fmt.Errorf("%s: %s %s", flag, pattern, selectsNothing) }}, nil
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
				all = append(all, Tolerance{a.Tolerance, pattern, func() error {
					return b.fail(rule.casesLine, "benchmarks %s %s", rule.Benchmarks, selectsNothing)
				}})
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
	return t.unused()
}

// aboutRevisions and aboutFiles tell for which command a rule of benchmarks is.
func (r *Rule) aboutRevisions() bool {
	return slices.ContainsFunc(r.Asks, func(a Ask) bool { return a.AgainstBase })
}

func (r *Rule) aboutFiles() bool {
	return r.Benchmarks != "" && slices.ContainsFunc(r.Asks, func(a Ask) bool { return !a.AgainstBase })
}
