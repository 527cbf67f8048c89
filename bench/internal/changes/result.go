// Package changes shows what a comparison of two revisions found: as a table
// for a terminal, as Markdown for a pull request, as a chart, as JSON, as JUnit
// for a CI's page of tests, and as a file that benchstat reads.
//
// Changes are changes in time, so that + is slower, everywhere.
package changes

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision"
	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// A Result is what there is to show.
type Result struct {
	Base, Head string // the revisions, as people write them
	Machine    string
	Tolerance  string // as it was asked for: "5%"
	Level      float64
	Strict     bool // what only one side has is an error

	// UnclearFails says that the exit code is that of an undecided comparison.
	UnclearFails bool

	Took     time.Duration
	Partial  string // why it was stopped early, "" if it was not
	Warnings []string

	Rows    []revision.Row
	Found   *revision.Comparison
	Control revision.Control
	Suite   verdict.Suite // all benchmarks together
}

// A Tally counts benchmarks by what came of them.
type Tally struct {
	Regressed, Improved, Same, Unclear int
	Failed                             int // could not be measured, and the head alone is to blame
	Broken                             int // could not be measured, and not for what head changed
	Identical                          int // packages
	Metrics                            int // metrics that may have become worse, for all that is known
}

// Tally counts. A benchmark has regressed when its time or one of its metrics
// has; otherwise its time decides. Metrics that are unclear are counted beside.
func (r *Result) Tally() Tally {
	var t Tally
	t.Identical = len(r.Found.Identical)
	for _, f := range r.failures() {
		if f.new {
			t.Failed++
		} else {
			t.Broken++
		}
	}
	for _, p := range r.Found.Pairs {
		switch v, measured := r.verdict(p); {
		case p.Problem != "" || p.Control:
		case !measured:
			t.Unclear++
		case v == stats.Regressed:
			t.Regressed++
		case v == stats.Improved:
			t.Improved++
		case v == stats.Same:
			t.Same++
		default:
			t.Unclear++
		}
	}
	for i := range r.Rows {
		if r.Rows[i].Uncertain {
			t.Metrics++
		}
	}
	return t
}

// verdict is that of a pair as a whole.
func (r *Result) verdict(p *revision.Pair) (v stats.Verdict, measured bool) {
	for _, row := range r.Rows {
		switch {
		case row.Pair != p:
		case row.Verdict == stats.Regressed:
			return stats.Regressed, true
		case row.Unit == revision.TimeUnit:
			v, measured = row.Verdict, true
		}
	}
	return v, measured
}

// Decided reports whether anything was: a verdict, or equal binaries.
func (t Tally) Decided() bool { return t.Regressed+t.Improved+t.Same+t.Identical > 0 }

func (t Tally) measured() int { return t.Regressed + t.Improved + t.Same + t.Unclear }

// Sentence says in one line what came out.
func (r *Result) Sentence() string {
	t := r.Tally()
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(t.Regressed, "regressed")
	add(t.Improved, "improved")
	add(t.Same, "same")
	add(t.Unclear, "unclear")
	text := "nothing to compare"
	if len(parts) > 0 {
		text = fmt.Sprintf("%s, of %s", strings.Join(parts, ", "), Plural(t.measured(), "benchmark"))
	}
	if all := r.together(); all != "" {
		text += "; " + all
	}
	if t.Metrics > 0 {
		text += fmt.Sprintf("; %s unclear", Plural(t.Metrics, "metric"))
	}
	if t.Failed > 0 {
		text += fmt.Sprintf("; %d could not be measured", t.Failed)
	}
	if t.Identical > 0 {
		text += fmt.Sprintf("; %s identical, not measured", Plural(t.Identical, "test binary"))
	}
	return text
}

// advice is what to do next.
func (r *Result) advice() string {
	switch t := r.Tally(); {
	case t.Failed > 0:
		return "look at what could not be measured first; go test -bench shows more of it"
	case t.Unclear > 0 && t.Regressed == 0:
		return "for the unclear ones: a longer -for, or -bench to compare fewer benchmarks"
	}
	return ""
}

// times and metrics are the rows worth showing: all times, and the metrics
// that changed or may have.
func (r *Result) times() []revision.Row {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row revision.Row) bool { return row.Unit != revision.TimeUnit })
}

func (r *Result) metrics() []revision.Row {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row revision.Row) bool {
		return row.Unit == revision.TimeUnit || row.Verdict == stats.Same || row.Verdict == stats.Unclear && !row.Changed && !row.Uncertain
	})
}

// short names a benchmark as a terminal has room for: with the last element of
// its package, unless another package has the same.
func (r *Result) short(p *revision.Pair) string {
	last := lastElement(p.Package)
	for _, other := range r.Found.Pairs {
		if other.Package != p.Package && lastElement(other.Package) == last {
			return p.Title()
		}
	}
	return last + "." + p.FullName()
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// lastElement returns the last element of an import path that is not a major
// version.
func lastElement(pkg string) string {
	if dir, last := path.Split(pkg); dir != "" && majorVersion.MatchString(last) {
		return path.Base(dir)
	}
	return path.Base(pkg)
}

// A failure is something that could not be measured, on one or both sides.
type failure struct {
	name, text string
	notes      []string
	new        bool // the base does not fail: it is for the head to mend
}

// failures joins what went wrong on both sides alike.
func (r *Result) failures() []failure {
	var all []failure
	sides := make(map[string]map[string]string)
	var order []string
	for _, p := range r.Found.Problems {
		if sides[p.Name] == nil {
			sides[p.Name] = make(map[string]string)
			order = append(order, p.Name)
		}
		sides[p.Name][p.Side] = p.Text
	}
	for _, name := range order {
		base, inBase := sides[name]["base"]
		head, inHead := sides[name]["head"]
		switch {
		case inBase && inHead && base == head:
			all = append(all, failure{name: name, text: "both sides: " + base})
		case inBase && inHead:
			all = append(all, failure{name: name, text: "base: " + base + "; head: " + head})
		case inBase:
			all = append(all, failure{name: name, text: "base: " + base})
		default:
			all = append(all, failure{name: name, text: "head: " + head, new: true})
		}
	}
	for _, p := range r.Found.Pairs {
		if p.Problem != "" && !p.Control {
			all = append(all, failure{p.Title(), p.Problem, p.Notes, p.New})
		}
	}
	if r.Strict {
		for _, o := range r.Found.OneSided {
			all = append(all, failure{name: o.Name, text: "only in " + o.Side + ", which -strict does not allow", new: true})
		}
		for _, p := range r.Found.Pairs {
			for _, o := range oneSided(p) {
				all = append(all, failure{name: p.Title(), text: o.text() + ", which -strict does not allow", new: true})
			}
		}
	}
	return all
}

// together is the verdict on all benchmarks at once: "all together: +0.3% ±0.4,
// same". It is known long before that of most single ones.
func (r *Result) together() string {
	if !r.Suite.Ratio.Bounded() {
		return ""
	}
	return fmt.Sprintf("all together: %s, %s", changeOf(r.Suite.Ratio), r.Suite.Verdict)
}
