package revision

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// A world is a machine whose time passes only while processes start and slices
// run. What runs at once takes as long as one after the other.
type world struct {
	mu        sync.Mutex
	now       time.Duration
	launched  int
	forks     []string          // the benchmarks whose processes were started, in order
	linked    []int             // layouts that were built
	drawn     map[string]uint64 // processes, by benchmark and side
	alive     map[*fakeProcess]bool
	running   map[*fakeProcess]string         // the benchmark that a process runs
	visits    map[*fakeProcess]map[string]int // how often a process was asked for a benchmark after another one
	kept      map[string][2]bool              // whether the last process was asked to keep a thread, and to count its time alone
	disturbed []string                        // what ran beside a benchmark and should not have
	busy      map[string]*behaviour
}

// A behaviour is what a benchmark does, on both sides unless it says otherwise.
type behaviour struct {
	perOp    float64    // nanoseconds an iteration; 0 is 1000
	fixed    float64    // nanoseconds of each run by its timer
	exponent float64    // the time of an iteration grows with this power of their number
	ratio    float64    // time(head)/time(base); 0 is 1
	noise    float64    // standard deviation of the log of a slice; 0 is 0.01
	luck     float64    // and of a process
	layout   [2]float64 // the same ratio in the usual layout alone, and in all others
	wait     float64    // the part of its time in which it waits
	threads  float64    // cores that it keeps busy where there are so many
	started  int        // goroutines a run
	parallel int        // of these, RunParallel's
	fought   float64    // times as much processor time on all cores
	alloc    float64    // allocs/op
	cycle    int        // iterations between collections
	metrics  func(perOp float64) map[string]float64
	dies     func(side, n int) error // of a process
	second   error                   // of a process that has run another benchmark
	others   int                     // goroutines that it leaves behind
	head     *behaviour              // the head's own
}

const startTime = 20 * time.Millisecond

func newWorld(all map[string]*behaviour) *world {
	return &world{busy: all, drawn: make(map[string]uint64), alive: make(map[*fakeProcess]bool), running: make(map[*fakeProcess]string), visits: make(map[*fakeProcess]map[string]int), kept: make(map[string][2]bool)}
}

func (w *world) clock() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now += d
}

// launch implements the seam of Measuring.
func (w *world) launch(ctx context.Context, p *Pair, side, layout int, l served.Launch) (process, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now += startTime
	w.launched++
	w.forks = append(w.forks, p.Name)
	f := &fakeProcess{world: w, control: p.Control, side: side, layout: layout, launch: l}
	w.alive[f] = true
	return f, ctx.Err()
}

// serve takes up a benchmark, with the luck of this process.
func (f *fakeProcess) serve(r served.Request) error {
	name := r.Benchmark
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept[name] = [2]bool{r.Keep, r.Own}; name == f.last {
		return nil
	}
	b := f.busy[name]
	if b == nil {
		b = new(behaviour)
	}
	if f.last != "" && b.second != nil {
		return b.second
	}
	f.last = name
	if f.visits[f] == nil {
		f.visits[f] = make(map[string]int)
	}
	f.visits[f][name]++
	f.drawn[name+sideNames[f.side]]++
	seed := (f.drawn[name+sideNames[f.side]]*2 + uint64(f.side)) << 32
	for _, c := range name {
		seed = seed*31 + uint64(c)
	}
	f.rng, f.behaviour, f.acts = rand.New(rand.NewPCG(seed, 7)), *b, f.side
	if f.side == head && f.control {
		f.acts = base
	} else if f.side == head && b.head != nil {
		f.behaviour = *b.head
	}
	f.luck = math.Exp(b.luck * f.rng.NormFloat64())
	return nil
}

// runs says that a process runs a benchmark, until it is told otherwise.
func (f *fakeProcess) runs(name string) (stop func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for other, beside := range f.running {
		if beside != name && !(other.launch.Pinned && f.launch.Pinned) {
			f.disturbed = append(f.disturbed, name+" beside "+beside)
		}
	}
	f.running[f] = name
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.running, f)
	}
}

