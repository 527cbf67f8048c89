package calibrate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/chart"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// Draw draws the charts of a calibration into a directory and returns their
// paths.
func (s *Summary) Draw(dir string, h Header) ([]string, error) {
	var paths []string
	add := func(name string, fig *chart.Figure, err error) error {
		if err != nil {
			return err
		}
		written, err := chart.Write(dir, name, fig)
		paths = append(paths, written...)
		return err
	}
	if len(s.loads()) > 0 {
		fig, err := s.alarmChart(h).Figure()
		if err := add("alarms", fig, err); err != nil {
			return paths, err
		}
	}
	for _, w := range works {
		lines := s.powerChart(w, h)
		if len(lines.Series) == 0 {
			continue
		}
		fig, err := lines.Figure()
		if err := add("power-"+strings.ReplaceAll(w.name, "/", "-"), fig, err); err != nil {
			return paths, err
		}
	}
	return paths, nil
}

// alarmChart shows the rates of false alarms by load, for both protocols.
func (s *Summary) alarmChart(h Header) chart.Dots {
	d := chart.Dots{
		Subtitle: fmt.Sprintf("equal things called different, %% of verdicts; 95 %% intervals; %s", setting(h.Settings, "cpu")),
		Series:   []string{"paired, " + percent(Level) + " promised", "usual, 5 % promised"}, XLabel: "false alarms, %",
		Reference: 100 * Level,
	}
	worst, alarms, n := [2]float64{}, 0, 0
	for _, regime := range s.loads() {
		row := chart.Row{Label: regimeNames[regime]}
		for i, protocol := range []string{Paired, Usual} {
			c := s.together(regime, protocol, "")
			k, in := c.Different()
			p := chart.Point{X: 100 * in.Value, Lo: 100 * in.Lo, Hi: 100 * in.Hi, Label: fmt.Sprintf("%d of %d", k, c.N)}
			if c.N == 0 {
				p = chart.Point{Missing: true, Label: "not measured"}
			}
			worst[i] = max(worst[i], in.Value)
			if i == 0 {
				alarms, n = alarms+k, n+c.N
			}
			row.Points = append(row.Points, p)
		}
		d.Rows = append(d.Rows, row)
	}
	ours := fmt.Sprintf("No false alarm in %d verdicts", n)
	if alarms > 0 {
		ours = fmt.Sprintf("False alarms in %d of %d verdicts", alarms, n)
	}
	d.Title = fmt.Sprintf("%s, where the usual way has up to %s\u00a0%%", ours, bare(worst[1]))
	return d
}

// powerChart shows which part of slowdowns was found by when.
func (s *Summary) powerChart(w work, h Header) chart.Lines {
	seconds := []float64{0.5, 1, 2, 4, 8, 10}
	for _, x := range slowdowns { // to the end of the one that took longest
		if last := math.Ceil(longest(s.of(Key{Power, Quiet, w.name, x, 0}, Paired).Seconds)); last > seconds[len(seconds)-1] {
			seconds[len(seconds)-1] = last
		}
	}
	l := chart.Lines{
		Subtitle: fmt.Sprintf("%s; level %s, no tolerance; %s", w.doc, percent(Level), setting(h.Settings, "cpu")),
		XLabel:   "seconds of measuring", YLabel: "% found", Ticks: seconds,
	}
	var found []string
	for _, x := range slices.Backward(slowdowns) {
		c := s.of(Key{Power, Quiet, w.name, x, 0}, Paired)
		if c.N == 0 {
			continue
		}
		limit := longest(c.Seconds)
		line := chart.Line{Name: fmt.Sprintf("%g %% slower, n = %d", 100*x, c.N)}
		for _, at := range seconds {
			if at <= math.Ceil(limit) || c.within(at) == c.N { // nobody looked for longer, or had to
				line.Points = append(line.Points, chart.XY{X: at, Y: 100 * float64(c.within(at)) / float64(c.N)})
			}
		}
		l.Series = append(l.Series, line)
		if c.Regressed == c.N {
			found = append(found, fmt.Sprintf("%g %% in %.1f s", 100*x, stats.Median(c.Found)))
		}
	}
	l.Title = "Not every slowdown was found in the time"
	if len(found) > 0 {
		l.Title = fmt.Sprintf("%s: always found a slowdown of %s (median)", w.name, found[len(found)-1])
	}
	return l
}
