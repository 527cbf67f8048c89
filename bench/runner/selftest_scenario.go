package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// selfEnv makes the program know one scenario more, which has a fault of the
// kind that the variable names. The measuring processes inherit it. It exists
// for check -selftest, which has to show that faults are found.
const selfEnv = "INTERLEAVE_SELFTEST"

// The faults.
const (
	selfSlow    = "slow"    // the new arm does twice the work
	selfSame    = "same"    // none
	selfWrong   = "wrong"   // the new arm's result is wrong
	selfCrash   = "crash"   // the new arm ends its process
	selfPanic   = "panic"   // the new arm panics; its process lives on
	selfMissing = "missing" // there is no new arm
	selfKill    = "kill"    // the check is killed while it measures
)

func selftesting() string { return os.Getenv(selfEnv) }

// selfBudgets is what the check is asked: the new arm may take a third longer.
const selfBudgets = `rules:
  - name: the new arm is as fast as the old one
    cases: selftest/new
    ratio: "<= 1.33"
    versus: selftest/old
`

// selfScenario returns the scenario, if the environment asks for it.
func selfScenario() []bench.Scenario {
	fault := selftesting()
	if fault == "" {
		return nil
	}
	arm := func(name, fault string) bench.Variant {
		return bench.Variant{Name: name, Doc: "compute", Headline: true, New: func(_ context.Context, s bench.Setup) (*bench.Trial, error) {
			return selfTrial(s.N, fault), nil
		}}
	}
	s := bench.Scenario{
		Name: "selftest", Doc: "The check's own test: two arms that compute.", Unit: "step",
		Variants: []bench.Variant{arm("old", ""), arm("new", fault)},
	}
	if fault == selfMissing {
		s.Variants = s.Variants[:1]
	}
	return []bench.Scenario{s}
}

// selfTrial computes for some time a step.
func selfTrial(n int, fault string) *bench.Trial {
	const work = 64
	each := work
	if fault == selfSlow {
		each = 2 * work
	}
	sum := uint64(1)
	return &bench.Trial{
		Run: func(context.Context) error {
			if fault == selfCrash {
				fmt.Fprintln(os.Stderr, "the self-test crashes here")
				os.Exit(7)
			}
			if fault == selfPanic {
				panic("the self-test panics here")
			}
			for range n * each {
				sum = sum*6364136223846793005 + 1
			}
			return nil
		},
		Verify: func() error {
			if fault == selfWrong || sum == 0 {
				return errors.New("the self-test says that this is wrong")
			}
			return nil
		},
	}
}

// killSelf ends this process as the system does when memory runs out: nothing
// of it can say anything any more.
func killSelf() error {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	if err := self.Kill(); err != nil {
		return err
	}
	time.Sleep(time.Minute)
	return errors.New("the process survived being killed")
}
