package gate

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
)

// A stuckFork never answers.
type stuckFork struct{}

func (stuckFork) Trial(ctx context.Context, _ measure.Request) (measure.Answer, error) {
	<-ctx.Done()
	return measure.Answer{}, ctx.Err()
}

func (stuckFork) Close() {}

// A trial that hangs under the race detector is given up, and says what to look
// for.
func TestRaceTrialHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := raceTrial(t.Context(), stuckFork{}, bench.Case{})
		if err == nil || err.Error() != "the trial did not end within 1m0s: look for a deadlock" {
			t.Errorf("error %v", err)
		}
	})
}

// TestReportCounter holds that a report is counted wherever the text is cut.
func TestReportCounter(t *testing.T) {
	text := "==================\nWARNING: DATA RACE\nWARNING: DATA RACE\n"
	for size := 1; size < len(text); size++ {
		var r reportCounter
		for rest := text; rest != ""; {
			n := min(size, len(rest))
			r.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		if r.count() != 2 {
			t.Errorf("in pieces of %d bytes: %d reports, want 2", size, r.count())
		}
	}
}
