package stats

// FirstLook is the fewest forks that a verdict may stand on.
const FirstLook = 6

// looks are the fork counts at which a test looks at its data, fixed in
// advance. They grow by a third or a half, since a look at nearly the same data
// as before costs level and brings nothing. After the last nothing is judged
// any more: [LastLook] forks are what a test can use.
var looks = [...]int{FirstLook, 8, 12, 16, 24, 32, 48, 64, 96, LastLook}

// LastLook is the most forks that a test uses.
const LastLook = 128

// lookShare is which part of its level a test spends at each look. Ten looks
// that each spend a tenth are valid whatever their dependence (Bonferroni);
// looks at growing data depend on each other, so that each may spend a little
// more. By simulation with normal estimates of unknown variance, a million
// sequences, spending 1/8 gives 0.91 % of false verdicts where 1 % is promised,
// 0.47 % for 0.5 %, 0.079 % for 0.08 %; with Student's t₃ noise fewer. Below
// that the looks are nearly independent, and the tenth is used.
//
// Equal shares favour early verdicts, which is what a run with many
// comparisons wants: its time goes to the cases that are hard. The boundaries
// are t quantiles: normal quantiles, which textbooks print for these designs,
// were tried on t statistics and gave 12 % instead of 1 %.
const (
	lookShare    = 1.0 / 8
	lookShareLow = 1.0 / 10
	lowLevel     = 0.0008
)

// lookLevel returns the level of a single look.
func lookLevel(level float64) float64 {
	if level < lowLevel {
		return level * lookShareLow
	}
	return level * lookShare
}

// schedule returns the fork counts at which a test has looked by the time that
// n forks are measured. When no more will follow, the data that come after the
// last look are judged as well, in the place of the next look.
func schedule(n int, final bool) []int {
	var at []int
	for _, l := range looks {
		if l <= n {
			at = append(at, l)
		}
	}
	if final && n > FirstLook && n < LastLook && at[len(at)-1] < n {
		at = append(at, n)
	}
	return at
}

// IsLook reports whether a test looks at its data after n forks.
func IsLook(n int) bool {
	for _, l := range looks {
		if l == n {
			return true
		}
	}
	return false
}

// NextLook returns the number of forks at the first look after n forks, 0 when
// there is none.
func NextLook(n int) int {
	for _, l := range looks {
		if l > n {
			return l
		}
	}
	return 0
}
