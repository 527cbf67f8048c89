package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The prior of variances that were drawn from one comes back, and variances that
// are all of one kind lend each other as much as they can.
func TestModerate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	square := func(df int) float64 { // chi-square
		sum := 0.0
		for range df {
			x := r.NormFloat64()
			sum += x * x
		}
		return sum
	}
	for _, test := range []struct{ d0, s02 float64 }{{4, 1}, {10, 0.01}, {20, 25}} {
		var variances []float64
		var df []int
		for range 4000 {
			true2 := test.d0 * test.s02 / square(int(test.d0)) // scaled inverse chi-square
			n := 3 + r.IntN(6)
			variances, df = append(variances, true2*square(n)/float64(n)), append(df, n)
		}
		p := Moderate(variances, df)
		if math.Abs(math.Log(p.D0/test.d0)) > 0.25 || math.Abs(math.Log(p.S02/test.s02)) > 0.1 {
			t.Errorf("d0 %v, s0² %v: %+v", test.d0, test.s02, p)
		}
	}
	var same []float64
	var df []int
	for range 4000 {
		same, df = append(same, square(5)/5), append(df, 5)
	}
	if p := Moderate(same, df); p.D0 < 100 || math.Abs(p.S02-1) > 0.1 {
		t.Errorf("one variance: %+v", p)
	}
}

// What is no variance does not count, and few say nothing.
func TestModerateFew(t *testing.T) {
	df := []int{5, 5, 5, 5, 5, 5, 5, 0}
	for name, variances := range map[string][]float64{
		"none":    {},
		"four":    {1, 2, 3, 4},
		"no ones": {1, 2, 3, 0, math.NaN(), math.Inf(1), -1, 4},
	} {
		if p := Moderate(variances, df[:len(variances)]); p != (Prior{}) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	// The zero prior is Student's t.
	xs := []float64{1, 2, 4, 8}
	if got, want := (Prior{}).Mean(xs, 0.95), Mean(xs, 0.95); math.Abs(got.Lo-want.Lo) > 1e-9 || got.N != want.N {
		t.Errorf("%+v, want %+v", got, want)
	}
	// One that knows much narrows the interval of few estimates.
	if p := (Prior{D0: 20, S02: 1}).Mean(xs, 0.95); p.Half() >= Mean(xs, 0.95).Half()/2 {
		t.Errorf("%+v", p)
	}
}

func TestInverseTrigamma(t *testing.T) {
	for x := 1e-9; x < 1e9; x *= 3 {
		if got := trigamma(inverseTrigamma(x)); math.Abs(got/x-1) > 1e-3 {
			t.Errorf("%v: %v", x, got)
		}
	}
}

// Quantiles of whole degrees of freedom are those of TQuantile, and others lie
// between them.
func TestTQuantileOf(t *testing.T) {
	for df := 1; df < 40; df++ {
		at, next := TQuantile(0.99, df), TQuantile(0.99, df+1)
		if got := TQuantileOf(0.99, float64(df)); got != at {
			t.Errorf("%d: %v, want %v", df, got, at)
		}
		if got := TQuantileOf(0.99, float64(df)+0.5); got >= at || got <= next {
			t.Errorf("%d and a half: %v, not between %v and %v", df, got, at, next)
		}
	}
	if got := TQuantileOf(0.975, math.Inf(1)); math.Abs(got-1.96) > 0.01 {
		t.Errorf("infinitely many: %v", got)
	}
}
