package chart

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// overLabel is the title of a vertical axis, written above the axis and not
// along it, where one would have to turn one's head.
type overLabel struct {
	text string
	up   vg.Length // room between the plot and the label
}

// short returns the text, which may not be longer than a line.
func (l overLabel) short() string { return labelPen.elide(l.text, 2*maxLabel, innerWidth) }

// end returns where the label ends, with a gap.
func (l overLabel) end() vg.Length { return margin + labelPen.width(l.short()) + gutter }

// Plot implements [plot.Plotter].
func (l overLabel) Plot(c draw.Canvas, _ *plot.Plot) {
	labelPen.in(faint).write(c, l.short(), margin, c.Max.Y+l.up+lineLabelUp, fromLeft)
}

// A linesLayer is the lines of a chart with the labels at their ends.
type linesLayer struct {
	series    []Line
	labelled  bool
	ideal     scale // where the line y = x/idealFrom runs: from the first x to the last
	idealFrom float64
}

const idealLabel = "ideal"

// name returns the label at the end of a line.
func (l linesLayer) name(i int) string {
	return labelPen.shorten(l.series[i].Name, maxLabel, labelColumn*4/5)
}

// labelWidth is the room the labels need right of the data.
func (l linesLayer) labelWidth() (w vg.Length) {
	if l.ideal.hi > l.ideal.lo {
		w = leader + labelPen.width(idealLabel)
	}
	if l.labelled {
		for i := range l.series {
			w = max(w, leader+labelPen.width(l.name(i)))
		}
	}
	return w
}

// Plot implements [plot.Plotter]. Whiskers lie below all lines and dots above,
// so that where lines meet every one still shows.
func (l linesLayer) Plot(c draw.Canvas, p *plot.Plot) {
	ends := l.drawIdeal(c, p)
	toX, toY := p.Transforms(&c)
	for i, s := range l.series {
		for _, pt := range s.Points {
			if x := toX(pt.X); pt.interval() {
				whisker(&c, colorOf(i), vg.Point{X: x, Y: toY(pt.Lo)}, vg.Point{X: x, Y: toY(pt.Hi)})
			}
		}
	}
	for i, s := range l.series {
		follow(c, p, lineStyle(i), s.Points)
	}
	for i, s := range l.series {
		for _, pt := range s.Points {
			dot(&c, i, false, vg.Point{X: toX(pt.X), Y: toY(pt.Y)})
		}
		if n := len(s.Points); n > 0 && l.labelled && s.Name != "" {
			last := vg.Point{X: toX(s.Points[n-1].X) + dotRadius, Y: toY(s.Points[n-1].Y)}
			ends = append(ends, end{l.name(i), leaderStyle(i, c.Max.X-last.X), last})
		}
	}
	labelEnds(&c, ends)
}

// lineStyle tells lines apart that share a colour.
func lineStyle(series int) draw.LineStyle {
	if series < len(palette) {
		return stroke(colorOf(series), 1.5)
	}
	return dashed(colorOf(series), 1.5)
}

// leaderStyle is that of the leader from a line's end to its label. The leader
// of a line that ends early crosses the plot, and dots keep it from looking
// like more of the line.
func leaderStyle(series int, length vg.Length) draw.LineStyle {
	if length < leader {
		return stroke(colorOf(series), 0.8)
	}
	return dotted(colorOf(series), 0.8)
}

// follow draws a line through points.
func follow(c draw.Canvas, p *plot.Plot, style draw.LineStyle, points []XY) {
	xys := make(plotter.XYs, len(points))
	for i, pt := range points {
		xys[i] = plotter.XY{X: pt.X, Y: pt.Y}
	}
	line := plotter.Line{XYs: xys, LineStyle: style}
	line.Plot(c, p)
}

// drawIdeal draws the ideal line as far as the plot is high. If it leaves at
// the top its label stands there, else among those at the right, which are
// returned.
func (l linesLayer) drawIdeal(c draw.Canvas, p *plot.Plot) []end {
	run := l.ideal
	if run.hi <= run.lo {
		return nil
	}
	cut := run.hi > p.Y.Max*l.idealFrom
	if cut {
		run.hi = p.Y.Max * l.idealFrom
	}
	const steps = 64 // the line is curved unless both axes are logarithmic
	points := make([]XY, steps+1)
	for i := range points {
		x := run.back(run.along(run.lo) + (run.along(run.hi)-run.along(run.lo))*float64(i)/steps)
		points[i] = XY{X: x, Y: x / l.idealFrom}
	}
	style := dashed(rule, 1)
	follow(c, p, style, points)
	toX, toY := p.Transforms(&c)
	last := vg.Point{X: toX(run.hi), Y: toY(run.hi / l.idealFrom)}
	if cut {
		valuePen.write(c, idealLabel, last.X+2, last.Y+lineLabelUp, fromLeft) // above the data, beside the label of the mark
		return nil
	}
	return []end{{idealLabel, style, last}}
}

// An end is where a line ends and what is written there.
type end struct {
	label string
	style draw.LineStyle
	at    vg.Point
}

// labelEnds writes the labels in a column right of the plot, moved apart, each
// with a leader in the colour of its line, which is also its key: the names
// themselves are dark, as light colours make poor text.
func labelEnds(c *draw.Canvas, ends []end) {
	wish := make([]float64, len(ends))
	for i, e := range ends {
		wish[i] = float64(e.at.Y)
	}
	half := labelPen.size() / 2
	ys := spread(wish, float64(labelPitch), float64(c.Min.Y+half), float64(c.Max.Y-half/2))
	for i, e := range ends {
		x, y := c.Max.X+leader, vg.Length(ys[i])
		c.StrokeLines(e.style, []vg.Point{e.at, {X: c.Max.X + 2, Y: e.at.Y}, {X: x - 5, Y: y}, {X: x - 2, Y: y}})
		labelPen.center(c, e.label, x, y, fromLeft)
	}
}
