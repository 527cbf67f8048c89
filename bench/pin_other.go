//go:build !linux

package bench

import "runtime"

// pin binds the calling goroutine to its thread. This system has no call that
// binds a thread to a processor.
func pin(int) (unpin func()) {
	runtime.LockOSThread()
	return runtime.UnlockOSThread
}
