package revision

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/child"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

func TestRoundTwo(t *testing.T) {
	for x, want := range map[float64]int{0: 1, 0.4: 1, 1: 1, 9.4: 9, 15.5: 16, 1049: 1000, 98765: 99000, 1e30: mostN} {
		if got := roundTwo(x); got != want {
			t.Errorf("%v: %d, want %d", x, got, want)
		}
	}
}

// However odd the times, trying ends.
func TestMore(t *testing.T) {
	for _, took := range []time.Duration{0, 1, time.Microsecond, time.Hour} {
		n, steps := 1, 0
		for n < mostN {
			next := more(n, took, time.Millisecond)
			if next < 2*n && next != mostN || next > 100*n {
				t.Fatalf("%v: %d after %d", took, next, n)
			}
			n, steps = next, steps+1
		}
		if steps > 31 {
			t.Errorf("%v: %d steps", took, steps)
		}
	}
}

func TestCutPattern(t *testing.T) {
	for pattern, want := range map[string][]string{
		"":             {""},
		".":            {"."},
		"Sort/size=10": {"Sort", "size=10"},
		"a[/]b/(c/d)/": {"a[/]b", "(c/d)", ""},
		`a\/b/c`:       {`a\/b`, "c"},
	} {
		var got []string
		for rest, more := pattern, true; more; {
			var part string
			part, rest, more = cutPattern(rest)
			got = append(got, part)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", pattern, got, want)
		}
	}
	if CheckPattern("a/(b") == nil || CheckPattern("a/(b)|c") != nil {
		t.Error("patterns are checked wrongly")
	}
}

