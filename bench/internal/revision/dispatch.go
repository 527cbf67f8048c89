package revision

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// inFlight are the forks that are being measured. Those of a shared core need no
// other core, so that there is one on each: that is no disturbance to either,
// since what meets one side of a fork meets the other.
type inFlight struct {
	done  chan *fork
	count int
	pairs map[*Pair]int // forks of each
	cores []int         // that have none
}

// forks measures one fork after the other, as the plan of verdicts says, until
// nothing more is needed or fits in the time.
func (r *measuring) forks(ctx context.Context) (err error) {
	r.flight = inFlight{done: make(chan *fork), pairs: make(map[*Pair]int), cores: slices.Clone(r.cores)}
	defer func() { // no process outlives the measuring
		for ; r.flight.count > 0; r.flight.count-- {
			<-r.flight.done
		}
	}()
	for err == nil {
		i, ok := r.watch.Next(r, r.Budget-r.passed()-r.reserve())
		switch {
		case ok && r.fits(i):
			err = r.start(ctx, i)
		case r.flight.count > 0: // what comes next needs all cores, or there is nothing
			err = r.finish(ctx, <-r.flight.done)
		case !ok:
			return nil
		case r.Pairs[i].N == 0:
			r.progress(r.Pairs[i].Name)
			err = r.sized(ctx, i)
		}
	}
	return err
}

// fits reports whether the next fork of a pair can be started now.
func (r *measuring) fits(i int) bool {
	p := r.Pairs[i]
	switch {
	case p.N == 0:
		return false
	case r.flight.count == 0:
		return true
	}
	return p.Design == SharedCore && r.flight.count < r.mostAtOnce() && !r.links(i)
}

func (r *measuring) mostAtOnce() int {
	if r.atOnce > 0 {
		return r.atOnce
	}
	return len(r.cores)
}

// start starts the next fork of a pair. One that needs all cores is measured to
// its end.
func (r *measuring) start(ctx context.Context, i int) error {
	p := r.Pairs[i]
	r.progress(p.Name)
	layout, err := r.layout(ctx, i)
	if err != nil {
		return err
	}
	cpu := 0
	if n := len(r.flight.cores); n > 0 { // drawn anew: its neighbours are luck
		n = r.rng.IntN(n)
		cpu = r.flight.cores[n]
		r.flight.cores = slices.Delete(r.flight.cores, n, n+1)
	}
	f := r.prepare(p, layout, cpu)
	f.index = i
	r.flight.count++
	r.flight.pairs[p]++
	go func() {
		f.run(ctx)
		r.flight.done <- f
	}()
	if p.Design != SharedCore {
		return r.finish(ctx, <-r.flight.done)
	}
	return nil
}

// finish takes up a fork that is done, and its estimate.
func (r *measuring) finish(ctx context.Context, f *fork) error {
	r.flight.count--
	r.flight.pairs[f.Pair]--
	if len(r.cores) > 0 {
		r.flight.cores = append(r.flight.cores, f.cpu)
	}
	f.Pair.Spent += f.took / time.Duration(r.beside(f.Pair))
	err := r.take(ctx, f)
	r.settle(f.index)
	if err != nil || len(f.slices) == 0 {
		return err
	}
	if log, ok := f.Pair.estimate(f.number); ok {
		r.watch.Add(f.index, verdict.Fork{Log: log, Layout: f.layout})
	}
	return nil
}

// Cost implements verdict.Costs: what the next fork of a pair takes, and finding
// out its size where that has not been done. A pair whose forks in flight reach
// its next look waits for them: that look may make it a suspect, and a fork that
// was started before cannot confirm what was seen before.
func (r *measuring) Cost(i int) time.Duration {
	p := r.Pairs[i]
	switch {
	case r.flight.pairs[p] > 0 && r.flight.pairs[p] >= r.watch.ToLook(i):
		return math.MaxInt64
	case p.N == 0:
		// Both sides climb, try the final size and make a fork.
		return startCost + 8*p.once + 6*allow(r.share(), r.Budget-r.passed()).longest()
	case p.forked == 0:
		return (startCost + time.Duration(2*(p.Rounds+1))*p.Slice) / time.Duration(r.beside(p))
	}
	return p.forked / time.Duration((p.Forks-r.flight.pairs[p])*r.beside(p))
}

// beside returns how many forks like those of a pair run in its time.
func (r *measuring) beside(p *Pair) int {
	if p.Design == SharedCore {
		return max(r.mostAtOnce(), 1)
	}
	return 1
}

// next returns the layout that the next fork of a pair has.
func (r *measuring) next(i int) int {
	p := r.Pairs[i]
	if !r.watch.Suspect(i) || r.layouts(p) < 2 {
		return 0
	}
	return 1 + p.confirming%r.layouts(p)
}

// links reports whether the layout of the next fork must be built, which no fork
// may run beside.
func (r *measuring) links(i int) bool { return r.next(i) > r.Pairs[i].linked }

// layout returns the layout that the next fork of a pair has, built if need be.
func (r *measuring) layout(ctx context.Context, i int) (int, error) {
	p, layout := r.Pairs[i], r.next(i)
	if layout == 0 {
		return 0, nil
	}
	p.confirming++
	if layout <= p.linked && p.unlinked == nil {
		return layout, nil
	}
	err := r.link(ctx, p, &layout)
	p.linked = max(p.linked, layout)
	return layout, err
}
