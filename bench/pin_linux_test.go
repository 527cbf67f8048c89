package bench

import (
	"math/bits"
	"syscall"
	"testing"
)

// usableCores returns how many cores the calling thread may use.
func usableCores(t *testing.T) int {
	var set cpuSet
	if !affinity(syscall.SYS_SCHED_GETAFFINITY, &set) {
		t.Error("sched_getaffinity failed")
	}
	n := 0
	for _, word := range set {
		n += bits.OnesCount64(word)
	}
	return n
}
