package runner

import (
	"testing"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
)

// A section is shown when all of its blocks have ended, in whatever order.
func TestComplete(t *testing.T) {
	counter, sleep := &bench.Scenario{Name: "counter"}, &bench.Scenario{Name: "sleep"}
	blocks := []measure.Planned{
		{Block: measure.Block{Scenario: counter, Procs: 2}},
		{Block: measure.Block{Scenario: counter, Procs: 2, Racy: true}},
		{Block: measure.Block{Scenario: sleep, Procs: 2}},
		{Block: measure.Block{Scenario: sleep, Procs: 1}},
	}
	for _, order := range [][]int{{0, 1, 2, 3}, {1, 3, 2, 0}, {3, 0, 2, 1}} {
		s := &session{plan: &measure.Plan{Blocks: blocks}, ended: make(map[int]bool)}
		for _, i := range order {
			s.ended[i] = true
			want := i > 1 || s.ended[0] && s.ended[1]
			if got := s.complete(i); got != want {
				t.Errorf("order %v: the section of block %d is complete: %v, want %v", order, i, got, want)
			}
		}
	}
}
