package revision

import (
	"fmt"
	"os/exec"
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

// Benchmarks that look for their data beside their own source fail under
// -trimpath, and are built without.
func TestFindPaths(t *testing.T) {
	r := newRepository(t, map[string]string{
		"go.mod": goMod, "own/data.txt": "1", "own/own.go": "package own\n\nvar N = 1\n",
		"own/own_test.go": `package own

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func BenchmarkOwn(b *testing.B) {
	_, file, _, _ := runtime.Caller(0)
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), "data.txt")); err != nil || N == 0 {
		b.Fatal(err, N)
	}
}
`,
	})
	r.write(map[string]string{"own/own.go": "package own\n\nvar N = 2\n"})
	c, err := r.found(Question{Base: "main"})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Pairs) != 1 || len(c.Problems) != 0 || len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "without -trimpath") {
		t.Errorf("%v %v %v", c.names(), c.Problems, c.Notes)
	}
}

// A replacement by a directory outside of the repository, a workspace around
// it, one inside it, vendoring, and a module below the root.
func TestFindModules(t *testing.T) {
	lib := func(n string) map[string]string {
		return map[string]string{
			"../lib/go.mod": "module example.com/lib\n\ngo 1.18\n", "../lib/lib.go": "package lib\n\nfunc N() int { return " + n + " }\n",
		}
	}
	user := map[string]string{
		"use/use.go":      "package use\n\nimport \"example.com/lib\"\n\nfunc Sum(n int) int { return lib.N() + 1 }\n",
		"use/use_test.go": strings.Replace(sumTest, "package sum", "package use", 1),
	}
	const requires = "\nrequire example.com/lib v0.0.0\n"
	for name, test := range map[string]struct {
		files  map[string]string
		at     string
		ignore bool // go.work
	}{
		"replace outside": {files: map[string]string{"go.mod": goMod + requires + "\nreplace example.com/lib => ../lib\n"}},
		"work inside": {files: map[string]string{
			"go.mod": goMod + requires, "go.work": "go 1.18\n\nuse .\nuse ../lib\n",
		}},
		"work outside": {files: map[string]string{
			"go.mod": goMod + requires, "../go.work": "go 1.18\n\nuse ./repo\nuse ./lib\n",
		}},
		"work ignored": {ignore: true, files: map[string]string{
			"go.mod": goMod + requires, "go.work": "go 1.18\n\nuse ./\nuse ../lib\n", ".gitignore": "go.work\n",
		}},
		"vendor": {files: map[string]string{
			"go.mod":                        "module example.com/m\n\ngo 1.18\n" + requires + "\nreplace example.com/lib => ../lib\n",
			"vendor/modules.txt":            "# example.com/lib v0.0.0 => ../lib\n## explicit; go 1.18\nexample.com/lib\n# example.com/lib => ../lib\n",
			"vendor/example.com/lib/lib.go": "package lib\n\nfunc N() int { return 1 }\n",
		}},
		"below": {at: "deep/er", files: map[string]string{
			"deep/er/go.mod": goMod + requires + "\nreplace example.com/lib v0.0.0 => ../../../lib\n",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRepository(t, map[string]string{"README.md": "x"})
			r.write(lib("1"))
			r.write(test.files)
			for path, text := range user {
				r.write(map[string]string{test.at + "/" + path: text})
			}
			r.commit("base")
			r.write(map[string]string{test.at + "/use/use.go": strings.Replace(user["use/use.go"], "+ 1", "+ 2", 1)})
			c, err := r.found(Question{Base: "HEAD", Dir: r.dir + "/" + test.at})
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Pairs) != 1 || len(c.Problems) != 0 {
				t.Errorf("pairs %v, problems %v, identical %v, one-sided %v", c.names(), c.Problems, c.Identical, c.OneSided)
			}
		})
	}
}

// A package that needs a C compiler, and one whose TestMain never runs its
// tests.
func TestFindOdd(t *testing.T) {
	for _, tool := range []string{"gcc", "cc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("there is no C compiler")
		}
	}
	r := newRepository(t, map[string]string{
		"go.mod":         goMod,
		"c/c.go":         "package c\n\n// static int one(void) { return 1; }\nimport \"C\"\n\nfunc Sum(int) int { return int(C.one()) }\n",
		"c/c_test.go":    strings.Replace(sumTest, "package sum", "package c", 1),
		"main/main.go":   "package main\n\nvar n = 1\n\nfunc main() {}\n",
		"main/m_test.go": "package main\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(n) }\n\nfunc BenchmarkNever(b *testing.B) {}\n",
	})
	r.write(map[string]string{
		"c/c.go":       "package c\n\n// static int one(void) { return 2; }\nimport \"C\"\n\nfunc Sum(int) int { return int(C.one()) }\n",
		"main/main.go": "package main\n\nvar n = 3\n\nfunc main() {}\n",
	})
	c, err := r.found(Question{Base: "main"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"/c.BenchmarkSum"}, c.names()); diff != "" {
		t.Error(diff)
	}
	if len(c.Problems) != 2 || !strings.Contains(c.Problems[1].Text, "did not come to its tests: the process ended (exit status 3)") {
		t.Errorf("%v", c.Problems)
	}
}

// Mistakes are errors of one line that name the input and the remedy.
func TestFindMistakes(t *testing.T) {
	r := newRepository(t, map[string]string{"go.mod": goMod, "sum/sum.go": sum("i"), "sum/sum_test.go": sumTest, "nomod/x.txt": "", "broken/b.go": "package broken\n\nfunc f() { return 1 }\n", "broken/b_test.go": "package broken\n\nimport \"testing\"\n\nfunc BenchmarkB(b *testing.B) {}\n"})
	for name, test := range map[string]struct {
		Question
		want string
	}{
		"unknown":     {Question{Base: "nosuch"}, `there is no revision "nosuch"`},
		"dash":        {Question{Base: "-x"}, `"-x" is not a revision`},
		"empty":       {Question{Base: ""}, `"" is not a revision`},
		"no package":  {Question{Base: "main", Packages: []string{"./nosuch"}}, "no package of ./nosuch has a benchmark"},
		"no match":    {Question{Base: "main", Packages: []string{"./sum"}, Bench: "Nothing"}, "no benchmark matches -bench Nothing"},
		"absolute":    {Question{Base: "main", Packages: []string{"/etc"}}, "absolute path"},
		"flag":        {Question{Base: "main", Packages: []string{"-toolexec=x"}}, "is not a package"},
		"not a repo":  {Question{Base: "main", Dir: t.TempDir()}, "is not in the work tree of a git repository"},
		"no ancestor": {Question{Base: "merge-base:nosuch"}, `there is no revision "nosuch"`},
	} {
		t.Run(name, func(t *testing.T) {
			r := &repository{t, r.dir}
			_, err := r.found(test.Question)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	c, err := r.found(Question{Base: "main", Packages: []string{"./broken"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Problems) != 2 || !strings.Contains(c.Problems[1].Text, "broken/b.go:3:19: too many return values") || !strings.HasPrefix(c.Problems[0].Text, "it does not build: ") {
		t.Errorf("%v", c.Problems)
	}
}