// What is found out before measuring: how much goes with a slice, whether
// memory is allocated, whether there is more than one goroutine. Real
// processes; nothing depends on how long they take.
func TestSizeReal(t *testing.T) {
	r := newRepository(t, map[string]string{
		"go.mod": goMod, "x/x.go": "package x\n\nvar N = 1\n",
		"x/x_test.go": `package x

import (
	"sync/atomic"
	"testing"
	"time"
)

var sink []byte
var shared int64

func BenchmarkAlone(b *testing.B) { for i := 0; i < b.N; i++ { N++ } }
func BenchmarkAllocates(b *testing.B) { for i := 0; i < b.N; i++ { sink = make([]byte, 100+i%2) } }
func BenchmarkSetup(b *testing.B) {
	time.Sleep(300 * time.Millisecond)
	b.ResetTimer()
	for i := 0; i < b.N; i++ { N++ }
}
func BenchmarkTwo(b *testing.B) {
	b.Run("sub", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) { for pb.Next() { atomic.AddInt64(&shared, 1) } })
	})
}
func BenchmarkFailsLater(b *testing.B) { if b.N > 1 { b.Fatal("later") } }
func BenchmarkStopped(b *testing.B) {
	b.StopTimer()
	for i := 0; i < b.N; i++ { time.Sleep(5 * time.Millisecond); N++ }
}
func BenchmarkHangsLater(b *testing.B) { if b.N > 1 { time.Sleep(time.Hour) } }
func BenchmarkNoLoop(b *testing.B) { N++ }
func BenchmarkChanges(b *testing.B) {
	name := time.Now().Format("05.000000000")
	b.Run("same", func(b *testing.B) { for i := 0; i < b.N; i++ { N++ } })
	b.Run(name, func(b *testing.B) {})
}
`})
	r.write(map[string]string{"x/x.go": "package x\n\nvar N = 2\n"})
	c, err := r.found(Question{Base: "main", Procs: []int{2}})
	if err != nil {
		t.Fatal(err)
	}
	byName := make(map[string]*Pair)
	for _, p := range c.Pairs {
		byName[p.Name] = p
	}
	m := c.measuring(Measuring{Clock: measure.RealClock(), Budget: time.Minute})
	within := func(name string, want Length, a allowance) error {
		p := byName[name]
		if p == nil {
			t.Fatalf("%s was not found among %v: %v", name, c.names(), c.Problems)
		}
		err := m.size(t.Context(), p, want, a)
		if err != nil {
			err = fmt.Errorf("%s: %w", sideNames[sideOf(err)], err)
		}
		return err
	}
	size := func(name string, want Length) error {
		return within(name, want, allowance{10 * time.Second, 10 * time.Second})
	}
	shared := len(child.Cores()) > 1 && byName["BenchmarkAlone"].holds // and the runtime counts goroutines
	for name, wants := range map[string]bool{"BenchmarkAlone": true, "BenchmarkAllocates": true, "BenchmarkTwo/sub": false, "BenchmarkChanges/same": true} {
		if err := size(name, Length{}); err != nil || byName[name].N < 2 {
			t.Errorf("%s: %v, %d iterations", name, err, byName[name].N)
		}
		if p := byName[name]; shared && !wants && p.Design != InTurn || !shared && p.Design != InTurn {
			t.Errorf("%s is measured %v", name, p.Design)
		}
	}
	if err := size("BenchmarkSetup", Length{}); err != nil || byName["BenchmarkSetup"].Rounds != 1 || len(byName["BenchmarkSetup"].Notes) != 1 {
		t.Errorf("set-up: %v, %+v", err, byName["BenchmarkSetup"])
	}
	if err := size("BenchmarkAlone", Length{N: 123}); err != nil || byName["BenchmarkAlone"].N != 123 {
		t.Errorf("123 iterations: %v, %d", err, byName["BenchmarkAlone"].N)
	}
	if err := size("BenchmarkFailsLater", Length{}); err == nil || !strings.Contains(err.Error(), "later") {
		t.Errorf("a benchmark that fails later was sized: %v", err)
	}
	for _, name := range []string{"BenchmarkAlone", "BenchmarkNoLoop"} {
		const want = "its time does not grow with b.N ("
		if err := size(name, Length{}); err != nil || (name == "BenchmarkNoLoop") != strings.Contains(strings.Join(byName[name].Notes, "\n"), want) {
			t.Errorf("%s: %v, notes %q", name, err, byName[name].Notes)
		}
	}
	// Time passes that the timer does not show.
	if err := size("BenchmarkStopped", Length{}); err == nil || !strings.Contains(err.Error(), "base: its timer ran for ") {
		t.Errorf("a stopped timer: %v", err)
	}
	// Neither takes longer than it may.
	if err := within("BenchmarkHangsLater", Length{}, allowance{probe: time.Second}); err == nil || !strings.Contains(err.Error(), "base: 100 iterations did not end within ") {
		t.Errorf("a hang: %v", err)
	}
	if err := within("BenchmarkSetup", Length{}, allowance{probe: 200 * time.Millisecond}); !errors.Is(err, errNoTime) {
		t.Errorf("a long set-up: %v", err)
	}
}

// How time depends on the number of iterations is told from three sizes, and
// noise is no such thing.
func TestGrows(t *testing.T) {
	run := func(n int, perOp, fixed float64) trial {
		return trial{n: n, timed: time.Duration(fixed + perOp*float64(n))}
	}
	three := func(perOp func(n int) float64, fixed float64) []trial {
		var all []trial
		for _, n := range []int{1000, 10_000, 100_000} {
			all = append(all, run(n, perOp(n), fixed), run(n, perOp(n), fixed))
		}
		return all
	}
	constant := func(int) float64 { return 100 }
	for name, test := range map[string]struct {
		trials []trial
		fixed  float64
		varies bool
	}{
		"constant":         {three(constant, 0), 0, false},
		"set-up":           {three(constant, 50_000), 50_000, false},
		"one size":         {[]trial{run(5, 100, 0)}, 0, false},
		"grows":            {three(func(n int) float64 { return 100 * math.Pow(float64(n), 0.2) }, 0), 0, true},
		"a disturbed end":  {append(three(constant, 0)[:4], run(100_000, 130, 0)), 0, true},
		"a noisy end":      {append(three(constant, 0), run(100_000, 130, 0), run(100_000, 131, 0), run(100_000, 132, 0)), 0, false},
		"a disturbed run":  {append(three(constant, 0), run(1000, 300, 0)), 0, false},
		"scatter is noise": {append(three(constant, 20_000), run(1000, 150, 20_000)), 0, false},
	} {
		g := grows(test.trials)
		if math.Abs(g.fixed-test.fixed) > 0.02*test.fixed+1 || g.varies != test.varies || !(g.perOp > 0) {
			t.Errorf("%s: %+v", name, g)
		}
	}
}

