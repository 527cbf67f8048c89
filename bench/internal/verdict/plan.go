package verdict

import (
	"cmp"
	"math"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A Plan says how often verdicts may be wrong. Fields that are 0 take their
// defaults.
type Plan struct {
	Level  float64 // the chance of any false alarm in the whole run: 1 %
	Same   float64 // the chance, for each subject, that a change as large as its tolerance is called the same: 2 %
	Screen float64 // the chance, for each subject, to become a suspect without reason: 2 %

	// Layouts says that the forks of suspects may have other orders of
	// functions. Then a shift of more than half of the tolerance makes a suspect,
	// too: in the usual order alone it would take long to tell that it does not
	// matter, and the shift may be nothing but that order.
	Layouts bool
}

// DefaultSame is the chance, for each subject, that it is falsely called the same.
const DefaultSame = 0.02

func (p Plan) filled() Plan {
	p.Level, p.Same, p.Screen = cmp.Or(p.Level, 0.01), cmp.Or(p.Same, DefaultSame), cmp.Or(p.Screen, 0.02)
	return p
}

// suiteShare is the part of the level that the verdict on all subjects together
// gets.
const suiteShare = 0.05

// A Subject is a question: did something take longer than before?
type Subject struct {
	Tolerance float64 // the change that does not matter; 0 asks for any difference
	Group     int     // subjects of one group have noise of one kind

	// OneSided makes Improved a verdict like Same, which is no alarm: that a
	// bound is kept, for estimates from which it is taken away already.
	OneSided bool

	// Suspected says that a screen elsewhere has found it to be slower: all
	// forks are fresh ones, and confirm it or do not.
	Suspected bool
}

// A Fork is the estimate of one pair of fresh processes.
type Fork struct {
	Log    float64 // of the ratio time(new)/time(old)
	Layout int     // the order of functions that both were linked with; 0 is the usual one
}

// A Ruling is the verdict on a subject with what it stands on.
type Ruling struct {
	Verdict  stats.Verdict
	Estimate stats.Interval // of the log ratio, at 95 %. That of a suspect is of its fresh forks: the others are why it is one
	Log      stats.Interval // the same at the level of the verdict
	Reason   string

	Suspect  bool // the screen found a change
	Layout   bool // a change that is gone when functions lie in another order
	Measured bool // the same within the tolerance, but measurably not equal

	// More is how many more forks would probably decide what is unclear,
	// infinite where no number of them is likely to.
	More float64
}

// band returns the log ratio up to which a change does not matter.
func (s Subject) band() float64 { return math.Log1p(s.Tolerance) }
