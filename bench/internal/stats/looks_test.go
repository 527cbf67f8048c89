package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSchedule(t *testing.T) {
	for _, tt := range []struct {
		n     int
		final bool
		want  []int
	}{
		{0, true, nil}, {5, true, nil}, {6, false, []int{6}}, {7, false, []int{6}}, {7, true, []int{6, 7}},
		{8, true, []int{6, 8}}, {13, true, []int{6, 8, 12, 13}}, {500, true, looks[:]}, {500, false, looks[:]},
	} {
		if got := schedule(tt.n, tt.final); !slices.Equal(got, tt.want) {
			t.Errorf("after %d forks (final %v) looks at %v, want %v", tt.n, tt.final, got, tt.want)
		}
	}
	if NextLook(0) != 6 || NextLook(6) != 8 || NextLook(LastLook) != 0 || !IsLook(12) || IsLook(13) {
		t.Error("the next looks are wrong")
	}
}

// noises are distributions of one fork's estimate, symmetric around 0: what
// equal arms give. The correlated ones are medians of five rounds that share a
// part of their noise.
var noises = map[string]func(*rand.Rand) float64{
	"normal":                  func(r *rand.Rand) float64 { return r.NormFloat64() },
	"t3":                      student3,
	"normal, correlation 0":   func(r *rand.Rand) float64 { return correlated(r, 0, r.NormFloat64) },
	"normal, correlation 0.4": func(r *rand.Rand) float64 { return correlated(r, 0.4, r.NormFloat64) },
	"normal, correlation 0.8": func(r *rand.Rand) float64 { return correlated(r, 0.8, r.NormFloat64) },
	"t3, correlation 0.4":     func(r *rand.Rand) float64 { return correlated(r, 0.4, func() float64 { return student3(r) }) },
}

func student3(r *rand.Rand) float64 {
	a, b, c := r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
	return r.NormFloat64() / math.Sqrt((a*a+b*b+c*c)/3)
}

// correlated is the median of five rounds of a fork, of which any two have the
// given correlation.
func correlated(r *rand.Rand, rho float64, draw func() float64) float64 {
	shared := math.Sqrt(rho) * draw()
	var rounds [5]float64
	for i := range rounds {
		rounds[i] = shared + math.Sqrt(1-rho)*draw()
	}
	slices.Sort(rounds[:])
	return rounds[2]
}

// Over all looks together, equal arms are called different no more often than
// the level says and 0.2 points.
func TestLevelOverAllLooks(t *testing.T) {
	sequences := 15_000
	if testing.Short() {
		sequences = 5_000
	}
	for name, noise := range noises {
		for _, level := range []float64{0.05, 0.01} {
			rng := rand.New(rand.NewPCG(11, uint64(level*1000)))
			if got := falseVerdicts(rng, noise, level, sequences); got > level+0.002 {
				t.Errorf("%s: at level %v, %.2f %% of equal arms are called different", name, level, 100*got)
			}
		}
	}
}

// falseVerdicts returns the part of sequences in which any look calls equal
// arms different.
func falseVerdicts(rng *rand.Rand, noise func(*rand.Rand) float64, level float64, sequences int) float64 {
	quantiles := make([]float64, len(looks))
	for i, n := range looks {
		quantiles[i] = TQuantile(1-lookLevel(level)/2, n-1)
	}
	wrong := 0
	for range sequences {
		n, sum, squares := 0, 0.0, 0.0
		for i, at := range looks {
			for ; n < at; n++ {
				x := noise(rng)
				sum, squares = sum+x, squares+x*x
			}
			mean := sum / float64(n)
			if sd := math.Sqrt((squares - sum*mean) / float64(n-1)); math.Abs(mean) > quantiles[i]*sd/math.Sqrt(float64(n)) {
				wrong++
				break
			}
		}
	}
	return float64(wrong) / float64(sequences)
}

// The simulation above is fast because it does not call Judge; that both mean
// the same is checked on a few sequences.
func TestJudgeIsWhatWasSimulated(t *testing.T) {
	const sequences, level = 2_000, 0.05
	byHand := falseVerdicts(rand.New(rand.NewPCG(5, 5)), noises["normal"], level, sequences)
	rng, wrong := rand.New(rand.NewPCG(5, 5)), 0
	test := Test{Level: level}
	for range sequences {
		var logs []float64
		for len(logs) < LastLook {
			logs = append(logs, noises["normal"](rng))
			if IsLook(len(logs)) && test.Judge(logs, false).Verdict != Unclear {
				wrong++
				break
			}
		}
	}
	if got := float64(wrong) / sequences; got != byHand {
		t.Errorf("Judge is wrong in %v, the simulation in %v", got, byHand)
	}
}

// An interval of 95 % holds the truth in 93 to 97 %, whatever the number of
// forks, the noise, and how alike the rounds of a fork are.
func TestCoverage(t *testing.T) {
	const truth = 0.1
	trials := 2_500
	if testing.Short() {
		trials = 1_500
	}
	for name, noise := range map[string]func(*rand.Rand) float64{
		"log-normal": func(r *rand.Rand) float64 { return 0.05 * r.NormFloat64() },
		"heavy":      func(r *rand.Rand) float64 { return 0.02 * student3(r) },
	} {
		for _, rho := range []float64{0, 0.4, 0.8} {
			for _, forks := range []int{6, 12, 24, 48} {
				rng := rand.New(rand.NewPCG(3, uint64(forks)))
				covered := 0
				for range trials {
					old, new := simulated(rng, noise, rho, forks, truth)
					if in := Ratio(new, old, Confidence); math.Log(in.Lo) <= truth && truth <= math.Log(in.Hi) {
						covered++
					}
				}
				if got := float64(covered) / float64(trials); got < 0.93 || got > 0.97 {
					t.Errorf("%s, correlation %v, %d forks: covers %.1f %%", name, rho, forks, 100*got)
				}
			}
		}
	}
}

// simulated returns the times of two arms over forks of three rounds: times are
// exponentials of noise, of which the rounds of a fork share a part in each
// arm, and the rounds of both arms another.
func simulated(rng *rand.Rand, noise func(*rand.Rand) float64, rho float64, forks int, truth float64) (old, new []Sample) {
	for fork := 1; fork <= forks; fork++ {
		oldLevel, newLevel := math.Sqrt(rho)*noise(rng), math.Sqrt(rho)*noise(rng)
		for round := 1; round <= 3; round++ {
			drift := 5 * noise(rng) // of the machine, which pairing removes
			old = append(old, Sample{fork, round, math.Exp(drift + oldLevel + math.Sqrt(1-rho)*noise(rng))})
			new = append(new, Sample{fork, round, math.Exp(truth + drift + newLevel + math.Sqrt(1-rho)*noise(rng))})
		}
	}
	return old, new
}
