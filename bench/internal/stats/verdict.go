package stats

import (
	"fmt"
	"math"
)

// A Verdict is the answer to the question whether something became slower.
// The zero value is Unclear: what was not judged is not decided.
type Verdict int

const (
	Unclear   Verdict = iota // the interval reaches over an end of the band
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

// A Judgement is a verdict with what it stands on.
type Judgement struct {
	Verdict  Verdict
	Log      Interval // of the log ratio, at the level of the verdict
	Looks    int      // how often it was looked at, this time included
	Reason   string   // why the verdict is what it is, in words
	Measured bool     // the same within the tolerance, but measurably not equal

	// More is how many more forks would probably decide an unclear verdict,
	// infinite where no number of them is likely to.
	More float64
}

// A Test is a sequential test of a log ratio over forks.
type Test struct {
	Tolerance float64 // τ, the change that does not matter: 0.05
	Level     float64 // α, two-sided, over all looks: the chance of a false verdict

	// Kinds is of how many kinds the forks are, in turn, when those of one kind
	// have something in common: programs that were built in so many ways, say.
	// Then a kind counts as one estimate, however many forks it has. 0 and 1
	// mean that they have nothing in common.
	Kinds int
}

// Judge looks at the estimates of the forks measured so far, a log ratio
// time(new)/time(old) each, in the order in which they were made, and says what
// they decide. final tells that no more will follow.
//
// It may be called after every fork: between two looks of the schedule it says
// what the last look said. The first look that decides is the verdict, whatever
// came after it; a final call counts as the next look, come early.
func (t Test) Judge(logs []float64, final bool) Judgement {
	j := Judgement{Reason: fmt.Sprintf("%d of at least %d processes", len(logs), FirstLook), More: float64(FirstLook - len(logs))}
	for i, n := range schedule(len(logs), final) {
		j = t.look(logs[:n])
		j.Looks = i + 1
		if j.Verdict != Unclear {
			return j
		}
	}
	return j
}

// look judges n estimates at the level of one look.
func (t Test) look(logs []float64) Judgement {
	logs = Fold(logs, t.Kinds)
	j := Judgement{Log: Mean(logs, 1-lookLevel(t.Level))}
	if why := unusable(logs); why != "" {
		j.Log, j.Reason, j.More = Interval{}, why, math.Inf(1)
		return j
	}
	j.Verdict = Decide(j.Log, t.Tolerance)
	j.Measured = j.Verdict == Same && (j.Log.Lo > 0 || j.Log.Hi < 0)
	j.Reason = t.reason(j)
	if j.Verdict == Unclear {
		j.More = t.more(j.Log)
	}
	return j
}

// Fold returns the mean of each kind of fork, where they are of so many kinds in
// turn. No number of forks tells more about how much kinds differ than there
// are kinds.
func Fold(logs []float64, kinds int) []float64 {
	if kinds < 2 || len(logs) <= kinds {
		return logs
	}
	means := make([]float64, kinds)
	for k := range means {
		n := 0
		for i := k; i < len(logs); i += kinds {
			means[k] += logs[i]
			n++
		}
		means[k] /= float64(n)
	}
	return means
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

func (t Test) reason(j Judgement) string {
	r := j.Log.Exp()
	span := fmt.Sprintf("the interval from %s to %s", Change(r.Lo), Change(r.Hi))
	band := "no difference"
	if t.Tolerance > 0 {
		band = fmt.Sprintf("the tolerance of %.3g %%", 100*t.Tolerance)
	}
	switch {
	case j.Verdict == Unclear && t.Tolerance == 0:
		return span + " contains no difference"
	case j.Verdict == Unclear:
		return span + " reaches over " + band
	case j.Verdict == Same && j.Measured && j.Log.Value > 0:
		return span + " is within " + band + ", though measurably slower"
	case j.Verdict == Same && j.Measured:
		return span + " is within " + band + ", though measurably faster"
	case j.Verdict == Same:
		return span + " is within " + band
	}
	return span + " is beyond " + band
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

// more estimates how many further forks would decide: the half-width must
// shrink to the distance from the estimate to the nearest end of the band, and
// shrinks with the root of their number. An estimate within a tenth of its
// half-width from that end is a toss-up, and is said to be undecidable.
func (t Test) more(log Interval) float64 {
	band := math.Log1p(t.Tolerance)
	room := math.Abs(math.Abs(log.Value) - band)
	half := log.Half()
	if room < half/10 {
		return math.Inf(1)
	}
	n := float64(log.N)
	return math.Ceil(max(n*(half/room)*(half/room)-n, 1))
}
