package served

import (
	"os/exec"
	"syscall"
)

// dieWithParent makes the child a process group of its own, so that an
// interrupt from the terminal reaches the parent alone, and has the kernel
// kill it when the parent dies.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// kill ends the process and whatever it started, at once.
func (p *Process) kill() {
	if c := p.cmd.Process; c != nil {
		syscall.Kill(-c.Pid, syscall.SIGKILL)
	}
}
