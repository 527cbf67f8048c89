package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tolerance)
	}
}

// Values of Student's t from printed tables.
func TestTQuantile(t *testing.T) {
	for _, c := range []struct {
		p    float64
		df   int
		want float64
	}{
		{0.975, 1, 12.706}, {0.975, 2, 4.303}, {0.975, 5, 2.571}, {0.975, 30, 2.042},
		{0.995, 5, 4.032}, {0.995, 10, 3.169}, {0.5, 7, 0},
	} {
		near(t, "t quantile", TQuantile(c.p, c.df), c.want, 5e-4)
	}
}

func TestMean(t *testing.T) {
	// By hand: mean 3, sample variance 2.5, t(0.975, 4) = 2.776.
	i := Mean([]float64{1, 2, 3, 4, 5}, 0.95)
	near(t, "value", i.Value, 3, 1e-12)
	near(t, "half", i.Half(), 2.776*math.Sqrt(2.5/5), 1e-3)
	if i.N != 5 || !i.Bounded() {
		t.Errorf("interval %+v: want 5 estimates, bounded", i)
	}
}

func TestTooLittleIsNeverAnInterval(t *testing.T) {
	if i := Mean(nil, 0.95); i.Known() || i.Bounded() {
		t.Errorf("nothing gave %+v", i)
	}
	one := Mean([]float64{2}, 0.95)
	if !one.Known() || one.Bounded() || !math.IsInf(one.Half(), 1) {
		t.Errorf("one estimate gave %+v", one)
	}
	if e := one.Exp(); e.Bounded() || e.Lo != 0 || !math.IsInf(e.Hi, 1) {
		t.Errorf("its exponential is %+v", e)
	}
	if same := Mean([]float64{7, 7, 7}, 0.95); same.Lo != 7 || same.Hi != 7 {
		t.Errorf("zero variance gave %+v", same)
	}
	if Median(nil) != 0 {
		t.Error("the median of nothing is not 0")
	}
}

// The oracle pairs by going over all rounds by hand.
func TestRatioAgainstBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var num, den []Sample
		var forks []float64
		for fork := range 2 + rng.IntN(4) {
			var logs []float64
			for round := range 1 + rng.IntN(5) {
				a, b := 1+rng.Float64(), 1+rng.Float64()
				inA, inB := rng.IntN(5) > 0, rng.IntN(5) > 0
				if inA {
					num = append(num, Sample{fork, round, a})
				}
				if inB {
					den = append(den, Sample{fork, round, b})
				}
				if inA && inB {
					logs = append(logs, math.Log(a)-math.Log(b))
				}
			}
			if len(logs) > 0 {
				slices.Sort(logs)
				forks = append(forks, (logs[(len(logs)-1)/2]+logs[len(logs)/2])/2)
			}
		}
		rng.Shuffle(len(num), func(i, j int) { num[i], num[j] = num[j], num[i] })
		got := Ratio(num, den, Confidence)
		if got.N != len(forks) {
			t.Fatalf("%d forks, want %d", got.N, len(forks))
		}
		if got.N < 2 {
			continue
		}
		mean, sd := stat.MeanStdDev(forks, nil)
		half := TQuantile(0.975, got.N-1) * sd / math.Sqrt(float64(got.N))
		near(t, "ratio", got.Value, math.Exp(mean), 1e-9)
		near(t, "lower end", got.Lo, math.Exp(mean-half), 1e-9)
		near(t, "upper end", got.Hi, math.Exp(mean+half), 1e-9)
	}
}

func TestRatioInvariances(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var a, b, scaled []Sample
	for fork := range 8 {
		for round := range 3 {
			x, y := math.Exp(rng.NormFloat64()), math.Exp(rng.NormFloat64())
			a = append(a, Sample{fork, round, x})
			b = append(b, Sample{fork, round, y})
			scaled = append(scaled, Sample{fork, round, 3 * y})
		}
	}
	ab, ba := Ratio(a, b, Confidence), Ratio(b, a, Confidence).Inverse()
	near(t, "swapped", ba.Value, ab.Value, 1e-9)
	near(t, "swapped lower end", ba.Lo, ab.Lo, 1e-9)
	near(t, "scaled", Ratio(scaled, b, Confidence).Value, 3, 1e-9)
	near(t, "level of a scaled arm", Level(scaled, Confidence).Value, 3*Level(b, Confidence).Value, 1e-9)
}

