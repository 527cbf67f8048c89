package bench

import (
	"runtime"
	"syscall"
	"unsafe"
)

// cpuSet is a set of processors as the kernel takes it: a bit for each.
type cpuSet [1024 / 64]uint64

// pin binds the calling goroutine to its thread, and the thread to the w-th of
// the processors that it may use, counted round. The function that it returns
// undoes both. Where the kernel refuses, the thread runs where it likes.
func pin(w int) (unpin func()) {
	runtime.LockOSThread()
	var before cpuSet
	if !affinity(syscall.SYS_SCHED_GETAFFINITY, &before) {
		return runtime.UnlockOSThread
	}
	var own []int
	for cpu := range len(before) * 64 {
		if before[cpu/64]>>(cpu%64)&1 == 1 {
			own = append(own, cpu)
		}
	}
	if len(own) < 2 {
		return runtime.UnlockOSThread
	}
	var one cpuSet
	cpu := own[w%len(own)]
	one[cpu/64] = 1 << (cpu % 64)
	affinity(syscall.SYS_SCHED_SETAFFINITY, &one)
	return func() {
		affinity(syscall.SYS_SCHED_SETAFFINITY, &before)
		runtime.UnlockOSThread()
	}
}

// affinity reads or sets the processors of the calling thread.
func affinity(call uintptr, set *cpuSet) bool {
	const self = 0
	_, _, errno := syscall.RawSyscall(call, self, unsafe.Sizeof(*set), uintptr(unsafe.Pointer(set)))
	return errno == 0
}
