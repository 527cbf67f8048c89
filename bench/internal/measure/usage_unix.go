//go:build unix

package measure

import (
	"syscall"
	"time"
)

// usage returns what this process has used so far.
func usage() resources {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return resources{}
	}
	return resources{known: true, cpu: time.Duration(u.Utime.Nano() + u.Stime.Nano()), switches: int64(u.Nivcsw)}
}
