package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench/internal/beside"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// What a program may run beside its scenarios: the same jobs in another
// language, by programs that take their times themselves.
type (
	Beside    = beside.Set // the programs; the zero value is none
	BesideJob = beside.Job // one program's job
	BesideWay = beside.Way // one way of doing it
)

const besideFlag = "python"

// besideBudget is what the programs in another language may take: they are an
// addition to a run.
const besideBudget = 12 * time.Second

// A besidePlan is what of another language a run is to end with.
type besidePlan struct {
	beside.Set
	procs int // GOMAXPROCS of the cases to stand beside
}

// besides returns what of another language a run is to end with: everything
// after a full run, and what was asked for when it was. A run of chosen cases
// is about these, and one of limited time is not to take longer.
func (p *program) besides(c *cli.Command, plan *measure.Plan, procs []int) (besidePlan, error) {
	also := besidePlan{Set: p.Beside, procs: slices.Max(procs)}
	chosen := c.NArg() > 0 || slices.ContainsFunc([]string{"workers", "cpu", "param", "quick", "for"}, c.IsSet)
	switch asked := c.IsSet(besideFlag); {
	case !c.Bool(besideFlag) || !asked && chosen:
		return besidePlan{}, nil
	case asked && len(p.Beside.Jobs) == 0:
		return also, fmt.Errorf("-%s: this program has no jobs in another language: leave it out", besideFlag)
	}
	also.Set = p.Beside.Of(plan.Has)
	if len(also.Jobs) == 0 && len(p.Beside.Jobs) > 0 {
		return also, fmt.Errorf("-%s: none of these scenarios is there in %s: choose others, or leave it out", besideFlag, p.Beside.Language)
	}
	return also, nil
}

// String says what is planned, "" for nothing.
func (b *besidePlan) String() string {
	if len(b.Jobs) == 0 {
		return ""
	}
	var names []string
	for _, j := range b.Jobs {
		names = append(names, j.Name)
	}
	return fmt.Sprintf("%s in %s, at most %v", strings.Join(names, ", "), b.Language, besideBudget)
}

// beside runs the jobs in another language, when nothing else is measured any
// more.
func (s *session) beside(ctx context.Context) error {
	if len(s.also.Jobs) == 0 {
		return nil
	}
	s.bar.clear()
	return s.also.Run(ctx, beside.Config{
		Procs: s.also.procs, Budget: besideBudget, Seed: s.plan.Options.Seed, Clock: measure.RealClock(), Sink: s.take,
		Found: func(i record.Interpreter) {
			if i.Absent != "" {
				fmt.Fprintf(s.stderr, "nothing is measured in %s: %s\n", i.Language, i.Absent)
			} else {
				fmt.Fprintf(s.stderr, "measuring %s (%s %s)\n", &s.also, i.Implementation, i.Version)
			}
		},
	})
}
