//go:build !linux

package measure

import "os/exec"

// dieWithParent has nothing to ask of this system: a child ends when its
// request descriptor does.
func dieWithParent(*exec.Cmd) {}

// kill ends the process at once.
func (f *process) kill() {
	if p := f.cmd.Process; p != nil {
		p.Kill()
	}
}
