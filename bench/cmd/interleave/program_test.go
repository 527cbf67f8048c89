package main

import (
	"slices"
	"testing"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/scenarios"
)

// program makes all of the program a part of the test binary. The scripts run
// one that TestMain builds; go test does not see that, and would show results
// from its cache although the program has changed.
var program = main

func TestProgramIsLinked(t *testing.T) {
	if program == nil {
		t.Error("there is no program")
	}
}

// What stands beside Python is measured: each of its cases is one of ours.
func TestPythonCases(t *testing.T) {
	all := scenarios.All()
	for _, job := range besidePython().Jobs {
		for _, way := range job.Ways {
			if i := slices.IndexFunc(all, func(s bench.Scenario) bool { return s.Name == way.Case.Scenario }); i < 0 {
				t.Errorf("%s: there is no scenario %q", way.Title, way.Case.Scenario)
			} else if s := &all[i]; !slices.Contains(s.AllParams(), way.Case.Params) || !slices.Contains(s.Cases(way.Case.Params, way.Case.Procs), way.Case) {
				t.Errorf("%s: %s has no case %s", way.Title, s.Name, way.Case.Name())
			}
		}
	}
}
