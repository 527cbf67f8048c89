package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pivot is the command that the documents give for reading run files and go
// test output with benchstat.
func pivot(t *testing.T, file string) string {
	t.Helper()
	out, err := exec.Command("go", "tool", "benchstat", "-col", "/variant", "-row", ".name /workers", file).CombinedOutput()
	if err != nil {
		t.Fatalf("benchstat: %v\n%s", err, out)
	}
	return string(out)
}

// checkPivot wants a column for each variant, and a row for each scenario and
// worker count.
func checkPivot(t *testing.T, table string, variants, rows []string) {
	t.Helper()
	head, _, _ := strings.Cut(table, "sec/op")
	for _, v := range variants {
		if !strings.Contains(head, " "+v+" ") {
			t.Errorf("no column for %s in\n%s", v, table)
		}
	}
	for _, r := range rows {
		if !strings.Contains(table, "\n"+r+" ") {
			t.Errorf("no row for %s in\n%s", r, table)
		}
	}
}

func TestBenchstatReadsRunFiles(t *testing.T) {
	dir := t.TempDir()
	run := exec.Command(filepath.Join(binDir, "interleave"), "run", "-forks", "2", "-cpu", "2", "-benchtime", "1ms", "-charts=false", "-o", dir,
		"(sleep|counter)/(goroutines|sequential|local|unsync)/workers=[12]$")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	table := pivot(t, filepath.Join(dir, "run.txt"))
	checkPivot(t, table, []string{"sequential", "goroutines", "local"}, []string{"Sleep 2", "Counter 1", "Counter 2"})
	if head, _, _ := strings.Cut(table, "sec/op"); strings.Contains(head, "unsynchronised") {
		t.Errorf("a racy variant has a speed in\n%s", table)
	}
}

func TestBenchstatReadsGoBenchmarks(t *testing.T) {
	bench := exec.Command("go", "test", "-run", "^$", "-count", "2", "-benchtime", "1x", "-cpu", "2",
		"-bench", "(Sleep|Counter)/variant=(goroutines|sequential|local|unsynchronised)/workers=[12]$", "../../")
	out, err := bench.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if strings.Contains(string(out), "unsynchronised") {
		t.Errorf("a racy variant was measured:\n%s", out)
	}
	file := filepath.Join(t.TempDir(), "bench.txt")
	if err := os.WriteFile(file, out, 0o644); err != nil {
		t.Fatal(err)
	}
	checkPivot(t, pivot(t, file), []string{"sequential", "goroutines", "local"}, []string{"Sleep 2", "Counter 1", "Counter 2"})
}
