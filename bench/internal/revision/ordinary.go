package revision

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A verdict on another quantity than the one that the owner of a benchmark
// knows is false however narrow its interval. So each benchmark runs once more
// as go test runs it, and what its slices say is held against that.
const (
	checkPart   = 0.07 // of the budget, for all pairs
	leastCheck  = 20 * time.Millisecond
	checkRuns   = 3    // that must all disagree
	mostOff     = 1.25 // times
	checkFactor = 1.2  // what a run takes with the shorter ones before it
	checkSlices = 3    // whose median counts: one may be cold, or disturbed
)

// checkTime returns for how long a pair runs as go test would run it. go test
// itself takes a second: so long runs those whose time depends on it.
func (r *measuring) checkTime(p *Pair) time.Duration {
	n := max(len(r.Pairs), 1)
	part := time.Duration(checkPart / checkFactor * float64(r.Budget) / float64(n))
	if p.Long {
		part = max(part, r.Budget/time.Duration(6*n))
	}
	return min(max(part, leastCheck), longestRun)
}

// reserve returns the time that ordinary runs will take.
func (r *measuring) reserve() time.Duration {
	sum := time.Duration(0)
	for _, p := range r.Pairs {
		if p.checked() {
			sum += r.checkCost(p)
		}
	}
	return min(sum, time.Duration(2*checkPart*float64(r.Budget)))
}

// checked reports whether a pair has slices to check. One iteration that takes
// as long as go test runs a benchmark is what go test measures, too.
func (p *Pair) checked() bool {
	return len(p.Slices) > 0 && p.Problem == "" && !p.Control && !(p.N == 1 && p.Level > float64(longestRun))
}

func (r *measuring) checkCost(p *Pair) time.Duration {
	return startCost + checkSlices*p.Slice + time.Duration(checkFactor*float64(max(r.checkTime(p), time.Duration(p.Level))))
}

// ordinary runs each benchmark of the base as go test does, and again as long
// as it disagrees with its slices. What the time does not allow stays unchecked,
// and says so.
func (r *measuring) ordinary(ctx context.Context) error {
	for n := range checkRuns {
		for _, p := range r.Pairs {
			if !p.checked() || n > 0 && p.off() == 0 || n > len(p.Ordinary) {
				continue
			}
			if r.checkCost(p) > r.Budget-r.passed()+r.share()/4 {
				continue
			}
			r.progress(p.Name)
			began := r.passed()
			err := r.runOrdinary(ctx, p)
			p.Spent += r.passed() - began
			if err != nil {
				return err
			}
		}
	}
	for _, p := range r.Pairs {
		if off := p.off(); off != 0 && len(p.Ordinary) == checkRuns {
			p.Off = math.Abs(off)
			p.Doubt = fmt.Sprintf("an iteration of an ordinary run takes %.2g times what one of its slices does: they do not measure the same", math.Exp(off))
		}
	}
	return nil
}

// runOrdinary runs a benchmark of the base. One that can be held runs as many
// iterations as go test would choose; otherwise package testing chooses.
func (r *measuring) runOrdinary(ctx context.Context, p *Pair) error {
	c, err := r.couple(ctx, p, 0, base, served.Launch{Procs: p.Procs})
	if err != nil {
		return ctx.Err()
	}
	defer func() { r.release(c, err != nil) }()
	process := c.processes[base]
	limited, cancel := context.WithTimeout(ctx, max(r.Budget/4, leastDiscovery))
	defer cancel()
	if !p.holds {
		var a served.Answer
		a, err = process.Ask(limited, served.Request{Benchmark: p.function, Pattern: served.Pattern(p.Name), Time: r.checkTime(p).String()})
		if err == nil {
			a, err = p.printed(a, p.Procs)
		}
		if err == nil && a.Run.Timed > 0 {
			p.Ordinary = append(p.Ordinary, Ordinary{PerOp: float64(a.Run.Timed) / float64(a.Run.N)})
		}
		return ctx.Err()
	}
	o, err := p.beside(limited, process, r.checkTime(p))
	if err == nil {
		p.Ordinary = append(p.Ordinary, o)
	}
	return ctx.Err()
}

// beside runs some slices, as they are compared, and then as many iterations as
// go test would choose, in one process: so neither another process nor another
// moment has a part in what they differ by.
func (p *Pair) beside(ctx context.Context, from process, long time.Duration) (o Ordinary, err error) {
	if _, err = p.slice(ctx, from, 1); err != nil { // as go test begins
		return o, err
	}
	var slices []float64
	for range checkSlices {
		a, err := p.slice(ctx, from, p.N)
		if err != nil {
			return o, err
		}
		slices = append(slices, float64(a.Run.Timed)/float64(p.N))
	}
	o.Slice = stats.Median(slices)
	a, err := p.slice(ctx, from, max(int(float64(long)/o.Slice), 1))
	if err == nil && (a.Run.Timed <= 0 || o.Slice <= 0) {
		err = errors.New("its timer did not run")
	}
	if err == nil {
		o.PerOp = float64(a.Run.Timed) / float64(a.Run.N)
	}
	return o, err
}

// An Ordinary is a run of a benchmark as go test makes it, with slices in front
// of it: nanoseconds an iteration of both. Slice is 0 where there are none.
type Ordinary struct{ PerOp, Slice float64 }

// unshared returns what an iteration takes in nanoseconds when nothing shares
// its cores: in ordinary runs, or, where there was no time for any, in slices.
func (p *Pair) unshared() float64 {
	if len(p.Ordinary) > 0 {
		var perOps []float64
		for _, o := range p.Ordinary {
			perOps = append(perOps, o.PerOp)
		}
		return stats.Median(perOps)
	}
	if p.Design == SharedCore || len(p.Slices) == 0 {
		return p.Level
	}
	return p.level(p.samples(base, ""), "")
}

// off returns by how many times, as a logarithm, the slices and the ordinary
// run that comes nearest to them disagree; 0 where that is no more than they
// may. Without slices in the same process, those of forks stand for them.
func (p *Pair) off() float64 {
	nearest := math.Inf(1)
	for _, o := range p.Ordinary {
		slice := o.Slice
		if slice == 0 && len(p.Slices) > 0 {
			slice = p.level(p.samples(base, ""), "")
		}
		if log := math.Log(o.PerOp / slice); math.Abs(log) < math.Abs(nearest) {
			nearest = log
		}
	}
	if math.IsNaN(nearest) || math.IsInf(nearest, 0) || math.Abs(nearest) <= math.Log(mostOff) {
		return 0
	}
	return nearest
}
