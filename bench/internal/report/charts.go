package report

import (
	"fmt"
	"os"
	"strings"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/chart"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// Draw draws the charts of a section into a directory and remembers the names
// of the files. A chart that the data cannot fill is not drawn.
func (r *Report) Draw(s *Section, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("no directory for the charts: %w: choose another with -o", err)
	}
	name := s.Name(r.Run.Setting("cpus"))
	figures := []struct {
		name string
		make func(*Section) figure
	}{
		{"time", r.timeChart},
		{"workers", r.workersChart},
		{"timeline", r.timelineChart},
		{"samples", r.samplesChart},
	}
	r.Charts[name] = nil
	for _, f := range figures {
		drawing := f.make(s)
		if drawing == nil {
			continue
		}
		fig, err := drawing.Figure()
		if err != nil {
			return fmt.Errorf("chart %s of %s: %w", f.name, s.heading(), err)
		}
		paths, err := chart.Write(dir, name+"-"+f.name, fig)
		if err != nil {
			return fmt.Errorf("%w: choose another directory with -o", err)
		}
		r.Charts[name] = append(r.Charts[name], paths...)
	}
	return nil
}

// A figure is a chart before it is laid out.
type figure interface {
	Figure() (*chart.Figure, error)
}

// subtitle is the grey line under a chart's title: what is shown, how often it
// was measured, and where.
func (r *Report) subtitle(s *Section, what string) string {
	cpus, model, version := r.Run.Setting("cpus"), r.Run.Setting("cpu"), r.Run.Setting("go")
	text := fmt.Sprintf("%s; %s; GOMAXPROCS=%d", what, s.forks(), s.Procs)
	switch {
	case cpus != "" && model != "":
		text += ", " + cpus + "\u00a0CPUs (" + model + ")"
	case cpus != "":
		text += ", " + cpus + "\u00a0CPUs"
	case model != "":
		text += ", " + model
	}
	if version != "" {
		text += ", " + version
	}
	return text
}

// timeChart shows the time of an operation by variant, a dot for each number
// of workers.
func (r *Report) timeChart(s *Section) figure {
	d := chart.Dots{
		Title:    strings.TrimSuffix(s.Sentence(), "."),
		Subtitle: r.subtitle(s, fmt.Sprintf("%s: time of one %s; dot: estimate, bar: 95 %% interval", capital(s.heading()), s.opUnit())),
		XLabel:   "time of one " + s.opUnit(),
		Format:   tick,
	}
	for _, w := range s.Workers {
		d.Series = append(d.Series, plural(w, s.Scenario.Worker))
	}
	low, high := 0.0, 0.0
	for _, row := range s.Rows {
		cr := chart.Row{Label: row.Variant.Name}
		for i := range row.Cells {
			t := row.Cells[i].Time
			p := point(t)
			p.Open = p.Open || row.Cells[i].Overlap.Lacking()
			cr.Points = append(cr.Points, p)
			if t.Known() && (low == 0 || t.Value < low) {
				low = t.Value
			}
			high = max(high, t.Value)
		}
		d.Rows = append(d.Rows, cr)
	}
	d.Log = high > 8*low
	if len(d.Rows) == 0 {
		return nil
	}
	return d
}

// point makes a chart point of a time in nanoseconds.
func point(t stats.Interval) chart.Point {
	switch {
	case !t.Known():
		return chart.Point{Missing: true}
	case !t.Bounded():
		return chart.Point{X: t.Value, Open: true, Label: duration(t.Value)}
	}
	return chart.Point{X: t.Value, Lo: t.Lo, Hi: t.Hi, Label: duration(t.Value)}
}

// tick writes a time on an axis: "30 ns", "1 µs".
func tick(ns float64) string {
	text := duration(ns)
	if ns == 0 {
		return "0"
	}
	number, unit, _ := strings.Cut(text, " ")
	if strings.Contains(number, ".") {
		number = strings.TrimSuffix(strings.TrimRight(number, "0"), ".")
	}
	return number + " " + unit
}

// timelineChart shows who did what when: a group of lanes for each variant
// that has a timeline, on one axis, so that the speedup is seen as length.
func (r *Report) timelineChart(s *Section) figure {
	t := chart.Timeline{XLabel: "milliseconds", Unit: 1e-3, Kinds: []string{bench.Work, bench.Wait, "receive", bench.Note}, Idle: []string{bench.Wait}}
	pictures := r.Timelines(s)
	for _, p := range pictures {
		g := chart.Group{Name: p.Variant}
		for _, lane := range p.Lanes {
			cl := chart.Lane{Name: lane.Name}
			for _, span := range lane.Spans {
				cl.Spans = append(cl.Spans, chart.Span{
					Start: (span.Start - p.Start).Seconds(), End: (span.End - p.Start).Seconds(),
					Kind: span.Kind, Label: span.Label,
				})
			}
			g.Lanes = append(g.Lanes, cl)
		}
		t.Groups = append(t.Groups, g)
	}
	if len(t.Groups) == 0 {
		return nil
	}
	t.Title = timelineTitle(s.Scenario.Variants[0].Name, pictures)
	t.Subtitle = capital(s.heading()) + ": who did what when, in one trial made for looking at; a lane for each " + s.Scenario.Worker
	return t
}

// samplesChart shows every trial at as many workers as cores: the spread
// behind the intervals.
func (r *Report) samplesChart(s *Section) figure {
	c := chart.Strips{
		Title:    samplesTitle(s),
		Subtitle: r.subtitle(s, fmt.Sprintf("%s: time of one %s; a dot for each trial, line: median", capital(s.heading()), s.opUnit())),
		XLabel:   "time of one " + s.opUnit(),
		Format:   tick,
	}
	low, high := 0.0, 0.0
	for _, row := range s.Rows {
		cell := s.Cell(row.Variant.Name, s.At)
		if cell == nil {
			continue
		}
		c.Rows = append(c.Rows, chart.Strip{Label: row.Variant.Name, Samples: cell.Samples})
		for _, v := range cell.Samples {
			if low == 0 || v < low {
				low = v
			}
			high = max(high, v)
		}
	}
	if len(c.Rows) == 0 {
		return nil
	}
	c.Log = high > 8*low
	return c
}
