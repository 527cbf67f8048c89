package revision

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// fullWords are what git, the compiler and the linker say when they cannot
// write. Git does not always say why; to a directory that was made a moment ago
// there is hardly another reason.
var fullWords = []string{"no space left on device", "disk quota exceeded", "read-only file system", "out of diskspace", "unable to write file", "unable to create file"}

// isFull reports whether an error says that there is no room for temporary
// files.
func isFull(err error) bool {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EROFS) {
		return true
	}
	if err == nil {
		return false
	}
	text := strings.ToLower(err.Error())
	for _, words := range fullWords {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

// noRoom says what to do about an error that a full disk has made. Others it leaves alone.
func noRoom(err error) error {
	if !isFull(err) || strings.Contains(err.Error(), "set TMPDIR") {
		return err
	}
	const most = 200 // git names every file
	text := strings.ReplaceAll(err.Error(), "\n", " ")
	if len(text) > most {
		text = text[:most] + "…"
	}
	return fmt.Errorf("no room for temporary files in %s: make room, or set TMPDIR to another place (%s)", os.TempDir(), text)
}
