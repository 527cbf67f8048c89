package calibrate

import (
	"math"
	"slices"
)

// EnoughForDrift is the fewest trials that [File.Drift] is worth something of.
const EnoughForDrift = 20

// Drift returns by what part the machine makes equal things differ that are
// measured one after the other, 0.08 for 8 %: 95 of 100 trials of the usual
// protocol, with equal arms, differed by no more. Trials with a neighbour during
// the second half are left out. What they find is not drift but a disturbance
// that nothing can be allowed for: they differ by half and more. n is the number
// of trials that it stands on.
func (f *File) Drift() (part float64, n int) {
	return spread(f.Outcomes, func(o *Outcome) bool { return o.Protocol == Usual && o.Cell.Regime != Half })
}

// Setting returns what the file says of the machine, "" if it does not.
func (f *File) Setting(key string) string { return setting(f.Settings, key) }

// Floor returns by what part equal things differ in a paired comparison of
// seconds, whatever the load: 95 of 100 that came to a first look differed by no
// more. n is the number of trials that it stands on.
func (f *File) Floor() (part float64, n int) {
	return spread(f.Outcomes, func(o *Outcome) bool { return o.Protocol == Paired && o.Forks > 0 })
}

// spread returns the 95 % quantile of the part by which equal arms differed, in
// the trials about false alarms that are wanted.
func spread(outcomes []Outcome, want func(*Outcome) bool) (part float64, n int) {
	var off []float64
	for i := range outcomes {
		if o := &outcomes[i]; o.Cell.Part == Alarms && o.Cell.Slowdown == 0 && o.Ratio > 0 && want(o) {
			off = append(off, math.Abs(math.Log(o.Ratio)))
		}
	}
	if len(off) == 0 {
		return 0, 0
	}
	slices.Sort(off)
	return math.Expm1(off[int(math.Ceil(0.95*float64(len(off))))-1]), len(off)
}
