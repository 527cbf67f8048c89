package revision

import (
	"slices"
	"testing"
	"time"
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
	"testing"
	"time"
)

var sink []byte

func BenchmarkAlone(b *testing.B) { for i := 0; i < b.N; i++ { N++ } }
func BenchmarkAllocates(b *testing.B) { for i := 0; i < b.N; i++ { sink = make([]byte, 100+i%2) } }
func BenchmarkSetup(b *testing.B) {
	time.Sleep(300 * time.Millisecond)
	b.ResetTimer()
	for i := 0; i < b.N; i++ { N++ }
}
func BenchmarkTwo(b *testing.B) {
	b.Run("sub", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) { for pb.Next() {} })
	})
}
func BenchmarkFailsLater(b *testing.B) { if b.N > 1 { b.Fatal("later") } }
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
	size := func(name string, want Length) error {
		p := byName[name]
		if p == nil {
			t.Fatalf("%s was not found among %v", name, c.names())
		}
		return p.size(t.Context(), want, 10*time.Second)
	}
	for name, alone := range map[string]bool{"BenchmarkAlone": true, "BenchmarkAllocates": false, "BenchmarkTwo/sub": false, "BenchmarkChanges/same": true} {
		if err := size(name, Length{}); err != nil || byName[name].Alone != alone || byName[name].N < 2 {
			t.Errorf("%s: %v, alone %v, %d iterations", name, err, byName[name].Alone, byName[name].N)
		}
	}
	if err := size("BenchmarkSetup", Length{}); err != nil || byName["BenchmarkSetup"].Rounds != 1 || len(byName["BenchmarkSetup"].Notes) != 1 {
		t.Errorf("set-up: %v, %+v", err, byName["BenchmarkSetup"])
	}
	if err := size("BenchmarkAlone", Length{N: 123}); err != nil || byName["BenchmarkAlone"].N != 123 {
		t.Errorf("123 iterations: %v, %d", err, byName["BenchmarkAlone"].N)
	}
	if err := size("BenchmarkFailsLater", Length{}); err == nil {
		t.Error("a benchmark that fails later was sized")
	}
}
