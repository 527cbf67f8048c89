package verdict

import (
	"fmt"
	"math"
	"slices"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A Watch rules on subjects while they are measured. What it says depends on
// the order in which forks are added, and on nothing else.
type Watch struct {
	plan     Plan
	subjects []subject
	suspects int

	fresh     bool                // the priors are of what is there
	priors    map[int]stats.Prior // what variances have in common, by group
	suspected stats.Prior         // what those of suspects have, in their fresh forks
}

// A subject is how far a question is.
type subject struct {
	Subject
	logs    []float64 // of all forks
	fresh   []Fork    // made since it is a suspect
	suspect int       // +1: it may be slower, −1: faster
	looks   int       // that the screen has made
	ruling  Ruling    // if it is decided
	void    bool
}

// New returns a watch over subjects. There are no others later.
func New(p Plan, subjects []Subject) *Watch {
	w := &Watch{plan: p.filled(), subjects: make([]subject, len(subjects)), priors: make(map[int]stats.Prior)}
	for i, s := range subjects {
		w.subjects[i].Subject = s
		if s.Suspected {
			w.subjects[i].suspect = 1
			w.suspects++
		}
	}
	return w
}

// Group says what kind of noise a subject has, which may not have been known
// before. It has no forks yet.
func (w *Watch) Group(i, group int) { w.subjects[i].Group = group }

// Void ends a subject without a verdict.
func (w *Watch) Void(i int, reason string) {
	w.subjects[i].void, w.subjects[i].ruling = true, Ruling{Reason: reason}
}

// Suspect reports whether the next fork of a subject is to confirm a change: in
// another layout, where there are any.
func (w *Watch) Suspect(i int) bool { return w.subjects[i].suspect != 0 }

// Add takes up a fork. It looks at the subject if a look is due.
func (w *Watch) Add(i int, f Fork) {
	s := &w.subjects[i]
	s.logs = append(s.logs, f.Log)
	w.fresh = false
	if s.suspect != 0 {
		s.fresh = append(s.fresh, f)
		if look, due := confirming.at(len(s.fresh)); due {
			w.confirm(s, look)
		}
	}
	if look, due := screening.at(len(s.logs)); due && s.ruling.Verdict == stats.Unclear && !s.void {
		w.screen(s, look)
	}
}

// Done reports whether a subject needs no more forks. What was confirmed may
// need more of them after all, once there are more suspects.
func (w *Watch) Done(i int) bool {
	s := &w.subjects[i]
	return s.void || s.ruling.Verdict != stats.Unclear && (s.suspect == 0 || !s.alarm() || w.confirmed(s, false))
}

// alarm reports whether the ruling on a subject is one that fresh forks must
// confirm.
func (s *subject) alarm() bool {
	v := s.ruling.Verdict
	return v == stats.Regressed || v == stats.Improved && !s.OneSided
}

// screen looks at all forks of a subject: whether it is the same, and whether it
// becomes a suspect.
func (w *Watch) screen(s *subject, look int) {
	s.looks = look + 1
	share := screening.share(look)
	if unusable(s.logs) != "" || s.layouts() > 0 { // forks of several layouts are no estimates of one thing
		return
	}
	prior := w.prior(s.Group)
	if same := prior.Mean(s.logs, 1-2*w.plan.Same*share); s.holds(same) {
		s.ruling = s.rule(stats.Same, same)
		if s.OneSided {
			s.ruling = s.rule(stats.Improved, same)
		}
		return
	}
	if s.suspect != 0 {
		return
	}
	near := s.band()
	if w.plan.Layouts {
		near /= 2
	}
	switch wide := prior.Mean(s.logs, 1-w.plan.Screen*share); {
	case wide.Lo > near:
		s.suspect = 1
	case wide.Hi < -near && !s.OneSided:
		s.suspect = -1
	default:
		return
	}
	w.suspects++
}

// holds reports whether an interval says that a change does not matter: that it
// lies within the band, or that a bound is kept.
func (s Subject) holds(i stats.Interval) bool {
	if s.OneSided {
		return i.Hi < -s.band()
	}
	return s.Tolerance > 0 && i.Lo > -s.band() && i.Hi < s.band()
}

// confirm looks at the fresh forks of a suspect.
func (w *Watch) confirm(s *subject, look int) {
	if s.ruling.Verdict != stats.Unclear && !s.alarm() {
		return // it is the same
	}
	share := confirming.share(look)
	units := s.units()
	if i := w.confirmation(units, share); s.beyond(i) {
		v := stats.Regressed
		if s.suspect < 0 {
			v = stats.Improved
		}
		s.ruling = s.rule(v, i)
		return
	}
	s.ruling = Ruling{} // at the present number of suspects it is not confirmed
	// In other layouts it is no change: at the rate of a verdict of same, since
	// that is what it is.
	if mean := stats.Mean(units, 1-2*w.plan.Same*share); s.layouts() > 1 && s.Tolerance > 0 && mean.Lo > -s.band() && mean.Hi < s.band() {
		s.ruling = s.rule(stats.Same, mean)
		s.ruling.Layout = true
		s.ruling.Reason = fmt.Sprintf("only where the linker put the code: in %d other orders of functions the change is %s", s.layouts(), span(mean))
	}
}

// confirmation returns the interval of the fresh forks of a suspect at its part
// of the level, of which only the end towards the band counts.
func (w *Watch) confirmation(units []float64, share float64) stats.Interval {
	level := w.plan.Level * (1 - suiteShare) / float64(max(w.suspects, 1))
	return w.between().Mean(units, 1-2*level*share)
}

// between returns what the variances of suspects between layouts have in common.
func (w *Watch) between() stats.Prior {
	if !w.fresh {
		w.refresh()
	}
	return w.suspected
}

// refresh finds out anew what variances have in common.
func (w *Watch) refresh() {
	clear(w.priors)
	w.fresh = true
	var variances []float64
	var df []int
	for i := range w.subjects {
		if units := w.subjects[i].units(); len(units) >= screening.first && unusable(units) == "" {
			variances, df = append(variances, stats.Variance(units)), append(df, len(units)-1)
		}
	}
	w.suspected = stats.Moderate(variances, df)
}

// beyond reports whether an interval lies beyond the band on the side on which
// the screen has seen it.
func (s *subject) beyond(i stats.Interval) bool {
	return i.Bounded() && (s.suspect > 0 && i.Lo > s.band() || s.suspect < 0 && i.Hi < -s.band())
}

// confirmed reports whether an alarm stands at the present number of suspects:
// whether any look, or the last one, if nothing more will follow, says so.
func (w *Watch) confirmed(s *subject, final bool) bool {
	last := len(s.fresh)
	look := 0
	for n := confirming.first; n <= last; n = confirming.next(n) {
		if s.beyond(w.confirmation(units(s.fresh[:n]), confirming.share(look))) {
			return true
		}
		look++
	}
	_, due := confirming.at(last)
	return final && !due && last > confirming.first && s.beyond(w.confirmation(s.units(), confirming.share(look)))
}

// units returns the estimates that fresh forks are worth: one for each layout,
// or each fork by itself where there is only the usual one.
func units(forks []Fork) []float64 {
	var order []int
	sums := make(map[int][]float64)
	for i, f := range forks {
		key := f.Layout
		if key == 0 {
			key = -1 - i
		}
		if sums[key] == nil {
			order = append(order, key)
		}
		sums[key] = append(sums[key], f.Log)
	}
	means := make([]float64, len(order))
	for i, key := range order {
		means[i] = stats.Mean(sums[key], stats.Confidence).Value
	}
	return means
}

func (s *subject) units() []float64 { return units(s.fresh) }

// layouts returns how many layouts other than the usual one a suspect was
// measured in.
func (s *subject) layouts() int {
	var seen []int
	for _, f := range s.fresh {
		if f.Layout != 0 && !slices.Contains(seen, f.Layout) {
			seen = append(seen, f.Layout)
		}
	}
	return len(seen)
}

// prior returns what the variances of a group have in common.
func (w *Watch) prior(group int) stats.Prior {
	if !w.fresh {
		w.refresh()
	}
	if p, ok := w.priors[group]; ok {
		return p
	}
	var variances []float64
	var df []int
	for i := range w.subjects {
		s := &w.subjects[i]
		if s.Group == group && !s.void && len(s.logs) >= screening.first && unusable(s.logs) == "" {
			variances, df = append(variances, stats.Variance(s.logs)), append(df, len(s.logs)-1)
		}
	}
	w.priors[group] = stats.Moderate(variances, df)
	return w.priors[group]
}

// unusable says why estimates cannot be judged, "" if they can.
func unusable(logs []float64) string {
	for _, x := range logs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return "a time of zero, or none"
		}
	}
	for _, x := range logs {
		if x != logs[0] {
			return ""
		}
	}
	return "every process gave exactly the same: the clock is too coarse for these trials"
}