// What the timer does not show is told from set-up, which comes twice, and from
// work that it shows.
func TestTrialNeeds(t *testing.T) {
	const enough = time.Millisecond
	for name, test := range map[string]struct {
		first, now trial
		want       string
	}{
		"stopped":        {trial{n: 1, timed: 100, spent: time.Millisecond}, trial{n: 1000000, timed: 200, spent: 600 * time.Millisecond}, "its timer ran for 200ns of the 600ms that 1000000 iterations took"},
		"stopped, short": {trial{n: 1, timed: 100, spent: time.Millisecond}, trial{n: 10000, timed: 100, spent: 50 * time.Millisecond}, ""},
		"set-up":         {trial{n: 1, timed: 100, spent: time.Second}, trial{n: 100, timed: 1000, spent: 2 * time.Second}, ""},
		"noisy set-up":   {trial{n: 1, timed: 100, spent: time.Second}, trial{n: 100, timed: 1000, spent: 2900 * time.Millisecond}, ""},
		"work":           {trial{n: 1, timed: time.Microsecond, spent: time.Millisecond}, trial{n: 100, timed: 900 * time.Microsecond, spent: 3 * time.Millisecond}, ""},
		"slow work":      {trial{n: 1, timed: 100, spent: time.Millisecond}, trial{n: 100, timed: time.Second, spent: 1100 * time.Millisecond}, ""},
		"some of it":     {trial{n: 1, timed: time.Microsecond, spent: time.Millisecond}, trial{n: 1000, timed: 10 * time.Microsecond, spent: 200 * time.Millisecond}, "there was not enough time"},
	} {
		got := ""
		if needs := test.now.needs(test.first, enough); needs > 10*time.Second {
			got = test.now.idle(needs).Error()
		}
		if test.want == "" && got != "" || !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// Of the budget, a benchmark may take its share to be sized, or a quarter.
func TestAllow(t *testing.T) {
	for _, test := range [][3]time.Duration{ // share, left, for one side
		{5 * time.Second, 5 * time.Second, 2500 * time.Millisecond},
		{time.Second, 40 * time.Second, 5 * time.Second},
		{10 * time.Millisecond, 10 * time.Millisecond, leastShare},
		{time.Hour, time.Hour, discoverWithin},
	} {
		if got := allow(test[0], test[1]); got != (allowance{test[0], test[2]}) {
			t.Errorf("%v of %v: %v", test[0], test[1], got)
		}
	}
}

// A second look on all cores counts: the first moment may have been a slow one.
func TestContentionOfAllLooks(t *testing.T) {
	run := func(used, timed time.Duration) served.Answer {
		return served.Answer{Held: true, Run: &served.Run{N: 1, Used: used, Timed: timed}}
	}
	p := &profile{procs: 2, steady: []served.Answer{run(400, 200)}, widest: run(380, 190), single: []served.Answer{run(100, 100)}}
	if got := p.contention(); got != 3.8 {
		t.Errorf("at first %v, want 3.8", got)
	}
	p.wide = []served.Answer{run(150, 75), run(90, 90)} // the last did not run at once
	if got := p.contention(); got != 1.5 {
		t.Errorf("with a second look %v, want 1.5", got)
	}
}
