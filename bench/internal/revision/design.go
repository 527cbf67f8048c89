package revision

import (
	"math"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
	"github.com/interleave-go/interleave/bench/internal/units"
)

// A Design is the way in which the two sides of a pair are measured.
//
// Most of the noise of a shared machine belongs to a core and a moment: it is
// what the neighbours of that core do, second by second, and it cancels only
// between two things that run on the same core within milliseconds. So a
// benchmark of a single goroutine gets one core, drawn anew for each fork, for
// both sides. interleave calibrate -designs measures the designs beside each
// other.
type Design int

const (
	// InTurn lets slices of both sides alternate, on all cores, by the timer of
	// the benchmark. It is right for everything.
	InTurn Design = iota

	// Pinned is the same with both processes on one core: for a single
	// goroutine whose processor time is not what its timer says, since it waits.
	Pinned

	// SharedCore runs both sides at once on one core, so that the kernel
	// alternates them every few milliseconds, and compares their processor time
	// while the benchmark's timer runs. By the clock its slices mean nothing.
	SharedCore
)

func (d Design) String() string {
	return [...]string{"in turn", "pinned", "shared core"}[d]
}

// procs returns the GOMAXPROCS of the processes of a design.
func (d Design) procs(wanted int) int {
	if d == InTurn {
		return wanted
	}
	return 1
}

// A profile is what sizing finds out about one side.
type profile struct {
	steady []served.Answer // slices of the final size, on all cores
	widest served.Answer   // the run that kept most cores busy
	wide   []served.Answer // more runs like steady
	single []served.Answer // the same with GOMAXPROCS=1 on one core; empty where it was not tried
	around time.Duration   // goes with each slice beside what its timer shows
	level  float64         // nanoseconds an iteration, on all cores
	procs  int             // how many these are
	growth
}

// What a rule allows until two times are no longer the same.
const (
	leastBusy    = 0.9  // processor time to time, of what does not wait
	mostBusy     = 1.4  // of a single goroutine without a collector beside it
	mostHidden   = 1.6  // processor time of one core to time on all: more is work that others share
	reallyAtOnce = 1.5  // cores that were busy, to say that goroutines ran at once
	mostParallel = 2.5  // times as much processor time on all cores as on one, or less: RunParallel without contention, on two threads of a core, too
	mostApart    = 1.35 // times between both sides in that
)

// choose returns the design for a pair, and why it is another than its kind of
// work suggests. It looks at what sizing found and at no time of the comparison
// itself, and asks the same of both sides: a change that makes work parallel
// must be seen as such.
func choose(sides [2]*profile, cores int) (Design, string) {
	if cores < 2 {
		return InTurn, ""
	}
	design := SharedCore
	for _, p := range sides {
		switch {
		case !p.known() || p.reportsTimes():
			return InTurn, ""
		case p.parallel() && within(p.contention(), mostParallel):
		case p.parallel() || !p.alone() || p.hidden():
			return InTurn, ""
		case p.busy(p.steady) < leastBusy:
			design = Pinned
		}
	}
	if sides[base].parallel() != sides[head].parallel() {
		return InTurn, ""
	}
	if sides[base].parallel() {
		if design == Pinned || waits(sides) || !within(sides[head].contention()/sides[base].contention(), mostApart) {
			return InTurn, ""
		}
		return SharedCore, "RunParallel without contention, compared by its processor time on one core"
	}
	return design, ""
}

// mayShare reports whether a profile wants a look at one core before a design
// can be chosen.
func (p *profile) mayShare() bool {
	return p.known() && !p.reportsTimes() && (p.parallel() || p.alone() && p.allocates() && p.busy(p.steady) > mostHidden)
}

// known reports whether goroutines and processor time are.
func (p *profile) known() bool {
	for _, a := range p.steady {
		if !a.Held || a.Started < 0 || a.Run.Used <= 0 {
			return false
		}
	}
	return len(p.steady) > 0
}

// reportsTimes reports whether a benchmark measures times of its own: they are
// by the clock, which means nothing on a shared core.
func (p *profile) reportsTimes() bool {
	for _, a := range p.steady {
		for unit := range a.Run.Metrics {
			if units.Timed(unit) && !p.follows(unit) {
				return true
			}
		}
	}
	return false
}

