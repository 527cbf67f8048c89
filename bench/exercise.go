package bench

import (
	"errors"
	"fmt"
)

// An Exercise is a scenario's work at the size of a class on threads: small
// enough to follow line by line, and printing what such programs print.
type Exercise struct {
	Title string // what happens: "two tasks count, five steps of a second"
	Why   string // why concurrency helps here, or does not: one sentence

	// Params are parameter settings as [Case.Params] writes them. They need
	// not be among the scenario's own: a variant may know a classroom size
	// that is never measured.
	Params string

	Workers    int
	N          int    // operations, in a rate scenario
	Sequential string // variant; empty means that there is nothing to compare with
	Concurrent string // variant

	// Repeat is how many times a racy variant runs, as written and then with
	// pinned threads. Zero means 1, and is right for all others.
	Repeat int
}

// checkExercises returns what is wrong with the scenario's exercises, or nil.
func (s *Scenario) checkExercises() error {
	for i := range s.Exercises {
		e := &s.Exercises[i]
		fail := func(why string) error { return fmt.Errorf("exercise %d (%s): %s", i+1, e.Title, why) }
		concurrent := s.Variant(e.Concurrent)
		switch {
		case e.Title == "":
			return errors.New("an exercise has no title")
		case concurrent == nil:
			return fail("its Concurrent names no variant")
		case e.Sequential != "" && s.Variant(e.Sequential) == nil:
			return fail("its Sequential names no variant")
		case e.Sequential != "" && s.Variant(e.Sequential).Racy:
			return fail("its Sequential is racy: compare with a correct variant")
		case e.Workers < 1 || e.Workers > MaxWorkers:
			return fail("its Workers is not a number of workers")
		case s.Fixed == 0 && e.N < 1:
			return fail("its scenario leaves the operations free: set N")
		case e.Repeat > 1 && !concurrent.Racy:
			return fail("it repeats a variant that is not racy, which gives the same each time")
		}
	}
	return nil
}
