package revision

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// A pair that was interrupted while its slices were sized has not failed.
func TestInterruptedIsNoProblem(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	w := newWorld()
	c := &Comparison{Pairs: []*Pair{{Name: "a"}, {Name: "b"}}}
	err := c.Measure(ctx, Measuring{
		Budget: time.Minute, Clock: w.clock, Decided: func(*Pair) bool { return false },
		Sink:  func(*Pair, record.Measurement) error { return nil },
		start: func(p *Pair) measure.Starter { return fakeStarter{w, p, false} },
		size: func(context.Context, *Pair, Length, allowance) error {
			stop()
			return errors.New("its process was killed")
		},
	})
	if !errors.Is(err, context.Canceled) || c.Pairs[0].Problem != "" || c.Pairs[1].Problem != "" {
		t.Errorf("%v; %q, %q", err, c.Pairs[0].Problem, c.Pairs[1].Problem)
	}
}