type fakeProcess struct {
	*world
	behaviour
	control      bool
	side, layout int
	acts         int // as this side
	launch       served.Launch
	rng          *rand.Rand
	luck         float64
	last         string // the benchmark that it ran
}

func (f *fakeProcess) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.alive, f)
}

func (f *fakeProcess) Ask(ctx context.Context, r served.Request) (served.Answer, error) {
	name := r.Benchmark
	defer f.runs(name)()
	if err := f.serve(r); err != nil {
		return served.Answer{}, err
	}
	if f.dies != nil {
		if err := f.dies(f.acts, r.N); err != nil {
			f.pass(time.Millisecond)
			return served.Answer{}, err
		}
	}
	or := func(x, other float64) float64 {
		if x == 0 {
			return other
		}
		return x
	}
	n := float64(r.N)
	perOp := or(f.perOp, 1000) * f.luck * math.Exp(or(f.noise, 0.01)*f.rng.NormFloat64()) * math.Pow(n, f.exponent)
	if f.acts == head {
		perOp *= or(f.ratio, 1)
		if f.layout == 0 {
			perOp *= or(f.behaviour.layout[0], 1)
		} else {
			perOp *= or(f.behaviour.layout[1], 1)
		}
	}
	work := (f.fixed + perOp*n) * (1 - f.wait)
	if f.launch.Procs > 1 && f.fought > 0 {
		work *= f.fought
	}
	timed := work/min(or(f.threads, 1), float64(f.launch.Procs)) + (f.fixed+perOp*n)*f.wait
	f.pass(time.Duration(timed) + 100*time.Microsecond)
	a := served.Answer{Held: true, Spent: time.Duration(timed) + 100*time.Microsecond, Started: f.started, Run: &served.Run{
		N: r.N, Timed: time.Duration(timed), Used: time.Duration(work), Parallel: f.parallel, Others: f.others,
		Metrics: map[string]float64{"allocs/op": f.alloc, "B/op": 16 * f.alloc},
	}}
	if f.cycle > 0 {
		a.Run.Collections = r.N / f.cycle
	}
	if f.metrics != nil {
		for unit, v := range f.metrics(timed / n) {
			a.Run.Metrics[unit] = v
		}
	}
	return a, ctx.Err()
}

// comparison returns benchmarks of the world as they are found.
func (w *world) comparison(names ...string) *Comparison {
	c := &Comparison{trees: &Trees{Question: Question{Layouts: 12}}}
	apart := false
	for _, name := range names {
		p := &Pair{Package: "p", Name: name, function: name, Procs: 2, holds: true, once: time.Microsecond, units: []string{"allocs/op"}}
		if b := w.busy[name]; b != nil {
			p.once += time.Duration(b.perOp + b.fixed)
		}
		for side := range p.arms {
			p.arms[side].built = &built{placed: &apart}
		}
		c.Pairs = append(c.Pairs, p)
	}
	return c
}

// compared measures benchmarks of the world and judges them.
func (w *world) compared(t *testing.T, budget time.Duration, tolerance float64, names ...string) (*Comparison, map[string]Row) {
	t.Helper()
	c, r := w.comparison(names...), rules(tolerance)
	err := c.Measure(t.Context(), w.measuring(r, budget))
	if err != nil {
		t.Fatal(err)
	}
	rows := make(map[string]Row)
	for _, row := range c.Judge(r) {
		if row.Unit == TimeUnit {
			rows[row.Name] = row
		}
	}
	return c, rows
}

func (w *world) measuring(r Rules, budget time.Duration) Measuring {
	return Measuring{
		Rules: r, Budget: budget, Seed: 3, Clock: w.clock, Sink: func(*Pair, *Slice) error { return nil },
		launch: w.launch, cores: []int{0, 1}, atOnce: 1,
		relink: func(_ context.Context, p *Pair, layout int) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.linked = append(w.linked, layout)
			if len(w.running) > 0 {
				w.disturbed = append(w.disturbed, "the linker beside "+p.Name)
			}
			if layout > 12 {
				return fmt.Errorf("layout %d", layout)
			}
			return nil
		},
	}
}

var errDied = errors.New("it died")
