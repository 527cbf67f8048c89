package provoke

import (
	"context"
	"errors"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/demo"
)

// FixesName is the name of the scenario that [Fixes] makes.
const FixesName = "racefixes"

// FixWorkers are the numbers of goroutines at which fixes are priced.
var FixWorkers = []int{1, 2, 4}

// Fixes makes a scenario of all right fixes, so that the engine that measures
// scenarios measures what they cost. It is one scenario and not one for each
// demonstration, since its variants then share their processes: a hundred
// cases need a dozen processes instead of a thousand. ok is false when there
// is nothing to measure.
func Fixes(demos []demo.Demo) (s bench.Scenario, ok bool) {
	s = bench.Scenario{
		Name: FixesName, Doc: "what the right fixes of the races cost", Unit: "operation",
		Workers: FixWorkers,
	}
	for i := range demos {
		d := &demos[i]
		for j := range d.Fixes {
			s.Variants = append(s.Variants, bench.Variant{
				Name: FixName(d, &d.Fixes[j]), Doc: d.Fixes[j].Doc, New: priced(&d.Fixes[j]),
			})
		}
	}
	return s, len(s.Variants) > 0
}

// PriceTarget is how long a trial of a fix lasts: shorter than those of the
// scenarios, as there are a hundred.
const PriceTarget = 4 * time.Millisecond

// FixName is the name of a fix as a variant of the scenario.
func FixName(d *demo.Demo, fix *demo.Way) string { return d.Name + ":" + fix.Name }

// priced makes trials of a fix for the engine. An operation is one of any
// worker, as in all scenarios.
func priced(fix *demo.Way) func(context.Context, bench.Setup) (*bench.Trial, error) {
	return func(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
		// Every worker does the same number, rounded up: some fixes meet at
		// every operation.
		trial := fix.New(demo.Setup{Workers: setup.Workers, N: (setup.N + setup.Workers - 1) / setup.Workers, Priced: true})
		team := bench.NewTeam(setup)
		return &bench.Trial{
			Run: func(context.Context) error {
				team.Run(trial.Body)
				return nil
			},
			Verify: func() error {
				if wrong := trial.Check(); wrong != "" {
					return errors.New(wrong)
				}
				return nil
			},
		}, nil
	}
}
