package gate

import (
	"math"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// speedupUnit is the unit of a speedup over the baseline of the same run.
const speedupUnit = "speedup"

// cases makes benchmarks of the cases of a run: the time of each process, and
// its speedup over the baseline, paired within rounds.
func (f *BenchFile) cases(run *record.Run) {
	samples := make(map[bench.Case][]stats.Sample)
	for i := range run.Measurements {
		m := &run.Measurements[i]
		samples[m.Case] = append(samples[m.Case], stats.Sample{Fork: m.Fork, Round: m.Round, Value: m.PerOp()})
	}
	r := report.New(run)
	for i := range r.Sections {
		s := &r.Sections[i]
		unsure := ""
		if part, known := run.Steal(s.Scenario.Name, s.Params, s.Procs); known && part > muchSteal {
			unsure = "the host took more than a tenth of the processor time"
		}
		for _, row := range s.Rows {
			for j := range row.Cells {
				if cell := &row.Cells[j]; cell.Measured() {
					f.addCell(s, cell, samples, unsure)
				}
			}
		}
	}
}

func (f *BenchFile) addCell(s *report.Section, cell *report.Cell, samples map[bench.Case][]stats.Sample, unsure string) {
	if unsure == "" && cell.Overlap.Lacking() {
		unsure = "its goroutines hardly ran at the same time, so that the time is no more than luck"
	}
	own := samples[cell.Case]
	times := exp(stats.Logs(stats.Rounds(own, own), ownLevel))
	for i := range times {
		times[i] /= 1e9
	}
	b := f.benchmark(benchName{name: cell.Case.Short()}, 0)
	b.samples = len(times)
	b.series = append(b.series, &series{unit: "sec/op", shown: "ns/op", scale: 1e9, values: times, unsure: unsure})
	base, ok := s.BaseCase(cell.Case.Workers)
	if !ok || base == cell.Case {
		return
	}
	if unsure == "" && cell.Unclear {
		unsure = "the goroutines of the baseline hardly ran at the same time, so that the speedup is no more than luck"
	}
	if ups := exp(stats.Logs(stats.Rounds(own, samples[base]), stats.PairMedian)); len(ups) > 0 {
		b.series = append(b.series, &series{unit: speedupUnit, shown: speedupUnit, scale: 1, values: ups, unsure: unsure, base: benchName{name: base.Short()}})
	}
}

// ownLevel is the level of one arm in a process: the logarithm of its median.
var ownLevel = stats.Estimator{Name: "own median", Of: func(old, _ []float64) float64 { return math.Log(stats.Median(old)) }}

// exp returns the exponentials.
func exp(logs []float64) []float64 {
	out := make([]float64, len(logs))
	for i, x := range logs {
		out[i] = math.Exp(x)
	}
	return out
}
