package measure

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench"
)

// A Selection says which cases to measure.
type Selection struct {
	Pattern string              // regular expressions split at slashes, as for go test -bench; "" is all
	Workers []int               // instead of the scenarios' own worker counts
	Procs   []int               // GOMAXPROCS values; at least one
	Params  map[string][]string // values instead of the default
	Quick   bool                // headline variants only
	All     bool                // every combination of parameters
	Alone   bool                // without the baselines that were not asked for
}

// A Block is a set of cases that are compared with each other and so share
// their forks.
type Block struct {
	Scenario *bench.Scenario
	Params   string
	Procs    int
	Racy     bool // its cases race, and may take their process with them
	Paired   bool // its cases are arms of one comparison: their trials have equal numbers of operations
	Cases    []bench.Case
	For      []string // the claims that alone it is there for; none if somebody asked for it
}

// Select returns the blocks of the selected cases, together with the baselines
// that they are compared with, and the cases that quick leaves out.
func Select(all []bench.Scenario, sel Selection) (blocks []Block, left []bench.Case, err error) {
	match, err := matcher(sel.Pattern)
	if err != nil {
		return nil, nil, err
	}
	if err := checkParams(all, sel.Params); err != nil {
		return nil, nil, err
	}
	for i := range all {
		s := &all[i]
		for _, params := range sel.params(s) {
			for _, procs := range sel.Procs {
				clean := Block{Scenario: s, Params: params, Procs: procs}
				racy := Block{Scenario: s, Params: params, Procs: procs, Racy: true}
				for _, c := range sel.withBaselines(s, params, procs, match) {
					v := s.Variant(c.Variant)
					switch {
					case sel.Quick && !v.Headline && v != s.Baseline():
						left = append(left, c)
					case v.Racy:
						racy.Cases = append(racy.Cases, c)
					default:
						clean.Cases = append(clean.Cases, c)
					}
				}
				for _, b := range []Block{clean, racy} {
					if len(b.Cases) > 0 {
						blocks = append(blocks, b)
					}
				}
			}
		}
	}
	if len(blocks) == 0 {
		return nil, nil, nothing(all, sel, len(left) > 0)
	}
	return blocks, left, nil
}

func nothing(all []bench.Scenario, sel Selection, quick bool) error {
	if quick {
		return fmt.Errorf("the pattern %q matches only variants that -quick leaves out: run without -quick", sel.Pattern)
	}
	var names []string
	for i := range all {
		names = append(names, all[i].Name)
	}
	if sel.Pattern == "" {
		return errors.New("nothing is left to measure: check -workers")
	}
	return fmt.Errorf("the pattern %q matches no case%s; scenarios are: %s; see interleave list", sel.Pattern, parameterHint(all, sel.Pattern), strings.Join(names, ", "))
}

// parameterHint says that the names of a scenario's cases have its parameters
// before the variant, where a pattern has begun with such a scenario.
func parameterHint(all []bench.Scenario, pattern string) string {
	first, rest, more := strings.Cut(pattern, "/")
	for i := range all {
		if s := &all[i]; more && strings.EqualFold(first, s.Name) && len(s.Params) > 0 {
			return fmt.Sprintf(" (after %s comes %s=, as in %s/./%s)", s.Name, s.Params[0].Name, s.Name, strings.TrimLeft(rest, "/."))
		}
	}
	return ""
}

// params returns the parameter sets of a scenario that are selected.
func (sel Selection) params(s *bench.Scenario) []string {
	if sel.All && len(sel.Params) == 0 {
		return s.AllParams()
	}
	chosen := *s
	chosen.Params = slices.Clone(s.Params)
	for i, p := range chosen.Params {
		switch values, ok := sel.Params[p.Name]; {
		case ok:
			// In the scenario's order, and each once: a case that is
			// measured twice would contradict itself.
			wanted := func(v string) bool { return slices.Contains(values, v) }
			chosen.Params[i].Values = slices.DeleteFunc(slices.Clone(p.Values), func(v string) bool { return !wanted(v) })
			if len(chosen.Params[i].Values) == 0 {
				return nil // the value belongs to another scenario's parameter
			}
		case !sel.All:
			chosen.Params[i].Values = p.Values[:1]
		}
	}
	return chosen.AllParams()
}

