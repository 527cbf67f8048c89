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
	"github.com/interleave-go/interleave/bench/internal/tempdir"
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

// comparison returns a fresh comparison of some benchmarks.
func (a *arena) comparison(ctx context.Context, slowdown float64, names ...string) (*revision.Comparison, error) {
	if a.dir == "" {
		dir, err := tempdir.New("calibrate")
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
	return a.found[percent].Fresh(names...)
}

func (a *arena) close() {
	for _, t := range a.trees {
		t.Close()
	}
	if a.dir != "" {
		tempdir.Remove(a.dir)
	}
}

// compare compares the works of some cells, which differ in nothing else, in one
// go: as interleave diff does, from finding out the size of slices to the
// ordinary runs at the end.
func (w *workshop) compare(ctx context.Context, cells []Cell) ([]Outcome, error) {
	c, limit := cells[0], time.Duration(0)
	var names []string
	for _, c := range cells {
		names, limit = append(names, c.work().benchmark()), limit+c.Limit
	}
	found, err := w.arena.comparison(ctx, c.Slowdown, names...)
	if err != nil {
		return nil, err
	}
	rules := revision.Rules{Level: diffLevel, General: c.Tolerance, Tolerance: func(*revision.Pair) float64 { return c.Tolerance }}
	began := w.clock()
	err = w.under(ctx, c.Regime, func(half func() error) error {
		var halfway error
		err := found.Measure(ctx, revision.Measuring{
			Rules: rules, Budget: limit, Seed: w.random.Uint64(), Clock: w.clock, Machine: measure.RealMachine(),
			Sink: func(*revision.Pair, *revision.Slice) error { return halfway },
			Progress: func(p revision.Progress) {
				if p.Passed >= limit/2 && halfway == nil {
					halfway = half()
				}
			},
		})
		return errors.Join(err, halfway)
	})
	if err != nil {
		return nil, err
	}
	each := (w.clock() - began).Seconds() / float64(len(cells))
	rows := found.Judge(rules)
	var outcomes []Outcome
	for i, c := range cells {
		p := found.Pairs[i]
		if p.Problem != "" {
			return nil, fmt.Errorf("a calibration trial of %s went wrong: %s", c.Work, p.Problem)
		}
		o := Outcome{Cell: c.Key, Protocol: Paired, Verdict: "unclear", Real: 1 + c.Slowdown, Seconds: each}
		for _, row := range rows {
			if row.Pair == p && row.Unit == revision.TimeUnit {
				o.Verdict, o.Ratio, o.Forks = row.Verdict.String(), row.Change.Value, row.Forks
			}
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}

// beside returns the cells that are measured in one go with one of them: false
// alarms of interleave diff are those of a whole comparison, whose level its
// benchmarks share.
func beside(c Cell, cells []Cell) []Cell {
	if c.Part != Alarms || c.work().benchmark() == "" {
		return []Cell{c}
	}
	var all []Cell
	for _, other := range cells {
		key := other.Key
		key.Work = c.Work
		if key == c.Key && other.work().benchmark() != "" {
			all = append(all, other)
		}
	}
	return all
}

// usualDiff measures both sides in the usual way.
func (w *workshop) usualDiff(ctx context.Context, c Cell, limit time.Duration, half func() error) (old, new []float64, err error) {
	found, err := w.arena.comparison(ctx, c.Slowdown, c.work().benchmark())
	if err != nil {
		return nil, nil, err
	}
	return found.Usual(ctx, samples, limit/(2*(samples+1)), half)
}
