//go:build !linux

package hunt

import "os/exec"

// isolate has nothing to ask of this system.
func isolate(*exec.Cmd) {}

// killGroup ends the process at once.
func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		cmd.Process.Kill()
	}
}

func onOwnThread(f func() error) error { return f() }

func canPin() bool { return false }

func onOneCore(_ int, f func() error) error { return f() }
