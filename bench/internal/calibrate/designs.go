package calibrate

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision"
	"github.com/interleave-go/interleave/bench/internal/table"
	"github.com/interleave-go/interleave/bench/internal/tempdir"
)

// Designs measures benchmarks that are equal in every design of interleave diff,
// quiet and beside a busy neighbour, and returns half of the 99 % interval of the
// ratio that ten seconds give, in percent. It is how the rule of package
// revision was found. Each benchmark has so much time in each design and under
// each load.
func (e *Experiment) Designs(ctx context.Context, each time.Duration, told func(string)) (table.Table, error) {
	t := table.Table{Head: []string{"benchmark", "load", "in turn", "pinned", "shared core", "chosen"}, Left: map[int]bool{1: true, 5: true}}
	dir, err := tempdir.New("calibrate")
	if err != nil {
		return t, err
	}
	defer tempdir.Remove(dir)
	m, err := newModule(ctx, dir, []int{0})
	if err != nil {
		return t, err
	}
	trees, err := revision.Prepare(ctx, revision.Question{Dir: m.dir, Base: baseRevision, Head: revisionOf(0), Bench: ".", Command: "interleave calibrate -designs"})
	if err != nil {
		return t, err
	}
	defer trees.Close()
	found, err := trees.Find(ctx, told)
	if err != nil {
		return t, err
	}
	neighbour := &load{starter: e.Starter}
	defer neighbour.off()
	for _, regime := range []string{Quiet, Steady} {
		if regime == Steady {
			if err := neighbour.on(ctx); err != nil {
				return t, err
			}
		}
		told("measuring: " + regimeNames[regime])
		trials, err := found.Designs(ctx, revision.Measuring{
			Clock: e.Clock, Seed: e.Seed, Sink: func(*revision.Pair, *revision.Slice) error { return nil },
		}, each)
		if err != nil {
			return t, err
		}
		addDesigns(&t, regimeNames[regime], trials)
	}
	return t, nil
}

// comparable is the time that all intervals are told for.
const comparable = 10 * time.Second

// addDesigns adds a row for each benchmark: its trials stand together.
func addDesigns(t *table.Table, regime string, trials []revision.DesignTrial) {
	for len(trials) > 0 {
		name, row, chosen := trials[0].Benchmark, []string{}, ""
		for len(trials) > 0 && trials[0].Benchmark == name {
			half := "?"
			if h := trials[0].Half(comparable); !math.IsInf(h, 0) {
				half = fmt.Sprintf("%.2f", 100*h)
			}
			if row = append(row, half); trials[0].Chosen {
				chosen = trials[0].Design.String()
			}
			trials = trials[1:]
		}
		t.Add(append(append([]string{strings.TrimPrefix(name, "Benchmark"), regime}, row...), chosen)...)
	}
}
