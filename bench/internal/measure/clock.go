package measure

import "time"

// A Clock gives the time since some fixed moment. Measuring reads nothing
// else, so that tests can measure with a clock of their own.
type Clock func() time.Duration

// RealClock returns a clock that starts now and never jumps.
func RealClock() Clock {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}
