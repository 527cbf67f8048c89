// Command interleave measures this repository's scenarios and demonstrates its
// races.
package main

import (
	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/runner"
	"github.com/interleave-go/interleave/scenarios"
	"github.com/interleave-go/interleave/scenarios/races"
	"github.com/interleave-go/interleave/scenarios/races/schedules"
)

func main() {
	runner.Program{Scenarios: scenarios.All(), Demos: []demo.Catalogue{races.All()}, Schedules: schedules.All(), Claims: scenarios.Claims()}.Main()
}
