package revision

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// A trial is a run of some iterations.
type trial struct {
	n     int
	timed time.Duration // by the benchmark's own timer
	spent time.Duration // in all

	collections int // of garbage meanwhile
}

func (t trial) perOp() float64 { return float64(t.timed) / float64(t.n) }

// A prober tries one side.
type prober struct {
	*Pair
	process process
	want    Length
	within  time.Duration
	enough  time.Duration // the longest run
	from    int           // iterations of the first
	trials  []trial

	allocates bool
	widest    served.Answer // the run that kept most cores busy
}

// climb runs more and more iterations until they take as long as the longest
// run, or until more would not fit in the time.
func (p *prober) climb(ctx context.Context) error {
	suspect := false
	n := p.from
	if len(p.trials) > 0 { // it goes on
		n = more(p.last().n, p.last().timed, p.enough)
	}
	for {
		began := time.Now()
		a, err := p.slice(ctx, p.process, n)
		if err != nil {
			if ctx.Err() != nil {
				err = p.last().tooLong(n, time.Since(began), p.within)
			}
			return err
		}
		now := trial{n, a.Run.Timed, a.Spent, a.Run.Collections}
		first := now
		if len(p.trials) > 0 {
			first = p.trials[0]
		}
		if needs := now.needs(first, p.enough); needs > p.within && p.want.N == 0 {
			if !suspect { // the process may have been held up: once more
				suspect = true
				continue
			}
			return now.idle(needs)
		}
		suspect = false
		p.trials = append(p.trials, now)
		p.allocates = a.Run.Metrics["allocs/op"] > 0
		if p.widest.Run == nil || busy(a) >= busy(p.widest) {
			p.widest = a
		}
		if now.timed >= p.enough/2 || n >= mostN || p.want.N > 0 {
			if now.timed <= 0 {
				return fmt.Errorf("%d iterations took no time: it reports no ns/op, or its loop is empty", n)
			}
			return nil
		}
		n = more(n, now.timed, p.enough)
	}
}

// last returns the run with the most iterations.
func (p *prober) last() (last trial) {
	for _, t := range p.trials {
		if t.n >= last.n {
			last = t
		}
	}
	return last
}

