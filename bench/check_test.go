package bench_test

import (
	"context"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench"
)

func newNothing(context.Context, bench.Setup) (*bench.Trial, error) { return &bench.Trial{}, nil }

// sound returns a scenario that passes Check, and uses everything it looks at.
func sound() bench.Scenario {
	return bench.Scenario{
		Name:    "sound",
		Workers: []int{1, 2, 8},
		Params: []bench.Param{
			{Name: "net", Values: []string{"latency", "none"}},
			{Name: "size", Values: []string{"64"}},
		},
		Exercises: []bench.Exercise{
			{Title: "count", N: 10, Workers: 2, Sequential: "base", Concurrent: "other"},
			{Title: "race", N: 10, Workers: 2, Concurrent: "racy", Repeat: 20},
		},
		Versus: "other",
		Lesson: bench.Lesson{Variant: "other", Workers: 2, Text: "%s times"},
		Variants: []bench.Variant{
			{Name: "base", New: newNothing, Workers: []int{1}},
			{Name: "other", New: newNothing},
			{Name: "racy", New: newNothing, Racy: true},
		},
	}
}

func TestCheckAccepts(t *testing.T) {
	plain := bench.Scenario{Name: "plain", Variants: []bench.Variant{{Name: "base", New: newNothing}}}
	if err := bench.Check([]bench.Scenario{sound(), plain}); err != nil {
		t.Error(err)
	}
}

func TestCheckObjects(t *testing.T) {
	for _, tt := range []struct {
		spoil func(*bench.Scenario)
		want  string
	}{
		{func(s *bench.Scenario) { s.Name = "" }, "scenario 1: a name is empty: give it a Name of one word in lower case"},
		{func(s *bench.Scenario) { s.Name = "Counter" }, `scenario 1: the scenario name "Counter" does not begin with a letter from a to z`},
		{func(s *bench.Scenario) { s.Name = "a b" }, `scenario 1: the name "a b" contains a space`},
		{func(s *bench.Scenario) { s.Variants = nil }, `scenario "sound": it has no variants`},
		{func(s *bench.Scenario) { s.Variants[0].Racy = true }, "its first variant is racy"},
		{func(s *bench.Scenario) { s.Fixed = -1 }, "Fixed is negative"},
		{func(s *bench.Scenario) { s.Workers = []int{0, 1} }, "0 workers: the count must be from 1 to 100000"},
		{func(s *bench.Scenario) { s.Workers = []int{1_000_000} }, "1000000 workers: the count must be from 1 to 100000"},
		{func(s *bench.Scenario) { s.Workers = []int{2, 1} }, "worker counts [2 1] are not ascending"},
		{func(s *bench.Scenario) { s.Workers = []int{2, 2} }, "worker counts [2 2] are not ascending"},
		{func(s *bench.Scenario) { s.Variants[1].Name = "" }, "variant 2: a name is empty"},
		{func(s *bench.Scenario) { s.Variants[1].Name = "a/b" }, `variant 2: the name "a/b" contains '/'`},
		{func(s *bench.Scenario) { s.Variants[1].Name = "base" }, `variant "base" is defined twice`},
		{func(s *bench.Scenario) { s.Variants[1].New = nil }, `variant "other" has no New`},
		{func(s *bench.Scenario) { s.Variants[1].Workers = []int{-1} }, `variant "other": -1 workers`},
		{func(s *bench.Scenario) { s.Versus = "none" }, `Versus names the variant "none", which it does not have`},
		{func(s *bench.Scenario) { s.Lesson.Variant = "none" }, "its Lesson must name one of its variants"},
		{func(s *bench.Scenario) { s.Lesson.Text = "faster" }, "contain %s once"},
		{func(s *bench.Scenario) { s.Lesson.Text = "%s or %s" }, "contain %s once"},
		{func(s *bench.Scenario) { s.Exercises[0].Title = "" }, "an exercise has no title"},
		{func(s *bench.Scenario) { s.Exercises[0].Concurrent = "" }, "exercise 1 (count): its Concurrent names no variant"},
		{func(s *bench.Scenario) { s.Exercises[0].Sequential = "none" }, "its Sequential names no variant"},
		{func(s *bench.Scenario) { s.Exercises[0].Sequential = "racy" }, "its Sequential is racy"},
		{func(s *bench.Scenario) { s.Exercises[0].Workers = 0 }, "its Workers is not a number of workers"},
		{func(s *bench.Scenario) { s.Exercises[0].N = 0 }, "leaves the operations free: set N"},
		{func(s *bench.Scenario) { s.Exercises[0].Repeat = 2 }, "it repeats a variant that is not racy"},
		{func(s *bench.Scenario) { s.Params[1].Name = "net" }, `parameter "net" is defined twice`},
		{func(s *bench.Scenario) { s.Params[0].Name = "variant" }, `parameter "variant" is defined twice, or has a reserved name`},
		{func(s *bench.Scenario) { s.Params[0].Name = "workers" }, `parameter "workers" is defined twice, or has a reserved name`},
		{func(s *bench.Scenario) { s.Params[0].Name = "" }, "parameter: a name is empty"},
		{func(s *bench.Scenario) { s.Params[0].Values = nil }, `parameter "net" has no values`},
		{func(s *bench.Scenario) { s.Params[0].Values[1] = "1/2" }, `parameter "net": the name "1/2" contains '/'`},
		{func(s *bench.Scenario) { s.Params[0].Values[1] = "latency" }, `parameter "net" has the value "latency" twice`},
	} {
		s := sound()
		tt.spoil(&s)
		checkSentence(t, bench.Check([]bench.Scenario{s}), tt.want)
	}
	checkSentence(t, bench.Check(nil), "there is no scenario to run")
	checkSentence(t, bench.Check([]bench.Scenario{sound(), sound()}), `scenario "sound" is defined twice`)
}

// checkSentence checks that an error is one sentence with the wanted words.
func checkSentence(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %q", want)
		return
	}
	if got := err.Error(); !strings.Contains(got, want) || strings.ContainsAny(got, "\n") || strings.Contains(got, ". ") {
		t.Errorf("error %q, want one sentence with %q", got, want)
	}
}

func TestCheckTrial(t *testing.T) {
	run := func(context.Context) error { return nil }
	verify := func() error { return nil }
	if err := bench.CheckTrial(&bench.Trial{Run: run, Verify: verify}); err != nil {
		t.Error(err)
	}
	checkSentence(t, bench.CheckTrial(nil), "New returned no trial and no error")
	checkSentence(t, bench.CheckTrial(&bench.Trial{Verify: verify}), "a trial without Run")
	checkSentence(t, bench.CheckTrial(&bench.Trial{Run: run}), "a trial without Verify")
}