// Drift that both arms see must not reach the ratio: that is what pairing is
// for.
func TestRatioIgnoresDriftThatBothArmsSee(t *testing.T) {
	var slow, base []Sample
	for fork := range 6 {
		for round := range 4 {
			drift := math.Exp(float64(fork*round) / 3)
			base = append(base, Sample{fork, round, drift})
			slow = append(slow, Sample{fork, round, 1.5 * drift})
		}
	}
	r := Ratio(slow, base, Confidence)
	near(t, "ratio", r.Value, 1.5, 1e-9)
	near(t, "half", r.Half(), 0, 1e-9)
}

// All ratios of all trials: the oracle is the definition, the invariances are
// those of a ratio, and one burst moves nothing.
func TestAllRatios(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		n := 1 + rng.IntN(7)
		old, new, scaled := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range n {
			old[i], new[i] = math.Exp(rng.NormFloat64()), math.Exp(rng.NormFloat64())
			scaled[i] = 3 * new[i]
		}
		var ratios []float64
		for i := range n * n {
			ratios = append(ratios, new[i%n]/old[i/n])
		}
		slices.Sort(ratios)
		got := AllRatios.Of(old, new)
		near(t, "ratio", got, math.Log(ratios[(n*n-1)/2]*ratios[n*n/2])/2, 1e-9)
		near(t, "swapped", AllRatios.Of(new, old), -got, 1e-9)
		near(t, "scaled", AllRatios.Of(old, scaled), got+math.Log(3), 1e-9)
	}
	near(t, "with a burst", AllRatios.Of([]float64{1, 1, 1}, []float64{2, 2, 50}), math.Log(2), 1e-9)
}

// The fast way through samples in the order of measuring gives what the other
// gives, and a quantile that is kept is the one that was found.
func TestShortcuts(t *testing.T) {
	inOrder := []Sample{{1, 1, 3}, {1, 2, 5}, {2, 1, 7}, {4, 1, 2}, {4, 2, 9}, {4, 3, 4}}
	mixed := []Sample{{1, 1, 3}, {2, 1, 7}, {1, 2, 5}, {4, 1, 2}, {4, 2, 9}, {4, 3, 4}}
	for _, samples := range [][]Sample{inOrder, mixed} {
		if got, want := byFork(samples), []float64{4, 7, 4}; !slices.Equal(got, want) {
			t.Errorf("medians %v, want %v", got, want)
		}
	}
	if got := byFork(nil); len(got) != 0 {
		t.Errorf("medians of nothing: %v", got)
	}
	first := TQuantile(0.975, 5)
	if again, other := TQuantile(0.975, 5), TQuantile(0.975, 6); again != first || other == first || math.Abs(first-2.5706) > 1e-4 {
		t.Errorf("quantiles %v, again %v, of 6: %v", first, again, other)
	}
}

// Neither a slow trial nor a single lucky one moves the fastest quarter far.
func TestOwnFastest(t *testing.T) {
	level := func(first ...float64) []float64 {
		for len(first) < 12 {
			first = append(first, 100)
		}
		return first
	}
	for name, test := range map[string]struct {
		old, new []float64
		want     float64
	}{
		"slower":      {level(), []float64{110, 110, 110, 110, 110, 110, 110, 110, 110, 110, 110, 110}, math.Log(1.1)},
		"disturbed":   {level(), level(900, 400, 250, 300, 170, 180, 190), 0},
		"a lucky one": {level(), level(70), math.Log(0.9)},
		"few":         {[]float64{100, 200}, []float64{100, 200}, 0},
	} {
		if got := OwnFastest.Of(test.old, test.new); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
