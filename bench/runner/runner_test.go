package runner_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/scripttest"
	"github.com/interleave-go/interleave/bench/runner"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata/script")

// Each program is a main of somebody's own, with something wrong in it. The
// test binary plays all of them: testscript starts it under their names, and
// the runner starts it again to measure.
var programs = map[string][]bench.Scenario{
	"fine":          {toy(good, good)},
	"none":          nil,
	"novariants":    {{Name: "toy"}},
	"noname":        {{Variants: []bench.Variant{{Name: "a", New: good}}}},
	"twice":         {toy(good), toy(good)},
	"slash":         {{Name: "to/y", Variants: []bench.Variant{{Name: "a", New: good}}}},
	"equals":        {{Name: "toy", Variants: []bench.Variant{{Name: "a=b", New: good}}}},
	"space":         {{Name: "toy", Variants: []bench.Variant{{Name: "a b", New: good}}}},
	"nonew":         {{Name: "toy", Variants: []bench.Variant{{Name: "a"}}}},
	"racyfirst":     {{Name: "toy", Variants: []bench.Variant{{Name: "a", New: good, Racy: true}}}},
	"norun":         {toy(good, trial(bench.Trial{Verify: right}))},
	"noverify":      {toy(good, trial(bench.Trial{Run: spin}))},
	"notrial":       {toy(good, func(context.Context, bench.Setup) (*bench.Trial, error) { return nil, nil })},
	"newfails":      {toy(good, func(context.Context, bench.Setup) (*bench.Trial, error) { return nil, errors.New("no luck") })},
	"newpanics":     {toy(good, func(context.Context, bench.Setup) (*bench.Trial, error) { panic("in New") })},
	"runpanics":     {toy(good, trial(bench.Trial{Run: func(context.Context) error { panic("in Run") }, Verify: right}))},
	"verifypanics":  {toy(good, trial(bench.Trial{Run: spin, Verify: func() error { panic("in Verify") }}))},
	"dies":          {toy(good, trial(bench.Trial{Run: die, Verify: right}))},
	"wrong":         {toy(good, trial(bench.Trial{Run: spin, Verify: func() error { return errors.New("9 of 10") }}))},
	"wrongbaseline": {toy(trial(bench.Trial{Run: spin, Verify: func() error { return errors.New("9 of 10") }}), good)},
	"prints":        {toy(good, trial(bench.Trial{Run: chatter, Verify: right}))},
}

func TestMain(m *testing.M) {
	mains := make(map[string]func())
	for name, scenarios := range programs {
		mains[name] = func() { runner.Main(scenarios...) }
	}
	mains["late"] = func() {
		if os.Getenv("INTERLEAVE_CHILD") != "" {
			fmt.Println("a main of its own mind")
			return // instead of calling runner.Main
		}
		runner.Main(toy(good, good))
	}
	mains["greets"] = func() {
		fmt.Println("BenchmarkHello/variant=a/workers=1 1 1 ns/op")
		runner.Main(toy(good, good))
	}
	mains["parses"] = func() {
		ownFlags()
		runner.Main(toy(good, good))
	}
	mains["handsover"] = func() {
		rest := ownFlags()
		os.Args = append(os.Args[:1], rest...)
		runner.Main(toy(good, good))
	}
	testscript.Main(m, mains)
}

// ownFlags parses the command line as a main with flags of its own does, and
// returns what is left. (The flags of package flag are go test's here.)
func ownFlags() []string {
	own := flag.NewFlagSet(os.Args[0], flag.ExitOnError)
	own.Bool("loud", false, "a flag of the program's own")
	if err := own.Parse(os.Args[1:]); err != nil {
		panic("ExitOnError returned " + err.Error())
	}
	return own.Args()
}

func TestScript(t *testing.T) {
	defer goleak.VerifyNone(t)
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Condition:     condition,
		Cmds:          scripttest.Commands(),
	})
}

// condition knows [race]: a program with the race detector refuses to measure.
func condition(name string) (bool, error) {
	if name == "race" {
		return measure.RaceBuild, nil
	}
	return false, fmt.Errorf("unknown condition %q", name)
}

// toy is a fixed scenario with a variant for each constructor: a, b, ….
func toy(news ...func(context.Context, bench.Setup) (*bench.Trial, error)) bench.Scenario {
	s := bench.Scenario{Name: "toy", Doc: "nothing much", Fixed: 1}
	for i, n := range news {
		s.Variants = append(s.Variants, bench.Variant{
			Name: string(rune('a' + i)), New: n, Headline: true,
			Estimate: func(bench.Setup) time.Duration { return time.Millisecond },
		})
	}
	return s
}

func trial(t bench.Trial) func(context.Context, bench.Setup) (*bench.Trial, error) {
	return func(context.Context, bench.Setup) (*bench.Trial, error) { return &t, nil }
}

var good = trial(bench.Trial{Run: spin, Verify: right})

func right() error { return nil }

// spin works for long enough to be timed, without looking at a clock.
func spin(context.Context) error {
	x := uint64(1)
	for range 100_000 {
		x = x*6364136223846793005 + 1
	}
	if x == 0 {
		return errors.New("cannot be: x is odd")
	}
	return nil
}

func die(context.Context) error {
	fmt.Fprintln(os.Stderr, "goodbye cruel world")
	os.Exit(7)
	return nil
}

func chatter(context.Context) error {
	for range 10_000 {
		fmt.Println("BenchmarkLie/variant=a/workers=1 1 1 ns/op")
	}
	return nil
}
