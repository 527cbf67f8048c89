// Package tempdir makes temporary directories that a killed program does not
// leave behind for ever: all of a process are below one directory, in which it
// holds a lock, and the next program removes those whose lock nobody holds. The
// lock is the system's and ends with the process, however that ends.
package tempdir

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/interleave-go/interleave/bench/internal/filelock"
)

const (
	prefix   = "interleave-run-"
	lockName = "lock"
)

// settled is how old a directory must be before anybody takes it for a dead
// process's: its owner makes it a moment before it locks it.
const settled = time.Minute

// A home is the directory of this process.
type home struct {
	lock   *os.File
	inside int // directories that are in use
}

var (
	mu    sync.Mutex
	homes = make(map[string]*home) // by path; more than one only where TMPDIR changes
)

// New makes a directory whose name begins with a kind. Its user gives it to
// [Remove].
func New(kind string) (string, error) {
	mu.Lock()
	defer mu.Unlock()
	for path, h := range homes {
		if filepath.Dir(path) != filepath.Clean(os.TempDir()) {
			continue
		}
		dir, err := os.MkdirTemp(path, kind+"-")
		if err == nil {
			h.inside++
			return dir, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		delete(homes, path) // somebody cleaned up
		h.lock.Close()
	}
	sweep(os.TempDir())
	path, err := os.MkdirTemp("", prefix)
	if err != nil {
		return "", err
	}
	h, err := occupy(path)
	if err != nil {
		os.RemoveAll(path)
		return "", err
	}
	dir, err := os.MkdirTemp(path, kind+"-")
	if err != nil {
		h.leave(path)
		return "", err
	}
	homes[path], h.inside = h, 1
	return dir, nil
}

func occupy(path string) (*home, error) {
	f, err := os.OpenFile(filepath.Join(path, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := filelock.Try(f); err != nil {
		f.Close()
		return nil, err
	}
	return &home{lock: f}, nil
}

// Remove removes a directory that [New] has made, and all in it.
func Remove(dir string) error {
	err := os.RemoveAll(dir)
	mu.Lock()
	defer mu.Unlock()
	path := filepath.Dir(dir)
	h := homes[path]
	if h == nil {
		return err
	}
	if h.inside--; h.inside == 0 {
		delete(homes, path)
		err = errors.Join(err, h.leave(path))
	}
	return err
}

func (h *home) leave(path string) error {
	err := os.RemoveAll(path)
	h.lock.Close()
	return err
}

// sweep removes what processes left that are no more.
func sweep(root string) {
	if !filelock.Known {
		return
	}
	left, _ := filepath.Glob(filepath.Join(root, prefix+"*")) // the pattern is right
	for _, path := range left {
		if info, err := os.Lstat(path); err != nil || !info.IsDir() || time.Since(info.ModTime()) < settled {
			continue
		}
		f, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR, 0)
		if err != nil {
			continue // somebody else's
		}
		if filelock.Try(f) == nil {
			os.RemoveAll(path)
		}
		f.Close()
	}
}
