package provoke

import (
	"os/exec"
	"syscall"
)

// dieWithParent makes the child a process group of its own, so that what it
// starts can be killed with it, and has the kernel kill it when the parent
// dies.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// kill ends the process and whatever it started, at once: a child that ignores
// a polite signal is one of those that are tested.
func kill(cmd *exec.Cmd) {
	if p := cmd.Process; p != nil {
		syscall.Kill(-p.Pid, syscall.SIGKILL)
	}
}
