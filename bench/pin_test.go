package bench

import (
	"runtime"
	"testing"
)

// A pinned worker may use one core, and its thread all of them again when the
// worker has ended; one that was only spread may use all of them at once.
func TestPinned(t *testing.T) {
	team := NewTeam(Setup{Workers: 2, Start: Pinned})
	cores := make([]int, 2)
	team.Run(func(w int) { cores[w] = usableCores(t) })
	for w, n := range cores {
		if want := 1; runtime.GOOS == "linux" && runtime.NumCPU() > 1 && n != want {
			t.Errorf("worker %d may use %d cores, want %d", w, n, want)
		}
	}
	spread := NewTeam(Setup{Workers: 2, Start: Spread})
	spread.Run(func(w int) { cores[w] = usableCores(t) })
	for w, n := range cores {
		if n < runtime.NumCPU() {
			t.Errorf("spread worker %d may use %d cores of %d", w, n, runtime.NumCPU())
		}
	}
	unpin := pin(1)
	unpin()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if n := usableCores(t); n < runtime.NumCPU() {
		t.Errorf("afterwards a thread may use %d cores of %d", n, runtime.NumCPU())
	}
}
