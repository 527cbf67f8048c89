package race

import "testing"

// A program that asks for signals has a goroutine that waits for them.
func TestSystemSignals(t *testing.T) {
	g := Goroutine{ID: 8, State: "syscall", Stack: []Frame{{Func: "os/signal.signal_recv"}, {Func: "os/signal.loop"}, {Func: "runtime.goexit"}}}
	if !g.System() {
		t.Error("the goroutine of package signal is taken for the program's own")
	}
	g.Stack = []Frame{{Func: "syscall.Syscall"}, {Func: "example.com/x.run"}, {Func: "runtime.goexit"}}
	if g.System() {
		t.Error("a goroutine of the program is taken for the runtime's")
	}
}
