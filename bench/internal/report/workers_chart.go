package report

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/bench/internal/chart"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// workersChart shows what more workers bring: the speedup over the baseline,
// beside the ideal.
func (r *Report) workersChart(s *Section) figure {
	if len(s.Workers) < 2 {
		return nil
	}
	base := s.Scenario.Variants[0]
	what := "speedup over " + base.Name + " with as many " + s.Scenario.Worker + "s"
	if len(base.Workers) == 1 {
		what = "speedup over " + base.Name
	}
	l := chart.Lines{
		Subtitle: r.subtitle(s, capital(s.heading())+": "+what+"; bar: 95 % interval"),
		XLabel:   s.Scenario.Worker + "s", YLabel: "speedup",
		IdealFrom: 1, Mark: float64(s.Procs), MarkLabel: plural(s.Procs, "core"),
	}
	low, high := 1.0, 1.0
	top := highest{}
	for _, row := range s.Rows {
		series := chart.Line{Name: row.Variant.Name}
		for i, c := range row.Cells {
			gain := c.Speedup
			if !gain.Known() || c.Unclear {
				continue
			}
			xy := chart.XY{X: float64(s.Workers[i]), Y: gain.Value}
			if gain.Bounded() {
				xy.Lo, xy.Hi = gain.Lo, gain.Hi
			}
			series.Points = append(series.Points, xy)
			top.add(row.Variant.Name, s.Workers[i], gain)
			low, high = min(low, gain.Value), max(high, gain.Value)
		}
		if len(series.Points) > 1 {
			l.Series = append(l.Series, series)
		}
	}
	if len(l.Series) == 0 {
		return nil
	}
	l.LogY = high > 10*low
	if all := len(l.Series); all > mostLines {
		l.Series = mostGaining(l.Series)
		l.Subtitle += fmt.Sprintf("; the %d of %d that gain most", mostLines, all)
	}
	l.Title = top.sentence(s.Scenario.Worker)
	return l
}

// mostLines is how many lines of a chart can still be followed.
const mostLines = 12

// mostGaining returns as many lines as can be followed, in their order: those
// with the highest points.
func mostGaining(lines []chart.Line) []chart.Line {
	top := func(l chart.Line) (y float64) {
		for _, p := range l.Points {
			y = max(y, p.Y)
		}
		return y
	}
	gains := make([]float64, len(lines))
	for i, l := range lines {
		gains[i] = top(l)
	}
	slices.Sort(gains)
	least := gains[len(gains)-mostLines]
	var kept []chart.Line
	for _, l := range lines {
		if top(l) >= least && len(kept) < mostLines {
			kept = append(kept, l)
		}
	}
	return kept
}

// highest finds the variant that gains most, and those that the intervals do
// not tell from it.
type highest struct {
	best map[string]stats.Interval // the largest gain of each variant
	name string
	at   int
}

func (h *highest) add(name string, workers int, gain stats.Interval) {
	if h.best == nil {
		h.best = make(map[string]stats.Interval)
	}
	if gain.Value > h.best[h.name].Value {
		h.name, h.at = name, workers
	}
	if gain.Value > h.best[name].Value {
		h.best[name] = gain
	}
}

func (h *highest) sentence(worker string) string {
	top := h.best[h.name]
	if top.Bounded() && top.Hi < 1.05 {
		return fmt.Sprintf("No variant gains from more %ss", worker)
	}
	if top.Bounded() && top.Lo <= 1 {
		return fmt.Sprintf("Unclear whether anything gains from more %ss: %s comes to %s with %s", worker, h.name, plain(top), plural(h.at, worker))
	}
	text := fmt.Sprintf("Most is gained by %s: %s times with %s%s", h.name, times(top), plural(h.at, worker), caveat(top))
	rivals := 0
	for name, gain := range h.best {
		if name != h.name && (!top.Bounded() || !gain.Bounded() || gain.Hi >= top.Lo) {
			rivals++
		}
	}
	if rivals > 0 {
		text = fmt.Sprintf("%s gains %s times with %s; %s cannot be told from it", capital(h.name), times(top), plural(h.at, worker), plural(rivals, "other")) + caveat(top)
	}
	return text
}
