package revision

import (
	"fmt"
	"time"
)

// A Pair is a benchmark that both sides have.
type Pair struct {
	Package string
	Name    string // of the benchmark, without GOMAXPROCS
	Procs   int
	Control bool // both sides are the base: what differs is noise

	Design Design
	Why    string        // the design is another than the kind of work suggests
	N      int           // iterations of a slice, the same on both sides
	Rounds int           // slices of each side in a fork
	Slice  time.Duration // estimated, what goes with it included
	Level  float64       // nanoseconds an iteration on all cores, of the base
	Long   bool          // its slices are longer than others, since its time depends on their length
	Spent  time.Duration // on it, in all
	Timed  time.Duration // of that, what slices that count took
	Notes  []string      // what the reader of its numbers should know

	Ordinary []Ordinary // runs of the base
	Doubt    string     // why its slices do not tell what an iteration takes
	Off      float64    // by how much they are off, as a logarithm, where that is known
	Problem  string     // why it could not be measured
	New      bool       // the problem is the head's alone
	Starved  bool       // the budget has no room for it

	OneSided []OneSided // metrics that only one side reports, by their units

	Slices    []Slice
	Forks     int           // that were started
	stolen    time.Duration // of the processor time while it was measured
	processor time.Duration
	failures  int  // processes that failed
	apart     bool // it failed in processes that others had used: it gets its own

	forked     time.Duration // that forks took
	confirming int           // forks of other layouts
	linked     int           // the last layout that is built
	unlinked   error         // why there are none

	once     time.Duration // what one iteration took when it was found
	function string
	holds    bool     // its binaries keep benchmarks
	units    []string // of its metrics other than time
	derived  []string // of those that follow from the time
	spread   float64  // by which part of N the slices differ
	own      bool     // on a shared core, nothing works for it but its own goroutine
	short    int      // iterations of a slice that need not hold cycles of the collector, 0: as N
	arms     [2]arm   // base, head
}

// An arm is one side of a pair.
type arm struct {
	*built
	test string
}

// Title is the pair's name for people and for patterns.
func (p *Pair) Title() string { return p.Package + "." + p.FullName() }

// FullName is the benchmark's name as go test prints it.
func (p *Pair) FullName() string {
	if p.Procs == 1 {
		return p.Name
	}
	return fmt.Sprintf("%s-%d", p.Name, p.Procs)
}
