// Command interleave measures this repository's scenarios.
package main

import (
	"github.com/interleave-go/interleave/bench/runner"
	"github.com/interleave-go/interleave/scenarios"
)

func main() { runner.Main(scenarios.All()...) }
