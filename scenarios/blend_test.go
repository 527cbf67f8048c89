package scenarios

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// In the bubble's virtual time a task that is alone is never late.
func TestBlendAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		setup := Blend.Setup(bench.Case{Scenario: "blend", Variant: "alone", Workers: 1, Procs: 2}, 1)
		setup.Clock = func() time.Duration { return time.Since(begun) }
		setup.Timeline = bench.NewTimeline(setup.Clock)
		trial, err := Blend.Variant("alone").New(t.Context(), setup)
		if err != nil {
			t.Fatal(err)
		}
		if err := trial.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(begun); got != blendWaits*blendWait {
			t.Errorf("took %v, want %v", got, blendWaits*blendWait)
		}
		if err := trial.Verify(); err != nil {
			t.Error(err)
		}
		if m := trial.Metrics(); m["late-ns"] != 0 || m["worst-ns"] != 0 || len(m) != 2 {
			t.Errorf("metrics %v", m)
		}
		if n := len(setup.Timeline.Spans()); n != blendWaits {
			t.Errorf("%d spans, want one for each of %d waits", n, blendWaits)
		}
	})
}

// How many goroutines compute follows the cores, on any machine.
func TestBlendComputing(t *testing.T) {
	for variant, want := range map[string][]int{ // at 1, 2 and 8 cores
		"alone": {0, 0, 0}, "core-free": {0, 1, 7}, "all-cores": {1, 2, 8}, "yielding": {1, 2, 8},
	} {
		for i, procs := range []int{1, 2, 8} {
			if got := computingIn(t, variant, procs); got != want[i] {
				t.Errorf("%s on %d cores: %d goroutines compute, want %d", variant, procs, got, want[i])
			}
		}
	}
}

// computingIn counts the goroutines that compute, by their spans, in a trial
// that is cancelled: all begin, and nobody waits for long.
func computingIn(t *testing.T, variant string, procs int) (n int) {
	t.Helper()
	setup := bench.Setup{Workers: 1, N: blendWaits, Procs: procs, Timeline: bench.NewTimeline(func() time.Duration { return 0 })}
	trial, err := Blend.Variant(variant).New(t.Context(), setup)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := trial.Run(ctx); err == nil {
		t.Error("a cancelled trial ends without an error")
	}
	if err := trial.Verify(); err == nil || !strings.Contains(err.Error(), "0 of 10 waits") {
		t.Errorf("%s: a cancelled trial is verified: %v", variant, err)
	}
	for _, s := range setup.Timeline.Spans() {
		if s.Kind == bench.Work {
			n++
		}
	}
	return n
}

func TestBlendVerify(t *testing.T) {
	whole := func() *blend { return &blend{waits: blendWaits, pieces: []int{3, 1}, late: []time.Duration{5, 0}} }
	for _, tt := range []struct {
		want  string
		spoil func(*blend)
	}{
		{"9 of 10 waits", func(b *blend) { b.waits-- }},
		{"wait 2 was over 1ns early", func(b *blend) { b.late[1] = -1 }},
		{"goroutine 1 of 2 never computed", func(b *blend) { b.pieces[0] = 0 }},
		{"1 pieces of computing", func(b *blend) { b.wrong.Add(1) }},
	} {
		b := whole()
		if err := b.verify(); err != nil {
			t.Fatal(err)
		}
		tt.spoil(b)
		if err := b.verify(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("verify: %v, want %q", err, tt.want)
		}
	}
}

func TestBlendMetrics(t *testing.T) {
	b := &blend{late: []time.Duration{50, 10, 40, 20, 30}}
	if m := b.metrics(); m["late-ns"] != 30 || m["worst-ns"] != 50 {
		t.Errorf("metrics %v", m)
	}
	if m := new(blend).metrics(); m != nil {
		t.Errorf("metrics without a clock: %v", m)
	}
}
