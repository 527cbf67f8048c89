package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// A shape says how the cases of a made-up run file come about.
type shape struct {
	name      string
	scenarios int
	params    int
	variants  int
	workers   []int
	bare      bool // times alone, without the metrics that every run has
}

func (s shape) cases() int { return s.scenarios * s.params * s.variants * len(s.workers) }

// shapes have 10 000 cases each: as many scenarios as a large project may have
// benchmarks, and all of them in one table, which shows what grows faster than
// the file.
var shapes = []shape{
	{name: "100 tables", scenarios: 20, params: 5, variants: 20, workers: []int{1, 2, 4, 8, 16}},
	{name: "one table", scenarios: 1, params: 1, variants: 10_000, workers: []int{2}},
	{name: "100 tables, ns/op only", scenarios: 20, params: 5, variants: 20, workers: []int{1, 2, 4, 8, 16}, bare: true},
}

// The trials of each case: forks times rounds.
const (
	fileForks  = 10
	fileRounds = 2
)

// writeFile writes a run file of the given shape as a run would, in the order
// in which a run measures: fork by fork, each round in random order.
func writeFile(out io.Writer, s shape, seed uint64) error {
	buffered := bufio.NewWriter(out)
	w := record.NewWriter(buffered)
	err := w.Write(record.Event{Run: &record.Header{Format: record.Format, ID: "COST" + strconv.FormatUint(seed, 10)}})
	keep := func(e record.Event) {
		if err == nil {
			err = w.Write(e)
		}
	}
	keep(record.Event{Settings: []record.Setting{
		{Key: "goos", Value: "linux"}, {Key: "goarch", Value: "amd64"}, {Key: "cpu", Value: "made up"},
		{Key: "cpus", Value: "2"}, {Key: "seed", Value: strconv.FormatUint(seed, 10)},
	}})
	all := s.describe()
	for i := range all {
		for _, e := range record.Describe(&all[i], "") {
			keep(e)
		}
	}
	random := rand.New(rand.NewPCG(seed, seed))
	for i := range all {
		for _, params := range all[i].AllParams() {
			s.measure(keep, &all[i], params, random)
		}
	}
	if err == nil {
		err = w.End()
	}
	if err != nil {
		return err
	}
	return buffered.Flush()
}

// describe makes the scenarios. Their variants do nothing: nobody runs them.
func (s shape) describe() []bench.Scenario {
	all := make([]bench.Scenario, s.scenarios)
	for i := range all {
		sc := bench.Scenario{Name: fmt.Sprintf("made%02d", i), Doc: "made up", Unit: "step", Workers: s.workers}
		var values []string
		for p := range s.params {
			values = append(values, strconv.Itoa(p))
		}
		if len(values) > 1 {
			sc.Params = []bench.Param{{Name: "size", Values: values}}
		}
		for v := range s.variants {
			sc.Variants = append(sc.Variants, bench.Variant{Name: fmt.Sprintf("way%05d", v), Headline: v%4 == 0, Contended: v%2 == 1})
		}
		all[i] = sc
	}
	return all
}

// measure writes the trials of one scenario at one set of parameters.
func (s shape) measure(keep func(record.Event), sc *bench.Scenario, params string, random *rand.Rand) {
	var cases []bench.Case
	for _, v := range sc.Variants {
		for _, n := range s.workers {
			cases = append(cases, bench.Case{Scenario: sc.Name, Params: params, Variant: v.Name, Workers: n, Procs: 2})
		}
	}
	times := make([]float64, len(cases))
	for i := range times {
		times[i] = 1000 * math.Exp(random.NormFloat64())
	}
	const ops = 10_000
	for fork := 1; fork <= fileForks; fork++ {
		for round := 1; round <= fileRounds; round++ {
			for order, i := range random.Perm(len(cases)) {
				elapsed := times[i] * ops * math.Exp(0.05*random.NormFloat64())
				m := record.Measurement{
					Case: cases[i], Place: record.Place{Fork: fork, Round: round, Order: order + 1}, Ops: ops,
					Elapsed: time.Duration(elapsed),
					Metrics: map[string]float64{"B/op": 16, "allocs/op": 1, "cpus": 1.2 + 0.8*random.Float64(), "overlap": random.Float64()},
				}
				if s.bare {
					m.Metrics = nil
				}
				keep(record.Event{Measurement: &m})
			}
		}
	}
}
