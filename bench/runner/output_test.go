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
