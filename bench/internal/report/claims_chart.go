package report

import (
	"fmt"
	"os"
	"strings"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/chart"
	"github.com/interleave-go/interleave/bench/internal/claim"
)

// DrawClaims draws a chart for each claim that was put to the test into a
// directory, and notes where.
func (r *Report) DrawClaims(dir string) error {
	for i := range r.Claims {
		c := &r.Claims[i]
		d, ok := r.claimDots(r.judged[i])
		if !ok {
			continue
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("no directory for the charts: %w: choose another with -o", err)
		}
		fig, err := d.Figure()
		if err != nil {
			return fmt.Errorf("chart of the claim %s: %w", c.Name, err)
		}
		if c.Charts, err = chart.Write(dir, "claim-"+c.Name, fig); err != nil {
			return fmt.Errorf("%w: choose another directory with -o", err)
		}
	}
	return nil
}

// claimChart returns the path of the chart of some claim.
func (r *Report) claimChart() string {
	for _, c := range r.Claims {
		if len(c.Charts) > 0 {
			return c.Charts[0]
		}
	}
	return ""
}

// An axis is what quantities must share to stand in one chart.
type axis struct {
	label  string
	format func(float64) string
}

func axisOf(r *bench.Rule) axis {
	switch q := &r.Quantity; {
	case q.Of == bench.Wrong:
		return axis{"part of the trials that were wrong", percent}
	case q.Of == bench.Schedules:
		return axis{"part of the schedules that end wrong", percent}
	case share(q):
		return axis{"part of the time of all cores that was used", percent}
	case q.Nanoseconds():
		return axis{"time", tick}
	case q.Of == bench.Speedup && q.PerCore:
		return axis{"speedup, divided by the number of cores", nil}
	case q.Of == bench.Speedup && q.Over == (bench.Case{}):
		return axis{"speedup", nil}
	case q.Of == bench.Metric:
		return axis{q.Unit, nil}
	}
	return axis{"ratio", nil}
}

// claimDots shows the quantities of a claim with their bounds: those that share
// an axis with the one that decided.
func (r *Report) claimDots(found claim.Result) (d chart.Dots, ok bool) {
	first := decisive(found)
	if first == nil {
		return d, false
	}
	on := axisOf(first.Rule)
	d = chart.Dots{
		Title:    r.claimTitle(found),
		Subtitle: r.claimSubtitle(found),
		XLabel:   on.label, Format: on.format, MarkLabel: "what the rule asks",
	}
	low, high := 0.0, 0.0
	for _, a := range found.Rules {
		if !a.Value.Known() || axisOf(a.Rule).label != on.label {
			continue
		}
		p := chart.Point{X: a.Value.Value, Lo: a.Value.Lo, Hi: a.Value.Hi, Label: measured(a) + asked(a.Rule)}
		mark := 0.0
		if a.Rule.Counts() {
			low = -1 // none of all has no place on a log axis
		} else {
			p.Open = !a.Value.Bounded()
			mark = a.Rule.Limit()
		}
		for _, v := range []float64{p.X, mark} {
			if v > 0 && (low == 0 || v < low) {
				low = v
			}
			high = max(high, v)
		}
		d.Rows = append(d.Rows, chart.Row{Label: a.Rule.Label, Points: []chart.Point{p}})
		d.Marks = append(d.Marks, mark)
	}
	d.Log = low > 0 && high > 8*low && !share(&first.Rule.Quantity)
	return d, true
}

// asked is the bound of a rule beside what was measured.
func asked(r *bench.Rule) string {
	switch r.Is {
	case bench.AtLeast, bench.AtMost:
		return ", must be " + strings.NewReplacer("at least", "≥", "at most", "≤").Replace(bound(r))
	case bench.About:
		return ", must be " + bound(r)
	}
	return ""
}

// decisive returns the first answer that made a claim what it is and has a
// value, or nil.
func decisive(found claim.Result) *claim.Answer {
	for i := range found.Rules {
		if a := &found.Rules[i]; !a.Rule.Beside && a.Ruling == found.Ruling && a.Value.Known() {
			return a
		}
	}
	return nil
}

// claimTitle is the ruling and what decided it.
func (r *Report) claimTitle(found claim.Result) string {
	parts := deciding(found)
	if len(parts) == 0 {
		return found.Claim.Text
	}
	if found.Ruling == claim.Unclear {
		return capital(parts[0])
	}
	return capital(string(found.Ruling)) + ": " + parts[0]
}

func (r *Report) claimSubtitle(found claim.Result) string {
	what := "Dot: estimate, bar: 95 % interval"
	if first := decisive(found); first != nil && first.Rule.Quantity.Of == bench.Schedules {
		what = "All schedules were gone through, without a clock"
	}
	text := fmt.Sprintf("The claim: %s. %s", found.Claim.Text, what)
	for _, key := range []string{"cpus", "cpu", "go"} {
		v := r.Run.Setting(key)
		if key == "cpus" && v != "" {
			v += " CPUs"
		}
		if v != "" {
			text += ", " + v
		}
	}
	return strings.Replace(text, what+", ", what+"; ", 1)
}
