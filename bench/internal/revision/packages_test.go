package revision

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A pattern that stands for nothing is a mistake, however many others stand
// for something; one that does on one side only is said.
func TestFindPackages(t *testing.T) {
	r := newRepository(t, map[string]string{
		"go.mod": goMod, "sum/sum.go": sum("i"), "sum/sum_test.go": sumTest,
		"gone/sum.go": strings.Replace(sum("i"), "package sum", "package gone", 1), "gone/sum_test.go": strings.Replace(sumTest, "package sum", "package gone", 1),
		"plain/plain.go": "package plain\n", "plain/plain_test.go": "package plain\n",
	})
	r.git("rm", "-rq", "gone")
	r.write(map[string]string{
		"sum/sum.go": sum("2*i"),
		"new/sum.go": strings.Replace(sum("i"), "package sum", "package new", 1), "new/sum_test.go": strings.Replace(sumTest, "package sum", "package new", 1),
	})
	for _, test := range []struct {
		packages string
		err      string
		notes    []string
	}{
		{packages: ""},
		{packages: "./..."},
		{packages: "./sum"},
		{packages: "./sum/ ./sum/. sum/../sum/../..."},
		{packages: "./s... example.com/m/sum example.com/..."},
		{packages: "./sum ./typo ./nothere/...", err: "no package of ./typo ./nothere/... has a benchmark in either revision: name other packages (go list: stat typo: directory not found; pattern ./nothere/...: lstat ./nothere/: no such file or directory)"},
		{packages: "./sum ./plain/...", err: "no package of ./plain/... has a benchmark in either revision: name other packages"},
		{packages: "./sum example.com/m/x...", err: `no package of example.com/m/x... has a benchmark in either revision: name other packages (go list: "example.com/m/x..." matched no packages)`},
		{packages: "sum", err: "no package of sum has a benchmark in either revision: write a directory as ./sum (go list: package sum is not in std ("},
		{packages: "./sum ./new ./gone", notes: []string{
			"./new has benchmarks in the head only, so that none of them is compared (go list: stat new: directory not found)",
			"./gone has benchmarks in the base only, so that none of them is compared (go list: stat gone: directory not found)",
		}},
	} {
		t.Run(test.packages, func(t *testing.T) {
			r := &repository{t, r.dir}
			c, err := r.found(Question{Base: "main", Packages: strings.Fields(test.packages), Bench: "Sum"})
			if test.err != "" {
				if err == nil || !strings.HasPrefix(err.Error(), test.err) {
					t.Errorf("got %v, want %s", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"/sum.BenchmarkSum"}, c.names()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.notes, c.Notes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Where everything is new, each benchmark is listed, and the pattern is not.
func TestFindAllNew(t *testing.T) {
	r := newRepository(t, map[string]string{"go.mod": goMod, "plain.go": "package m\n"})
	r.write(map[string]string{"sum/sum.go": sum("i"), "sum/sum_test.go": sumTest})
	c, err := r.found(Question{Base: "main"})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.OneSided) != 1 || len(c.Notes) != 0 {
		t.Errorf("one-sided %v, notes %q", c.OneSided, c.Notes)
	}
}

// Where a workspace does not hold the directory, go says so.
func TestFindOutsideWorkspace(t *testing.T) {
	r := newRepository(t, map[string]string{"go.work": "go 1.18\n\nuse ./a\n", "a/go.mod": goMod, "a/sum.go": sum("i"), "a/sum_test.go": sumTest})
	t.Run("outside", func(t *testing.T) {
		r := &repository{t, r.dir}
		_, err := r.found(Question{Base: "main"})
		const want = "no package of ./... has a benchmark in either revision: name other packages (go list: pattern ./...: directory prefix . does not contain modules listed in go.work"
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want %s", err, want)
		}
	})
	if c, err := r.found(Question{Base: "main", Packages: []string{"./a/..."}}); err != nil || len(c.Identical) != 1 {
		t.Errorf("%v, %v", c, err)
	}
}
