package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

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

func student3(r *rand.Rand) float64 {
	a, b, c := r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
	return r.NormFloat64() / math.Sqrt((a*a+b*b+c*c)/3)
}
