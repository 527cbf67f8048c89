package revision

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// A Pair is a benchmark that both sides have.
type Pair struct {
	Package string
	Name    string // of the benchmark, without GOMAXPROCS
	Procs   int

	N       int           // iterations of a slice, the same on both sides
	Rounds  int           // slices of each side in a fork
	Slice   time.Duration // estimated, what goes with it included
	Alone   bool          // it runs in a single goroutine and allocates nothing
	Spent   time.Duration // on it, in all
	Notes   []string      // what the reader of its numbers should know
	Problem string        // why it could not be measured
	Starved bool          // the budget has no room for it

	OneSided []OneSided // metrics that only one side reports, by their units

	Measurements []record.Measurement
	forks        int           // that were started
	stolen       time.Duration // of the processor time while it was measured
	processor    time.Duration
	judgedAt     int  // the forks when it was last looked at
	decided      bool // by then

	once     time.Duration // what one iteration took when it was found
	function string
	units    []string // of its metrics other than time
	arms     [2]arm   // base, head
}

// An arm is one side of a pair.
type arm struct {
	binaries []served.Binary
	test     string
}

// The variants that a benchmark has for the engine.
const (
	variantOld     = "old"
	variantNew     = "new"
	variantControl = "control"
)

// Title is the pair's name for people and for patterns.
func (p *Pair) Title() string { return p.Package + "." + p.FullName() }

// FullName is the benchmark's name as go test prints it.
func (p *Pair) FullName() string {
	if p.Procs == 1 {
		return p.Name
	}
	return fmt.Sprintf("%s-%d", p.Name, p.Procs)
}

// scenario is the pair as the engine sees it.
func (p *Pair) scenario(control bool) *bench.Scenario {
	never := func(context.Context, bench.Setup) (*bench.Trial, error) {
		return nil, fmt.Errorf("%s runs in test binaries", p.Title())
	}
	s := &bench.Scenario{Name: "pair", Unit: "op", Variants: []bench.Variant{{Name: variantOld, New: never}, {Name: variantNew, New: never}}}
	if control {
		s.Variants = append(s.Variants, bench.Variant{Name: variantControl, New: never})
	}
	return s
}

// A starter starts forks of a pair: a process of each side, in random order.
type starter struct {
	*Pair
	control bool // with another one of the base
	rng     *rand.Rand
}

// Start implements measure.Starter.
func (s *starter) Start(ctx context.Context, procs int) (measure.Fork, error) {
	f := &fork{Pair: s.Pair, processes: make(map[string]*served.Process)}
	variants := []string{variantOld, variantNew}
	if s.control && s.forks < controlForks {
		variants = append(variants, variantControl)
	}
	s.rng.Shuffle(len(variants), func(i, j int) { variants[i], variants[j] = variants[j], variants[i] })
	for _, v := range variants {
		side := base
		if v == variantNew {
			side = head
		}
		a := &s.arms[side]
		p, err := a.binaries[s.layout()].Start(ctx, a.test, procs)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: %w", sideNames[side], err)
		}
		f.processes[v] = p
	}
	s.forks++
	return f, nil
}

// layout returns which build of its side the next fork takes: the same of both
// sides, in turn, so that forks of one layout can be told by their number.
func (s *starter) layout() int { return s.forks % s.layouts() }

// layouts returns how many builds each side has. What a layout does to the
// speed is the same in all forks that have it, so that only other layouts tell
// how much it may be.
func (p *Pair) layouts() int { return max(len(p.arms[base].binaries), 1) }

// A fork is a process of each side.
type fork struct {
	*Pair
	processes map[string]*served.Process
}

// Trial implements measure.Fork: one slice.
func (f *fork) Trial(ctx context.Context, r measure.Request) (measure.Answer, error) {
	v := r.Case.Variant
	p := f.processes[v]
	if p == nil {
		return measure.Answer{}, fmt.Errorf("there is no process for the arm %s", v)
	}
	if r.N != f.N && f.Rounds == 1 {
		// To warm up would cost as much as the only slice, and each slice
		// begins with an iteration anyway.
		return measure.Answer{Elapsed: 1}, nil
	}
	result, _, err := slice(ctx, p, f.Pair, r.N)
	var said *refusal
	switch {
	case errors.As(err, &said): // it will say so again
		return measure.Answer{Problem: &measure.Problem{Text: fmt.Sprintf("%s: %v", sideOf(v), err)}}, nil
	case err != nil:
		return measure.Answer{}, fmt.Errorf("%s: %w", sideOf(v), err)
	}
	metrics := make(map[string]float64)
	for unit, value := range result.Metrics {
		if record.CheckMetric(unit, value) == nil {
			metrics[unit] = value
		}
	}
	return measure.Answer{Elapsed: result.Elapsed, Metrics: metrics}, nil
}

// Close implements measure.Fork.
func (f *fork) Close() {
	for _, p := range f.processes {
		p.Close()
	}
}

// sideOf returns the name of the side that a variant is of.
func sideOf(variant string) string {
	if variant == variantNew {
		return sideNames[head]
	}
	return sideNames[base]
}

// A refusal is a benchmark's own word that it gives no result. Its process is
// as good as before.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

func refuse(format string, args ...any) error { return &refusal{fmt.Sprintf(format, args...)} }

// slice runs n iterations in a process.
func slice(ctx context.Context, process *served.Process, p *Pair, n int) (served.Result, served.Answer, error) {
	a, err := process.Ask(ctx, served.Request{Benchmark: p.function, Pattern: served.Pattern(p.Name), N: n})
	if err != nil {
		return served.Result{}, a, err
	}
	if a.Skipped {
		return served.Result{}, a, refuse("it skipped itself at %d iterations", n)
	}
	results, failures := served.Parse(a.Output, p.Procs)
	for _, f := range failures {
		return served.Result{}, a, refuse("%s failed at %d iterations: %s", f.Name, n, f.Text)
	}
	for _, r := range results {
		switch {
		case r.Name != p.Name:
		case r.N != n:
			return r, a, refuse("it made %d iterations where %d were asked for", r.N, n)
		default:
			return r, a, nil
		}
	}
	return served.Result{}, a, refuse("it is gone: the benchmarks that %s makes differ from run to run", p.function)
}
