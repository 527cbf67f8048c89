package demo

import (
	"runtime"
	"syscall"
	"unsafe"
)

// cpuSet is a set of processors as the kernel takes it: a bit for each.
type cpuSet [1024 / 64]uint64

// pin binds the calling goroutine to its thread, for good, and the thread to
// the w-th of the processors that it may use. It reports whether the thread now
// has one to itself among the workers.
func pin(w, workers int) bool {
	runtime.LockOSThread()
	var set cpuSet
	if !affinity(syscall.SYS_SCHED_GETAFFINITY, &set) {
		return false
	}
	var own []int
	for cpu := range len(set) * 64 {
		if set[cpu/64]>>(cpu%64)&1 == 1 {
			own = append(own, cpu)
		}
	}
	if len(own) < workers {
		return false
	}
	var one cpuSet
	one[own[w]/64] = 1 << (own[w] % 64)
	return affinity(syscall.SYS_SCHED_SETAFFINITY, &one)
}

// affinity reads or sets the processors of the calling thread.
func affinity(call uintptr, set *cpuSet) bool {
	const self = 0
	_, _, errno := syscall.RawSyscall(call, self, unsafe.Sizeof(*set), uintptr(unsafe.Pointer(set)))
	return errno == 0
}
