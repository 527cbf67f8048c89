package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// One comparison a repository at a time; who is there is said; nothing is left.
func TestOpen(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	w, err := Open("/repo/.git", "interleave diff main")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open("/repo/.git", "another"); err == nil || !strings.Contains(err.Error(), "interleave diff main") || !strings.Contains(err.Error(), "process ") {
		t.Errorf("a second one: %v", err)
	}
	other, err := Open("/other/.git", "elsewhere")
	if err != nil {
		t.Fatalf("another repository: %v", err)
	}
	if err := os.WriteFile(filepath.Join(w.Dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	closed(t, w)
	closed(t, other)
	if left, _ := os.ReadDir(tmp); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// What a killed run has left, and what it has made hard to remove, is gone when
// the next begins.
func TestLeftOvers(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	w, err := Open("/repo/.git", "one")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(w.Dir, "base", "locked")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	w.lock.Close() // all that a kill does
	next, err := Open("/repo/.git", "two")
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(next.Dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	closed(t, next)
}

func TestOpenMistakes(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", filepath.Join(tmp, "nowhere"))
	if _, err := Open("/repo/.git", "one"); err == nil || !strings.Contains(err.Error(), "set TMPDIR") {
		t.Errorf("no directory: %v", err)
	}
	t.Setenv("TMPDIR", tmp)
	w, err := Open("/repo/.git", "one")
	if err != nil {
		t.Fatal(err)
	}
	root := w.root
	closed(t, w)
	if err := os.Symlink(t.TempDir(), root); err != nil {
		t.Fatal(err)
	}
	if _, err := Open("/repo/.git", "one"); err == nil || !strings.Contains(err.Error(), "belongs to somebody else") {
		t.Errorf("a prepared link: %v", err)
	}
}

func closed(t *testing.T, w *Workspace) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}
