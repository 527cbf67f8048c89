package gate

import (
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

const starterHead = `# What must stay true of the performance of this program. Every rule here
# travels between machines: work that waits, exact counts, correct results.
#
#   interleave check -explain   says each rule in words, and what it selects
#   interleave check            measures and decides
#
# A rule selects cases by a pattern, as run does, and asks for one or more of
#   speedup: ">= 1.9"    against the scenario's baseline
#   scaling: ">= 1.5"    against the same variant with one worker
#   ratio: "<= 0.8"      of its time to that of the case that versus: selects
#   allocs: "<= 0"       for each operation
#   lost: 0              nothing may get lost
#   race: clean          what the race detector says; or found
#   regression: {against: reference, tolerance: 5%}
# and may have name:, params: {net: shared}, required: true, portable: true and
# needs: {cpus: 2, cgo: true, same-machine: true}.
rules:
`

// waits is the number of cores in use below which a case is said to wait: then
// its speedup comes from overlapping, which every machine can do.
const waits = 0.5

// Starter writes a budgets file with the rules that travel, and margins from
// what a run measured.
func Starter(w io.Writer, all []bench.Scenario, run *record.Run) error {
	var b strings.Builder
	b.WriteString(starterHead)
	rules := 0
	for i := range all {
		s := &all[i]
		for _, c := range measuredCases(run, s) {
			switch {
			case s.Fixed > 0:
				rules += starterSpeedup(&b, s, c, run)
			case s.Variant(c.Variant).Racy:
			default:
				rules += starterCounts(&b, c, run)
			}
		}
	}
	if rules == 0 {
		return errors.New("none of the scenarios has a rule that travels between machines: write one by hand, such as ratio between two variants")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// measuredCases returns the cases of a scenario that a run has measured, each
// once.
func measuredCases(run *record.Run, s *bench.Scenario) (cases []bench.Case) {
	seen := make(map[bench.Case]bool)
	for i := range run.Measurements {
		if c := run.Measurements[i].Case; c.Scenario == s.Name {
			seen[c] = true
		}
	}
	for c := range seen {
		for _, known := range s.Cases(c.Params, c.Procs) {
			if seen[known] {
				cases = append(cases, known)
			}
		}
		break // one set of parameters: -init measures the defaults
	}
	return cases
}

// samplesOf returns what a run measured of a case in a unit; "" is time.
func samplesOf(run *record.Run, c bench.Case, unit string) (samples []stats.Sample) {
	for i := range run.Measurements {
		m := &run.Measurements[i]
		if m.Case != c {
			continue
		}
		value, ok := m.PerOp(), true
		if unit != "" {
			value, ok = m.Metrics[unit]
		}
		if ok {
			samples = append(samples, stats.Sample{Fork: m.Fork, Round: m.Round, Value: value})
		}
	}
	return samples
}

// starterSpeedup writes a rule about a case whose speedup comes from waiting.
// The bound leaves a fifth of what is gained, and what the interval leaves open.
func starterSpeedup(b *strings.Builder, s *bench.Scenario, c bench.Case, run *record.Run) int {
	base, ok := s.Against(c)
	if !ok {
		return 0
	}
	var cores []float64
	for _, x := range samplesOf(run, c, "cpus") {
		cores = append(cores, x.Value)
	}
	speedup := stats.Ratio(samplesOf(run, base, ""), samplesOf(run, c, ""), stats.Confidence)
	if len(cores) == 0 || stats.Median(cores) > waits || !speedup.Bounded() || speedup.Lo < 1.2 {
		return 0
	}
	bound := 1 + (speedup.Lo-1)*0.8
	scale := math.Pow(10, max(0, 1-math.Floor(math.Log10(bound)))) // two digits
	bound = math.Floor(bound*scale) / scale
	fmt.Fprintf(b, "  # measured: %s\n  - cases: %s\n    speedup: \">= %g\"\n\n", (&Result{Estimate: speedup}).number(), starterPattern(c), bound)
	return 1
}

// starterCounts writes a rule about what can be counted.
func starterCounts(b *strings.Builder, c bench.Case, run *record.Run) int {
	var counts []float64
	for _, x := range samplesOf(run, c, "allocs/op") {
		counts = append(counts, math.Floor(x.Value))
	}
	fmt.Fprintf(b, "  - cases: %s\n    lost: 0\n", starterPattern(c))
	if n := stats.Median(counts); len(counts) > 0 && n == math.Floor(n) {
		fmt.Fprintf(b, "    allocs: \"<= %g\"\n", n)
	}
	b.WriteString("\n")
	return 1
}

// starterPattern matches one case, whatever the GOMAXPROCS of another machine.
func starterPattern(c bench.Case) string {
	parts := []string{"^" + regexp.QuoteMeta(bench.TestName(c.Scenario)) + "$"}
	if c.Params != "" {
		for p := range strings.SplitSeq(c.Params, "/") {
			parts = append(parts, "^"+regexp.QuoteMeta(p)+"$")
		}
	}
	return strings.Join(append(parts, "^variant="+regexp.QuoteMeta(c.Variant)+"$", fmt.Sprintf("^workers=%d$", c.Workers)), "/")
}
