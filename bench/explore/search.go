package explore

import (
	"errors"
	"math/bits"
)

// A search goes through schedules depth first, by running the body again from
// the start for each: a Go program cannot be put back to an earlier state. It
// holds one node for each step of the schedule it is at, and no more.
type search struct {
	nodes []node
	depth int // how many nodes the run under way has passed

	prune bool // leave out schedules that only reorder independent steps
	bound int  // pre-emptions; unbounded if negative
	cut   bool // the bound kept something out
	merge *merge
}

// A node is a choice: which thread takes the step.
type node struct {
	enabled uint64 // the threads that could
	todo    uint64 // still to be tried, the picked one among them
	sleep   uint64 // need not be tried: what follows was seen in another order
	pick    int8
	used    int // pre-emptions before this step
}

var errChanging = errors.New("explore: the body is not the same in every run: after the same steps, other threads can go on; it must not depend on clocks, random numbers, the order of maps, or what earlier runs left behind")

// choose picks the thread of the next step: on the way down to where the
// schedules part the same as in the last run, and then the first one.
func (s *search) choose(t *T, enabled uint64) int {
	if s.depth < len(s.nodes) {
		n := &s.nodes[s.depth]
		if n.enabled != enabled {
			t.fail(errChanging)
		}
		s.depth++
		return int(n.pick)
	}
	if s.merge != nil && s.merge.known(t, s) {
		return none
	}
	n := node{enabled: enabled, todo: enabled, used: t.switches}
	first := bits.TrailingZeros64(enabled)
	if p := len(t.schedule); p > 0 {
		last := int(t.schedule[p-1])
		if s.prune {
			n.sleep = s.asleep(t)
			if n.todo &^= n.sleep; n.todo == 0 {
				return none
			}
		}
		if s.bound >= 0 && n.used == s.bound && enabled>>last&1 == 1 {
			s.cut = s.cut || enabled != 1<<last
			n.todo = 1 << last
		}
		first = last
	}
	if n.todo>>first&1 == 0 {
		first = bits.TrailingZeros64(n.todo)
	}
	n.pick = int8(first)
	s.nodes = append(s.nodes, n)
	s.depth++
	return first
}

// asleep returns the threads that need not be tried after the last step. Where
// two threads could go, and the second has gone first already, the first need
// not be tried after the second again if their steps are independent; nor
// until some step is taken that is not independent of its own.
func (s *search) asleep(t *T) (set uint64) {
	parent := s.nodes[len(s.nodes)-1].sleep
	for i, th := range t.threads {
		if parent>>i&1 == 1 && !th.pending.conflicts(t.last) {
			set |= 1 << i
		}
	}
	return set
}

// next moves on to the next schedule and reports whether there is one.
func (s *search) next() bool {
	s.depth = 0
	for len(s.nodes) > 0 {
		n := &s.nodes[len(s.nodes)-1]
		tried := uint64(1) << n.pick
		n.todo &^= tried
		if s.prune {
			n.sleep |= tried
		}
		if n.todo != 0 {
			n.pick = int8(bits.TrailingZeros64(n.todo))
			return true
		}
		s.nodes = s.nodes[:len(s.nodes)-1]
		if s.merge != nil {
			s.merge.leave()
		}
	}
	return false
}
