package runner

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/filelock"
)

// defaultDir is where a run leaves its files.
var defaultDir = filepath.Join("results", "latest")

// The files of a run. What an earlier run left under these names is moved to
// the subfolder previous, so that two runs never mix and none is lost at once.
const (
	runFile     = "run.txt"
	reportFile  = "report.md"
	pageFile    = "report.html"
	chartDir    = "charts"
	previousDir = "previous"
	lockFile    = ".lock"
)

// An output is the directory of a run that is going on.
type output struct {
	dir  string
	run  *os.File
	lock *os.File
}

// openOutput makes the directory ours and empty of an earlier run's files.
func openOutput(dir string) (*output, error) {
	fail := func(err error) error { return cannotWrite(dir, err) }
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fail(err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fail(err)
	}
	if err := filelock.Try(lock); err != nil {
		lock.Close()
		return nil, fail(errors.New("another run is writing there"))
	}
	if err := setAside(dir); err != nil {
		lock.Close()
		return nil, fail(err)
	}
	run, err := os.OpenFile(filepath.Join(dir, runFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		lock.Close()
		return nil, fail(err)
	}
	return &output{dir: dir, run: run, lock: lock}, nil
}

// writable finds out whether results can be written to a directory, before
// anything is measured for them.
func writable(dir string) error {
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(dir, ".writable-*"); err == nil {
			err = errors.Join(f.Close(), os.Remove(f.Name()))
		}
	}
	if err != nil {
		return cannotWrite(dir, err)
	}
	return nil
}

func cannotWrite(dir string, err error) error {
	return fmt.Errorf("cannot write results to %s: %w: choose another directory with -o", dir, reason(err))
}

// setAside moves the files of the run before into its subfolder, which holds one
// run. A run that never measured anything is not worth keeping; and one of a part
// (-quick, a pattern) does not take the place of a whole one there.
func setAside(dir string) error {
	old, previous := filepath.Join(dir, runFile), filepath.Join(dir, previousDir)
	if info, err := os.Stat(old); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	} else if info.Size() == 0 {
		return os.Remove(old)
	}
	files := []string{runFile, reportFile, pageFile, chartDir}
	if wholeRun(filepath.Join(previous, runFile)) && !wholeRun(old) {
		for _, name := range files {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := os.MkdirAll(previous, 0o755); err != nil {
		return err
	}
	for _, name := range files {
		to := filepath.Join(previous, name)
		if err := os.RemoveAll(to); err != nil {
			return err
		}
		err := os.Rename(filepath.Join(dir, name), to)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// wholeRun reports whether a run file is of a command that leaves nothing out: it has
// no pattern, and is not quick.
func wholeRun(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		command, ok := strings.CutPrefix(lines.Text(), "command: interleave ")
		if !ok {
			continue
		}
		for _, arg := range strings.Fields(command)[1:] {
			if !strings.HasPrefix(arg, "-") || arg == "-quick=true" {
				return false
			}
		}
		return true
	}
	return false
}

// close gives the directory free.
func (o *output) close() error {
	err := o.run.Close()
	o.lock.Close()
	os.Remove(o.lock.Name())
	return err
}

// writeBeside writes a file under a temporary name in the same directory and
// renames it, so that readers see the old or the new one, whole.
func writeBeside(path string, data []byte) error {
	return writeBesideWith(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// writeBesideWith is writeBeside for what is written as it is made. When write
// fails, or any of its calls to Write did, the file stays as it was.
func writeBesideWith(path string, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	w := &wary{w: f}
	err = write(w)
	if err := errors.Join(cmp.Or(err, w.err), f.Chmod(0o644), f.Close()); err != nil {
		os.Remove(f.Name())
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		os.Remove(f.Name())
		return err
	}
	return nil
}

// A wary writer keeps the first error: profilers do not pass it on.
type wary struct {
	w   io.Writer
	err error
}

func (w *wary) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	w.err = cmp.Or(w.err, err)
	return n, err
}

// reason strips the call and the path from a file error: the message around it
// names the path.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
