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
)

// A Result is what there is to show.
type Result struct {
	Base, Head string // the revisions, as people write them
	Machine    string
	Tolerance  string // as it was asked for: "5%"
	Level      float64
	Strict     bool // what only one side has is an error
	Took       time.Duration
	Partial    string // why it was stopped early, "" if it was not
	Warnings   []string

	Rows    []revision.Row
	Found   *revision.Comparison
	Control revision.Control
	GeoMean stats.Interval
}

// A Tally counts benchmarks by what came of them.
type Tally struct {
	Regressed, Improved, Same, Unclear, Failed int
	Identical                                  int // packages
}

// Tally counts. A benchmark has regressed when its time or one of its metrics
// has; otherwise its time decides.
func (r *Result) Tally() Tally {
	var t Tally
	t.Identical, t.Failed = len(r.Found.Identical), len(r.failures())
	for _, p := range r.Found.Pairs {
		switch v, measured := r.verdict(p); {
		case p.Problem != "":
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
// that changed.
func (r *Result) times() []revision.Row {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row revision.Row) bool { return row.Unit != revision.TimeUnit })
}

func (r *Result) metrics() []revision.Row {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(row revision.Row) bool {
		return row.Unit == revision.TimeUnit || row.Verdict == stats.Same || row.Verdict == stats.Unclear && !row.Changed
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
type failure struct{ name, text string }

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
			all = append(all, failure{name, base})
		case inBase && inHead:
			all = append(all, failure{name, "base: " + base + "; head: " + head})
		case inBase:
			all = append(all, failure{name, "base: " + base})
		default:
			all = append(all, failure{name, "head: " + head})
		}
	}
	for _, p := range r.Found.Pairs {
		if p.Problem != "" {
			all = append(all, failure{p.Title(), p.Problem})
		}
	}
	if r.Strict {
		for _, o := range r.Found.OneSided {
			all = append(all, failure{o.Name, "only in " + o.Side + ", which -strict does not allow"})
		}
	}
	return all
}

// mostReasons is how many unclear benchmarks are explained below a table.
const mostReasons = 8

// remarks are the lines below the tables.
func (r *Result) remarks() []string {
	var lines []string
	if len(r.times()) > 0 {
		lines = append(lines, "A change is the ratio of the times of head and base to be expected of a pair of",
			"fresh processes, estimated in each pair from slices taken in turn.")
	}
	if r.GeoMean.Known() && len(r.times()) > 1 {
		lines = append(lines, fmt.Sprintf("geometric mean of the changes: %s", changeOf(r.GeoMean)))
	}
	if c := r.Control; c.Pairs > 0 {
		line := fmt.Sprintf("control: base against itself differed by %s (median of %d), %s at most", percent(c.Typical), c.Pairs, percent(c.Most))
		if c.Floor > 0 {
			line += fmt.Sprintf("; by %s beyond doubt, so that smaller changes are unclear", percent(c.Floor))
		}
		lines = append(lines, line)
	}
	unclear := 0
	for _, row := range r.times() {
		if row.Verdict == stats.Unclear {
			if unclear++; unclear > mostReasons {
				continue
			}
			line := "unclear: " + r.short(row.Pair) + ": " + row.Reason
			if row.More > 0 && row.More < 1000 {
				line += fmt.Sprintf("; about %s more would decide", r.further(row))
			}
			lines = append(lines, line)
		}
	}
	if more := unclear - mostReasons; more > 0 {
		lines = append(lines, fmt.Sprintf("unclear: and %d more; -json has all reasons", more))
	}
	for _, p := range r.Found.Pairs {
		if p.Starved {
			lines = append(lines, "unclear: "+r.short(p)+": not measured, as the time does not suffice: a longer -for")
		}
		for _, note := range p.Notes {
			lines = append(lines, "note: "+r.short(p)+": "+note)
		}
	}
	for _, note := range r.Found.Notes {
		lines = append(lines, "note: "+note)
	}
	for _, name := range r.Found.Identical {
		lines = append(lines, "identical: "+name+": the test binaries are equal, not measured")
	}
	for _, o := range r.Found.OneSided {
		if !r.Strict {
			lines = append(lines, "only in "+o.Side+": "+o.Name)
		}
	}
	for _, s := range r.Found.Skipped {
		lines = append(lines, "skipped: "+s)
	}
	for _, f := range r.failures() {
		lines = append(lines, "FAILED: "+f.name+": "+f.text)
	}
	return lines
}

// further estimates the time that would decide a row.
func (r *Result) further(row revision.Row) string {
	if row.Change.N == 0 {
		return "?"
	}
	each := row.Spent / time.Duration(row.Change.N)
	return (time.Duration(row.More) * each).Round(100 * time.Millisecond).String()
}
