package main

import (
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/beside"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/scenarios"
)

// Every program in Python stands beside cases that a run measures by default,
// the first way beside the baseline, and racy ways beside racy variants.
func TestBesideCases(t *testing.T) {
	set := besidePython()
	if err := set.Check(); err != nil {
		t.Fatal(err)
	}
	for _, job := range set.Jobs {
		for i, way := range job.Ways {
			c := way.Case
			at := slices.IndexFunc(scenarios.All(), func(s bench.Scenario) bool { return s.Name == c.Scenario })
			if at < 0 || c.Scenario != job.Name {
				t.Errorf("%s: there is no scenario %q", way.Title, c.Scenario)
				continue
			}
			s := scenarios.All()[at]
			v := s.Variant(c.Variant)
			if v == nil {
				t.Errorf("%s: there is no variant %q", way.Title, c.Variant)
				continue
			}
			params := ""
			for _, p := range s.Params {
				params += p.Name + "=" + p.Values[0]
			}
			if c.Params != params || !slices.Contains(s.WorkerCounts(v), c.Workers) {
				t.Errorf("%s: %v is no case of a default run", way.Title, c)
			}
			if v.Racy != way.Racy || (i == 0) != (v == s.Baseline()) {
				t.Errorf("%s: it stands beside %s", way.Title, v.Name)
			}
			if n := utf8.RuneCountInString(way.Title); n > 22 {
				t.Errorf("%s: %d characters, the table has room for 22", way.Title, n)
			}
		}
	}
}

// The programs do what they are asked, with the server of the scenario, and
// what they come to is right.
func TestBesidePython(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds of sleeping and downloading")
	}
	set := besidePython()
	var run record.Run
	err := set.Run(t.Context(), beside.Config{
		Procs: 2, Seed: 1, Clock: func() time.Duration { return 0 }, Budget: -1, // two rounds
		Sink: func(e record.Event) error { run.Add(e); return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	p := run.Peers
	if p.Interpreter.Absent != "" {
		t.Skip(p.Interpreter.Absent)
	}
	ways := 0
	for _, job := range set.Jobs {
		ways += len(job.Ways)
	}
	if len(p.Voids) > 0 || len(p.Ways) != ways || len(p.Trials) != 2*ways {
		t.Errorf("%d ways, %d trials, voids %v", len(p.Ways), len(p.Trials), p.Voids)
	}
	if p.Interpreter.Version == "" || p.Interpreter.Implementation == "" {
		t.Errorf("interpreter %+v", p.Interpreter)
	}
}
