package child

import (
	"os/exec"
	"syscall"
)

// DieWithParent makes the child a process group of its own, so that an
// interrupt from the terminal reaches the parent alone, and has the kernel
// kill it when the parent dies.
func DieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// Kill ends the process and whatever it started, at once.
func Kill(cmd *exec.Cmd) {
	if p := cmd.Process; p != nil {
		syscall.Kill(-p.Pid, syscall.SIGKILL)
	}
}
