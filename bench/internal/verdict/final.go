package verdict

import (
	"fmt"
	"math"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// Final returns the rulings on all subjects when nothing more will be measured.
// What has come since the last look of a subject is looked at in the place of
// the next one.
func (w *Watch) Final() []Ruling {
	rulings := make([]Ruling, len(w.subjects))
	for i := range w.subjects {
		s := w.subjects[i] // a copy: to ask twice changes nothing
		rulings[i] = w.final(&s)
	}
	return rulings
}

func (w *Watch) final(s *subject) Ruling {
	if s.void {
		return s.ruling
	}
	if n := len(s.logs); n > screening.first && s.ruling.Verdict == stats.Unclear {
		if _, due := screening.at(n); !due {
			suspects := w.suspects
			w.screen(s, s.looks)
			w.suspects = suspects // nothing is fresh any more
		}
	}
	if s.alarm() && !w.confirmed(s, true) {
		s.ruling = Ruling{}
	} else if s.ruling.Verdict == stats.Unclear && s.suspect != 0 && len(s.fresh) > 0 && w.confirmed(s, true) {
		v := stats.Regressed
		if s.suspect < 0 {
			v = stats.Improved
		}
		s.ruling = s.rule(v, stats.Mean(s.units(), stats.Confidence))
	}
	r := s.ruling
	r.Suspect = s.suspect != 0
	r.Estimate = w.estimate(s)
	if r.Verdict == stats.Unclear {
		r.Reason, r.More = w.unclear(s, r.Estimate)
	}
	return r
}

// estimate returns the interval for tables. Forks that made a subject a suspect
// are those that happened to be extreme.
func (w *Watch) estimate(s *subject) stats.Interval {
	if s.suspect != 0 && len(s.fresh) > 1 {
		return stats.Mean(s.units(), stats.Confidence)
	}
	return w.prior(s.Group).Mean(s.logs, stats.Confidence)
}

// unclear says why a subject is not decided, and how many more forks would
// probably do.
func (w *Watch) unclear(s *subject, at stats.Interval) (string, float64) {
	switch n := len(s.logs); {
	case n < screening.first:
		return fmt.Sprintf("%d of at least %d processes", n, screening.first), float64(screening.first - n)
	case unusable(s.logs) != "":
		return unusable(s.logs), math.Inf(1)
	case s.suspect != 0 && len(s.fresh) < confirming.first:
		return fmt.Sprintf("a change is suspected, and %d of at least %d fresh processes confirm it so far: %s", len(s.fresh), confirming.first, span(at)), w.more(s)
	case s.suspect != 0:
		return fmt.Sprintf("a change is suspected, and %d fresh processes do not confirm it: %s %s", len(s.fresh), span(at), s.crosses()), w.more(s)
	}
	return fmt.Sprintf("%s %s", span(at), s.crosses()), w.more(s)
}

func (s *subject) crosses() string {
	if s.Tolerance == 0 {
		return "does not settle whether there is a difference"
	}
	return fmt.Sprintf("does not settle whether it is beyond the tolerance of %s", percent(s.Tolerance))
}

// rule makes a ruling with its reason.
func (s *subject) rule(v stats.Verdict, at stats.Interval) Ruling {
	r := Ruling{Verdict: v, Log: at}
	band := "zero"
	if s.Tolerance > 0 {
		band = "the tolerance of " + percent(s.Tolerance)
	}
	switch v {
	case stats.Same:
		r.Reason = span(at) + " is within " + band
		if r.Measured = at.Lo > 0 || at.Hi < 0; r.Measured && at.Value > 0 {
			r.Reason += ", though measurably slower"
		} else if r.Measured {
			r.Reason += ", though measurably faster"
		}
	default:
		r.Reason = span(at) + " is beyond " + band
	}
	return r
}

// span writes an interval of a log ratio as one of changes.
func span(log stats.Interval) string {
	r := log.Exp()
	return fmt.Sprintf("the interval %s to %s", signed(r.Lo), signed(r.Hi))
}

// signed writes a ratio as a change: 1.052 as "+5.2%".
func signed(ratio float64) string {
	switch change := ratio - 1; {
	case math.IsInf(ratio, 0) || math.IsNaN(ratio):
		return "?"
	case ratio >= 10:
		return fmt.Sprintf("%.3g times", ratio)
	case math.Abs(change) < 0.00005:
		return "0%"
	case change < 0:
		return "−" + percent(-change)
	default:
		return "+" + percent(change)
	}
}

func percent(part float64) string {
	text := fmt.Sprintf("%.1f", 100*part)
	if part < 0.001 {
		text = fmt.Sprintf("%.2f", 100*part)
	}
	return strings.TrimSuffix(text, ".0") + "%"
}

// Look rules on one look at estimates that no fresh ones will follow: an alarm
// at a level of its own, and the same at the default of [Plan]. interval returns
// their interval at a confidence; the one that decided is returned, or that of
// the alarm.
func (s Subject) Look(interval func(confidence float64) stats.Interval, level float64) (stats.Verdict, stats.Interval) {
	wide := interval(1 - level)
	switch same := interval(1 - 2*DefaultSame); {
	case wide.Lo > s.band():
		return stats.Regressed, wide
	case s.holds(same) && s.OneSided:
		return stats.Improved, same
	case s.holds(same):
		return stats.Same, same
	case wide.Hi < -s.band():
		return stats.Improved, wide
	}
	return stats.Unclear, wide
}

// Once rules on the estimates of forks that no fresh ones will follow, in one
// look.
func Once(logs []float64, tolerance, level float64) Ruling {
	s := &subject{Subject: Subject{Tolerance: tolerance}, logs: logs}
	r := Ruling{Estimate: stats.Mean(logs, stats.Confidence), More: math.Inf(1)}
	if len(logs) < FirstLook {
		r.Reason, r.More = fmt.Sprintf("%d of at least %d processes", len(logs), FirstLook), float64(FirstLook-len(logs))
		return r
	}
	if r.Reason = unusable(logs); r.Reason != "" {
		return r
	}
	v, at := s.Look(func(confidence float64) stats.Interval { return stats.Mean(logs, confidence) }, level)
	if v == stats.Unclear {
		r.Reason, r.More = fmt.Sprintf("%s %s", span(at), s.crosses()), Plan{}.once(s, level)
		return r
	}
	estimate := r.Estimate
	r = s.rule(v, at)
	r.Estimate = estimate
	return r
}

// once estimates how many more estimates decide what one look did not.
func (p Plan) once(s *subject, level float64) float64 {
	at := stats.Mean(s.logs, stats.Confidence)
	n := float64(len(s.logs))
	sd := at.Half() / stats.TQuantile((1+stats.Confidence)/2, len(s.logs)-1) * math.Sqrt(n)
	room := math.Abs(s.band() - math.Abs(at.Value))
	if room < tossUp*sd/math.Sqrt(n) {
		return math.Inf(1)
	}
	for ; n <= mostForks; n++ {
		if stats.TQuantile(1-level/2, int(n)-1)*sd/math.Sqrt(n) < room {
			return max(n-float64(len(s.logs)), 1)
		}
	}
	return math.Inf(1)
}
