//go:build !linux

package child

import "os/exec"

// DieWithParent has nothing to ask of this system: a child ends when its
// request descriptor does.
func DieWithParent(*exec.Cmd) {}

// Kill ends the process at once.
func Kill(cmd *exec.Cmd) {
	if p := cmd.Process; p != nil {
		p.Kill()
	}
}
