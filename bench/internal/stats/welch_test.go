package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// What R prints for t.test(extra ~ group, data = sleep), Student's data of
// 1908: df = 17.776, 95 percent interval -3.3654832 to 0.2054832.
func TestWelchLikeR(t *testing.T) {
	group1 := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	group2 := []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	i := Welch(group1, group2, 0.95)
	near(t, "difference", i.Value, 0.75-2.33, 1e-12)
	near(t, "lower end", i.Lo, -3.3654832, 1e-6)
	near(t, "upper end", i.Hi, 0.2054832, 1e-6)
	if i.N != 10 {
		t.Errorf("N = %d, want 10", i.N)
	}
	back := Welch(group2, group1, 0.95)
	near(t, "the other way round", back.Lo, -i.Hi, 1e-12)
}

func TestWelchOfTooLittle(t *testing.T) {
	some := []float64{1, 2, 3}
	if i := Welch(nil, some, 0.95); i.Known() {
		t.Errorf("nothing gave %+v", i)
	}
	for name, sets := range map[string][2][]float64{
		"one sample":              {{5}, some},
		"one sample of the other": {some, {5}},
		"one of each":             {{5}, {5}},
		"no variance":             {{7, 7, 7}, {7.7, 7.7, 7.7}},
	} {
		i := Welch(sets[0], sets[1], 0.95)
		if !i.Known() || i.Bounded() || Decide(i, 0.01) != Unclear {
			t.Errorf("%s gave %+v: want an estimate without ends, which decides nothing", name, i)
		}
		if n := WelchNeeds(sets[0], sets[1], 1, 0.95); n != 0 {
			t.Errorf("%s: %d samples are needed, want 0: their scatter is not known", name, n)
		}
	}
	// One side without variance is sound: that of a mean against a constant.
	i := Welch([]float64{1, 2, 3, 4, 5}, []float64{7, 7, 7, 7, 7}, 0.95)
	near(t, "half of the one-sample interval", i.Half(), Mean([]float64{1, 2, 3, 4, 5}, 0.95).Half(), 1e-9)
}

// welchMisses returns how often the interval misses a difference of zero.
func welchMisses(rng *rand.Rand, draw func(*rand.Rand) float64, n, times int, spread, confidence float64) float64 {
	old, new := make([]float64, n), make([]float64, n)
	missed := 0
	for range times {
		for i := range n {
			old[i], new[i] = draw(rng), spread*draw(rng)
		}
		if i := Welch(new, old, confidence); i.Lo > 0 || i.Hi < 0 {
			missed++
		}
	}
	return float64(missed) / float64(times)
}

// The interval misses the truth as often as its level says, also when one side
// is noisier than the other.
// Of noise that is skewed, and wide on one side only, it misses more.
func TestWelchCoverage(t *testing.T) {
	times := 8_000
	if testing.Short() {
		times = 3_000
	}
	exponential := func(r *rand.Rand) float64 { return r.ExpFloat64() - 1 }
	normal := (*rand.Rand).NormFloat64
	for _, tt := range []struct {
		name   string
		draw   func(*rand.Rand) float64
		n      int
		spread float64
		level  float64
		most   float64
	}{
		{"normal", normal, 10, 1, 0.05, 0.058},
		{"normal", normal, 10, 1, 0.01, 0.014},
		{"normal, one side noisier", normal, 10, 3, 0.05, 0.058},
		{"normal, least", normal, LeastUnpaired, 1, 0.01, 0.014},
		{"t3", student3, 10, 1, 0.01, 0.014},
		{"t3, least", student3, LeastUnpaired, 1, 0.01, 0.014},
		{"skewed", exponential, 10, 1, 0.01, 0.014},
		{"skewed, least", exponential, LeastUnpaired, 1, 0.01, 0.014},
		{"skewed, one side much noisier", exponential, 6, 5, 0.01, 0.06},
	} {
		rng := rand.New(rand.NewPCG(3, 17))
		if got := welchMisses(rng, tt.draw, tt.n, times, tt.spread, 1-tt.level); got > tt.most {
			t.Errorf("%s: %d samples at %v miss in %.2f %%", tt.name, tt.n, tt.level, 100*got)
		} else if got < tt.level/8 {
			t.Errorf("%s: %d samples at %v miss in only %.3f %%: the interval is too wide", tt.name, tt.n, tt.level, 100*got)
		}
	}
}

func TestWelchNeeds(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	draw := func(n int) []float64 {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = 0.1 * rng.NormFloat64()
		}
		return xs
	}
	old, new := draw(50), draw(50)
	n := WelchNeeds(new, old, 0.1, 0.99)
	// By hand: n is near 2·(2.58·0.1/0.1)² = 13.3, and some more for t.
	if n < 10 || n > 22 {
		t.Errorf("%d samples are needed, want about 15", n)
	}
	va, vb := variance(new), variance(old)
	at := func(n int) float64 { return welchHalf(va, vb, float64(n), float64(n), 0.99) }
	if !(at(n) < 0.1 && at(n-1) >= 0.1) {
		t.Errorf("%d is not the first number that is enough: %v, before %v", n, at(n), at(n-1))
	}
	if got := WelchNeeds(new, old, 1e-6, 0.99); got != 0 {
		t.Errorf("%d samples decide a toss-up, want 0: never", got)
	}
	if got := WelchNeeds(new, old, 10, 0.99); got != LeastUnpaired {
		t.Errorf("%d samples are needed with much room, want the least", got)
	}
	if math.IsNaN(at(2)) {
		t.Error("the interval of two samples is no number")
	}
}
