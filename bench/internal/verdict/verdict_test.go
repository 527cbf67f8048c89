package verdict

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// near returns estimates around a change, with a little noise that differs.
func near(change float64, n int) []float64 {
	logs := make([]float64, n)
	for i := range logs {
		logs[i] = change + 0.004*math.Sin(float64(7*i+1))
	}
	return logs
}

func add(w *Watch, i, layout int, logs ...float64) {
	for _, x := range logs {
		w.Add(i, Fork{Log: x, Layout: layout})
	}
}

// The same is decided at the first look, and a change only when fresh forks have
// confirmed it.
func TestTwoSteps(t *testing.T) {
	w := New(Plan{}, []Subject{{Tolerance: 0.05}, {Tolerance: 0.05}})
	add(w, 0, 0, near(0.001, 3)...)
	if w.Done(0) {
		t.Error("three forks have decided")
	}
	add(w, 0, 0, 0.002)
	if !w.Done(0) || w.Suspect(0) || w.Final()[0].Verdict != stats.Same {
		t.Errorf("equal: %+v", w.Final()[0])
	}
	add(w, 1, 0, near(0.2, 4)...)
	if w.Done(1) || !w.Suspect(1) {
		t.Errorf("a change of 20 %% is no suspect: %+v", w.Final()[1])
	}
	if r := w.Final()[1]; r.Verdict != stats.Unclear || !strings.Contains(r.Reason, "suspected") || r.More != float64(confirming.first) {
		t.Errorf("suspected: %+v", r)
	}
	add(w, 1, 0, near(0.2, confirming.first)...)
	r := w.Final()[1]
	if !w.Done(1) || r.Verdict != stats.Regressed || !r.Suspect || r.Estimate.N != confirming.first {
		t.Errorf("confirmed: %+v", r)
	}
	if again := w.Final()[1]; again != r {
		t.Errorf("asked twice: %+v, then %+v", r, again)
	}
}

// A suspect whose fresh forks do not show what made it one is no change.
func TestNotConfirmed(t *testing.T) {
	for _, sign := range []float64{1, -1} {
		w := New(Plan{}, []Subject{{Tolerance: 0.05}})
		add(w, 0, 0, near(0.2*sign, 4)...)
		add(w, 0, 0, near(-0.2*sign, confirming.first)...) // the other way round
		if r := w.Final()[0]; r.Verdict != stats.Unclear || !r.Suspect {
			t.Errorf("%v: %+v", sign, r)
		}
	}
}

// What only the usual order of functions shows is told as such; with other
// orders, what is the unit is the order.
func TestLayout(t *testing.T) {
	w := New(Plan{Layouts: true}, []Subject{{Tolerance: 0.05}})
	add(w, 0, 0, near(0.1, 4)...)
	for i, x := range near(0.001, confirming.first) {
		add(w, 0, 1+i, x)
	}
	if r := w.Final()[0]; r.Verdict != stats.Same || !r.Layout || !w.Done(0) {
		t.Errorf("%+v", r)
	}
	got := units([]Fork{{1, 3}, {3, 3}, {5, 4}, {7, 0}, {9, 0}})
	if want := []float64{2, 5, 7, 9}; len(got) != 4 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != want[3] {
		t.Errorf("units %v, want %v", got, want)
	}
}

// An alarm that was confirmed when there were fewer suspects must stand at the
// level that more of them leave.
func TestMoreSuspects(t *testing.T) {
	subjects := make([]Subject, 41)
	for i := range subjects {
		subjects[i].Tolerance = 0.05
	}
	w := New(Plan{}, subjects)
	logs := make([]float64, confirming.first)
	for i := range logs { // just enough for one suspect
		logs[i] = 0.09 + 0.024*math.Sin(float64(7*i+1))
	}
	add(w, 0, 0, near(0.2, 4)...)
	add(w, 0, 0, logs...)
	if !w.Done(0) || w.Final()[0].Verdict != stats.Regressed {
		t.Fatalf("not confirmed: %+v", w.Final()[0])
	}
	for i := 1; i < len(subjects); i++ {
		add(w, i, 0, near(0.2, 4)...)
	}
	if w.Done(0) || w.Final()[0].Verdict != stats.Unclear {
		t.Errorf("with %d suspects it stands: %+v", len(subjects), w.Final()[0])
	}
}

// A bound that is kept is no alarm; one that is not is.
func TestOneSided(t *testing.T) {
	w := New(Plan{}, []Subject{{OneSided: true}, {OneSided: true}})
	add(w, 0, 0, near(-0.1, 4)...)
	if r := w.Final()[0]; r.Verdict != stats.Improved || r.Suspect || !w.Done(0) {
		t.Errorf("kept: %+v", r)
	}
	add(w, 1, 0, near(0.1, 4)...)
	if r := w.Final()[1]; r.Verdict != stats.Unclear || !r.Suspect {
		t.Errorf("broken, not confirmed: %+v", r)
	}
	add(w, 1, 0, near(0.1, confirming.first)...)
	if r := w.Final()[1]; r.Verdict != stats.Regressed {
		t.Errorf("broken: %+v", r)
	}
}

