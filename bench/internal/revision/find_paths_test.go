package revision

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

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

// Only what failed is run again without -trimpath: not what hung, and not what
// did well.
func TestFindPathsAgain(t *testing.T) {
	defer func(d time.Duration) { discoverWithin = d }(discoverWithin)
	discoverWithin = 4 * time.Second
	r := newRepository(t, map[string]string{
		"go.mod": goMod, "own/data.txt": "1", "own/own.go": "package own\n\nvar N = 1\n",
		"own/own_test.go": `package own

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func ran(name string) {
	f, err := os.OpenFile(filepath.Join(os.Getenv("HOME"), "ran"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	fmt.Fprintln(f, N, name)
}

func BenchmarkFails(b *testing.B) { ran("fails"); b.Fatal("always") }
func BenchmarkGood(b *testing.B) { ran("good") }
func BenchmarkHangs(b *testing.B) { ran("hangs"); time.Sleep(time.Hour) }
func BenchmarkOwn(b *testing.B) {
	ran("own")
	_, file, _, _ := runtime.Caller(0)
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), "data.txt")); err != nil {
		b.Fatal(err)
	}
}
`,
	})
	r.write(map[string]string{"own/own.go": "package own\n\nvar N = 2\n"})
	c, err := r.found(Question{Base: "main"})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(os.Getenv("HOME"), "ran"))
	if err != nil {
		t.Fatal(err)
	}
	want := "1 fails\n1 good\n1 hangs\n1 own\n2 fails\n2 good\n2 hangs\n2 own\n1 fails\n1 own\n2 fails\n2 own\n"
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"/own.BenchmarkGood", "/own.BenchmarkOwn"}, c.names()); diff != "" {
		t.Error(diff)
	}
	if len(c.Problems) != 4 || len(c.Notes) != 1 {
		t.Errorf("%v %v", c.Problems, c.Notes)
	}
	for _, p := range c.Pairs {
		for i := range p.arms {
			if !strings.Contains(p.arms[i].binaries[0].Path, "-true") {
				t.Errorf("%s is measured in %s", p.Name, p.arms[i].binaries[0].Path)
			}
		}
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
