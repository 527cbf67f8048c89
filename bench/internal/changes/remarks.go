package changes

import (
	"fmt"
	"maps"
	"math"
	"slices"
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
		lines = append(lines, r.how()...)
	}
	if r.Suite.Ratio.Known() && len(r.times()) > 1 {
		lines = append(lines, fmt.Sprintf("all together: the geometric mean of the changes is %s; %s: %s", changeOf(r.Suite.Ratio), r.Suite.Verdict, r.Suite.Reason))
	}
	if c := r.Control; c.Pairs > 0 {
		line := fmt.Sprintf("control: base against itself differed by %s (median of %d), %s at most", percent(c.Typical), c.Pairs, percent(c.Most))
		if c.Floor > 0 {
			line += fmt.Sprintf("; by %s beyond doubt, so that smaller changes are unclear", percent(c.Floor))
		}
		lines = append(lines, line)
	}
	lines = append(lines, r.reasons()...)
	lines = append(lines, r.exceptions()...)
	for _, p := range r.Found.Pairs {
		if p.Control {
			continue
		}
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
		word := "FAILED"
		if !f.new {
			word = "broken, not by this change"
		}
		lines = append(lines, word+": "+f.name+": "+f.text)
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
			line += r.deciding(row)
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
	case measured || p.Problem != "" || p.Control:
		return ""
	case p.Starved:
		return "not measured, as there was not enough time: a longer -for"
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

// deciding says what would decide an unclear row.
func (r *Result) deciding(row revision.Row) string {
	switch {
	case row.Doubt != "" || row.Change.N == 0:
		return ""
	case math.IsInf(row.More, 0) || row.More > mostMore:
		return "; the noise of this machine is too large, or the change too near the tolerance, for any -for"
	case row.More <= 0:
		return ""
	}
	each := row.Spent / time.Duration(row.Change.N)
	return fmt.Sprintf("; about %v more would decide", (time.Duration(row.More) * each).Round(100*time.Millisecond))
}

// mostMore is how many processes are worth a mention.
const mostMore = 1000

// exceptions says which benchmarks were measured otherwise than their kind of
// work suggests, a line for each reason.
func (r *Result) exceptions() []string {
	names := make(map[string][]string)
	for _, row := range r.times() {
		if row.Why != "" {
			names[row.Why] = append(names[row.Why], r.short(row.Pair))
		}
	}
	var lines []string
	for _, why := range slices.Sorted(maps.Keys(names)) {
		all := names[why]
		who := strings.Join(all, ", ")
		if len(all) > 2 {
			who = fmt.Sprintf("%s and %d more", all[0], len(all)-1)
		}
		lines = append(lines, "note: "+who+": "+why)
	}
	return lines
}

// how says how the changes were found, for the designs that there are.
func (r *Result) how() []string {
	lines := []string{"A change is the ratio of the times of head and base to be expected of a pair of\nfresh processes."}
	seen := make(map[revision.Design]bool)
	for _, row := range r.times() {
		seen[row.Design] = true
	}
	for design, text := range map[revision.Design]string{
		revision.SharedCore: "shared: both sides at once on one core, by processor time; the times are those\nof base on all cores, and the change applied to them.",
		revision.Pinned:     "pinned: slices in turn on one core.",
		revision.InTurn:     "in turn: slices in turn on all cores.",
	} {
		if seen[design] {
			lines = append(lines, text)
		}
	}
	slices.Sort(lines[1:])
	return lines
}
