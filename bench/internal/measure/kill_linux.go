package measure

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
func (f *process) kill() {
	if p := f.cmd.Process; p != nil {
		syscall.Kill(-p.Pid, syscall.SIGKILL)
	}
}
