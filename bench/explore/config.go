package explore

import (
	"cmp"
	"fmt"
	"time"
)

// A Strategy is a way to go through the schedules of a body.
type Strategy int

const (
	// Pruned visits every reachable state, but of schedules that differ only
	// in the order of independent steps it runs only one (sleep sets,
	// Godefroid 1996). It finds the same outcomes as Exhaustive. How many
	// schedules lead to each it does not count.
	Pruned Strategy = iota

	// Exhaustive runs every schedule, depth first.
	Exhaustive

	// Merged counts every schedule without running each: from states with
	// equal fingerprints it goes on only once. The body must call
	// T.Fingerprint.
	Merged

	// Bounded runs the schedules with no pre-emption, then those with one,
	// and so on (Musuvathi and Qadeer 2007): most bugs need few, and the first
	// schedule found for an outcome is one with the fewest.
	Bounded

	// Random runs schedules in which each step is taken by any of the threads
	// that can, for what is too large. It proves nothing. The schedules are
	// not equally likely, and rare outcomes are easily missed.
	Random
)

var strategyNames = [...]string{"pruned", "exhaustive", "merged", "bounded", "random"}

func (s Strategy) String() string {
	if s < 0 || int(s) >= len(strategyNames) {
		return fmt.Sprintf("strategy %d", int(s))
	}
	return strategyNames[s]
}

// MarshalText writes the name of the strategy, in JSON as well.
func (s Strategy) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// A Config says how to explore and when to stop. The zero value is good for a
// test: pruned, for at most 30 seconds and 10 million runs, in 256 MiB.
type Config struct {
	Strategy Strategy

	// Runs bounds how often the body is run; 0 means 10 million, and 10 000 if
	// random.
	Runs uint64

	// Time bounds how long the exploration takes; 0 means 30 seconds. A run
	// that is under way is not cut short.
	Time time.Duration

	// Memory bounds what is kept of merged states, in bytes, as estimated from
	// their fingerprints; 0 means 256 MiB. The other strategies keep nothing
	// but the schedule they are at, and one for each outcome.
	Memory int64

	// Steps bounds the length of one run, which may be endless; 0 means 10 000.
	// A longer one is an outcome of its own.
	Steps int

	// Preemptions bounds the strategy Bounded; 0 means that it goes on until
	// there is no schedule with more.
	Preemptions int

	// Seed chooses the schedules of the strategy Random.
	Seed uint64

	// FirstWitness keeps for each outcome the first schedule that led to it.
	// Otherwise an exhaustive search is followed by one for the schedules with
	// the fewest pre-emptions.
	FirstWitness bool
}

func (c Config) withDefaults() (Config, error) {
	if c.Strategy < Pruned || c.Strategy > Random {
		return c, fmt.Errorf("explore: unknown %v", c.Strategy)
	}
	if c.Time < 0 || c.Memory < 0 || c.Steps < 0 || c.Preemptions < 0 {
		return c, fmt.Errorf("explore: a limit is negative: time %v, memory %d, steps %d, pre-emptions %d; 0 means the default", c.Time, c.Memory, c.Steps, c.Preemptions)
	}
	if c.Steps > mostSteps {
		return c, fmt.Errorf("explore: at most %d steps, not %d", mostSteps, c.Steps)
	}
	runs := uint64(10_000_000)
	if c.Strategy == Random {
		runs = 10_000
	}
	c.Runs = cmp.Or(c.Runs, runs)
	c.Time = cmp.Or(c.Time, 30*time.Second)
	c.Memory = cmp.Or(c.Memory, 256<<20)
	c.Steps = cmp.Or(c.Steps, 10_000)
	return c, nil
}
