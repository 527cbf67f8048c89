package testbin

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"
)

// Benchmarks are found by go test's own rule.
func TestBenchmarks(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"plain": {`import "testing"
func Benchmark(b *testing.B) {}
func BenchmarkX(b *testing.B) {}
func Benchmark1(*testing.B) {}
func BenchmarkÄ(b *testing.B) {}
func Benchmarkx(b *testing.B) {}
func BenchmarkT(t *testing.T) {}
func BenchmarkTwo(a, b *testing.B) {}
func BenchmarkMore(b *testing.B, n int) {}
func BenchmarkResult(b *testing.B) int { return 1 }
func BenchmarkValue(b testing.B) {}
func BenchmarkGeneric[T any](b *testing.B) {}
func (x T) BenchmarkMethod(b *testing.B) {}
func TestX(t *testing.T) {}
type T int`, []string{"Benchmark", "BenchmarkX", "Benchmark1", "BenchmarkÄ"}},
		"renamed": {`import tt "testing"
func BenchmarkX(b *tt.B) {}
func BenchmarkY(b *testing.B) {}`, []string{"BenchmarkX"}},
		"dot": {`import . "testing"
func BenchmarkX(b *B) {}`, []string{"BenchmarkX"}},
		"another package": {`import "example.com/testing"
func BenchmarkX(b *testing.B) {}`, nil},
		"none": {`func BenchmarkX(b *B) {}`, nil},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x_test.go", "package x\n"+test.text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got := benchmarks(file); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// A path keeps its meaning when the file that names it is in another tree.
func TestMoved(t *testing.T) {
	at := Place{Top: filepath.FromSlash("/home/u/repo")}
	s := &Side{Tree: filepath.FromSlash("/tmp/run/base")}
	for _, test := range []struct {
		path, from string
		copied     bool
		want       string
		changed    bool
	}{
		{"./lib", "/home/u/repo", false, "./lib", false},
		{"../lib", "/home/u/repo/sub", false, "../lib", false},
		{"../lib", "/home/u/repo", false, "/home/u/lib", true},
		{"../../repo2", "/home/u/repo/sub", false, "/home/u/repo2", true},
		{"/home/u/repo/lib", "/home/u/repo", false, "/tmp/run/base/lib", true},
		{"/opt/lib", "/home/u/repo", false, "/opt/lib", false},
		{"./repo/sub", "/home/u", true, "/tmp/run/base/sub", true},
		{"./lib", "/home/u", true, "/home/u/lib", true},
	} {
		got, changed := s.moved(test.path, filepath.FromSlash(test.from), at, test.copied)
		if filepath.ToSlash(got) != test.want || changed != test.changed {
			t.Errorf("%s from %s: %s, %v, want %s, %v", test.path, test.from, got, changed, test.want, test.changed)
		}
	}
}
