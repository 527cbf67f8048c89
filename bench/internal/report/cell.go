package report

import (
	"slices"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

func (s *Section) cell(v *record.Variant, workers int, cases arms) Cell {
	cell := Cell{Case: s.caseOf(v.Name, workers)}
	own, ms := cases.at(cell.Case).samples, cases.at(cell.Case).trials
	if len(ms) == 0 {
		return cell
	}
	cell.Time = stats.Level(own, stats.Confidence)
	// over gives the time of another case in units of this one's. Over itself
	// that is 1, which need not be reckoned.
	over := func(c bench.Case) stats.Interval {
		if c == cell.Case && cell.Time.Bounded() {
			return stats.Interval{Value: 1, Lo: 1, Hi: 1, N: cell.Time.N}
		}
		return stats.Ratio(cases.at(c).samples, own, stats.Confidence)
	}
	if base, ok := s.BaseCase(workers); ok {
		cell.Speedup = over(base)
	}
	if s.Scenario.Versus != "" {
		cell.Versus = stats.Ratio(own, cases.at(s.caseOf(s.Scenario.Versus, workers)).samples, stats.Confidence)
	}
	cell.Scaling = over(s.caseOf(v.Name, 1))
	var allocs []float64
	cell.Samples = make([]float64, 0, len(ms))
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
	cell.Overlap = newOverlap(v, workers, s.Procs, ms)
	return cell
}

// harnessMetrics are those that every trial has, or that have a place of their
// own in a report.
var harnessMetrics = []string{"B/op", "allocs/op", "cpus", "overlap", "lost"}

// ownMetrics returns the medians of the metrics that the scenario measures
// itself.
func ownMetrics(ms []*record.Measurement) map[string]float64 {
	var values map[string][]float64 // most have none
	for _, m := range ms {
		for unit, v := range m.Metrics {
			if !slices.Contains(harnessMetrics, unit) {
				if values == nil {
					values = make(map[string][]float64)
				}
				values[unit] = append(values[unit], v)
			}
		}
	}
	if values == nil {
		return nil
	}
	medians := make(map[string]float64)
	for unit, vs := range values {
		medians[unit] = stats.Median(vs)
	}
	return medians
}

// Cell returns the cell of a variant at a worker count, or the only one that
// the variant has. It is nil when there is none.
func (s *Section) Cell(variant string, workers int) *Cell {
	if i, ok := s.index[variant]; ok {
		return s.cellOf(&s.Rows[i], workers)
	}
	return nil
}

func (s *Section) cellOf(row *Row, workers int) *Cell {
	if len(row.Variant.Workers) == 1 {
		workers = row.Variant.Workers[0]
	}
	if j := slices.Index(s.Workers, workers); j >= 0 && row.Cells[j].Measured() {
		return &row.Cells[j]
	}
	return nil
}
