//go:build unix

package filelock

import (
	"os"
	"syscall"
)

// Known says that locks work here.
const Known = true

// Try locks a file for as long as it is open, or fails at once.
func Try(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
