package verdict

import (
	"flag"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

var long = flag.Bool("long", false, "simulate for minutes")

// A noise draws errors of variance 1.
type noise func(*rand.Rand) float64

func normal(r *rand.Rand) float64 { return r.NormFloat64() }

// heavy is Student's t with five degrees of freedom.
func heavy(r *rand.Rand) float64 {
	chi := 0.0
	for range 5 {
		x := r.NormFloat64()
		chi += x * x
	}
	return r.NormFloat64() / math.Sqrt(chi/5) / math.Sqrt(5.0/3)
}

// skewed is what two arms differ by whose noise is exponential.
func skewed(r *rand.Rand) float64 { return (r.ExpFloat64() - r.ExpFloat64()) / math.Sqrt2 }

// modes has two of them, one of which is met in a quarter of the forks.
func modes(r *rand.Rand) float64 {
	if r.IntN(4) == 0 {
		return math.Sqrt(3) + 0.2*r.NormFloat64()
	}
	return -1/math.Sqrt(3) + 0.2*r.NormFloat64()
}

// A world is a run that is simulated: subjects whose truth is known.
type world struct {
	truth  []float64 // log changes
	sd     []float64 // of a fork
	cost   []time.Duration
	layout float64 // standard deviation of what a layout does
	luck   []map[int]float64
	noise  noise
	spent  []time.Duration
	r      *rand.Rand
}

func (w *world) Cost(i int) time.Duration  { return w.cost[i] }
func (w *world) Spent(i int) time.Duration { return w.spent[i] }

// newWorld makes m subjects whose standard deviations differ as those of real
// benchmarks do, and some of which are slow.
func newWorld(r *rand.Rand, m int, sd float64, cost time.Duration, noise noise) *world {
	w := &world{r: r, noise: noise, truth: make([]float64, m), spent: make([]time.Duration, m)}
	for range m {
		c := cost
		if r.IntN(14) == 0 {
			c *= 20
		}
		w.sd = append(w.sd, sd*math.Exp(0.5*r.NormFloat64()))
		w.cost, w.luck = append(w.cost, c), append(w.luck, make(map[int]float64))
	}
	return w
}

// fork measures a subject: in a layout of its own if that is asked for.
func (w *world) fork(watch *Watch, i, n int) Fork {
	f := Fork{}
	if watch.Suspect(i) && w.layout > 0 {
		f.Layout = 1 + n%12
	}
	if _, ok := w.luck[i][f.Layout]; !ok {
		w.luck[i][f.Layout] = w.layout * w.r.NormFloat64()
	}
	f.Log = w.truth[i] + w.luck[i][f.Layout] + w.sd[i]*w.noise(w.r)
	return f
}

// run measures until the budget is spent.
func (w *world) run(p Plan, tolerance float64, budget time.Duration) (*Watch, []Ruling) {
	subjects := make([]Subject, len(w.truth))
	for i := range subjects {
		subjects[i].Tolerance = tolerance
	}
	watch := New(p, subjects)
	for n := 0; ; n++ {
		i, ok := watch.Next(w, budget)
		if !ok {
			return watch, watch.Final()
		}
		budget -= w.cost[i]
		w.spent[i] += w.cost[i]
		watch.Add(i, w.fork(watch, i, n))
	}
}

// An outcome counts runs.
type outcome struct {
	runs, alarmed       int // runs with any false alarm
	decided, subjects   int
	found, changed      int
	wrongSame, atTheEnd int // of those exactly at the tolerance
}

// count takes up a run at a tolerance.
func (o *outcome) count(w *world, tolerance float64, rulings []Ruling) {
	band, alarm := math.Log1p(tolerance), false
	for i, r := range rulings {
		o.subjects++
		if r.Verdict != stats.Unclear {
			o.decided++
		}
		beyond := math.Abs(w.truth[i]) > band+1e-9
		found := r.Verdict == stats.Regressed || r.Verdict == stats.Improved
		if found && (!beyond || (r.Verdict == stats.Regressed) != (w.truth[i] > 0)) {
			alarm = true
		}
		if beyond {
			if o.changed++; found {
				o.found++
			}
		}
		if math.Abs(math.Abs(w.truth[i])-band) < 1e-9 && band > 0 {
			if o.atTheEnd++; r.Verdict == stats.Same {
				o.wrongSame++
			}
		}
	}
	if o.runs++; alarm {
		o.alarmed++
	}
}

// atMost reports an error if something happened more often than a probability
// allows, by more than four standard errors.
func atMost(t *testing.T, what string, k, n int, p float64) {
	t.Helper()
	bound := p*float64(n) + 4*math.Sqrt(p*(1-p)*float64(n)) + 1
	if float64(k) > bound {
		t.Errorf("%s: %d of %d, %.2f%%, where %.2f%% is promised", what, k, n, 100*float64(k)/float64(n), 100*p)
	}
	t.Logf("%s: %d of %d, %.2f%%", what, k, n, 100*float64(k)/float64(max(n, 1)))
}

func runs(quick, many int) int {
	if *long {
		return many
	}
	return quick
}

// A single sequence of looks keeps to its rates, without anything that other
// subjects have in common: plain t statistics of unknown variance.
func TestSpending(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	sequences := runs(2000, 100_000)
	for name, noise := range map[string]noise{"normal": normal, "heavy": heavy, "skewed": skewed} {
		same, suspects := 0, 0
		for range sequences {
			watch := New(Plan{}, []Subject{{Tolerance: 0.05}})
			for n := 0; n < 200 && !watch.Done(0); n++ {
				watch.Add(0, Fork{Log: math.Log(1.05) + 0.02*noise(r)})
			}
			if watch.Done(0) && watch.subjects[0].ruling.Verdict == stats.Same {
				same++
			}
			watch = New(Plan{}, []Subject{{}})
			for n := 0; n < 200 && !watch.Suspect(0); n++ {
				watch.Add(0, Fork{Log: 0.02 * noise(r)})
			}
			if watch.Suspect(0) {
				suspects++
			}
		}
		atMost(t, name+", at the tolerance and called the same", same, sequences, 0.02)
		atMost(t, name+", equal and suspected", suspects, sequences, 0.02)
	}
}

// Confirmation keeps to the level of the whole run, whatever the screen did.
func TestConfirming(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	sequences := runs(4000, 400_000)
	alarms := 0
	for range sequences {
		watch := New(Plan{}, []Subject{{}})
		watch.subjects[0].suspect, watch.suspects = 1, 1
		for n := 0; n < 120 && !watch.subjects[0].alarm(); n++ {
			watch.Add(0, Fork{Log: 0.02 * r.NormFloat64()})
		}
		if watch.subjects[0].alarm() {
			alarms++
		}
	}
	atMost(t, "confirmed without reason", alarms, sequences, 0.01)
}

// scenarios of whole runs, with what is to be asked of them.
func TestRuns(t *testing.T) {
	for _, test := range []struct {
		name           string
		m              int
		budget         time.Duration
		sd             float64
		cost           time.Duration
		noise          noise
		layout         float64
		tolerance      float64
		changes        map[float64]int // log change → subjects
		decided, found float64         // at least, of subjects and of those that changed
	}{
		{"45, 60 s, 6%, 0.2 s", 45, 60 * time.Second, 0.06, 200 * time.Millisecond, heavy, 0.007, 0.05, map[float64]int{0.1: 1, 0.12: 1, 0.15: 1}, 0.15, 0},
		{"45, 60 s, 3%, 0.13 s", 45, 60 * time.Second, 0.03, 130 * time.Millisecond, heavy, 0.007, 0.05, map[float64]int{0.1: 1, 0.12: 1, 0.15: 1}, 0.8, 0.7},
		{"45, 100 s, 3%, 0.13 s", 45, 100 * time.Second, 0.03, 130 * time.Millisecond, heavy, 0.007, 0.05, map[float64]int{0.1: 1, 0.12: 1, 0.15: 1}, 0.95, 0.9},
		{"99, 120 s, 3%, 0.13 s", 99, 120 * time.Second, 0.03, 130 * time.Millisecond, heavy, 0.007, 0.05, map[float64]int{0.1: 1, 0.12: 1, 0.15: 1}, 0.8, 0.6},
		{"99, 120 s, 2%, 0.13 s", 99, 120 * time.Second, 0.02, 130 * time.Millisecond, heavy, 0.007, 0.05, map[float64]int{0.1: 1, 0.12: 1, 0.15: 1}, 0.95, 0.9},
		{"all equal, layouts 3%", 45, 60 * time.Second, 0.02, 130 * time.Millisecond, heavy, 0.03, 0.05, nil, 0.7, 0},
		{"all equal, any difference", 45, 60 * time.Second, 0.02, 130 * time.Millisecond, normal, 0.007, 0, nil, 0, 0},
		{"five just inside", 45, 60 * time.Second, 0.02, 130 * time.Millisecond, heavy, 0.007, 0.05, map[float64]int{math.Log(1.045): 5}, 0.7, 0},
		{"ten at the tolerance", 45, 60 * time.Second, 0.02, 130 * time.Millisecond, normal, 0, 0.05, map[float64]int{math.Log(1.05): 10}, 0.6, 0},
		{"skewed", 45, 60 * time.Second, 0.03, 130 * time.Millisecond, skewed, 0.007, 0.05, nil, 0.8, 0},
		{"two modes", 45, 60 * time.Second, 0.03, 130 * time.Millisecond, modes, 0.007, 0.05, nil, 0.8, 0},
		{"one, the same layout", 1, 10 * time.Second, 0.03, 130 * time.Millisecond, heavy, 0, 0, map[float64]int{0.03: 1}, 0.8, 0.8},
		{"one, other layouts", 1, 10 * time.Second, 0.03, 130 * time.Millisecond, heavy, 0.007, 0, map[float64]int{0.03: 1}, 0.4, 0.4},
		{"six", 6, 25 * time.Second, 0.03, 130 * time.Millisecond, heavy, 0.007, 0.05, nil, 0.8, 0},
		{"six slower", 6, 30 * time.Second, 0.03, 130 * time.Millisecond, heavy, 0.007, 0.05, map[float64]int{math.Log(1.1): 6}, 0.7, 0.7},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(3, 1))
			var o outcome
			for range runs(6, 400) {
				w := newWorld(r, test.m, test.sd, test.cost, test.noise)
				w.layout = test.layout
				i := 0
				for change, n := range test.changes {
					for range n {
						w.truth[i] = change
						i++
					}
				}
				_, rulings := w.run(Plan{Layouts: test.layout > 0}, test.tolerance, test.budget)
				o.count(w, test.tolerance, rulings)
			}
			t.Logf("decided %.1f%%, found %.1f%%", 100*float64(o.decided)/float64(o.subjects), 100*float64(o.found)/float64(max(o.changed, 1)))
			atMost(t, "runs with a false alarm", o.alarmed, o.runs, 0.01)
			atMost(t, "wrongly the same", o.wrongSame, o.atTheEnd, 0.02)
			margin := 2 / math.Sqrt(float64(o.runs))
			if got := float64(o.decided) / float64(o.subjects); got < test.decided-margin/4 {
				t.Errorf("%.1f%% are decided", 100*got)
			}
			if got := float64(o.found) / float64(max(o.changed, 1)); got < test.found-margin {
				t.Errorf("%.1f%% are found", 100*got)
			}
		})
	}
}
