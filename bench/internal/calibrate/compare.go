package calibrate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/revision"
)

// diffLevel is the level at which verdicts of interleave diff are calibrated:
// that which it has by default.
const diffLevel = 0.01

// diffPrefix begins the names of works that are compared as interleave diff
// compares: Go benchmarks of two revisions, through all that it does.
const diffPrefix = "diff/"

// benchmark returns the Go benchmark of a work, "" if it is a scenario.
func (w *work) benchmark() string {
	name, ok := strings.CutPrefix(w.name, diffPrefix)
	if !ok {
		return ""
	}
	for _, known := range diffWorks {
		if strings.EqualFold(known, name) {
			return "Benchmark" + known
		}
	}
	return ""
}

// diffWorks are the benchmarks of the module.
var diffWorks = []string{"Sort", "JSON", "Tree", "Builder", "Stopped", "Parallel", "Mutex", "HTTP"}

// An arena has the revisions of the module that were needed so far, each built
// once and compared with the base.
type arena struct {
	dir   string
	trees []*revision.Trees
	found map[int]*revision.Comparison // by the percentage of work that the head does more
}

// comparison returns a fresh comparison of one benchmark.
func (a *arena) comparison(ctx context.Context, name string, slowdown float64) (*revision.Comparison, error) {
	if a.dir == "" {
		dir, err := os.MkdirTemp("", "interleave-calibrate-")
		if err != nil {
			return nil, err
		}
		a.dir, a.found = dir, make(map[int]*revision.Comparison)
	}
	percent := int(math.Round(100 * slowdown))
	if a.found[percent] == nil {
		dir := filepath.Join(a.dir, revisionOf(percent))
		if err := os.Mkdir(dir, 0o700); err != nil {
			return nil, err
		}
		m, err := newModule(ctx, dir, []int{percent})
		if err != nil {
			return nil, err
		}
		trees, err := revision.Prepare(ctx, revision.Question{Dir: m.dir, Base: baseRevision, Head: revisionOf(percent), Bench: ".", Layouts: 1, Command: "interleave calibrate"})
		if err != nil {
			return nil, err
		}
		a.trees = append(a.trees, trees)
		if a.found[percent], err = trees.Find(ctx, func(string) {}); err != nil {
			return nil, err
		}
	}
	return a.found[percent].Fresh(name)
}

func (a *arena) close() {
	for _, t := range a.trees {
		t.Close()
	}
	if a.dir != "" {
		os.RemoveAll(a.dir)
	}
}

// compare compares as interleave diff does, from finding out the size of slices
// to the ordinary run at the end.
func (w *workshop) compare(ctx context.Context, c Cell) (Outcome, error) {
	found, err := w.arena.comparison(ctx, c.work().benchmark(), c.Slowdown)
	if err != nil {
		return Outcome{}, err
	}
	rules := revision.Rules{Level: diffLevel, General: c.Tolerance, Tolerance: func(*revision.Pair) float64 { return c.Tolerance }}
	began := w.clock()
	err = w.under(ctx, c.Regime, func(half func() error) error {
		var halfway error
		err := found.Measure(ctx, revision.Measuring{
			Rules: rules, Budget: c.Limit, Seed: w.random.Uint64(), Clock: w.clock, Machine: measure.RealMachine(),
			Sink: func(*revision.Pair, *revision.Slice) error { return halfway },
			Progress: func(p revision.Progress) {
				if p.Passed >= c.Limit/2 && halfway == nil {
					halfway = half()
				}
			},
		})
		return errors.Join(err, halfway)
	})
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Cell: c.Key, Protocol: Paired, Verdict: "unclear", Real: 1 + c.Slowdown, Seconds: (w.clock() - began).Seconds()}
	for _, row := range found.Judge(rules) {
		if row.Unit == revision.TimeUnit {
			o.Verdict, o.Ratio, o.Forks = row.Verdict.String(), row.Change.Value, row.Forks
		}
	}
	if problem := found.Pairs[0].Problem; problem != "" {
		return o, fmt.Errorf("a calibration trial went wrong: %s", problem)
	}
	return o, nil
}

// usualDiff measures both sides in the usual way.
func (w *workshop) usualDiff(ctx context.Context, c Cell, limit time.Duration, half func() error) (old, new []float64, err error) {
	found, err := w.arena.comparison(ctx, c.work().benchmark(), c.Slowdown)
	if err != nil {
		return nil, nil, err
	}
	return found.Usual(ctx, samples, limit/(2*(samples+1)), half)
}
