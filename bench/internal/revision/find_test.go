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
	discoverWithin = 2 * time.Second
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
func BenchmarkExits(b *testing.B) { os.Exit(0) }
func BenchmarkHangs(b *testing.B) { time.Sleep(time.Hour) }
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
		"Benchmark", "BenchmarkExternal", "BenchmarkGarbage", "BenchmarkHalfFails/good", "BenchmarkLoop", "BenchmarkMetric",
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
		"BenchmarkExits: the process ended (exit status 0)", "BenchmarkHangs: one iteration did not end within 2s",
		"BenchmarkClosesOurs: it answered nonsense",
	} {
		if all := strings.Join(problems, "\n"); strings.Count(all, want) != 2 {
			t.Errorf("%q does not stand twice in the problems:\n%s", want, all)
		}
	}
	if len(problems) != 12 {
		t.Errorf("%d problems:\n%s", len(problems), strings.Join(problems, "\n"))
	}
	if diff := cmp.Diff([]string{"example.com/m/kinds.BenchmarkSkips: it skips itself"}, c.Skipped); diff != "" {
		t.Error(diff)
	}
	if len(c.OneSided)+len(c.Identical)+len(c.Notes) > 1 {
		t.Errorf("%v %v %v", c.OneSided, c.Identical, c.Notes)
	}
}
