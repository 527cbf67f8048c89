package revision

import (
	"context"
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
	checkPart   = 0.1 // of the budget, for all pairs
	leastCheck  = 20 * time.Millisecond
	checkRuns   = 3    // that must all disagree
	mostOff     = 1.25 // times
	checkFactor = 1.2  // what a run takes with the shorter ones before it
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
	return startCost + time.Duration(checkFactor*float64(max(r.checkTime(p), time.Duration(p.Level))))
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
			p.Doubt = fmt.Sprintf("an iteration of an ordinary run takes %.2g times what one of its slices does: they do not measure the same", math.Exp(off))
		}
	}
	return nil
}

// runOrdinary runs a benchmark of the base in a fresh process. One that can be
// held runs as many iterations as go test would choose; otherwise package
// testing chooses.
func (r *measuring) runOrdinary(ctx context.Context, p *Pair) error {
	process, err := r.launch(ctx, p, base, 0, served.Launch{Test: p.arms[base].test, Procs: p.Procs})
	if err != nil {
		return ctx.Err()
	}
	defer process.Close()
	limited, cancel := context.WithTimeout(ctx, max(r.Budget/4, leastDiscovery))
	defer cancel()
	if !p.holds {
		a, err := process.Ask(limited, served.Request{Benchmark: p.function, Pattern: served.Pattern(p.Name), Time: r.checkTime(p).String()})
		if a, err = p.printed(a, p.Procs); err == nil && a.Run.Timed > 0 {
			p.Ordinary = append(p.Ordinary, Ordinary{N: a.Run.N, Timed: a.Run.Timed})
		}
		return ctx.Err()
	}
	for n, last := 1, false; ; {
		a, err := p.slice(limited, process, n)
		if err != nil || a.Run.Timed <= 0 {
			return ctx.Err()
		}
		if last || a.Run.Timed >= r.checkTime(p)/2 {
			p.Ordinary = append(p.Ordinary, Ordinary{n, a.Run.Timed, a.Run.Used})
			return ctx.Err()
		}
		perOp := float64(a.Run.Timed) / float64(n)
		if last = n > 1; last {
			n = max(int(float64(r.checkTime(p))/perOp), 1)
		} else {
			n = max(p.N, 2)
		}
	}
}

// An Ordinary is a run of a benchmark as go test makes it.
type Ordinary struct {
	N           int
	Timed, Used time.Duration
}

// unshared returns what an iteration takes in nanoseconds when nothing shares
// its cores: in ordinary runs, or, where there was no time for any, in slices.
func (p *Pair) unshared() float64 {
	if len(p.Ordinary) > 0 {
		var perOps []float64
		for _, o := range p.Ordinary {
			perOps = append(perOps, float64(o.Timed)/float64(o.N))
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
// may. Slices on a shared core are processor time, of which a collector on
// other cores makes more, and less of the time of a clock.
func (p *Pair) off() float64 {
	if len(p.Slices) == 0 || len(p.Ordinary) == 0 {
		return 0
	}
	nearest, level := math.Inf(1), p.level(p.samples(base, ""), "")
	for _, o := range p.Ordinary {
		times := []time.Duration{o.Timed}
		if p.Design == SharedCore {
			times = append(times, o.Used)
		}
		for _, t := range times {
			if log := math.Log(float64(t) / float64(o.N) / level); math.Abs(log) < math.Abs(nearest) {
				nearest = log
			}
		}
	}
	if math.IsNaN(nearest) || math.IsInf(nearest, 0) || math.Abs(nearest) <= math.Log(mostOff) {
		return 0
	}
	return nearest
}
