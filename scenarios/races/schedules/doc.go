// Package schedules holds the race demonstrations once more, as bodies for
// package explore: what the catalogue provokes on real cores, these run under
// every schedule. One file has one pattern, the racy code and its repairs, so
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

// A Pattern is one demonstration.
type Pattern struct {
	Demo string // its name in the catalogue
	Ways []Way  // the racy one first
}

// A Way is one way of writing its code.
type Way struct {
	Name string // as in the catalogue
	Body explore.Body

	// Wrong says that some schedule ends with a wrong outcome, a panic or a
	// deadlock. A test holds it to that.
	Wrong bool

	// Hidden says why racy code has no wrong outcome here.
	Hidden string
}

// memoryOrder is why sequential consistency hides a race.
const memoryOrder = "memory order: every order of the steps is harmless, and only a processor or a compiler that changes the order of a thread's own steps shows the race"

var added []Pattern

// add registers a pattern and returns it, for use in a package variable.
func add(p Pattern) Pattern {
	added = append(added, p)
	return p
}

// All returns every pattern, sorted by name.
func All() []Pattern {
	all := slices.Clone(added)
	slices.SortFunc(all, func(a, b Pattern) int { return strings.Compare(a.Demo, b.Demo) })
	return all
}

// Find returns the way of a demonstration, or nil. An empty way means the racy
// one.
func Find(demo, way string) *Way {
	for _, p := range added {
		if p.Demo != demo {
			continue
		}
		for i := range p.Ways {
			if p.Ways[i].Name == way || way == "" {
				return &p.Ways[i]
			}
		}
	}
	return nil
}

// both starts two threads that do the same, A and B, numbered 0 and 1, and
// waits for them.
func both(t *explore.T, f func(th *explore.Thread, i int)) {
	for i, name := range []string{"A", "B"} {
		t.Go(name, func(th *explore.Thread) { f(th, i) })
	}
	t.Wait()
}