// withBaselines returns the cases that match, and the baseline's at the same
// worker counts, or its only one: without it there is no speedup.
func (sel Selection) withBaselines(s *bench.Scenario, params string, procs int, match func(bench.Case) bool) []bench.Case {
	resized := *s
	resized.Variants = slices.Clone(s.Variants)
	for i := range resized.Variants {
		v := &resized.Variants[i]
		v.Workers = sel.workers(s.WorkerCounts(v))
	}
	cases := resized.Cases(params, procs)
	var hit []bench.Case
	counts := make(map[int]bool)
	for _, c := range cases {
		if match(c) {
			hit = append(hit, c)
			counts[c.Workers] = true
		}
	}
	if len(hit) == 0 || sel.Alone {
		return hit
	}
	base := s.Baseline().Name
	only := len(resized.Variants[0].Workers) == 1
	return slices.DeleteFunc(cases, func(c bench.Case) bool {
		return !slices.Contains(hit, c) && (c.Variant != base || !counts[c.Workers] && !only)
	})
}

// workers applies -workers to the worker counts of a variant. A variant with a
// single count is sequential by nature and keeps it.
func (sel Selection) workers(own []int) []int {
	if len(sel.Workers) == 0 || len(own) == 1 {
		return own
	}
	return sel.Workers
}

// checkParams returns an error for a parameter or a value that no scenario has.
func checkParams(all []bench.Scenario, params map[string][]string) error {
	for _, name := range slices.Sorted(maps.Keys(params)) {
		var known []string
		for i := range all {
			for _, p := range all[i].Params {
				if p.Name == name {
					for _, v := range p.Values {
						if !slices.Contains(known, v) {
							known = append(known, v)
						}
					}
				}
			}
		}
		if known == nil {
			return fmt.Errorf("no scenario has a parameter %q: see interleave list", name)
		}
		for _, v := range params[name] {
			if !slices.Contains(known, v) {
				return fmt.Errorf("parameter %s has no value %q: choose among %s", name, v, strings.Join(known, ", "))
			}
		}
	}
	return nil
}

// matcher returns a function that says whether a case matches a pattern. As
// for go test, a slash separates the patterns of the parts of the name; unlike
// there, case does not matter, so that "counter" finds BenchmarkCounter.
func matcher(pattern string) (func(bench.Case) bool, error) {
	var parts []*regexp.Regexp
	for _, p := range splitPattern(pattern) {
		re, err := regexp.Compile("(?i)" + p)
		if err != nil {
			return nil, fmt.Errorf("the pattern %q is not a regular expression: %w", pattern, err)
		}
		parts = append(parts, re)
	}
	return func(c bench.Case) bool { return matches(parts, c.Name()) || matches(parts, bare(c)) }, nil
}

// bare is the name of a case as people type it: without Benchmark before it
// and GOMAXPROCS behind. A whole name, copied from a table, is fine too.
func bare(c bench.Case) string { return bench.TestName(c.Scenario) + "/" + c.SubName() }

func matches(parts []*regexp.Regexp, name string) bool {
	names := strings.Split(name, "/")
	if len(parts) > len(names) {
		return false
	}
	for i, re := range parts {
		if !re.MatchString(names[i]) {
			return false
		}
	}
	return true
}

// splitPattern splits at slashes that do not stand in brackets.
func splitPattern(pattern string) []string {
	depth, class, from := 0, false, 0
	var parts []string
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '(' && !class:
			depth++
		case c == ')' && !class:
			depth--
		case c == '/' && !class && depth == 0:
			parts = append(parts, pattern[from:i])
			from = i + 1
		}
	}
	return append(parts, pattern[from:])
}
