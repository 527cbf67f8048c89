// Command cost measures what Interleave itself costs: how long report takes
// beside benchstat, and how much of a run's time the harness takes from what
// it measures. It exits with 1 when a limit is exceeded. It is called as
//
//	cost PATH-OF-INTERLEAVE PATH-OF-BENCHSTAT
//
// and measures real time, so nothing else should run meanwhile.
package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/runner"
	"github.com/interleave-go/interleave/scenarios"
)

// engineEnv tells a child that it serves the engine alone, without the runner.
const engineEnv = "INTERLEAVE_COST_ENGINE"

func main() {
	switch {
	case measure.IsChild() && os.Getenv(engineEnv) != "":
		os.Exit(measure.ServeChild(scenarios.All()))
	case measure.IsChild():
		runner.Main(scenarios.All()...) // it serves the runner's own scenarios as well
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit code: 1 for a limit exceeded, 2 when something could not
// be measured.
func run(args []string, stdout, stderr io.Writer) int {
	fail := func(err error) int {
		fmt.Fprintf(stderr, "cost: %v\n", err)
		return 2
	}
	if len(args) != 2 {
		return fail(fmt.Errorf("got %d arguments: name the programs interleave and benchstat, or use make cost", len(args)))
	}
	dir, err := os.MkdirTemp("", "interleave-cost-")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir)
	fmt.Fprintf(stdout, "%s\n\n", machine())
	slow, err := reportBesideBenchstat(stdout, args[0], args[1], dir)
	if err != nil {
		return fail(err)
	}
	heavy, err := harness(stdout, dir)
	if err != nil {
		return fail(err)
	}
	exceeded := append(slow, heavy...)
	for _, text := range exceeded {
		fmt.Fprintf(stdout, "EXCEEDED: %s\n", text)
	}
	if len(exceeded) > 0 {
		return 1
	}
	return 0
}

// machine says where the figures come from.
func machine() string {
	settings, _ := measure.Environment("make cost", 0, runtime.GOMAXPROCS(0))
	var facts []string
	for _, s := range settings {
		switch s.Key {
		case "seed":
		case "cpus":
			facts = append(facts, s.Value+" CPUs")
		case "commit", "load", "steal":
			facts = append(facts, s.Key+" "+s.Value)
		default:
			facts = append(facts, s.Value)
		}
	}
	return strings.Join(facts, ", ")
}
