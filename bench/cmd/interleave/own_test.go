package main_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../../.."

// ownFile is the example of a scenario of one's own.
const ownFile = "testdata/own/sum.go"

var ownCases = []string{"variant=sequential/workers=1", "variant=parallel/workers=1", "variant=parallel/workers=2", "variant=parallel/workers=4"}

func TestOwnScenarioIsShort(t *testing.T) {
	const most = 40
	if n := strings.Count(read(t, ownFile), "\n"); n > most {
		t.Errorf("%s has %d lines, and promises at most %d", ownFile, n, most)
	}
}

// What the README shows is the file that the tests below compile and run.
func TestOwnScenarioIsInTheREADME(t *testing.T) {
	if !strings.Contains(read(t, filepath.Join(root, "README.md")), "```go\n"+read(t, ownFile)+"```\n") {
		t.Errorf("README.md does not show %s as it is", ownFile)
	}
}

// In this repository a scenario is one new file, and nothing else changes.
func TestOwnScenarioHere(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a copy of the repository")
	}
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		write(t, filepath.Join(dir, name), read(t, filepath.Join(root, name)))
	}
	for _, name := range []string{"bench", "scenarios", "scripts"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(root, name))); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(dir, "scenarios", "sum.go"), read(t, ownFile))

	do := func(args ...string) string { return do(t, dir, "go", args...) }
	do("vet", "./scenarios")
	do("test", "-run", "^TestAll", "./scenarios")
	tested := do("test", "-v", "-run", "TestScenarios/Sum", "./bench")
	listed := do("run", "./bench/cmd/interleave", "list", "-cases", "sum")
	for _, c := range ownCases {
		if !strings.Contains(tested, "--- PASS: TestScenarios/Sum/"+c+" ") {
			t.Errorf("go test does not test %s:\n%s", c, tested)
		}
		if !strings.Contains(listed, "BenchmarkSum/"+c) {
			t.Errorf("list does not show %s:\n%s", c, listed)
		}
	}
}

// In a module of one's own a program of one statement gets every command, and
// two lines get the tests and the benchmarks.
func TestOwnModule(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	dir := t.TempDir()
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/interleave-go/interleave"
	mod, _, _ := strings.Cut(read(t, filepath.Join(root, "go.mod")), "\ntool")
	mod = strings.Replace(mod, "module "+module, "module example.com/mine", 1)
	mod += "\nrequire " + module + " v0.0.0\n\nreplace " + module + " => " + here + "\n"
	write(t, filepath.Join(dir, "go.mod"), mod)
	write(t, filepath.Join(dir, "go.sum"), read(t, filepath.Join(root, "go.sum")))
	own := strings.NewReplacer("package scenarios", "package mine", "= add(bench.Scenario{", "= bench.Scenario{", "\n})\n", "\n}\n").Replace(read(t, ownFile))
	write(t, filepath.Join(dir, "sum.go"), own+"\nfunc All() []bench.Scenario { return []bench.Scenario{Sum} }\n")
	write(t, filepath.Join(dir, "cmd", "mine", "main.go"), `package main

import (
	"example.com/mine"
	"github.com/interleave-go/interleave/bench/runner"
)

func main() { runner.Main(mine.All()...) }
`)
	write(t, filepath.Join(dir, "mine_test.go"), `package mine_test

import (
	"testing"

	"example.com/mine"
	"github.com/interleave-go/interleave/bench/benchtest"
)

func TestScenarios(t *testing.T) { benchtest.Test(t, mine.All()...) }

func BenchmarkSum(b *testing.B) { benchtest.Benchmark(b, mine.Sum) }
`)

	program := filepath.Join(dir, "program")
	do(t, dir, "go", "build", "-o", program, "./cmd/mine")
	if listed := do(t, dir, program, "list"); !strings.HasPrefix(listed, "sum: add up numbers\n") {
		t.Errorf("list says\n%s", listed)
	}
	do(t, dir, program, "run", "-quick", "-forks", "2", "-benchtime", "1ms", "-charts=false", "-o", "out")
	run := read(t, filepath.Join(dir, "out", "run.txt"))
	for _, fork := range []string{"1", "2"} {
		if !regexp.MustCompile(`(?m)^#il \{"trial":\{.*"fork":` + fork + `\D`).MatchString(run) {
			t.Errorf("no trial is of process %s:\n%s", fork, run)
		}
	}
	if table := do(t, dir, program, "report", "-charts=false", "out/run.txt"); !regexp.MustCompile(`(?m)^parallel `).MatchString(table) {
		t.Errorf("report says\n%s", table)
	}
	tested := do(t, dir, "go", "test", "-v", "-bench", ".", "-benchtime", "10x", "./...")
	for _, c := range ownCases {
		if !strings.Contains(tested, "--- PASS: TestScenarios/Sum/"+c+" ") || !strings.Contains(tested, "\nBenchmarkSum/"+c) {
			t.Errorf("go test does not test and measure %s:\n%s", c, tested)
		}
	}

	wrong := exec.Command(program, "run", "-nonsense")
	out, err := wrong.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || bytes.Count(out, []byte("\n")) != 1 {
		t.Errorf("a wrong flag: %v, want exit code 2 and one line:\n%s", err, out)
	}
}

// do runs a command that must succeed, without the network, and returns what
// it printed. Builds trim paths, so that the cache serves every directory.
func do(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-trimpath -mod=mod", "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
