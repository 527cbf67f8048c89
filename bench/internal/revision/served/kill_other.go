//go:build !linux

package served

import "os/exec"

// dieWithParent has nothing to ask of this system: a child ends when its
// requests do.
func dieWithParent(*exec.Cmd) {}

// kill ends the process at once.
func (p *Process) kill() {
	if c := p.cmd.Process; c != nil {
		c.Kill()
	}
}