// What cannot be judged says why, and any difference is never none.
func TestUnusable(t *testing.T) {
	w := New(Plan{}, []Subject{{Tolerance: 0.05}, {Tolerance: 0.05}, {}, {Tolerance: 0.05}, {Tolerance: 0.05}})
	add(w, 0, 0, 0.1, 0.1, 0.1, 0.1, 0.1)
	add(w, 1, 0, 0.1, math.NaN(), 0.1, math.Inf(1), 0)
	add(w, 2, 0, near(0, 40)...)
	w.Void(3, "it died")
	for i, want := range []string{"every process gave exactly the same", "a time of zero", "does not settle whether there is a difference", "it died", "0 of at least 4"} {
		if r := w.Final()[i]; r.Verdict != stats.Unclear || !strings.Contains(r.Reason, want) {
			t.Errorf("%d: %+v, want %q", i, r, want)
		}
	}
	if !w.Done(3) || w.Done(4) {
		t.Error("what is void is done, and nothing else")
	}
}

type costs struct{ cost, spent []time.Duration }

func (c costs) Cost(i int) time.Duration  { return c.cost[i] }
func (c costs) Spent(i int) time.Duration { return c.spent[i] }

// First looks come first, cheap ones ahead; then what is decided soonest; and
// what has had its share waits.
func TestNext(t *testing.T) {
	const s = time.Second
	w := New(Plan{}, []Subject{{Tolerance: 0.05}, {Tolerance: 0.05}, {Tolerance: 0.05}})
	c := costs{[]time.Duration{2 * s, s, 3 * s}, make([]time.Duration, 3)}
	next := func(left time.Duration) int {
		i, ok := w.Next(c, left)
		if !ok {
			return -1
		}
		return i
	}
	if got := next(time.Minute); got != 1 {
		t.Errorf("the first is %d, want the cheapest", got)
	}
	add(w, 1, 0, near(0, 4)...) // it is done
	if got := next(time.Minute); got != 0 {
		t.Errorf("then %d, want the cheaper of the two", got)
	}
	add(w, 0, 0, 0.03, -0.03, 0.04, -0.05) // undecided, though not far
	if got := next(time.Minute); got != 2 {
		t.Errorf("then %d, want the one that nobody has looked at", got)
	}
	if got := next(2500 * time.Millisecond); got != 0 {
		t.Errorf("in 2.5 s %d, want what fits", got)
	}
	if got := next(s / 2); got != -1 {
		t.Errorf("in half a second %d", got)
	}
	// What has begun gets its first look, even if that is somewhat more than its share.
	begun := New(Plan{}, make([]Subject, 2))
	add(begun, 0, 0, near(0, 3)...)
	two := costs{[]time.Duration{s, s}, []time.Duration{5 * s, 0}}
	if got, _ := begun.Next(two, 5*s); got != 0 {
		t.Errorf("with a share of 5 s, 5 s spent and 1 s to go: %d", got)
	}
	two.spent[0] = 9 * s
	if got, _ := begun.Next(two, 5*s); got != 0 { // 10 s of a share of 7
		t.Errorf("with a share of 7 s, 9 s spent and 1 s to go: %d", got)
	}
	two.spent[0] = 30 * s
	if got, _ := begun.Next(two, 5*s); got != 1 {
		t.Errorf("with a share of 17.5 s, 30 s spent and 1 s to go: %d", got)
	}
	c.spent[2] = time.Minute // far more than its share
	if got := next(20 * s); got != 0 {
		t.Errorf("after its share %d, want the other", got)
	}
}

// How many forks there are until the next look, in the screen and in the
// confirmation.
func TestToLook(t *testing.T) {
	w := New(Plan{}, []Subject{{Tolerance: 0.05}, {OneSided: true, Suspected: true}})
	for i, want := range [][]int{{4, 3, 2, 1, 1, 1, 2, 1, 2}, {8, 7, 6, 5, 4, 3, 2, 1, 3}} {
		for n, left := range want {
			if got := w.ToLook(i); got != left {
				t.Errorf("subject %d after %d forks: %d, want %d", i, n, got, left)
			}
			add(w, i, 0, 0.03*math.Sin(float64(7*n+1)))
		}
	}
}

func TestSuite(t *testing.T) {
	all := func(int) bool { return true }
	w := New(Plan{}, make([]Subject, 3))
	if s := w.Suite(0.05, all); s.Ratio.Known() || s.Verdict != stats.Unclear {
		t.Errorf("of nothing: %+v", s)
	}
	for i, change := range []float64{0.1, 0.2, 0.3} {
		add(w, i, 0, near(change, 12)...)
	}
	s := w.Suite(0.05, all)
	if math.Abs(math.Log(s.Ratio.Value)-0.2) > 0.01 || s.Ratio.N != 3 || s.Verdict != stats.Regressed {
		t.Errorf("%+v", s)
	}
	if s := w.Suite(0.05, func(i int) bool { return i == 0 }); s.Ratio.Known() {
		t.Errorf("of one: %+v", s)
	}
	// Another order of functions may move all by a little.
	w = New(Plan{}, make([]Subject, 3))
	for i := range 3 {
		add(w, i, 0, near(0.006, 12)...)
	}
	if s := w.Suite(0, all); s.Verdict != stats.Same {
		t.Errorf("a shift of 0.6 %%: %+v", s)
	}
}

// One look at what nothing follows.
func TestOnce(t *testing.T) {
	for change, want := range map[float64]stats.Verdict{0: stats.Same, 0.1: stats.Regressed, -0.1: stats.Improved, 0.049: stats.Unclear} {
		if r := Once(near(change, 10), 0.05, 0.01); r.Verdict != want || r.Reason == "" || r.Estimate.N != 10 {
			t.Errorf("%v: %+v, want %v", change, r, want)
		}
	}
	if r := Once(near(0, 3), 0.05, 0.01); r.Verdict != stats.Unclear || r.More != 1 {
		t.Errorf("of three: %+v", r)
	}
}
