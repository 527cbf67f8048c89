package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Lines shows values over a number, such as speedup over workers. The
// horizontal axis runs in powers of two and has ticks where there are data.
type Lines struct {
	Title, Subtitle string
	XLabel, YLabel  string
	Ticks           []float64 // nil for every x that a line has
	Series          []Line
	IdealFrom       float64 // draw y = x/IdealFrom, what every further x would bring at best; 0 for none
	Mark            float64 // a vertical line, and in the range; 0 for none
	MarkLabel       string
	LogY            bool
	Format          func(float64) string // of the labels at the left; nil for the shortest decimal
}

// A Line is a series of [Lines]. Points need not be in order.
type Line struct {
	Name   string
	Points []XY
}

// XY is a point of a line. Lo and Hi are the interval of Y; if both are 0
// there is none.
type XY struct{ X, Y, Lo, Hi float64 }

func (p XY) interval() bool { return p.Lo != 0 || p.Hi != 0 }

func (p XY) check(logY bool) error {
	if err := checkValue(p.X, true); err != nil {
		return fmt.Errorf("x: %w", err)
	}
	if err := checkValue(p.Y, logY); err != nil || !p.interval() {
		return err
	}
	return checkInterval(p.Lo, p.Hi, logY)
}

const (
	linesHeight = vg.Length(190)
	labelPitch  = vg.Length(11) // between the labels at the ends of lines
	leader      = vg.Length(16) // from the end of the plot to those labels
	// maxLabelled is how many lines are labelled at their ends. More would
	// be a list that is harder to follow than keys.
	maxLabelled = 8
)

// Figure lays the chart out. It is an error if there is nothing to draw or if
// a value has no place on its axis; the error names the line.
func (l Lines) Figure() (*Figure, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	series := make([]Line, len(l.Series))
	for i, s := range l.Series {
		points := slices.SortedStableFunc(slices.Values(s.Points), func(a, b XY) int { return cmp.Compare(a.X, b.X) })
		series[i] = Line{s.Name, points}
	}
	xs := l.xs()
	height := max(linesHeight, vg.Length(min(len(series), maxLabelled))*labelPitch)
	y := fit(l.LogY, height, l.heights(xs))
	left := leftAxis{y.ticks(l.Format, y.above(height))}

	layer := linesLayer{series: series, labelled: len(series) <= maxLabelled}
	if l.IdealFrom > 0 {
		layer.ideal, layer.idealFrom = scale{xs[0], xs[len(xs)-1], true}, l.IdealFrom
	}
	in := insets{left: left.width(), right: layer.labelWidth()}
	width := innerWidth - in.left - in.right
	x := fit(true, width, l.breadths(xs))
	bottom := bottomAxis{spaced(x, width, xs, shortest), l.XLabel}
	in.bottom = bottom.height()

	layers := []plot.Plotter{left, bottom}
	if l.Mark != 0 {
		mark := plumb{l.Mark, l.MarkLabel}
		in.top += mark.height()
		layers = append(layers, mark)
	}
	if l.YLabel != "" {
		over := overLabel{text: l.YLabel}
		if markX := margin + in.left + vg.Length(x.norm(max(l.Mark, x.lo)))*width; over.end() > markX-labelPen.width(l.MarkLabel)/2 {
			over.up = in.top // the two would touch: one above the other
		}
		layers = append(layers, over)
		in.top = over.up + lineLabels
	}
	return newFigure(newHead(l.Title, l.Subtitle, l.keys()), in, height, x, y, append(layers, layer)...), nil
}

func (l Lines) check() error {
	empty := true
	for _, s := range l.Series {
		for _, p := range s.Points {
			empty = false
			if err := p.check(l.LogY); err != nil {
				return fmt.Errorf("chart: line %q at %g: %w", s.Name, p.X, err)
			}
		}
	}
	if empty {
		return errEmpty
	}
	for _, v := range l.Ticks {
		if err := checkValue(v, true); err != nil {
			return fmt.Errorf("chart: tick: %w", err)
		}
	}
	return checkReference("mark", l.Mark, true)
}

// xs returns the values that have ticks, in order.
func (l Lines) xs() []float64 {
	xs := slices.Clone(l.Ticks)
	if len(xs) == 0 {
		for _, s := range l.Series {
			for _, p := range s.Points {
				xs = append(xs, p.X)
			}
		}
	}
	slices.Sort(xs)
	return slices.Compact(xs)
}

// breadths returns what has to fit on the horizontal axis.
func (l Lines) breadths(xs []float64) []extent {
	var all []extent
	for _, v := range xs {
		all = append(all, extent{v, 2 * dotRadius, 2 * dotRadius})
	}
	for _, s := range l.Series {
		for _, p := range s.Points {
			all = append(all, extent{p.X, 2 * dotRadius, 2 * dotRadius})
		}
	}
	if l.Mark != 0 {
		all = append(all, extent{v: l.Mark})
	}
	return all
}

// heights returns what has to fit on the vertical axis. The ideal line is
// followed no further than the mark: over eight workers on two cores it would
// press all data into the lowest quarter, and it says nothing there.
func (l Lines) heights(xs []float64) []extent {
	var all []extent
	for _, s := range l.Series {
		for _, p := range s.Points {
			all = append(all, extent{p.Y, dotRadius, dotRadius})
			if p.interval() {
				all = append(all, extent{v: p.Lo}, extent{v: p.Hi})
			}
		}
	}
	if l.IdealFrom > 0 {
		far := xs[len(xs)-1]
		if l.Mark != 0 {
			far = max(xs[0], min(far, 1.15*l.Mark))
		}
		all = append(all, extent{v: xs[0] / l.IdealFrom}, extent{v: far / l.IdealFrom})
	}
	return all
}

// keys explains the lines that are not labelled at their ends.
func (l Lines) keys() []key {
	if len(l.Series) <= maxLabelled {
		return nil
	}
	names := make([]string, len(l.Series))
	for i, s := range l.Series {
		names[i] = s.Name
	}
	return seriesKeys(names)
}

// spaced returns a tick at every x, without the labels that would touch the
// one before them.
func spaced(s scale, width vg.Length, xs []float64, format func(float64) string) []tick {
	ticks := make([]tick, len(xs))
	end := vg.Length(math.Inf(-1))
	for i, v := range xs {
		label := format(v)
		x, half := vg.Length(s.norm(v))*width, labelPen.width(label)/2
		if x-half < end+3 {
			label = ""
		} else {
			end = x + half
		}
		ticks[i] = tick{v, label}
	}
	return ticks
}
