//go:build !linux

package provoke

import "os/exec"

// dieWithParent has nothing to ask of this system.
func dieWithParent(*exec.Cmd) {}

// kill ends the process at once.
func kill(cmd *exec.Cmd) {
	if p := cmd.Process; p != nil {
		p.Kill()
	}
}
