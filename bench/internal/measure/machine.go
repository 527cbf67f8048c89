package measure

import (
	"time"

	"github.com/shirou/gopsutil/v4/load"
)

// A Machine tells what has happened to the machine so far. It is read by the
// parent between forks, never beside a trial.
type Machine func() Reading

// A Reading is one look at the machine.
type Reading struct {
	Wall time.Time // the clock on the wall, which may be set, and runs on while the machine sleeps

	Known  bool          // Busy and Stolen are
	Busy   time.Duration // processor time used since boot, of all CPUs together
	Stolen time.Duration // that the host gave to others while it was wanted here

	Load float64 // of the last minute; 0 where it is not known
}

// RealMachine returns the machine that this is.
func RealMachine() Machine {
	return func() Reading {
		r := Reading{Wall: time.Now().Round(0)} // without the monotonic clock
		if t, ok := processorTime(); ok {
			r.Known, r.Busy, r.Stolen = true, t.busy, t.stolen
		}
		if average, err := load.Avg(); err == nil {
			r.Load = average.Load1
		}
		return r
	}
}
