// Package workspace holds the temporary files of one comparison, and sees to
// it that there is one comparison a repository at a time and that what a
// killed one leaves is gone when the next begins.
//
// The directory's name is derived from the repository, so that the next run
// finds it; a locked file says who works there. The lock is the system's: it
// ends with the process, however that ends.
package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/filelock"
)

// A Workspace is a directory for one comparison.
type Workspace struct {
	Dir  string // empty at first
	root string
	lock *os.File
}

const lockName = "lock"

// Open makes the workspace of a repository ours. who describes this run to one
// that comes meanwhile.
func Open(repository, who string) (*Workspace, error) {
	sum := sha256.Sum256([]byte(repository))
	root := filepath.Join(os.TempDir(), fmt.Sprintf("interleave-diff-%d-%s", os.Getuid(), hex.EncodeToString(sum[:6])))
	file, err := hold(root)
	if err != nil {
		return nil, err
	}
	w := &Workspace{Dir: filepath.Join(root, "run"), root: root, lock: file}
	if err := w.start(who); err != nil {
		w.Close()
		return nil, fmt.Errorf("no directory for temporary files: %w: make room, or set TMPDIR to another place", err)
	}
	return w, nil
}

// hold opens and locks the file that says who is here.
func hold(root string) (*os.File, error) {
	for {
		if err := own(root); err != nil {
			return nil, fmt.Errorf("no directory for temporary files: %w: set TMPDIR to another place", err)
		}
		file, err := os.OpenFile(filepath.Join(root, lockName), os.O_CREATE|os.O_RDWR, 0o600)
		if errors.Is(err, fs.ErrNotExist) {
			continue // whoever was here has just removed the directory
		}
		if err != nil {
			return nil, fmt.Errorf("no directory for temporary files: %w: set TMPDIR to another place", err)
		}
		if err := filelock.Try(file); err != nil {
			defer file.Close()
			return nil, fmt.Errorf("another comparison is going on in this repository (%s): wait for it, or stop it", holder(file))
		}
		if current(file) {
			return file, nil
		}
		file.Close() // removed by the one who held it: the next is another file
	}
}

// current reports whether an open file is still the one of its name.
func current(f *os.File) bool {
	here, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(f.Name())
	return err == nil && os.SameFile(here, there)
}

// start removes what an earlier run left and says who is here now.
func (w *Workspace) start(who string) error {
	if err := removeAll(w.Dir); err != nil {
		return err
	}
	if err := os.Mkdir(w.Dir, 0o700); err != nil {
		return err
	}
	if err := w.lock.Truncate(0); err != nil {
		return err
	}
	_, err := w.lock.WriteAt([]byte(fmt.Sprintf("process %d, since %s: %s\n", os.Getpid(), time.Now().Format("15:04:05"), who)), 0)
	return err
}

// own makes a directory that nobody else can have prepared for us.
func own(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || !ours(info) {
		return fmt.Errorf("%s belongs to somebody else", dir)
	}
	return nil
}

func holder(f *os.File) string {
	data := make([]byte, 256)
	n, _ := f.ReadAt(data, 0)
	line, _, _ := strings.Cut(string(data[:n]), "\n")
	if line == "" {
		return "it does not say which process"
	}
	return line
}

// Close removes all that was made here. The lock file is removed while it is
// held, and its directory with it.
func (w *Workspace) Close() error {
	err := removeAll(w.Dir)
	os.Remove(w.lock.Name())
	w.lock.Close()
	os.Remove(w.root)
	return err
}

// removeAll removes a tree, also when programs that ran in it took away the
// permission to.
func removeAll(dir string) error {
	err := os.RemoveAll(dir)
	if err == nil {
		return nil
	}
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}
