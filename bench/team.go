package bench

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A Start is how the workers of a team begin.
type Start int

const (
	// Together means that no worker begins before every goroutine runs:
	// otherwise the first would do much of its work alone while the second
	// core wakes up.
	Together Start = iota

	// Loose is what a go statement gives: each begins when it is scheduled.
	Loose

	// Spread is Together with each worker's thread on a core of its own at
	// the start, where the system allows it, and free from then on. Left
	// alone, the system often begins with two threads on one core.
	Spread

	// Pinned is Spread with the threads bound to their cores to the end. It
	// makes races show, but slows down all that blocks: a goroutine that is
	// bound to its thread hands over the thread with every message, and an
	// unbuffered channel then took 4800 ns for 440.
	Pinned
)

// A Team starts the workers of a trial and notes when each of them ran, so
// that a result can say whether the workers overlapped at all. A contended
// measurement means little without that: two goroutines that run one after the
// other never meet.
type Team struct {
	workers int
	start   Start
	clock   func() time.Duration
	arrived atomic.Int64
	from    []time.Duration
	to      []time.Duration
}

// NewTeam makes a team of setup.Workers workers that begin as setup.Start says.
func NewTeam(setup Setup) *Team {
	return &Team{
		workers: setup.Workers,
		start:   setup.Start,
		clock:   setup.Clock,
		from:    make([]time.Duration, setup.Workers),
		to:      make([]time.Duration, setup.Workers),
	}
}

// Run calls body once for each worker, numbered from 0, each in a goroutine of
// its own, and returns when all have returned. A team runs once.
func (t *Team) Run(body func(worker int)) {
	var done sync.WaitGroup
	for w := range t.workers {
		done.Go(func() {
			defer t.begin(w)()
			if t.clock != nil {
				t.from[w] = t.clock()
			}
			body(w)
			if t.clock != nil {
				t.to[w] = t.clock()
			}
		})
	}
	done.Wait()
}

// begin waits until worker w may begin, and returns what it has to do at its
// end.
func (t *Team) begin(w int) (end func()) {
	end = func() {}
	if t.start == Loose {
		return end
	}
	// Giving way lets workers begin that have no core yet. But a pinned worker
	// that gives way hands its whole thread over, and is late for the start.
	giveWay := runtime.Gosched
	if t.start == Spread || t.start == Pinned {
		end = pin(w)
		if t.workers <= runtime.GOMAXPROCS(0) {
			giveWay = func() {}
		}
	}
	t.arrived.Add(1)
	for int(t.arrived.Load()) < t.workers {
		giveWay()
	}
	if t.start == Spread {
		end()
		end = func() {}
	}
	return end
}

// Overlap returns which part of the time from the first start to the last end
// passed while at least two workers were between start and end, from 0 to 1.
// It is 0 without a clock and for one worker. A goroutine that waits for a
// core counts as running here, so this is an upper bound of true parallelism.
func (t *Team) Overlap() float64 {
	if t.clock == nil || t.workers < 2 {
		return 0
	}
	total := slices.Max(t.to) - slices.Min(t.from)
	if total <= 0 {
		return 0
	}
	// With the starts and the ends each in order, at least two workers run
	// from the second start on, as long as started − ended ≥ 2.
	from, to := slices.Sorted(slices.Values(t.from)), slices.Sorted(slices.Values(t.to))
	var both, since time.Duration
	for running := 0; len(to) > 0; {
		if len(from) > 0 && from[0] < to[0] {
			if running++; running == 2 {
				since = from[0]
			}
			from = from[1:]
			continue
		}
		if running--; running == 1 {
			both += to[0] - since
		}
		to = to[1:]
	}
	return float64(both) / float64(total)
}

// Share returns the part of n operations that worker w of the team does: as
// even as whole numbers allow, and n over all workers.
func (t *Team) Share(n, w int) int {
	share := n / t.workers
	if w < n%t.workers {
		share++
	}
	return share
}
