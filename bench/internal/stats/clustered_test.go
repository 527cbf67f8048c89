package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestClustered(t *testing.T) {
	same := func(k, n, times int) (all []Cluster) {
		for range times {
			all = append(all, Cluster{k, n})
		}
		return all
	}
	if got := Clustered(nil, 0.95); got.Known() {
		t.Errorf("nothing gives %v", got)
	}
	// All alike: as many independent trials.
	for _, k := range []int{0, 20} {
		got, want := Clustered(same(k, 20, 10), 0.95), Proportion(10*k, 200, 0.95)
		if math.Abs(got.Lo-want.Lo) > 1e-9 || math.Abs(got.Hi-want.Hi) > 1e-9 || got.N != 10 {
			t.Errorf("%d of 20 in 10 processes: %v, want %v with 10 clusters", k, got, want)
		}
	}
	// One process that differs from the others: far wider than independent
	// trials, and it holds the value.
	mixed := append(same(20, 20, 3), same(0, 20, 3)...)
	got, naive := Clustered(mixed, 0.95), Proportion(60, 120, 0.95)
	if got.Hi-got.Lo < 2*(naive.Hi-naive.Lo) || got.Lo > 0.5 || got.Hi < 0.5 {
		t.Errorf("three processes with all and three with none: %v; independent trials would give %v", got, naive)
	}
	// Less variance than chance would give is chance: never narrower.
	got, naive = Clustered(same(10, 20, 10), 0.95), Proportion(100, 200, 0.95)
	if math.Abs(got.Lo-naive.Lo) > 1e-9 {
		t.Errorf("half everywhere: %v, want %v", got, naive)
	}
	if got := Clustered([]Cluster{{1, 2}}, 0.95); got.Lo != 0 || got.Hi != 1 {
		t.Errorf("one process says nothing of others: %v", got)
	}
}

// The interval holds the truth as often as it says, when processes differ as
// much as they can: each has all trials wrong or none.
func TestClusteredCovers(t *testing.T) {
	const runs, processes, trials, truth = 2000, 10, 20, 0.6
	rng := rand.New(rand.NewPCG(1, 2))
	held, naive := 0, 0
	for range runs {
		var all []Cluster
		k := 0
		for range processes {
			c := Cluster{N: trials}
			if rng.Float64() < truth {
				c.K = trials
			}
			k += c.K
			all = append(all, c)
		}
		if i := Clustered(all, 0.95); i.Lo <= truth && truth <= i.Hi {
			held++
		}
		if i := Proportion(k, processes*trials, 0.95); i.Lo <= truth && truth <= i.Hi {
			naive++
		}
	}
	if part := float64(held) / runs; part < 0.94 {
		t.Errorf("the interval holds the truth in %.1f %% of runs, want 95 %%", 100*part)
	}
	if part := float64(naive) / runs; part > 0.6 {
		t.Errorf("the simulation shows nothing: independent trials would do, with %.1f %%", 100*part)
	}
}
