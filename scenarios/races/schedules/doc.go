// Package schedules holds the race demonstrations once more, as bodies for
// package explore: what the catalogue provokes on real cores, these run under
// every schedule. A file has patterns of a kind, the racy code and its repairs, so
// that the outcomes which were seen can be put beside those that are possible.
//
// A pattern and its ways have the names that they have in the catalogue. A body
// is the catalogue's code at a small size, with the steps marked: a plain
// variable is loaded in one step and stored in another, as the processor does
// it. What no order of steps can show, such as a crash in the middle of a map
// write, has no body here; what only the memory order can show has one, and
// says so.
package schedules

import (
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/explore"
)

// memoryOrder is why sequential consistency hides a race.
const memoryOrder = "memory order: every order of the steps is harmless, and only a processor or a compiler that changes the order of a thread's own steps shows the race"

var added []explore.Pattern

// add registers a pattern and returns it, for use in a package variable.
func add(p explore.Pattern) explore.Pattern {
	added = append(added, p)
	return p
}

// All returns every pattern, sorted by name.
func All() []explore.Pattern {
	all := slices.Clone(added)
	slices.SortFunc(all, func(a, b explore.Pattern) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// both starts two threads that do the same, A and B, numbered 0 and 1, and
// waits for them.
func both(t *explore.T, f func(th *explore.Thread, i int)) {
	for i, name := range []string{"A", "B"} {
		t.Go(name, func(th *explore.Thread) { f(th, i) })
	}
	t.Wait()
}
