package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// switchesUnit is the metric that counts how often a trial had to give up a
// processor although it had work.
const switchesUnit = "nivcsw"

// Disturbance returns the lines that say what else the machine did while the
// run measured, as far as it was recorded. It is shown for the reader to judge:
// no measurement is left out for it.
func Disturbance(run *record.Run) []string {
	var lines []string
	if part, worst, known := run.Stolen(); known {
		text := "none of the processor time was stolen"
		if part > 0 {
			text = fmt.Sprintf("%s of the processor time was stolen (worst process %s)", percent(part), percent(worst))
		}
		lines = append(lines, "disturbance: "+text)
	}
	var parts []string
	if median, known := switches(run); known {
		parts = append(parts, fmt.Sprintf("%s involuntary switches a trial (median)", count(median)))
	}
	if low, high := loads(run); high > 0 {
		text := fmt.Sprintf("load %.1f to %.1f", low, high)
		if fmt.Sprintf("%.1f", low) == fmt.Sprintf("%.1f", high) {
			text = fmt.Sprintf("load %.1f", high)
		}
		parts = append(parts, text)
	}
	if len(parts) > 0 {
		lines = append(lines, "disturbance: "+strings.Join(parts, ", "))
	}
	return lines
}

// switches returns the median of the trials' involuntary switches.
func switches(run *record.Run) (median float64, known bool) {
	var values []float64
	for i := range run.Measurements {
		if n, ok := run.Measurements[i].Metrics[switchesUnit]; ok {
			values = append(values, n)
		}
	}
	if len(values) == 0 {
		return 0, false
	}
	return stats.Median(values), true
}

// loads returns the lowest and the highest load at the end of a fork, 0 where
// none is known.
func loads(run *record.Run) (low, high float64) {
	low = math.Inf(1)
	for _, f := range run.Forks {
		if f.Load > 0 {
			low, high = min(low, f.Load), max(high, f.Load)
		}
	}
	return low, high
}

type jsonDisturbance struct {
	Stolen   *float64 `json:"stolen,omitempty"`             // part of the processor time
	Worst    *float64 `json:"stolen_worst_fork,omitempty"`  // in the fork that suffered most
	Switches *float64 `json:"switches_per_trial,omitempty"` // involuntary, median
	Void     int      `json:"void_forks,omitempty"`
}

// disturbance is nil when nothing was recorded.
func disturbance(run *record.Run) *jsonDisturbance {
	var out jsonDisturbance
	if part, worst, known := run.Stolen(); known {
		out.Stolen, out.Worst = &part, &worst
	}
	if median, known := switches(run); known {
		out.Switches = &median
	}
	for _, f := range run.Forks {
		if f.Void != "" {
			out.Void++
		}
	}
	if out == (jsonDisturbance{}) {
		return nil
	}
	return &out
}
