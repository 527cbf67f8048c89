package child

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Cores returns the CPUs that this process may run on, nil where the system
// does not say.
func Cores() []int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return nil
	}
	var cores []int
	for cpu := 0; len(cores) < set.Count(); cpu++ {
		if set.IsSet(cpu) {
			cores = append(cores, cpu)
		}
	}
	return cores
}

// OnCore calls start, which starts a process, so that the process and all its
// threads run on one CPU. The caller has locked its goroutine to its thread.
func OnCore(cpu int, start func() error) error {
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return fmt.Errorf("cannot pin a process to CPU %d: %w", cpu, err)
	}
	one.Set(cpu)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return fmt.Errorf("cannot pin a process to CPU %d: %w", cpu, err)
	}
	defer unix.SchedSetaffinity(0, &before) // the thread goes on with other work
	return start()
}
