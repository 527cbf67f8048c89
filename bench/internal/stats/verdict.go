package stats

import (
	"fmt"
	"math"
)

// A Verdict is the answer to the question whether something became slower.
// The zero value is Unclear: what was not judged is not decided.
type Verdict int

const (
	Unclear   Verdict = iota // the interval crosses an end of the band
	Regressed                // wholly above the band: slower
	Improved                 // wholly below it: faster
	Same                     // wholly inside
)

func (v Verdict) String() string {
	switch v {
	case Regressed:
		return "regressed"
	case Improved:
		return "improved"
	case Same:
		return "same"
	}
	return "unclear"
}

// Decide gives the verdict on an interval of the log ratio time(new)/time(old)
// at a tolerance: the band of ratios that count as no change is from 1/(1+τ)
// to 1+τ. A tolerance of 0 asks whether there is any difference, so that the
// answer is never Same. An interval without ends, or one that is no interval,
// decides nothing.
func Decide(log Interval, tolerance float64) Verdict {
	band := math.Log1p(tolerance)
	switch {
	case !log.Bounded() || math.IsNaN(log.Lo) || math.IsNaN(log.Hi) || math.IsNaN(band) || band < 0:
		return Unclear
	case log.Lo > band:
		return Regressed
	case log.Hi < -band:
		return Improved
	case band > 0 && log.Lo > -band && log.Hi < band:
		return Same
	}
	return Unclear
}

// Change writes a ratio of times as a change: 1.052 as "+5.2 %".
func Change(ratio float64) string {
	if math.IsInf(ratio, 0) || math.IsNaN(ratio) {
		return "?"
	}
	percent := 100 * (ratio - 1)
	switch {
	case math.Abs(percent) < 0.005:
		return "0 %"
	case math.Abs(percent) < 1:
		return fmt.Sprintf("%+.2f %%", percent)
	case ratio >= 10:
		return fmt.Sprintf("%.3g times", ratio)
	}
	return fmt.Sprintf("%+.1f %%", percent)
}
