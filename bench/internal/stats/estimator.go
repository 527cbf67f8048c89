package stats

import (
	"cmp"
	"math"
	"slices"

	descriptive "github.com/montanaflynn/stats"
)

// An Estimator makes the estimate of one fork: a log ratio time(new)/time(old)
// from times of both arms that were measured in the same rounds.
type Estimator struct {
	Name string
	Of   func(old, new []float64) float64 // of equal lengths, paired by index
}

// PairMedian is the median of the log ratios of the rounds. Disturbance that
// meets both trials of a round leaves it alone. Tables use it, and verdicts on
// work of several goroutines.
var PairMedian = Estimator{"median of pairs", func(old, new []float64) float64 {
	return Median(logRatios(old, new))
}}

// PairMean is the mean of the log ratios of the rounds. It is for trials whose
// times come in steps, such as cycles of the collector, between which a median
// jumps.
var PairMean = Estimator{"mean of pairs", func(old, new []float64) float64 {
	return mean(logRatios(old, new))
}}

// OwnMinima is the log ratio of the fastest trials of the arms: what they take
// when nothing disturbs them (Chen and Revels, "Robust benchmarking in noisy
// environments", 2016). Verdicts on work of a single goroutine use it, whose
// noise only ever adds time. It wants at least [ManyRounds] rounds, and trials
// that are long enough to hold what belongs to the work, such as cycles of the
// collector. Goroutines that meet have no undisturbed time: which of them is
// lucky varies, and the luckiest trial most of all.
var OwnMinima = Estimator{"own minima", func(old, new []float64) float64 {
	return math.Log(slices.Min(new) / slices.Min(old))
}}

// OwnFastest is the log ratio of the means of the fastest quarters of the
// trials, of at least three: like [OwnMinima], and no single lucky trial decides.
// It is for two processes that share a core whose neighbour on the host comes
// and goes within milliseconds: a round may then meet it on one side alone, which
// no pairing takes away.
var OwnFastest = Estimator{"own fastest quarters", func(old, new []float64) float64 {
	return math.Log(fastest(new) / fastest(old))
}}

func fastest(xs []float64) float64 {
	sorted := slices.Sorted(slices.Values(xs))
	return mean(sorted[:min(max(3, len(sorted)/4), len(sorted))])
}

// ManyRounds is how many rounds a fork must have for [OwnMinima].
const ManyRounds = 5

// AllRatios is the median of the log ratios of all trials of one arm to all of
// the other in a fork (Hodges and Lehmann, Annals of Mathematical Statistics
// 34, 1963). Like [PairMedian] it looks at slow trials, too, and errs on equal
// arms to both sides alike; of few and skewed times it makes more. Its standard
// deviation over forks, against that of the median of pairs, came to 0.86 for
// TOML with six rounds of 10 ms on a disturbed machine, to 0.98 on a quiet one,
// to 0.92 for hashing, and to 0.93 for semaphores. Rounds must follow each other
// closely: drift between them is no longer paired away.
var AllRatios = Estimator{"median of all ratios", func(old, new []float64) float64 {
	logs := make([]float64, 0, len(old)*len(new))
	for _, o := range old {
		for _, n := range new {
			logs = append(logs, math.Log(n/o))
		}
	}
	return Median(logs)
}}

// Estimators are those that were compared before the choice was made; see the
// package comment.
var Estimators = []Estimator{
	PairMedian,
	OwnMinima,
	OwnFastest,
	{"trimmed mean of pairs", func(old, new []float64) float64 { return trimmedMean(logRatios(old, new), 0.2) }},
	{"own medians", func(old, new []float64) float64 { return math.Log(Median(new) / Median(old)) }},
	{"own 20th percentiles", func(old, new []float64) float64 { return math.Log(percentile(new, 20) / percentile(old, 20)) }},
	{"own means", func(old, new []float64) float64 { return math.Log(mean(new) / mean(old)) }},
}

// Rounds puts the samples of two arms side by side: for each fork that has
// any, in order, the values of the rounds that have
// both.
func Rounds(old, new []Sample) (pairs []Paired) {
	add := func(fork int, old, new float64) {
		if len(pairs) == 0 || pairs[len(pairs)-1].Fork != fork {
			pairs = append(pairs, Paired{Fork: fork})
		}
		p := &pairs[len(pairs)-1]
		p.Old, p.New = append(p.Old, old), append(p.New, new)
	}
	// Measurements come in order, and a large report spends its time here.
	old, new = inOrder(old), inOrder(new)
	for i, j := 0, 0; i < len(old) && j < len(new); {
		switch order := compare(old[i], new[j]); {
		case order < 0:
			i++
		case order > 0:
			j++
		default:
			add(old[i].Fork, old[i].Value, new[j].Value)
			i, j = i+1, j+1
		}
	}
	return pairs
}

func compare(a, b Sample) int {
	return cmp.Or(cmp.Compare(a.Fork, b.Fork), cmp.Compare(a.Round, b.Round))
}

// inOrder returns samples by fork and round.
func inOrder(samples []Sample) []Sample {
	if slices.IsSortedFunc(samples, compare) {
		return samples
	}
	return slices.SortedStableFunc(slices.Values(samples), compare)
}

// Paired holds the values of two arms in the rounds of one fork, by index.
type Paired struct {
	Fork     int
	Old, New []float64
}

// Logs returns one estimate for each fork.
func Logs(pairs []Paired, e Estimator) []float64 {
	logs := make([]float64, len(pairs))
	for i, p := range pairs {
		logs[i] = e.Of(p.Old, p.New)
	}
	return logs
}

func logRatios(old, new []float64) []float64 {
	logs := make([]float64, len(new))
	for i := range new {
		logs[i] = math.Log(new[i] / old[i])
	}
	return logs
}

// trimmedMean is the mean without a part of the values at either end.
func trimmedMean(xs []float64, part float64) float64 {
	sorted := slices.Sorted(slices.Values(xs))
	cut := int(part * float64(len(sorted)))
	return mean(sorted[cut : len(sorted)-cut])
}

func mean(xs []float64) float64 {
	m, err := descriptive.Mean(xs)
	if err != nil {
		return 0
	}
	return m
}

// percentile interpolates between order statistics, as everywhere in this
// program: definition 7 of Hyndman and Fan, The American Statistician 50, 1996.
func percentile(xs []float64, p float64) float64 {
	v, err := descriptive.Percentile(xs, p)
	if err != nil {
		return 0
	}
	return v
}
