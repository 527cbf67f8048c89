package runner

import (
	"os"
	"path/filepath"
	"testing"
)

// What cannot take the place of something else leaves nothing behind.
func TestWriteBesideNothingLeft(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(path, "full"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := writeBeside(path, []byte("x")); err == nil {
		t.Error("a directory was replaced")
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 1 {
		t.Errorf("%v is there, %v", all, err)
	}
}

// A whole run is kept beside the last one, however many quick ones follow.
func TestSetAside(t *testing.T) {
	dir := t.TempDir()
	run := func(command string) {
		t.Helper()
		if err := setAside(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, runFile), []byte("goos: linux\ncommand: interleave "+command+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct{ command, kept string }{
		{"run", ""},
		{"run -quick=true", "run"},
		{"run -quick=true -o=x", "run"},
		{"run -cpu=1 counter", "run"},
		{"run -for=5m0s", "run"},
		{"run", "run -for=5m0s"},
		{"run sleep", "run"},
	} {
		run(step.command)
		data, err := os.ReadFile(filepath.Join(dir, previousDir, runFile))
		if step.kept == "" {
			if err == nil {
				t.Errorf("after %q a run is kept: %s", step.command, data)
			}
			continue
		}
		if want := "goos: linux\ncommand: interleave " + step.kept + "\n"; string(data) != want {
			t.Errorf("after %q the run kept is %q, want %q (%v)", step.command, data, want, err)
		}
	}
}
