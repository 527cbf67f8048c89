package revision

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const goMod = "module example.com/m\n\ngo 1.16\n"

// sum is a package with a benchmark whose work a test may change.
func sum(work string) string {
	return "package sum\n\nfunc Sum(n int) (s int) {\n\tfor i := 0; i < n; i++ {\n\t\ts += " + work + "\n\t}\n\treturn s\n}\n"
}

const sumTest = `package sum

import "testing"

var sink int

func BenchmarkSum(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += Sum(100)
	}
}
`

func (c *Comparison) names() []string {
	var names []string
	for _, p := range c.Pairs {
		names = append(names, strings.TrimPrefix(p.Package, "example.com/m")+"."+p.Name)
	}
	return names
}

// Every kind of benchmark is found, and what goes wrong with one costs it alone.
func TestFindAllKinds(t *testing.T) {
	defer func(d time.Duration) { discoverWithin = d }(discoverWithin)
	discoverWithin = 4 * time.Second
	r := newRepository(t, map[string]string{
		"go.mod":                   goMod,
		"kinds/kinds.go":           "package kinds\n\nvar Data = 1\n",
		"kinds/testdata/input.txt": "data\n",
		"kinds/in_test.go": `package kinds

import (
	"fmt"
	"io/ioutil"
	"os"
	"testing"
	"time"
)

// Names that files of ours might have used.
func len(interface{}) int { return Data }
func append() {}
var flag, json, regexp, request, run, match, Serve, output = 1, 2, 3, 4, 5, 6, 7, 8
type string bool

func TestMain(m *testing.M) {
	fmt.Println("setting up")
	code := m.Run()
	fmt.Print("torn down")
	os.Exit(code)
}

func BenchmarkOldLoop(b *testing.B) { for i := 0; i < b.N; i++ {} }
func BenchmarkLoop(b *testing.B) { for b.Loop() {} }
func Benchmark(b *testing.B) { for i := 0; i < b.N; i++ {} }
func Benchmarklower(b *testing.B) { panic("not a benchmark") }
func BenchmarkSub(b *testing.B) {
	f := func(b *testing.B) { for i := 0; i < b.N; i++ {} }
	b.Run("a", f)
	b.Run("b/c d", f)
	b.Run("a", f)
	b.Run("x=[1|2](3)", f)
}
func BenchmarkParallel(b *testing.B) {
	b.SetBytes(10)
	b.RunParallel(func(pb *testing.PB) { for pb.Next() {} })
}
func BenchmarkMetric(b *testing.B) {
	b.StopTimer()
	b.StartTimer()
	for i := 0; i < b.N; i++ {}
	b.Cleanup(func() {})
	b.ReportMetric(3, "things/op")
	b.Log("it logs")
}
func BenchmarkTestdata(b *testing.B) {
	if _, err := ioutil.ReadFile("testdata/input.txt"); err != nil { b.Fatal(err) }
}
func BenchmarkGarbage(b *testing.B) {
	fmt.Print("BenchmarkGarbage-2 7 what? ")
	os.Stdout.WriteString("BenchmarkFake 1 1 ns/op\n--- FAIL: no")
	fmt.Fprintln(os.Stderr, "BenchmarkFake 1 1 ns/op")
}
func BenchmarkFails(b *testing.B) { b.Fatal("it failed on purpose") }
func BenchmarkHalfFails(b *testing.B) {
	b.Run("good", func(b *testing.B) {})
	b.Run("bad", func(b *testing.B) { b.Error("only this one") })
}
func BenchmarkPanics(b *testing.B) { panic("on purpose") }
func BenchmarkSubPanics(b *testing.B) {
	b.Run("first", func(b *testing.B) {})
	b.Run("second", func(b *testing.B) { panic("in a part") })
}
func BenchmarkExits(b *testing.B) { os.Exit(0) }
func BenchmarkHangs(b *testing.B) { time.Sleep(time.Hour) }
func BenchmarkHalfHangs(b *testing.B) {
	b.Run("good", func(b *testing.B) {})
	b.Run("bad", func(b *testing.B) { time.Sleep(time.Hour) })
}
func BenchmarkSkips(b *testing.B) { b.Skip("not today") }
func BenchmarkVerbose(b *testing.B) { if testing.Verbose() { b.Fatal("verbose") } }
func BenchmarkClosesOurs(b *testing.B) { os.NewFile(4, "ours").WriteString("garbage\n") }
`,
		"kinds/ext_test.go": `package kinds_test

import (
	. "testing"

	"example.com/m/kinds"
)

func BenchmarkExternal(b *B) { for i := 0; i < b.N; i++ { kinds.Data++ } }
`,
		"kinds/tagged_test.go": "//go:build sometimes\n\npackage kinds\n\nimport \"testing\"\n\nfunc BenchmarkTagged(b *testing.B) {}\n",
	})
	r.write(map[string]string{"kinds/kinds.go": "package kinds\n\nvar Data = 2\n"})

	c, err := r.found(Question{Base: "HEAD", Tags: "sometimes"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Benchmark", "BenchmarkExternal", "BenchmarkGarbage", "BenchmarkHalfFails/good", "BenchmarkHalfHangs/good", "BenchmarkLoop", "BenchmarkMetric",
		"BenchmarkOldLoop", "BenchmarkParallel", "BenchmarkSub/a", "BenchmarkSub/a#01", "BenchmarkSub/b/c_d",
		"BenchmarkSub/x=[1|2](3)", "BenchmarkTagged", "BenchmarkTestdata", "BenchmarkVerbose",
	}
	for i := range want {
		want[i] = "/kinds." + want[i]
	}
	got := c.names()
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pairs (-want +got):\n%s", diff)
	}
	var problems []string
	for _, p := range c.Problems {
		problems = append(problems, fmt.Sprintf("%s %s: %s", p.Side, p.Name, p.Text))
	}
	for _, want := range []string{
		"BenchmarkFails: in_test.go:", "it failed on purpose", "BenchmarkHalfFails/bad: in_test.go", "only this one",
		"BenchmarkPanics: the process ended (exit status 2); its last words: panic: on purpose",
		"BenchmarkSubPanics: the process ended (exit status 2); its last words: panic: in a part",
		"BenchmarkExits: the process ended (exit status 0)", "BenchmarkHangs: one iteration of it, or of all its parts, did not end within 4s",
		"BenchmarkClosesOurs: it answered nonsense",
	} {
		if all := strings.Join(problems, "\n"); strings.Count(all, want) != 2 {
			t.Errorf("%q does not stand twice in the problems:\n%s", want, all)
		}
	}
	if len(problems) != 16 {
		t.Errorf("%d problems:\n%s", len(problems), strings.Join(problems, "\n"))
	}
	if diff := cmp.Diff([]string{"example.com/m/kinds.BenchmarkSkips: it skips itself"}, c.Skipped); diff != "" {
		t.Error(diff)
	}
	if len(c.OneSided)+len(c.Identical)+len(c.Notes) > 1 {
		t.Errorf("%v %v %v", c.OneSided, c.Identical, c.Notes)
	}
}

