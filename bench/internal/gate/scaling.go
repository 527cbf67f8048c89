package gate

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// completeFile checks the keys of a rule about the benchmarks of a file.
func (p *budgetParser) completeFile(r *Rule) {
	scaling := slices.ContainsFunc(r.Asks, func(a Ask) bool { return a.Kind == Scaling })
	other := slices.IndexFunc(r.Asks, func(a Ask) bool { return a.Kind != Scaling && a.Kind != Allocs && !a.AgainstBase })
	switch {
	case r.Benchmarks == "":
		p.fail(r.Line, "from and to belong to benchmarks, a pattern on the benchmarks of a file; cases scale over workers")
	case r.Cases != "":
		p.fail(r.casesLine, "the rule has cases and benchmarks: what is measured here and what a file says are two rules")
	case len(r.Asks) == 0:
		p.fail(r.Line, "the rule asks nothing: give it scaling, allocs or regression")
	case other >= 0 && r.Asks[other].Kind == Regression:
		p.fail(r.Asks[other].Line, "benchmarks have no reference: write against: base, for interleave diff")
	case other >= 0:
		p.fail(r.Asks[other].Line, "%s cannot be asked of the benchmarks of a file: only scaling and allocs can", r.Asks[other].Kind)
	case r.Required && !r.aboutFiles():
		p.fail(r.Line, "required has no meaning for interleave diff: leave it out, and give diff -on-unclear=fail")
	case r.Versus != "" || len(r.Params) > 0 || r.Portable || r.Needs != Needs{}:
		p.fail(r.Line, "versus, params, portable and needs have no meaning for the benchmarks of a file: leave them out")
	case scaling && (r.From == 0 || r.To == 0):
		p.fail(r.Line, "scaling of benchmarks is from one GOMAXPROCS to another: add from: 1 and to: 4, for example")
	case scaling && r.From >= r.To:
		p.fail(r.Line, "from is %d and to is %d: to must be the larger", r.From, r.To)
	case !scaling && r.From+r.To > 0:
		p.fail(r.Line, "from and to belong to scaling, which this rule does not ask for")
	}
	if _, err := filePattern(r.Benchmarks); err != nil {
		p.fail(r.casesLine, "benchmarks is %q: %v", r.Benchmarks, err)
	}
}

func (p *budgetParser) procs(f field) int {
	n, err := strconv.Atoi(f.value.text)
	if err != nil || n < 1 || n > 1<<20 {
		p.fail(f.line, "%s is %q: write a GOMAXPROCS, a number from 1", f.key, f.value.text)
	}
	return n
}

// filePattern splits a pattern as go test -bench does: each part between
// slashes is for a part of the name. As with cases, capitals do not count.
func filePattern(pattern string) (namePattern, error) {
	var parts namePattern
	for part := range strings.SplitSeq(pattern, "/") {
		re, err := regexp.Compile("(?i)" + part)
		if err != nil {
			return nil, err
		}
		parts = append(parts, re)
	}
	return parts, nil
}

// A namePattern has an expression for each part of a name.
type namePattern []*regexp.Regexp

func (pattern namePattern) matches(name string) bool {
	parts := strings.Split(name, "/")
	if len(parts) < len(pattern) {
		return false
	}
	for i, re := range pattern {
		if !re.MatchString(parts[i]) {
			return false
		}
	}
	return true
}

// AskFile answers the rules that are about the benchmarks of a file, and adds
// the answers to a report. A rule that selects nothing there is an error.
//
// Benchmarks of several -cpu are measured one after the other, all samples of
// one before those of the next: a bound needs room for the drift in between.
func (b *Budgets) AskFile(f *BenchFile, r *Report) error {
	var scalings []scaling
	for i := range b.Rules {
		rule := &b.Rules[i]
		if rule.Benchmarks == "" {
			continue
		}
		for _, a := range rule.Asks {
			if a.AgainstBase {
				continue
			}
			before := len(scalings) + len(r.Results)
			if a.Kind == Allocs {
				b.allocs(f, r, rule, a)
			} else {
				scalings = append(scalings, b.scalings(f, r, rule, a)...)
			}
			if before == len(scalings)+len(r.Results) {
				return b.fail(rule.casesLine, "benchmarks %s selects nothing in %s%s", rule.Benchmarks, f.Name, rule.remedy(a))
			}
		}
	}
	for i := range scalings {
		r.Results = append(r.Results, scalings[i].judge(1-alpha/float64(len(scalings))))
	}
	if n := len(scalings); n > 0 {
		r.Header = append(r.Header, fmt.Sprintf("scaling: level %s over %s, each %s; values of -cpu are measured one after the other, so that bounds need room for drift",
			percent(alpha), some(n, "question"), percent(alpha/float64(n))))
	}
	return nil
}

// AboutFiles reports whether any rule is about the benchmarks of a file.
func (b *Budgets) AboutFiles() bool {
	return slices.ContainsFunc(b.Rules, func(r Rule) bool { return r.aboutFiles() })
}

