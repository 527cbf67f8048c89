package report

import (
	"fmt"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// Racy is what the trials of a racy variant came to at one worker count. Such
// a variant has no speed: it does not do the work.
type Racy struct {
	Variant    *record.Variant
	Workers    int
	Trials     int
	Wrong      int     // trials with an anomaly
	Overlapped int     // trials in which threads really ran at the same time
	Lost       float64 // median part of the updates that got lost; -1 if it was not counted
}

func (s *Section) addRacy(v *record.Variant, cases arms) {
	for _, w := range s.Workers {
		ms := cases.at(s.caseOf(v.Name, w)).trials
		if len(ms) == 0 {
			continue
		}
		r := Racy{Variant: v, Workers: w, Trials: len(ms), Lost: -1}
		var lost []float64
		for _, m := range ms {
			if m.Anomaly != "" {
				r.Wrong++
			}
			if overlapped(m) {
				r.Overlapped++
			}
			if n, ok := m.Metrics["lost"]; ok {
				lost = append(lost, n/float64(m.Ops))
			}
		}
		if len(lost) > 0 {
			r.Lost = stats.Median(lost)
		}
		s.Racy = append(s.Racy, r)
	}
}

// String says it in a sentence.
func (r Racy) String() string {
	text := fmt.Sprintf("wrong in %d of %d trials", r.Wrong, r.Trials)
	if r.Lost >= 0 {
		text += fmt.Sprintf(", %s of the updates lost", percent(r.Lost))
	}
	return text + fmt.Sprintf("; threads ran at the same time in %d of %d", r.Overlapped, r.Trials)
}
