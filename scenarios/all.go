package scenarios

import (
	"cmp"
	"slices"

	"github.com/interleave-go/interleave/bench"
)

// introduction names the scenarios that a reader should meet first: one in
// which concurrency helps for nothing, then one in which it costs. All others
// follow in alphabetical order, so that a new file needs no entry here. (The
// order of initialisation would do for that, but it goes by file name, so a
// renamed file would move its scenario.)
var introduction = []string{"sleep", "counter"}

// added is what the files of this package have defined.
var added []bench.Scenario

// add registers a scenario and returns it, for use in a package variable.
func add(s bench.Scenario) bench.Scenario {
	added = append(added, s)
	return s
}

// All returns every scenario: those of the introduction, then the others by
// name. The slice is the caller's own.
func All() []bench.Scenario {
	return ordered(added)
}

func ordered(list []bench.Scenario) []bench.Scenario {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b bench.Scenario) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// rank returns a scenario's place in the introduction, and one behind the last
// for all that are not in it.
func rank(s bench.Scenario) int {
	if i := slices.Index(introduction, s.Name); i >= 0 {
		return i
	}
	return len(introduction)
}
