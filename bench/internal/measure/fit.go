package measure

import (
	"cmp"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// fit chooses the number of forks and rounds for a share of the budget, and
// leaves out what does not fit even then. A share of 0 is no limit.
func (b *Planned) fit(share time.Duration, o Options) {
	counts := forkCounts
	if b.Racy {
		counts = []int{racyForks}
	}
	if o.Forks > 0 {
		counts = []int{o.Forks}
	}
	if b.added() && !b.Racy && o.Forks == 0 {
		counts = []int{addedForks, LeastSequential, addedFew}
	}
	b.Rounds = cmp.Or(o.Rounds, 1)
	if o.Sequential && !b.Racy {
		b.fitSequential(share, o)
		return
	}
	if b.Racy {
		b.Rounds = (racyTrials + counts[0] - 1) / counts[0]
	}
	if share == 0 {
		b.setForks(counts[0])
		return
	}
	b.leaveOut(share, counts)
	if len(b.Cases) == 0 {
		b.Forks = 0
	} else if !b.Racy && o.Rounds == 0 {
		most := maxRounds
		if b.added() {
			most = addedRound
		}
		b.Rounds = min(max(int(share/b.Time()), 1), most)
	}
}

// fitSequential plans for as many forks as will be wanted: what has room for
// the first verdict stays, and the budget or the verdicts end the measuring.
func (b *Planned) fitSequential(share time.Duration, o Options) {
	if o.Rounds == 0 {
		round := time.Duration(0)
		for _, c := range b.Cases {
			round += c.Cost
		}
		b.Rounds = int(min(max(roundsWorth/max(round, 1), 1), mostRoundsWorth))
		if b.Paired {
			b.Rounds = max(b.Rounds, leastRoundsWorth)
		}
	}
	least, most := LeastSequential, mostSequential
	if o.Forks > 0 {
		least, most = min(o.Forks, LeastSequential), o.Forks
	}
	b.most = 0 // or nothing would seem too long
	for share > 0 && o.Rounds == 0 && b.Rounds > 1 {
		if b.setForks(2 * least); b.Time() <= share {
			break
		}
		b.Rounds-- // forks are worth more than rounds
	}
	if share > 0 {
		b.leaveOut(share, []int{least})
	}
	b.most = share
	for i := range b.Cases {
		if c := &b.Cases[i]; share == 0 || c.Forks == least {
			c.Forks = most
		}
	}
	b.Forks = b.lastFork()
}

// leaveOut drops cases until the others fit.
func (b *Planned) leaveOut(share time.Duration, counts []int) {
	for len(b.Cases) > 0 && !b.squeeze(share, counts) {
		c := b.dispensable(share)
		b.Left = append(b.Left, c)
		b.drop(c)
	}
}

// squeeze looks for a number of forks that fits, at first for all cases, then
// with fewer forks for the expensive ones. It reports whether there is one.
func (b *Planned) squeeze(share time.Duration, counts []int) bool {
	for _, n := range counts {
		if b.setForks(n); b.Time() <= share {
			return true
		}
	}
	if b.Racy {
		return false // anomalies are counted: it is 20 trials or none
	}
	for _, c := range b.byCost() {
		b.at(c).Forks = min(fewForks, b.Forks)
		if b.Time() <= share {
			b.Forks = b.lastFork()
			return true
		}
	}
	return false
}

// byCost returns the cases in the order in which the budget does without them:
// the most expensive first, and among equals those that are no headline, with
// the most workers, and that come late in the scenario.
func (b *Planned) byCost() []bench.Case {
	sorted := slices.Clone(b.Cases)
	slices.Reverse(sorted)
	slices.SortStableFunc(sorted, func(x, y PlannedCase) int {
		return cmp.Or(
			cmp.Compare(y.Cost, x.Cost),
			cmp.Compare(b.headline(x.Variant), b.headline(y.Variant)),
			cmp.Compare(y.Workers, x.Workers))
	})
	var cases []bench.Case
	for _, c := range sorted {
		cases = append(cases, c.Case)
	}
	return cases
}

// dispensable returns the case that the budget does without next: the first by
// cost, but not a baseline's only case, without which nothing has a speedup,
// as long as that would fit by itself.
func (b *Planned) dispensable(share time.Duration) bench.Case {
	cases := b.byCost()
	base := b.Scenario.Baseline()
	first := b.at(cases[0])
	fits := forkOverhead+fewForks*(forkOverhead+first.Cost+b.warmTime(*first)) <= share
	if first.Variant == base.Name && len(b.Scenario.WorkerCounts(base)) == 1 && fits && len(cases) > 1 {
		return cases[1]
	}
	return cases[0]
}

// headline returns 1 for the variants that a quick run measures, otherwise 0.
func (b *Planned) headline(variant string) int {
	if v := b.Scenario.Variant(variant); v.Headline || v == b.Scenario.Baseline() {
		return 1
	}
	return 0
}

func (b *Planned) setForks(n int) {
	b.Forks = n
	for i := range b.Cases {
		b.Cases[i].Forks = n
	}
}

// lastFork returns the number of the last fork in which a case takes part.
func (b *Planned) lastFork() int {
	last := 0
	for _, c := range b.Cases {
		last = max(last, c.Forks)
	}
	return last
}

func (b *Planned) at(c bench.Case) *PlannedCase {
	i := slices.IndexFunc(b.Cases, func(p PlannedCase) bool { return p.Case == c })
	return &b.Cases[i]
}

func (b *Planned) has(c bench.Case) bool {
	return slices.ContainsFunc(b.Cases, func(p PlannedCase) bool { return p.Case == c })
}

// another adds a fork in the place of one that was lost.
func (b *Planned) another(lost int) {
	b.Forks++
	for i := range b.Cases {
		if b.Cases[i].Forks >= lost {
			b.Cases[i].Forks++
		}
	}
}

func (b *Planned) drop(c bench.Case) {
	b.Cases = slices.DeleteFunc(b.Cases, func(p PlannedCase) bool { return p.Case == c })
}

// Time estimates how long the block takes, its pilot included, unless that is
// done.
func (b *Planned) Time() time.Duration {
	total := b.pilotTime() + b.timeFrom(1)
	if b.most > 0 {
		return min(total, b.most)
	}
	return total
}

// timeFrom estimates how long the block takes from a fork on.
func (b *Planned) timeFrom(fork int) time.Duration {
	total := b.pictureTime()
	for ; fork <= b.Forks; fork++ {
		total += b.forkTime(fork)
	}
	return total
}

// pilotTrials is how many trials the pilot makes of a rate case, at most some
// more. The last two, which are long, take about the time of one of the target
// length; the others hardly any but their overhead.
const pilotTrials = 8

func (b *Planned) pilotTime() time.Duration {
	if b.piloted || !b.needsPilot() {
		return 0
	}
	total := forkOverhead
	for _, c := range b.Cases {
		switch {
		case c.sized():
		case b.Scenario.Fixed == 0:
			total += c.Cost + pilotTrials*trialOverhead
		default:
			total += c.Cost
		}
	}
	return total
}

// forkTime estimates how long one fork takes. Forks count from 1.
func (b *Planned) forkTime(fork int) time.Duration {
	total := time.Duration(0)
	for _, c := range b.Cases {
		if fork <= c.Forks {
			total += time.Duration(b.Rounds)*c.Cost + b.warmTime(c)
		}
	}
	if total > 0 {
		total += forkOverhead
	}
	return total
}

// warmTime estimates how long it takes to warm a fork up for a case.
func (b *Planned) warmTime(c PlannedCase) time.Duration {
	if b.Scenario.Fixed > 0 {
		return 0
	}
	part := 1.0 / warmPart
	if c.N > 0 {
		part = float64(warmUp(c.N)) / float64(c.N)
	}
	return trialOverhead + time.Duration(part*float64(c.Cost-trialOverhead))
}

// pictureTime estimates how long the trials take that are for looking at.
func (b *Planned) pictureTime() time.Duration {
	total := time.Duration(0)
	for _, c := range b.pictured() {
		total += c.Cost
	}
	if total > 0 {
		total += forkOverhead
	}
	return total
}

func (b *Planned) racyTime(o Options) time.Duration {
	racy := *b
	racy.Cases = slices.Clone(b.Cases)
	racy.fit(0, o)
	return racy.Time()
}
