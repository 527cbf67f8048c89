package verdict

import (
	"math"
	"time"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// Costs are what the caller knows of the time of a subject.
type Costs interface {
	Cost(i int) time.Duration  // of its next fork
	Spent(i int) time.Duration // on it so far
}

// Next returns the subject that should get the next fork, when so much time is
// left: first all that have not been looked at, the cheapest ahead of others,
// then the one that will probably be decided soonest. A subject that has had its
// share of the time, unless its first look is near, waits until nobody else needs
// it. ok is false when all are done, or when no fork fits.
func (w *Watch) Next(c Costs, left time.Duration) (next int, ok bool) {
	open, total := 0, left
	for i := range w.subjects {
		if !w.Done(i) {
			open++
			total += c.Spent(i)
		}
	}
	if open == 0 {
		return 0, false
	}
	share := total / time.Duration(open)
	best := rank{}
	for i := range w.subjects {
		if w.Done(i) || c.Cost(i) > left {
			continue
		}
		s := &w.subjects[i]
		r := rank{patient: c.Spent(i)+c.Cost(i) > share, seen: len(s.logs) >= screening.first, wait: w.more(s) * float64(c.Cost(i))}
		if !r.seen {
			r.wait = float64(c.Cost(i)) * float64(screening.first-len(s.logs))
			r.patient = r.patient && float64(c.Spent(i))+r.wait > unseenShares*float64(share)
		}
		if !ok || r.before(best) {
			next, best, ok = i, r, true
		}
	}
	return next, ok
}

// ToLook returns how many forks of a subject there are until it is looked at
// again.
func (w *Watch) ToLook(i int) int {
	s := &w.subjects[i]
	if s.suspect != 0 {
		return confirming.after(len(s.fresh)) - len(s.fresh)
	}
	return screening.after(len(s.logs)) - len(s.logs)
}

// unseenShares is how many shares of the time a first look may take that has
// begun. To end all at one share would be to look at nothing.
const unseenShares = 1.5

// A rank is how urgent a subject is.
type rank struct {
	patient bool    // it has had its share
	seen    bool    // it has been looked at
	wait    float64 // the time until it is probably decided
}

func (r rank) before(o rank) bool {
	switch {
	case r.patient != o.patient:
		return !r.patient
	case r.seen != o.seen:
		return !r.seen
	}
	return r.wait < o.wait
}

// tossUp is the distance from an end of the band, in standard errors of so many
// forks as were made, below which more forks are not likely to decide.
const tossUp = 0.2

// mostForks is beyond what anybody waits for.
const mostForks = 5000

// more estimates how many more forks decide a subject: until the next look at
// which the interval would be short enough for the estimate to stay on its side
// of the band, if all goes on as it did. What is nearer to an end of the band
// than it can be told is a toss-up: infinite.
func (w *Watch) more(s *subject) float64 {
	if len(s.logs) < screening.first || unusable(s.logs) != "" {
		return float64(max(screening.first-len(s.logs), 1))
	}
	prior := w.prior(s.Group)
	at := prior.Mean(s.logs, stats.Confidence)
	sd := at.Half() / stats.TQuantile((1+stats.Confidence)/2, len(s.logs)-1) * math.Sqrt(float64(len(s.logs)))
	if s.suspect != 0 && len(s.fresh) >= 2 {
		return w.moreFresh(s)
	}
	log := math.Abs(at.Value)
	if s.OneSided {
		log = at.Value
	}
	room := s.band() - log
	if s.OneSided && room > 0 {
		room = -s.band() - at.Value
	}
	if math.Abs(room) < tossUp*sd/math.Sqrt(float64(len(s.logs))) || s.Tolerance == 0 && log == 0 {
		return math.Inf(1)
	}
	rate, fresh := w.plan.Same, 0.0
	if room < 0 && !(s.OneSided && at.Value < 0) { // beyond the band: to be suspected, and then confirmed
		rate, fresh = w.plan.Screen/2, float64(confirming.first)
	}
	if s.suspect != 0 { // it has next to no fresh forks yet
		return float64(confirming.first - len(s.fresh))
	}
	n := reach(screening, len(s.logs), func(n, look int) bool {
		return stats.TQuantile(1-rate*screening.share(look), n-1)*sd/math.Sqrt(float64(n)) < math.Abs(room)
	})
	return n - float64(len(s.logs)) + fresh
}

// moreFresh is more for a suspect: until it is confirmed, or no change.
func (w *Watch) moreFresh(s *subject) float64 {
	units := s.units()
	at := stats.Mean(units, stats.Confidence)
	room := at.Value*float64(s.suspect) - s.band()
	se := at.Half() / stats.TQuantile((1+stats.Confidence)/2, max(len(units)-1, 1))
	if len(units) < 2 || len(s.fresh) < confirming.first {
		return float64(confirming.first - len(s.fresh))
	}
	if math.Abs(room) < tossUp*se {
		return math.Inf(1)
	}
	level := w.plan.Level / float64(max(w.suspects, 1))
	if room < 0 {
		level = w.plan.Same
	}
	sd := se * math.Sqrt(float64(len(s.fresh)))
	n := reach(confirming, len(s.fresh), func(n, look int) bool {
		return stats.TQuantile(1-level*confirming.share(look), n-1)*sd/math.Sqrt(float64(n)) < math.Abs(room)
	})
	return n - float64(len(s.fresh))
}

// reach returns the number of estimates at the first look after have at which
// something holds, infinite where none is in reach.
func reach(l looks, have int, holds func(n, look int) bool) float64 {
	look := 0
	for n := l.first; n <= mostForks; n = l.next(n) {
		if n > have && holds(n, look) {
			return float64(n)
		}
		look++
	}
	return math.Inf(1)
}
