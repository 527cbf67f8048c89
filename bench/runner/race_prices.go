package runner

import (
	"context"
	"fmt"
	"runtime"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// price measures what an operation of each right fix costs, through the engine
// that measures scenarios: fresh processes, random order, verified trials.
func (s *raceSession) price(ctx context.Context) error {
	scenario, ok := provoke.Fixes(s.demos())
	if !ok {
		return nil
	}
	block := measure.Block{Scenario: &scenario, Procs: runtime.GOMAXPROCS(0)}
	for _, c := range scenario.Cases("", block.Procs) {
		if s.wanted(c) {
			block.Cases = append(block.Cases, c)
		}
	}
	starter, err := measure.NewProcesses(s.known())
	if err != nil {
		return err
	}
	var run record.Run
	plan := measure.NewPlan([]measure.Block{block}, measure.Options{Budget: s.pricesWithin(len(block.Cases)), Target: provoke.PriceTarget, Rounds: 1, Seed: 1})
	err = plan.Run(ctx, measure.Config{
		Starter: starter, Clock: measure.RealClock(),
		Sink: func(e record.Event) error { run.Add(e); return nil },
	})
	if err != nil {
		return err
	}
	samples := make(map[bench.Case][]stats.Sample)
	for _, m := range run.Measurements {
		samples[m.Case] = append(samples[m.Case], stats.Sample{Fork: m.Fork, Round: m.Round, Value: m.PerOp()})
	}
	for _, c := range block.Cases {
		if own := samples[c]; len(own) > 0 {
			s.results.Priced(c.Variant, c.Workers, stats.Level(own, stats.Confidence))
		}
	}
	for _, v := range run.Voids {
		s.results.Unpriced(fmt.Sprintf("no price of %s: %s", record.ShortName(v.Case), v.Why))
	}
	return nil
}

// wanted reports whether a case belongs to the chosen demonstrations, and is
// one that a quick run measures.
func (s *raceSession) wanted(c bench.Case) bool {
	for _, study := range s.results.Studies {
		for i := range study.Demo.Fixes {
			if provoke.FixName(study.Demo, &study.Demo.Fixes[i]) == c.Variant {
				return !s.options.Quick || c.Workers == 2 && i == 0
			}
		}
	}
	return false
}
