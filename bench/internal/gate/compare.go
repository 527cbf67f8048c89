package gate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/units"
)

// DefaultDrift is what is allowed for drift where nothing better is known: as
// much as shared machines in continuous integration are reported to change from
// one minute to the next.
const DefaultDrift = 0.10

// A Comparison is of two files, measured one after the other.
type Comparison struct {
	Old, New *BenchFile

	Tolerance float64 // the change for the worse that does not matter: 0.05

	// Drift is added to the tolerance of everything that depends on the speed
	// of the machine: 0.1. Nothing in two files tells a slower program from a
	// machine that became slower in between.
	Drift     float64
	DriftFrom string // where it comes from, for the header

	Level float64 // the chance of any false failure in all of the comparison, were there no drift
}

// Report compares the files.
//
// The question to each benchmark and unit is whether it became worse by more
// than is allowed: it passes when the interval of the change lies wholly below
// the bound, fails when it lies wholly above, and is unclear otherwise. The
// level is shared among all questions that are statistical, counted before any
// is answered. Counts that do not vary are compared exactly.
func (c *Comparison) Report() *Report {
	r := &Report{Noun: "comparison"}
	c.Old.report(r, true)
	c.New.report(r, false)
	pairs := c.pairs(r)
	statistical := 0
	for i := range pairs {
		if pairs[i].statistical() {
			statistical++
		}
	}
	machine := c.otherMachine()
	for i := range pairs {
		r.Results = append(r.Results, c.judge(&pairs[i], 1-c.Level/float64(max(statistical, 1)), machine))
	}
	c.header(r, statistical)
	r.Warnings = append(r.Warnings, prefixed(c.Old.Name+": ", c.Old.warnings)...)
	r.Warnings = append(r.Warnings, prefixed(c.New.Name+": ", c.New.warnings)...)
	return r
}

func (c *Comparison) header(r *Report, statistical int) {
	name := func(f *BenchFile) string {
		kind := "benchmark"
		if f.ours {
			kind = "case"
		}
		return fmt.Sprintf("%s (%s)", f.Name, some(len(f.benchmarks), kind))
	}
	r.Header = append(r.Header,
		fmt.Sprintf("old: %s, new: %s", name(c.Old), name(c.New)),
		fmt.Sprintf("allowed: %s tolerance, and for times and rates %s more for drift, %s", percent(c.Tolerance), percent(c.Drift), c.DriftFrom))
	if statistical > 0 {
		r.Header = append(r.Header, fmt.Sprintf("level %s over %s, each %s", percent(c.Level), some(statistical, "statistical comparison"), percent(c.Level/float64(statistical))))
	}
	r.Header = append(r.Header, "The files were measured one after the other: they cannot exclude that the machine became slower in between. interleave diff measures both sides in turns.")
}

// otherMachine says why times cannot be compared, "" if they can.
func (c *Comparison) otherMachine() string {
	for _, key := range machineKeys {
		if was, is := c.Old.Setting(key), c.New.Setting(key); was != "" && is != "" && was != is {
			return fmt.Sprintf("times of different machines cannot be compared (%s: %s, then %s): measure both on one", key, was, is)
		}
	}
	return ""
}

// A pair is a benchmark and a unit that both files have.
type pair struct {
	rule     string // how it is called
	old, new *series
	better   int  // +1: higher is better, -1: lower, 0: not known
	exact    bool // a count, which repeating does not make more exact
	declared bool // exact because the file says so
	ours     bool // a sample is a process of our own
}

// pairs puts together what both files have, and reports what only one has.
func (c *Comparison) pairs(r *Report) (pairs []pair) {
	long := c.severalPackages()
	for _, old := range c.Old.benchmarks {
		name := old.title(long)
		new := c.New.known[old.benchName]
		if new == nil {
			if !c.New.blames(old.name) {
				r.Results = append(r.Results, c.missing(old, name))
			}
			continue
		}
		for _, s := range old.series {
			other := new.in(s.unit)
			if other == nil {
				r.Results = append(r.Results, Result{
					Rule: name + " " + s.shown, Outcome: Broken, File: c.New.Name, Line: new.line,
					Reason: fmt.Sprintf("%s has it in %s, and %s does not: measure both with the same flags (-benchmem) and the same program", c.Old.Name, s.shown, c.New.Name),
				})
				continue
			}
			p := pair{rule: name + " " + s.shown, old: s, new: other, better: c.better(s.unit), ours: c.New.ours}
			p.declared = c.unit(s.unit, "assume") == "exact"
			p.exact = p.declared || s.unit == "allocs/op"
			pairs = append(pairs, p)
		}
		for _, s := range new.series {
			if old.in(s.unit) == nil {
				r.Listed = append(r.Listed, fmt.Sprintf("new, and compared with nothing: %s %s", name, s.shown))
			}
		}
	}
	for _, new := range c.New.benchmarks {
		if c.Old.known[new.benchName] == nil {
			r.Listed = append(r.Listed, "new, and compared with nothing: "+new.title(long))
		}
	}
	for _, name := range c.skippedInBoth() {
		r.Results = append(r.Results, Result{Rule: name, Outcome: Skipped, Reason: "the benchmark skipped itself in both files"})
	}
	return pairs
}

