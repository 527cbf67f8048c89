package revision

import (
	"slices"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// A found is what the benchmarks of a package on both sides did when they were
// run once.
type found struct {
	both  [2]built
	sides [2][]seen
}

// A seen is one benchmark function of one side.
type seen struct {
	function string
	results  []served.Result
	failed   []served.Failure
	skipped  bool
	slow     bool // not all of it was seen: failed says so
}

// fails reports whether a function failed by its own doing. What hung is not
// run again.
func (s seen) fails() bool { return len(s.failed) > 0 && !s.slow }

// failing returns the functions of a side that fail.
func (f *found) failing(side int) (names []string) {
	for _, s := range f.sides[side] {
		if s.fails() {
			names = append(names, s.function)
		}
	}
	return names
}

// improve takes over other binaries, and what the functions that failed did in
// them, if one of them failed less.
func (f *found) improve(again *found) bool {
	old := func(side int, s seen) *seen {
		j := slices.IndexFunc(f.sides[side], func(old seen) bool { return old.function == s.function })
		return &f.sides[side][j]
	}
	better := false
	for i, side := range again.sides {
		for _, s := range side {
			better = better || !s.slow && len(s.failed) < len(old(i, s).failed)
		}
	}
	if !better {
		return false
	}
	f.both = again.both
	for i, side := range again.sides {
		for _, s := range side {
			*old(i, s) = s
		}
	}
	return true
}
