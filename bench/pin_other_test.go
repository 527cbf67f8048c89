//go:build !linux

package bench

import (
	"runtime"
	"testing"
)

// usableCores returns how many cores the calling thread may use: here all.
func usableCores(*testing.T) int { return runtime.NumCPU() }
