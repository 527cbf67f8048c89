package revision

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestNoRoom(t *testing.T) {
	full := &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	for _, err := range []error{
		full, fmt.Errorf("no temporary file: %w", full),
		errors.New("it does not build: compile: writing output: write $WORK/b001/_pkg_.a: no space left on device"),
		errors.New("fatal: sha1 file 'x/index.lock' write error. Out of diskspace"),
		errors.New("cannot write the files: " + strings.Repeat("error: unable to write file x\n", 100)),
		&os.PathError{Op: "mkdir", Path: "x", Err: syscall.EROFS},
	} {
		got := noRoom(err).Error()
		if !strings.HasPrefix(got, "no room for temporary files in "+os.TempDir()+": make room, or set TMPDIR") || strings.Contains(got, "\n") || len(got) > 400 {
			t.Errorf("%v became %s", err, got)
		}
		if again := noRoom(noRoom(err)); again.Error() != got {
			t.Errorf("twice: %v", again)
		}
	}
	other := errors.New("it does not build: x.go:1: syntax error")
	if got := noRoom(other); got != other {
		t.Errorf("%v", got)
	}
	if got := noRoom(nil); got != nil {
		t.Errorf("%v", got)
	}
}