// follows reports whether a metric follows from the time.
func (p *profile) follows(unit string) bool {
	var perOps, values []float64
	for _, a := range p.steady {
		if v, ok := a.Run.Metrics[unit]; ok && a.Run.Timed > 0 {
			perOps, values = append(perOps, float64(a.Run.Timed)/float64(a.Run.N)), append(values, v)
		}
	}
	return followsTime(perOps, values)
}

// parallel reports whether RunParallel starts goroutines, and nothing else does.
func (p *profile) parallel() bool {
	return p.least(func(a served.Answer) float64 { return float64(a.Run.Parallel) }) > 0 &&
		p.least(func(a served.Answer) float64 { return float64(a.Started - a.Run.Parallel) }) == 0 && !p.accompanied()
}

// alone reports whether a benchmark runs in a single goroutine: it starts none,
// and none of its own is there.
func (p *profile) alone() bool {
	return p.least(func(a served.Answer) float64 { return float64(a.Started) }) == 0 && !p.accompanied()
}

func (p *profile) accompanied() bool {
	return p.least(func(a served.Answer) float64 { return float64(a.Run.Others) }) > 0
}

func (p *profile) allocates() bool {
	return p.least(func(a served.Answer) float64 { return a.Run.Metrics["allocs/op"] + a.Run.Metrics["B/op"] }) > 0
}

// hidden reports whether others do a part of the work although none is seen:
// threads of C, or goroutines that were there before the benchmark.
func (p *profile) hidden() bool {
	if p.allocates() { // a collector that has nothing else to do keeps other cores busy
		return p.busy(p.steady) > mostHidden && (len(p.single) == 0 || used(p.single) > mostHidden*timed(p.steady))
	}
	return used(p.steady) > mostBusy*timed(p.steady)
}

// contention returns how many times as much processor time an iteration takes on
// all cores as on one: far more where goroutines fight over memory. Cores differ
// by the moment, so that it is told from such differences only where it is
// large, or where the sides differ in it. Goroutines that were never seen to run
// at once, as beside a busy neighbour, say nothing: it is infinite.
func (p *profile) contention() float64 {
	var wide []served.Answer
	for _, a := range slices.Concat(p.steady, p.wide, []served.Answer{p.widest}) {
		if busy(a) >= reallyAtOnce {
			wide = append(wide, a)
		}
	}
	if len(p.single) == 0 || len(wide) == 0 {
		return math.Inf(1)
	}
	return used(wide) / used(p.single)
}

func within(ratio, most float64) bool { return ratio <= most && ratio >= 1/most }

// waits reports whether goroutines wait, for all that is known: neither were all
// cores busy, nor the one core that both sides had together.
func waits(sides [2]*profile) bool {
	together, all := 0.0, true
	for _, p := range sides {
		together += p.busy(p.single)
		all = all && busy(p.widest) >= leastBusy*float64(p.procs)
	}
	return together < leastBusy && !all
}

// busy returns the largest part of the time of runs that was processor time: a
// neighbour makes it smaller, and nothing larger.
func (p *profile) busy(runs []served.Answer) float64 {
	most := 0.0
	for _, a := range runs {
		most = max(most, busy(a))
	}
	return most
}

// busy returns how many cores a run kept busy while its timer ran.
func busy(a served.Answer) float64 {
	if a.Run == nil {
		return 0
	}
	return float64(a.Run.Used) / float64(max(a.Run.Timed, 1))
}

func (p *profile) least(of func(served.Answer) float64) float64 {
	least := math.Inf(1)
	for _, a := range p.steady {
		least = min(least, of(a))
	}
	return least
}

// onOne returns what an iteration takes in nanoseconds on one core.
func (p *profile) onOne() float64 {
	if len(p.single) > 0 {
		return used(p.single)
	}
	return used(p.steady)
}

// used and timed return the least processor time, and the least time, of an
// iteration in nanoseconds.
func used(runs []served.Answer) float64 {
	return leastOf(runs, func(a served.Answer) time.Duration { return a.Run.Used })
}

func timed(runs []served.Answer) float64 {
	return leastOf(runs, func(a served.Answer) time.Duration { return a.Run.Timed })
}

// leastOf returns the least of something for an iteration: noise only adds.
func leastOf(runs []served.Answer, of func(served.Answer) time.Duration) float64 {
	least := math.Inf(1)
	for _, a := range runs {
		least = min(least, float64(of(a))/float64(a.Run.N))
	}
	return least
}
