package judge

import (
	"math"
	"slices"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// A Precision watches until intervals are narrow: half of a 95 % interval at
// most a given part of the estimate. It is for estimates, not for verdicts:
// that an interval is narrow does not depend on where it lies, so looking at
// its width costs little, and it is looked at only where a verdict would be.
type Precision struct {
	part    float64
	goals   []goal
	samples map[bench.Case][]stats.Sample
	settled map[bench.Case]bool
}

// A goal is a case and what it is compared with.
type goal struct {
	bench.Case
	base    bench.Case
	compare bool
}

// NewPrecision returns a watch over the cases of blocks: over the speedup of
// those that have a baseline there, and over the time of the others. Racy cases
// have neither.
func NewPrecision(part float64, blocks []measure.Block) *Precision {
	p := &Precision{part: part, samples: make(map[bench.Case][]stats.Sample), settled: make(map[bench.Case]bool)}
	for _, b := range blocks {
		for _, c := range b.Cases {
			g := goal{Case: c}
			g.base, g.compare = b.Scenario.Against(c)
			g.compare = g.compare && slices.Contains(b.Cases, g.base)
			if !b.Racy {
				p.goals = append(p.goals, g)
			}
		}
	}
	return p
}

// Take takes up an event of the run.
func (p *Precision) Take(e record.Event) {
	if m := e.Measurement; m != nil {
		p.samples[m.Case] = append(p.samples[m.Case], stats.Sample{Fork: m.Fork, Round: m.Round, Value: m.PerOp()})
	}
	if f := e.Fork; f != nil && f.Void != "" {
		for c, all := range p.samples {
			if c.Scenario == f.Scenario && c.Params == f.Params && c.Procs == f.Procs {
				p.samples[c] = without(all, f.Fork)
			}
		}
	}
	if e.Void != nil {
		for _, g := range p.goals {
			if g.Name() == e.Void.Case || g.base.Name() == e.Void.Case {
				p.settled[g.Case] = true
			}
		}
	}
}

// Done reports whether a case, and all that is compared with it, is precise.
func (p *Precision) Done(c bench.Case) bool {
	for _, g := range p.goals {
		if (g.Case == c || g.compare && g.base == c) && !p.precise(g) {
			return false
		}
	}
	return true
}

func (p *Precision) precise(g goal) bool {
	if p.settled[g.Case] || !verdict.IsLook(forks(p.samples[g.Case])) {
		return p.settled[g.Case]
	}
	i := stats.Level(p.samples[g.Case], stats.Confidence)
	if g.compare {
		i = stats.Ratio(p.samples[g.base], p.samples[g.Case], stats.Confidence)
	}
	if i.Bounded() && math.Log(i.Hi/i.Lo)/2 <= math.Log1p(p.part) {
		p.settled[g.Case] = true
	}
	return p.settled[g.Case]
}

// Missed returns the cases that did not become precise.
func (p *Precision) Missed() []bench.Case {
	var cases []bench.Case
	for _, g := range p.goals {
		if !p.settled[g.Case] {
			cases = append(cases, g.Case)
		}
	}
	return cases
}

func forks(samples []stats.Sample) int {
	seen := make(map[int]bool)
	for _, s := range samples {
		seen[s.Fork] = true
	}
	return len(seen)
}