func (r *Rule) remedy(a Ask) string {
	if a.Kind == Allocs {
		return ""
	}
	return fmt.Sprintf(" with GOMAXPROCS %d and %d: measure with -cpu %d,%d", r.From, r.To, r.From, r.To)
}

// A scaling is a benchmark at two values of GOMAXPROCS.
type scaling struct {
	result   Result
	ask      Ask
	from, to []float64 // logarithms of the times
	unusable string
}

// scalings finds the benchmarks of a rule that the file has at both values.
// One that it has at one only is reported.
func (b *Budgets) scalings(f *BenchFile, r *Report, rule *Rule, a Ask) (all []scaling) {
	pattern, _ := filePattern(rule.Benchmarks) // it was checked when the rule was read
	seen := make(map[benchName]bool)
	for _, bench := range f.benchmarks {
		base := benchName{bench.pkg, strings.TrimSuffix(bench.name, gomaxprocs(bench.name))}
		if seen[base] || !pattern.matches(base.name) {
			continue
		}
		seen[base] = true
		from, to := f.known[base.at(rule.From)], f.known[base.at(rule.To)]
		result := b.result(f, rule, a, base)
		switch {
		case from == nil && to == nil:
		case from == nil || to == nil:
			result.Outcome = Broken
			result.Reason = fmt.Sprintf("%s has it with GOMAXPROCS=%d only: measure with -cpu %d,%d", f.Name, present(from, rule), rule.From, rule.To)
			r.Results = append(r.Results, result)
		default:
			all = append(all, newScaling(result, a, from, to))
		}
	}
	return all
}

func present(from *benchmark, r *Rule) int {
	if from != nil {
		return r.From
	}
	return r.To
}

// at returns the name of a benchmark at a GOMAXPROCS, which go test leaves out
// when it is 1.
func (n benchName) at(procs int) benchName {
	if procs > 1 {
		n.name += "-" + strconv.Itoa(procs)
	}
	return n
}

// result begins the answer to a rule about a benchmark of a file.
func (b *Budgets) result(f *BenchFile, rule *Rule, a Ask, of benchName) Result {
	name := of.name
	if slices.ContainsFunc(f.benchmarks, func(o *benchmark) bool { return o.name == of.name && o.pkg != of.pkg }) {
		name = of.pkg + "." + name
	}
	bound := a.String()
	if a.Kind == Scaling {
		bound += fmt.Sprintf(" from -cpu %d to %d", rule.From, rule.To)
	}
	return Result{Rule: rule.Name, Subject: name, Bound: bound, Required: rule.Required, File: b.File, Line: a.Line, Meant: changeBudget}
}

func newScaling(result Result, a Ask, from, to *benchmark) scaling {
	s := scaling{result: result, ask: a}
	one, many := from.in("sec/op"), to.in("sec/op")
	if one == nil || many == nil {
		s.unusable = "it has no time (ns/op)"
		return s
	}
	p := pair{old: one, new: many}
	if s.unusable = p.unusable(); s.unusable == "" {
		s.from, s.to = p.logs()
	}
	return s
}

// judge decides on the interval of time(from)/time(to).
func (s *scaling) judge(confidence float64) Result {
	r := s.result
	if s.unusable != "" {
		r.Reason = s.unusable
		return r
	}
	r.Estimate = stats.Welch(s.from, s.to, stats.Confidence).Exp()
	log := stats.Welch(s.from, s.to, confidence)
	bound := math.Log(s.ask.Bound)
	above := stats.Interval{Value: log.Value - bound, Lo: log.Lo - bound, Hi: log.Hi - bound, N: log.N}
	shown := log.Exp()
	span := fmt.Sprintf("the interval from %.3g to %.3g at the level of the verdict", shown.Lo, shown.Hi)
	verdict := stats.Decide(above, 0)
	switch {
	case verdict == stats.Unclear:
		r.Reason = span + " contains the bound: " + new(pair).needs(s.from, s.to, math.Abs(above.Value), confidence)
	case (verdict == stats.Regressed) == s.ask.AtLeast: // above the bound
		r.Outcome = Pass
	default:
		r.Outcome = Fail
		r.Reason = span + " misses the bound"
	}
	return r
}

// allocs asks for the allocations of the benchmarks of a rule.
func (b *Budgets) allocs(f *BenchFile, r *Report, rule *Rule, a Ask) {
	pattern, _ := filePattern(rule.Benchmarks)
	for _, bench := range f.benchmarks {
		if !pattern.matches(strings.TrimSuffix(bench.name, gomaxprocs(bench.name))) {
			continue
		}
		result := b.result(f, rule, a, bench.benchName)
		if s := bench.in("allocs/op"); s == nil {
			result.Outcome, result.Reason = Broken, "it has no allocs/op: measure with -benchmem"
		} else {
			n := math.Floor(stats.Median(s.values))
			result.Unit, result.Estimate = s.shown, stats.Interval{Value: n, Lo: n, Hi: n, N: len(s.values)}
			if result.Outcome = Pass; n > a.Bound {
				result.Outcome, result.Reason = Fail, fmt.Sprintf("%s in the median of %s", s.figure(n), some(len(s.values), "sample"))
			}
		}
		r.Results = append(r.Results, result)
	}
}
