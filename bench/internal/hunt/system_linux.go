package hunt

import (
	"runtime"
	"syscall"
	"unsafe"
)

// onOwnThread calls f on a thread that does nothing else. Linux kills a child
// when the thread that started it ends.
func onOwnThread(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return f()
}

// cpuSet is a set of processors as the kernel takes it: a bit for each.
type cpuSet [1024 / 64]uint64

// canPin reports whether processes can be bound to a core, and there is more
// than one.
func canPin() bool {
	var set cpuSet
	if !affinity(syscall.SYS_SCHED_GETAFFINITY, &set) {
		return false
	}
	return len(set.cores()) > 1
}

// onOneCore calls f with the calling thread, which must be locked, bound to
// the n-th of its processors, counted round. A process that f starts inherits
// that.
func onOneCore(n int, f func() error) error {
	var before, one cpuSet
	if affinity(syscall.SYS_SCHED_GETAFFINITY, &before) {
		if cores := before.cores(); len(cores) > 1 {
			cpu := cores[n%len(cores)]
			one[cpu/64] = 1 << (cpu % 64)
			affinity(syscall.SYS_SCHED_SETAFFINITY, &one)
			defer affinity(syscall.SYS_SCHED_SETAFFINITY, &before)
		}
	}
	return f()
}

func (s *cpuSet) cores() (list []int) {
	for cpu := range len(s) * 64 {
		if s[cpu/64]>>(cpu%64)&1 == 1 {
			list = append(list, cpu)
		}
	}
	return list
}

// affinity reads or sets the processors of the calling thread.
func affinity(call uintptr, set *cpuSet) bool {
	const self = 0
	_, _, errno := syscall.RawSyscall(call, self, unsafe.Sizeof(*set), uintptr(unsafe.Pointer(set)))
	return errno == 0
}
