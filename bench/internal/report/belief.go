package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// A Belief says whether the machine was quiet enough to believe a run.
type Belief struct {
	Answer string // "yes", "with care", "no", "unclear"
	Why    string
}

// The limits of what a machine may do meanwhile. Paired rounds take most of a
// disturbance out of a comparison, so the first only widens intervals; beyond
// the second the check does not decide anything either.
const (
	someSteal = 0.02
	muchSteal = 0.10
)

// believe judges the run as a whole by what was recorded while it measured.
func (r *Report) believe() Belief {
	run := r.Run
	stolen, worst, stealKnown := run.Stolen()
	_, load := loads(run)
	var calm, care, bad []string
	switch {
	case !stealKnown:
	case stolen > muchSteal:
		bad = append(bad, percent(stolen)+" of the processor time was stolen")
	case stolen > someSteal || worst > muchSteal:
		care = append(care, fmt.Sprintf("%s of the processor time was stolen, in the worst process %s", percent(stolen), percent(worst)))
	case stolen > 0:
		calm = append(calm, percent(stolen)+" of the processor time was stolen")
	default:
		calm = append(calm, "no processor time was stolen")
	}
	switch cpus, err := strconv.Atoi(run.Setting("cpus")); {
	case load <= 0 || err != nil:
	case load > 2*float64(cpus)+1:
		bad = append(bad, fmt.Sprintf("the load rose to %.1f on %s", load, plural(cpus, "CPU")))
	case load > float64(cpus)+1: // its own threads make one for each processor
		care = append(care, fmt.Sprintf("the load rose to %.1f on %s", load, plural(cpus, "CPU")))
	default:
		calm = append(calm, fmt.Sprintf("the load stayed at %.1f or less", load))
	}
	if !r.bounded() {
		bad = append(bad, "nothing was measured twice, so nothing has an interval")
	}
	if n := voidForks(run); n > 0 {
		care = append(care, plural(n, "process")+" counted for nothing")
	}
	if r.Partial() != "" {
		care = append(care, "the run is not whole")
	}
	if n := len(run.Warnings); n > 0 {
		care = append(care, plural(n, "warning"))
	}
	switch {
	case len(bad) > 0:
		return Belief{"no", strings.Join(append(bad, care...), "; ")}
	case !stealKnown && load <= 0:
		return Belief{"unclear", strings.Join(append([]string{"how the machine was meanwhile was not recorded"}, care...), "; ")}
	case len(care) > 0:
		return Belief{"with care", strings.Join(append(care, calm...), "; ")}
	}
	return Belief{"yes", strings.Join(calm, "; ")}
}

func voidForks(run *record.Run) (n int) {
	for _, f := range run.Forks {
		if f.Void != "" {
			n++
		}
	}
	return n
}

// bounded reports whether anything has an interval.
func (r *Report) bounded() bool {
	for i := range r.Sections {
		for _, row := range r.Sections[i].Rows {
			for _, c := range row.Cells {
				if c.Time.Bounded() {
					return true
				}
			}
		}
	}
	return false
}