// missing is the result of a benchmark that the new file does not have.
func (c *Comparison) missing(old *benchmark, name string) Result {
	why := "it was removed, renamed or not run, or it failed"
	line, skipped := c.New.skipped[old.name]
	procs := gomaxprocs(old.name)
	moved := slices.IndexFunc(c.New.benchmarks, func(b *benchmark) bool { return b.name == old.name })
	switch {
	case skipped:
		why = fmt.Sprintf("it skipped itself, as line %d says", line)
	case moved >= 0:
		why = fmt.Sprintf("there it is of package %q, not of %q", c.New.benchmarks[moved].pkg, old.pkg)
	case procs != "" && !c.New.anyWith(procs):
		why = "no name there ends in " + procs + ", so that GOMAXPROCS (-cpu) is another"
	}
	return Result{
		Rule: name, Outcome: Broken, File: c.New.Name,
		Reason: fmt.Sprintf("%s has it and %s does not: %s; if that was meant, measure the old file again without it", c.Old.Name, c.New.Name, why),
	}
}

// blames reports whether a problem says why there is no result of a benchmark.
func (f *BenchFile) blames(name string) bool {
	return slices.ContainsFunc(f.problems, func(p problem) bool { return p.subject == name })
}

// gomaxprocs returns the end of a benchmark's name that says GOMAXPROCS: "-8".
func gomaxprocs(name string) string {
	i := strings.LastIndexByte(name, '-')
	if i < 0 || strings.Trim(name[i+1:], "0123456789") != "" {
		return ""
	}
	return name[i:]
}

func (f *BenchFile) anyWith(procs string) bool {
	return slices.ContainsFunc(f.benchmarks, func(b *benchmark) bool { return strings.HasSuffix(b.name, procs) })
}

func (c *Comparison) skippedInBoth() (names []string) {
	for name := range c.Old.skipped {
		if _, both := c.New.skipped[name]; both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// severalPackages reports whether names must tell packages apart.
func (c *Comparison) severalPackages() bool {
	seen := make(map[string]bool)
	for _, f := range []*BenchFile{c.Old, c.New} {
		for _, b := range f.benchmarks {
			seen[b.pkg] = true
		}
	}
	return len(seen) > 1
}

func (b *benchmark) title(long bool) string {
	if long && b.pkg != "" {
		return b.pkg + "." + b.name
	}
	return b.name
}

// unit returns what the files say of a unit: Unit ns/op better=lower.
func (c *Comparison) unit(unit, key string) string {
	for _, f := range []*BenchFile{c.New, c.Old} {
		if m := f.units.Get(unit, key); m != nil {
			return m.Value
		}
	}
	return ""
}

// better says in which direction a unit is better: as the files say, otherwise
// as its name does.
func (c *Comparison) better(unit string) int {
	switch declared := c.unit(unit, "better"); {
	case declared == "higher":
		return 1
	case declared == "lower":
		return -1
	case declared != "":
		return 0
	case unit == speedupUnit:
		return 1
	}
	return units.Better(unit)
}

// logs returns the logarithms of both sides.
func (p *pair) logs() (old, new []float64) {
	return logs(p.old.values), logs(p.new.values)
}

func logs(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = math.Log(v)
	}
	return out
}

// percentChange returns the change in per cent that a log ratio is.
func percentChange(log stats.Interval) stats.Interval {
	r := log.Exp()
	if !r.Known() {
		return r
	}
	of := func(x float64) float64 { return 100 * (x - 1) }
	return stats.Interval{Value: of(r.Value), Lo: of(r.Lo), Hi: of(r.Hi), N: r.N}
}
