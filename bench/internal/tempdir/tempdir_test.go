package tempdir

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/filelock"
)

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// All directories of a process are in one, which goes with the last of them.
func TestNewRemove(t *testing.T) {
	root := t.TempDir()
	t.Setenv("TMPDIR", root)
	one, err := New("one")
	if err != nil {
		t.Fatal(err)
	}
	other, err := New("other")
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(one) != filepath.Dir(other) || len(names(t, root)) != 1 {
		t.Errorf("%s and %s in %q", one, other, names(t, root))
	}
	if err := os.WriteFile(filepath.Join(one, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Remove(one); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(one); err == nil || len(names(t, root)) != 1 {
		t.Errorf("left: %q", names(t, root))
	}
	if err := Remove(other); err != nil || len(names(t, root)) != 0 {
		t.Errorf("%v, left: %q", err, names(t, root))
	}
}

// What a dead process left is removed, what a living one has is not, nor what was
// made a moment ago, nor what is somebody else's.
func TestSweep(t *testing.T) {
	if !filelock.Known {
		t.Skip("there are no locks here")
	}
	root := t.TempDir()
	t.Setenv("TMPDIR", root)
	make := func(name string, age time.Duration, lock bool) {
		dir := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Join(dir, "race-1"), 0o700); err != nil {
			t.Fatal(err)
		}
		if lock {
			h, err := occupy(dir)
			if err != nil {
				t.Fatal(err)
			}
			if name == prefix+"alive" {
				t.Cleanup(func() { h.lock.Close() })
			} else {
				h.lock.Close()
			}
		}
		when := time.Now().Add(-age)
		if err := os.Chtimes(dir, when, when); err != nil {
			t.Fatal(err)
		}
	}
	make(prefix+"dead", time.Hour, true)
	make(prefix+"alive", time.Hour, true)
	make(prefix+"new", 0, true)
	make(prefix+"without-lock", time.Hour, false)
	make("interleave-other", time.Hour, true)
	dir, err := New("x")
	if err != nil {
		t.Fatal(err)
	}
	defer Remove(dir)
	left := names(t, root)
	want := map[string]bool{prefix + "alive": true, prefix + "new": true, prefix + "without-lock": true, "interleave-other": true, filepath.Base(filepath.Dir(dir)): true}
	for _, name := range left {
		if !want[name] {
			t.Errorf("%s is left", name)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s is gone", name)
	}
}

// A directory that was cleaned away is no reason to fail.
func TestCleanedAway(t *testing.T) {
	root := t.TempDir()
	t.Setenv("TMPDIR", root)
	one, err := New("one")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Dir(one)); err != nil {
		t.Fatal(err)
	}
	other, err := New("other")
	if err != nil {
		t.Fatal(err)
	}
	if err := Remove(other); err != nil || len(names(t, root)) != 0 {
		t.Errorf("%v, left: %q", err, names(t, root))
	}
}

func TestNoRoom(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	if dir, err := New("x"); err == nil {
		t.Errorf("%s was made", dir)
	}
}
