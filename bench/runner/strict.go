package runner

import (
	"fmt"

	"github.com/interleave-go/interleave/bench/internal/measure"
)

const strictFlag = "strict-environment"

// refuse says what is wrong with the machine and returns the refusal to measure
// on it, or nil when there is no warning. Nothing has been written by then: the
// results of an earlier run stay where they are.
func (p *program) refuse(warnings []measure.Warning) error {
	if len(warnings) == 0 {
		return nil
	}
	for _, w := range warnings {
		fmt.Fprintf(p.stderr, "warning: %s\n", w)
	}
	fmt.Fprintf(p.stderr, "interleave: nothing was measured, as -%s allows no warning: follow the remedies, or leave the flag out\n", strictFlag)
	return &finding{exitRefused}
}
