//go:build !linux

package child

import "errors"

// Cores returns nil: this system has no CPUs that a process can be pinned to.
func Cores() []int { return nil }

// OnCore cannot pin a process here.
func OnCore(int, func() error) error {
	return errors.New("this system cannot pin a process to a CPU")
}
