package measure

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// How long a trial of a rate scenario should last. A single goroutine is timed
// well in a few milliseconds. With several, waking a second core takes 40 to
// 80 µs, which must be small beside the trial; and goroutines that fight over
// memory are bimodal below some 50 ms: the second core is there in time or not.
const (
	targetAlone     = 5 * time.Millisecond
	targetSeveral   = 20 * time.Millisecond
	targetContended = 50 * time.Millisecond
	targetRacy      = 10 * time.Millisecond
)

// The arms of a comparison want many short trials: over 6 to 8 seconds of equal
// arms, trials of 2 ms gave half as wide an interval of the ratio as trials of
// 10 ms, for a single goroutine and for two that fight for a lock. Work that
// allocates gets trials with at least a whole cycle of the collector: the
// pilot finds out how often there is one.
const (
	targetPaired = 2 * time.Millisecond
	allocating   = 40 << 20 // bytes a second; below that cycles are too rare to matter
	enoughCycles = 4        // tell how far they are apart
	longestCycle = 15 * time.Millisecond
)

// What a fork and a trial cost beside the timed region, measured roughly.
const (
	forkOverhead  = 40 * time.Millisecond
	trialOverhead = 400 * time.Microsecond
)

// The budget when the user names none: for each scenario and in all.
const (
	defaultEach = 15 * time.Second
	defaultMost = 90 * time.Second
	quickEach   = 3750 * time.Millisecond
	quickMost   = 15 * time.Second
)

// forkCounts are the numbers of forks that a block may get, the most first.
// With fewer than 6, t intervals are wide, and with 3, which only cases that
// are too expensive otherwise get, wider.
var forkCounts = []int{12, 8, 6}

const (
	fewForks  = 3
	maxRounds = 5

	// Sequential sampling is planned for at least so many forks: a verdict may
	// stand on fewer, and seldom does. Forks are what it buys, so each
	// measures only some times as long as it takes to start.
	LeastSequential                   = 6
	mostSequential                    = 128
	roundsWorth                       = 3 * forkOverhead
	leastRoundsWorth, mostRoundsWorth = 10, 40

	// A racy block wants at least 20 trials of each case.
	racyForks, racyTrials = 4, 20
)

// Options are the user's wishes. The zero value asks for the defaults.
type Options struct {
	Budget time.Duration // for all measuring together; 0: so much for each scenario
	Quick  bool
	All    bool // leave nothing out, whatever it takes
	Forks  int  // forks of each block; 0: as the budget allows
	Rounds int  // rounds of each fork; 0: as the budget allows
	// Sequential goes on forking until Config.Done has said of every case
	// that it is measured enough, or the budget is spent.
	Sequential bool
	Target     time.Duration // length of the trials of rate scenarios; 0: by kind
	Seed       uint64        // of the order of trials
}

// A Plan says what is measured how often.
type Plan struct {
	Blocks  []Planned
	Options Options
	Budget  time.Duration // what Options.Budget came to; 0 is no limit
}

// Planned is a block with the number of its forks and rounds.
type Planned struct {
	Block
	Cases  []PlannedCase // shadows Block.Cases
	Forks  int
	Rounds int
	Left   []bench.Case // left out, as the budget does not allow them

	piloted bool          // the pilot is done: it takes no more time
	most    time.Duration // sequential sampling ends here at the latest; 0 is no limit
}

// A PlannedCase is a case with its cost.
type PlannedCase struct {
	bench.Case
	N     int           // operations of a trial; 0 before the pilot
	Cost  time.Duration // of one trial, estimated
	Guess bool          // nobody said what it costs: the pilot will
	Forks int           // in how many of the block's forks it takes part
}

// NewPlan plans the blocks within the budget, as far as their cost is known
// before the pilot.
func NewPlan(blocks []Block, o Options) *Plan {
	p := &Plan{Options: o, Budget: o.budget(blocks)}
	for _, b := range blocks {
		planned := Planned{Block: b}
		for _, c := range b.Cases {
			planned.Cases = append(planned.Cases, o.estimate(b, c))
		}
		p.Blocks = append(p.Blocks, planned)
	}
	left := p.Budget
	for i := range p.Blocks {
		p.Blocks[i].fit(p.share(left, i), o)
		left -= p.Blocks[i].Time()
	}
	return p
}