// sizes measures runs of a tenth and of a hundredth of the longest again, since
// those on the way were made once and cold.
func (p *prober) sizes(ctx context.Context) error {
	top := p.last().n
	for _, n := range []int{top / 100, top / 10} {
		for i := 0; i < smallRuns && n >= 1; i++ {
			if err := p.try(ctx, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// repeat measures the longest run again, and one of a tenth of it, in turn.
func (p *prober) repeat(ctx context.Context) error {
	top := p.last().n
	for range smallRuns {
		for _, n := range []int{top / 10, top} {
			if err := p.try(ctx, max(n, 1)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *prober) try(ctx context.Context, n int) error {
	a, err := p.slice(ctx, p.process, n)
	if err == nil {
		p.trials = append(p.trials, trial{n, a.Run.Timed, a.Spent, a.Run.Collections})
	}
	return err
}

// smallRuns is how often a small size is run.
const smallRuns = 3

// medians returns the median run of each size, in order of the sizes. The
// fastest would not do: the longest run is one alone, and holds what disturbed
// it.
func medians(trials []trial) []trial {
	bySize := make(map[int][]trial)
	for _, t := range trials {
		bySize[t.n] = append(bySize[t.n], t)
	}
	var sorted []trial
	for _, all := range bySize {
		slices.SortFunc(all, func(a, b trial) int { return cmp.Compare(a.timed, b.timed) })
		sorted = append(sorted, all[len(all)/2])
	}
	slices.SortFunc(sorted, func(a, b trial) int { return a.n - b.n })
	return sorted
}

// A growth is how the time of a run depends on its iterations.
type growth struct {
	fixed  float64 // nanoseconds of each run, however many iterations
	perOp  float64 // nanoseconds an iteration of the longest run
	varies bool    // beyond the fixed part, iterations take longer, or less, the more there are
}

// grows looks at the last two decades of sizes: a hundredth and a tenth of the
// longest run, and it. The first two give a line, whose end is what each run
// takes however short. The third, and all of them without that part, say
// whether an iteration costs the same: noise seldom makes it cost more and more,
// or less and less, by so much. What the runs of one size differ by is no
// finding.
func grows(trials []trial) growth {
	all := medians(trials)
	top := all[len(all)-1]
	g := growth{perOp: top.perOp()}
	all = slices.DeleteFunc(all, func(t trial) bool { return t.n < top.n/100 })
	if len(all) < 2 {
		return g
	}
	small, middle := all[0], all[max(len(all)-2, 1)]
	each := min(small.until(middle), small.until(top)) // noise seldom bends both lines
	if each > scatter(trials, small.n) && each < float64(small.timed) {
		g.fixed = each
	}
	if len(all) < 3 {
		return g
	}
	without := func(t trial) float64 { return math.Log(max(float64(t.timed)-g.fixed, 1) / float64(t.n)) }
	first, second := without(middle)-without(small), without(top)-without(middle)
	noise := max(scatter(trials, middle.n)/float64(middle.timed), scatter(trials, top.n)/float64(top.timed))
	g.varies = math.Abs(second) > mostVaries+noise && first*second >= 0
	return g
}

// until returns where the line through two runs begins: what a run without
// iterations would take, in nanoseconds.
func (t trial) until(longer trial) float64 {
	slope := float64(longer.timed-t.timed) / float64(longer.n-t.n)
	return float64(t.timed) - slope*float64(t.n)
}

// scatter returns how much the runs of a size differ.
func scatter(trials []trial, n int) float64 {
	least, most := math.Inf(1), 0.0
	for _, t := range trials {
		if t.n == n {
			least, most = min(least, float64(t.timed)), max(most, float64(t.timed))
		}
	}
	return most - least
}

// tooLong explains why n iterations did not end, after the trial that came
// before. They should have taken hardly more than a slice: what takes far longer
// than its set-up did hangs, or its timer does not say what it takes.
func (last trial) tooLong(n int, waited, within time.Duration) error {
	switch {
	case last.n > 0 && waited > 10*last.spent:
		return fmt.Errorf("%d iterations did not end within %v, though its timer ran for %v when there were %d: it hangs, or stops its timer", n, within, last.timed, last.n)
	case within < discoverWithin:
		return errNoTime
	}
	return fmt.Errorf("%d iterations did not end within %v", n, within)
}

// idle explains why a benchmark cannot be sized that needs so much time.
func (last trial) idle(needs time.Duration) error {
	if needs <= discoverWithin {
		return errNoTime
	}
	return fmt.Errorf("its timer ran for %v of the %v that %d iterations took, so that its slices cannot be sized: let it run while that is done which is to be measured", last.timed, last.spent.Round(time.Millisecond), last.n)
}

// needs estimates how long iterations would take until the timer shows enough,
// where that is far more than the timer shows: 0 where nothing points to it.
// What was spent on the first iteration is set-up, which more iterations make
// twice: package testing runs a single one before.
func (now trial) needs(first trial, enough time.Duration) time.Duration {
	idle := now.spent - now.timed - 3*first.spent
	if idle <= longestSlice || now.timed >= enough {
		return 0
	}
	return time.Duration(min(float64(idle)*float64(enough)/float64(max(now.timed, 1)), math.MaxInt64/2))
}

// more returns the next number of iterations to try: at most a hundred times
// as many, as short runs mislead, and at least twice as many, so that it ends.
func more(n int, took, enough time.Duration) int {
	want := 1.1 * float64(n) * float64(enough) / float64(max(took, 1))
	return int(min(max(want, 2*float64(n)), 100*float64(n), mostN))
}

// steadyRuns is how many slices of the final size show what kind of work it is,
// and steadyTime what they may take: of long ones a single one must do.
const (
	steadyRuns = 3
	steadyTime = 5 * targetPlain
)

// steady runs slices of the final size.
func (p *prober) steady(ctx context.Context, n int) (runs []served.Answer, err error) {
	for spent := time.Duration(0); len(runs) < steadyRuns && (len(runs) == 0 || spent < steadyTime); {
		a, err := p.slice(ctx, p.process, n)
		if err != nil {
			return runs, err
		}
		runs = append(runs, a)
		spent += a.Spent
	}
	return runs, nil
}
