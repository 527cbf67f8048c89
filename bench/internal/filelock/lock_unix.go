//go:build unix

package filelock

import (
	"os"
	"syscall"
)

// Try locks a file for as long as it is open, or fails at once.
func Try(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