// Finding benchmarks is part of the budget: none takes more than a quarter, and
// what there is no time for is not run and says so.
func TestFindWithinBudget(t *testing.T) {
	defer func(d time.Duration) { leastDiscovery = d }(leastDiscovery)
	leastDiscovery = time.Millisecond
	test := "package slow\n\nimport (\n\t\"testing\"\n\t\"time\"\n)\n"
	for _, name := range []string{"A", "B", "C"} {
		test += "\nfunc Benchmark" + name + "(b *testing.B) { time.Sleep(time.Hour + N) }\n"
	}
	r := newRepository(t, map[string]string{"go.mod": goMod, "slow/slow.go": "package slow\n\nvar N = 1\n", "slow/slow_test.go": strings.ReplaceAll(test, "+ N", "+ time.Duration(N)")})
	r.write(map[string]string{"slow/slow.go": "package slow\n\nvar N = 2\n"})
	c, err := r.found(Question{Base: "main", Budget: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Problems) != 6 || len(c.Notes) != 0 {
		t.Fatalf("%d problems: %v; notes %v", len(c.Problems), c.Problems, c.Notes)
	}
	if first, last := c.Problems[0].Text, c.Problems[5].Text; !strings.Contains(first, "did not end within 300ms: choose others with -bench") ||
		!strings.HasPrefix(last, "not run: finding the others took all of the 1s that -for allows") {
		t.Errorf("the first %q, the last %q", first, last)
	}
	if c.Finding() < time.Second {
		t.Errorf("finding took %v", c.Finding())
	}
}

// What only one side has, what is the same on both, and which package's
// binaries are equal.
func TestFindSides(t *testing.T) {
	r := newRepository(t, map[string]string{
		"go.mod": goMod, "sum/sum.go": sum("i"), "sum/sum_test.go": sumTest,
		"gone/gone_test.go": strings.ReplaceAll(sumTest, "package sum", "package gone\n\nfunc Sum(int) int { return 1 }"),
		"same/sum.go":       strings.Replace(sum("i"), "package sum", "package same", 1),
		"same/sum_test.go":  strings.Replace(sumTest, "package sum", "package same", 1),
		"data/sum.go":       strings.Replace(sum("i"), "package sum", "package data", 1),
		"data/sum_test.go":  strings.Replace(sumTest, "package sum", "package data", 1),
		"data/testdata/in":  "1",
	})
	// go/parser wants imports first.
	r.write(map[string]string{"gone/gone_test.go": strings.Replace(sumTest, "package sum", "package gone", 1), "gone/gone.go": "package gone\n\nfunc Sum(int) int { return 1 }\n"})
	base := r.commit("base")
	r.git("rm", "-rq", "gone")
	r.write(map[string]string{
		"sum/sum.go":       sum("2*i"),
		"sum/more_test.go": strings.NewReplacer("BenchmarkSum", "BenchmarkMore", "var sink int", "").Replace(sumTest),
		"same/sum.go":      strings.Replace(sum("i /* the same */"), "package sum", "package same", 1),
		"data/testdata/in": "2",
	})
	r.commit("head")
	c, err := r.found(Question{Base: base, Head: "main"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"/data.BenchmarkSum", "/sum.BenchmarkSum"}, c.names()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"example.com/m/same"}, c.Identical); diff != "" {
		t.Error(diff)
	}
	want := []OneSided{{"example.com/m/gone.BenchmarkSum", "base"}, {"example.com/m/sum.BenchmarkMore", "head"}}
	if diff := cmp.Diff(want, c.OneSided); diff != "" {
		t.Error(diff)
	}
	if len(c.Problems)+len(c.Skipped)+len(c.Notes) > 0 {
		t.Errorf("%v %v %v", c.Problems, c.Skipped, c.Notes)
	}
}
