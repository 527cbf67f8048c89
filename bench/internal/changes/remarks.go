package changes

import (
	"fmt"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// mostReasons is how many unclear benchmarks, and how many unclear metrics, are
// explained below a table, and how many benchmarks that were not measured.
const mostReasons = 8

// remarks are the lines below the tables. A line may be broken for a terminal.
func (r *Result) remarks() []string {
	var lines []string
	if len(r.times()) > 0 {
		lines = append(lines, "A change is the ratio of the times of head and base to be expected of a pair of\nfresh processes, estimated in each pair from slices taken in turn.")
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
	lines = append(lines, r.reasons()...)
	for _, p := range r.Found.Pairs {
		for _, note := range p.Notes {
			lines = append(lines, "note: "+r.short(p)+": "+note)
		}
		for _, o := range oneSided(p) {
			if !r.Strict {
				lines = append(lines, "note: "+r.short(p)+": "+o.text())
			}
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

// reasons says why what is unclear is so: times, metrics, and what was not
// measured.
func (r *Result) reasons() []string {
	var times, metrics, others []string
	for _, row := range r.Rows {
		switch {
		case row.Unit == revision.TimeUnit && row.Verdict == stats.Unclear:
			line := r.short(row.Pair) + ": " + row.Reason
			if row.More > 0 && row.More < 1000 {
				line += fmt.Sprintf("; about %s more would decide", r.further(row))
			}
			times = append(times, line)
		case row.Uncertain:
			metrics = append(metrics, fmt.Sprintf("%s of %s: %s", row.Unit, r.short(row.Pair), row.Reason))
		}
	}
	for _, p := range r.Found.Pairs {
		if why := r.unmeasured(p); why != "" {
			others = append(others, r.short(p)+": "+why)
		}
	}
	var lines []string
	for _, all := range [][]string{times, metrics, others} {
		for i, line := range all {
			if i == mostReasons {
				lines = append(lines, fmt.Sprintf("unclear: and %d more; -json has all reasons", len(all)-mostReasons))
				break
			}
			lines = append(lines, "unclear: "+line)
		}
	}
	return lines
}

// unmeasured says why there is no verdict on a pair, "" if there is one, or if
// it failed.
func (r *Result) unmeasured(p *revision.Pair) string {
	_, measured := r.verdict(p)
	switch {
	case measured || p.Problem != "":
		return ""
	case p.Starved:
		return "not measured, as the time does not suffice: a longer -for"
	case r.Partial != "":
		return fmt.Sprintf("not measured, as the comparison was stopped early (%s)", r.Partial)
	}
	return "not measured: none of its processes counts"
}

// A single is the metrics of a benchmark that only one side reports.
type single struct {
	side  string
	units []string
}

func (s single) text() string { return "only " + s.side + " reports " + strings.Join(s.units, ", ") }

// oneSided returns the metrics of a pair that only one side reports, by side.
func oneSided(p *revision.Pair) (all []single) {
	for _, o := range p.OneSided {
		if n := len(all); n > 0 && all[n-1].side == o.Side {
			all[n-1].units = append(all[n-1].units, o.Name)
			continue
		}
		all = append(all, single{o.Side, []string{o.Name}})
	}
	return all
}

// further estimates the time that would decide a row.
func (r *Result) further(row revision.Row) string {
	if row.Change.N == 0 {
		return "?"
	}
	each := row.Spent / time.Duration(row.Change.N)
	return (time.Duration(row.More) * each).Round(100 * time.Millisecond).String()
}
