//go:build !linux

package demo

import "runtime"

// pin binds the calling goroutine to its thread, for good. This system has no
// call that binds a thread to a processor: a thread that spins will have to do.
func pin(w, workers int) bool {
	runtime.LockOSThread()
	return false
}
