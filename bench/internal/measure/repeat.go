package measure

import (
	"context"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// Here runs trials of one case in this process, one after the other, outside
// the statistics: to look into them, as profiles do. Nothing of it is a
// measurement. GOMAXPROCS is the caller's to set.
type Here struct {
	Scenario *bench.Scenario
	Case     bench.Case
	Clock    Clock
	Dir      string // where trials may write

	// Around, if not nil, is called by Repeat in place of each trial's Run, and
	// has to call run once. It surrounds Run as closely as the clock does:
	// set-up, verification and the harness's own collection of garbage are
	// outside.
	Around func(run func() error) error
}

// Repeated is what trials came to that were repeated here.
type Repeated struct {
	Trials int
	Ran    time.Duration // in Run, of all trials together
}

// Size returns how many operations make a trial of the target length: 1 job,
// in a fixed scenario. What trials it makes know nothing of Around.
func (h *Here) Size(ctx context.Context, target time.Duration) (n int, p *Problem) {
	if h.Scenario.Fixed > 0 {
		return 1, nil
	}
	for n := 1; ; {
		a := h.trial(ctx, n, nil)
		if a.Problem != nil {
			return 0, a.Problem
		}
		if a.Elapsed >= target/4 || n >= maxN {
			return roundTwo(min(float64(n)*float64(target)/float64(max(a.Elapsed, 1)), maxN)), nil
		}
		n = grow(n, a.Elapsed, target)
	}
}

// Repeat runs trials of n operations until they have taken so long, set-up
// included, and at least one. It stops at the first that fails.
func (h *Here) Repeat(ctx context.Context, n int, long time.Duration) (Repeated, *Problem) {
	var all Repeated
	for began := h.Clock(); ; {
		a := h.trial(ctx, n, h.Around)
		if a.Problem != nil {
			return all, a.Problem
		}
		all.Trials++
		all.Ran += a.Elapsed
		if h.Clock()-began >= long {
			return all, nil
		}
	}
}

func (h *Here) trial(ctx context.Context, n int, around func(func() error) error) Answer {
	return Trial(ctx, h.Scenario, Request{Case: h.Case, N: n, Around: around}, h.Clock, h.Dir)
}
