package races

import (
	"embed"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/scenarios/races/flagged"
)

//go:embed *.go flagged/*.go
var sources embed.FS

// added is what the files of this package have defined.
var added []demo.Demo

// add registers a demonstration and returns it, for use in a package variable.
func add(d demo.Demo) demo.Demo {
	added = append(added, d)
	return d
}

// All returns every demonstration: the lost update, with which everyone
// begins, then the others by name.
func All() demo.Catalogue {
	demos := slices.Concat(added, flagged.All())
	slices.SortFunc(demos, func(a, b demo.Demo) int {
		switch first := LostUpdate.Name; {
		case a.Name == first:
			return -1
		case b.Name == first:
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return demo.Catalogue{
		Package: "github.com/interleave-go/interleave/scenarios/races",
		Sources: sources,
		Demos:   demos,
	}
}

// Where to read on.
const (
	memoryModel  = "https://go.dev/ref/mem"
	raceDetector = "https://go.dev/doc/articles/race_detector"
	uberRaces    = "https://www.uber.com/blog/data-race-patterns-in-go/"
)
