//go:build unix

package runner

import (
	"os"
	"syscall"
)

// lockExclusive locks a file for as long as it is open, or fails at once.
func lockExclusive(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
