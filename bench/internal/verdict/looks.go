package verdict

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// looks are the numbers of estimates at which a subject is looked at, fixed in
// advance: from first on, growing by about a quarter. A look at nearly the same
// data as before costs level and brings nothing. There is no last one.
type looks struct {
	first  int
	grow   float64
	part   float64 // of the level is spent so, as looks at growing data depend on each other
	offset float64 // how slowly the parts of the looks fall
}

// FirstLook is the fewest forks that a verdict may stand on.
const FirstLook = 4

var (
	// screening looks at all forks of a subject, confirming at the fresh ones of
	// a suspect. The parts come from simulations of a hundred thousand sequences
	// of normal estimates with unknown variance; see TestSpending.
	screening  = looks{first: FirstLook, grow: 1.25, part: 2.2, offset: 2}
	confirming = looks{first: 8, grow: 1.4, part: 1.6, offset: 1}
)

// at returns the number of the look that comes after n estimates, and whether
// one does.
func (l looks) at(n int) (look int, ok bool) {
	for at := l.first; at <= n; at = l.next(at) {
		if at == n {
			return look, true
		}
		look++
	}
	return look, false
}

// IsLook reports whether subjects are looked at after n forks.
func IsLook(n int) bool {
	_, due := screening.at(n)
	return due
}

// next returns the number of estimates at the look after the one at n.
func (l looks) next(n int) int {
	if n < l.first {
		return l.first
	}
	return max(n+1, int(math.Round(float64(n)*l.grow)))
}

// after returns the number of estimates at the first look after n of them.
func (l looks) after(n int) int {
	at := l.first
	for at <= n {
		at = l.next(at)
	}
	return at
}

// share returns which part of its level a look spends. They fall slowly:
// verdicts are wanted early, and late looks must not be worthless.
func (l looks) share(look int) float64 {
	const fall = 1.4
	return l.part * math.Pow(float64(look)+l.offset, -fall) / mathext.Zeta(fall, l.offset)
}