// Least returns how long it takes at least until sequential sampling can decide
// anything: a round of each case in as many forks as a verdict stands on.
func Least(blocks []Block, o Options) time.Duration {
	total := time.Duration(0)
	for _, b := range blocks {
		planned := Planned{Block: b, Rounds: 1}
		for _, c := range b.Cases {
			planned.Cases = append(planned.Cases, o.estimate(b, c))
		}
		if b.Racy {
			total += planned.racyTime(o)
			continue
		}
		planned.setForks(LeastSequential)
		total += planned.Time()
	}
	return total
}

// budget returns the time for all blocks together.
func (o Options) budget(blocks []Block) time.Duration {
	scenarios := make(map[string]bool)
	for _, b := range blocks {
		scenarios[b.Scenario.Name] = true
	}
	n := time.Duration(len(scenarios))
	switch {
	case o.All:
		return 0
	case o.Budget > 0:
		return o.Budget
	case o.Quick:
		return min(n*quickEach, quickMost)
	}
	all := n * defaultEach
	if slices.ContainsFunc(blocks, func(b Block) bool { return b.added() }) {
		all += addedMost
	}
	return min(all, defaultMost)
}

// share returns the part of what is left that block i may use: an even share
// of the blocks to come, but for racy ones and those of claims, which need
// little.
func (p *Plan) share(left time.Duration, i int) time.Duration {
	if p.Budget == 0 {
		return 0
	}
	if p.Blocks[i].added() {
		return max(min(left, p.addedShare()), 1)
	}
	others := time.Duration(0)
	for _, b := range p.Blocks[i+1:] {
		if !b.Racy && !b.added() {
			others++
		}
	}
	return max((left-p.keptAfter(i))/(1+others), 1)
}

// keptAfter returns the time that the racy blocks and those of claims behind
// block i need.
func (p *Plan) keptAfter(i int) time.Duration {
	total := time.Duration(0)
	for _, b := range p.Blocks[i+1:] {
		switch {
		case b.Racy:
			total += b.racyTime(p.Options)
		case b.added():
			total += b.addedTime(p.addedShare(), p.Options)
		}
	}
	return total
}

// estimate says what one trial of a case will cost, as well as it can be known
// without trying.
func (o Options) estimate(b Block, c bench.Case) PlannedCase {
	v := b.Scenario.Variant(c.Variant)
	if b.Scenario.Fixed == 0 {
		return PlannedCase{Case: c, Cost: o.target(b, c) + trialOverhead}
	}
	if v.Estimate != nil {
		return PlannedCase{Case: c, N: 1, Cost: v.Estimate(b.Scenario.Setup(c, 1)) + trialOverhead}
	}
	return PlannedCase{Case: c, N: 1, Cost: 50 * time.Millisecond, Guess: true}
}

// target returns how long a trial of a rate case should last.
func (o Options) target(b Block, c bench.Case) time.Duration {
	v := b.Scenario.Variant(c.Variant)
	switch {
	case o.Target > 0:
		return o.Target
	case b.Paired:
		return targetPaired
	case v.Racy:
		return targetRacy
	case c.Workers > 1 && v.Contended:
		return targetContended
	case c.Workers > 1:
		return targetSeveral
	}
	return targetAlone
}

// order returns the cases of one round in random order: those that take part
// in the fork. Fork and round count from 1.
func (b *Planned) order(seed uint64, fork, round int) []PlannedCase {
	var cases []PlannedCase
	for _, c := range b.Cases {
		if fork <= c.Forks {
			cases = append(cases, c)
		}
	}
	rng := rand.New(rand.NewPCG(seed, uint64(fork)<<32|uint64(round)))
	rng.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
	return cases
}

// Name says in words what the block measures: "download net=shared".
func (b *Block) Name() string {
	name := b.Scenario.Name
	if b.Params != "" {
		name += " " + b.Params
	}
	if b.Racy {
		name += " (racy)"
	}
	name += fmt.Sprintf(" at GOMAXPROCS=%d", b.Procs)
	if b.added() {
		name += " for the claim " + strings.Join(b.For, ", ")
	}
	return name
}
