package explore_test

import (
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/explore"
)

func TestBig(t *testing.T) {
	for _, c := range []struct{ th, n int; s explore.Strategy; first bool }{{2, 8, explore.Merged, true}, {2, 8, explore.Merged, false}, {3, 3, explore.Merged, false}, {3, 3, explore.Pruned, true}, {3, 3, explore.Pruned, false}} {
		start := time.Now()
		r := mustRun(t, counter(c.th, c.n), explore.Config{Strategy: c.s, FirstWitness: c.first})
		t.Log(c, time.Since(start), r.Runs, r.States, r.Memory, "\n", r)
	}
}
