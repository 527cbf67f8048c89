package report

import (
	"slices"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

func (s *Section) cell(v *record.Variant, workers int, cases map[bench.Case][]record.Measurement) Cell {
	cell := Cell{Case: s.caseOf(v.Name, workers)}
	ms := cases[cell.Case]
	if len(ms) == 0 {
		return cell
	}
	own := samples(ms)
	cell.Time = stats.Level(own, stats.Confidence)
	against := func(c bench.Case) []stats.Sample { return samples(cases[c]) }
	if base, ok := s.BaseCase(workers); ok {
		cell.Speedup = stats.Ratio(against(base), own, stats.Confidence)
	}
	if s.Scenario.Versus != "" {
		cell.Versus = stats.Ratio(own, against(s.caseOf(s.Scenario.Versus, workers)), stats.Confidence)
	}
	cell.Scaling = stats.Ratio(against(s.caseOf(v.Name, 1)), own, stats.Confidence)
	var allocs []float64
	for _, m := range ms {
		if n, ok := m.Metrics["allocs/op"]; ok {
			allocs = append(allocs, n)
		}
		cell.Samples = append(cell.Samples, m.PerOp())
	}
	cell.Allocs = -1
	if len(allocs) > 0 {
		cell.Allocs = stats.Median(allocs)
	}
	cell.Metrics = ownMetrics(ms)
	return cell
}

// harnessMetrics are those that every trial has, or that have a place of their
// own in a report.
var harnessMetrics = []string{"B/op", "allocs/op", "cpus", "overlap", "lost", switchesUnit}

// ownMetrics returns the medians of the metrics that the scenario measures
// itself.
func ownMetrics(ms []record.Measurement) map[string]float64 {
	values := make(map[string][]float64)
	for _, m := range ms {
		for unit, v := range m.Metrics {
			if !slices.Contains(harnessMetrics, unit) {
				values[unit] = append(values[unit], v)
			}
		}
	}
	medians := make(map[string]float64)
	for unit, vs := range values {
		medians[unit] = stats.Median(vs)
	}
	return medians
}

func samples(ms []record.Measurement) []stats.Sample {
	out := make([]stats.Sample, len(ms))
	for i := range ms {
		out[i] = stats.Sample{Fork: ms[i].Fork, Round: ms[i].Round, Value: ms[i].PerOp()}
	}
	return out
}

// Cell returns the cell of a variant at a worker count, or the only one that
// the variant has. It is nil when there is none.
func (s *Section) Cell(variant string, workers int) *Cell {
	for i := range s.Rows {
		row := &s.Rows[i]
		if row.Variant.Name != variant {
			continue
		}
		if len(row.Variant.Workers) == 1 {
			workers = row.Variant.Workers[0]
		}
		if j := slices.Index(s.Workers, workers); j >= 0 && row.Cells[j].Measured() {
			return &row.Cells[j]
		}
	}
	return nil
}
