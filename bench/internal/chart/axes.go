package chart

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	tickLength  = vg.Length(3)
	tickLabels  = vg.Length(14) // below the axis line, for ticks and their labels
	axisTitle   = vg.Length(12) // below those
	lineLabels  = vg.Length(12) // above the data, for labels of vertical lines
	lineLabelUp = vg.Length(4)  // the baseline of those above the data
	maxLabel    = 45            // characters of a row's or key's label
	labelColumn = innerWidth / 2
)

// A bottomAxis is the grid, line, ticks and title of a horizontal axis.
type bottomAxis struct {
	ticks []tick
	title string
}

// height is the room the axis takes below the data.
func (a bottomAxis) height() vg.Length {
	if a.title == "" {
		return tickLabels
	}
	return tickLabels + axisTitle
}

// Plot implements [plot.Plotter].
func (a bottomAxis) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	for _, t := range a.ticks {
		x := toX(t.v)
		if t.label != "" {
			c.StrokeLine2(stroke(grid, 0.6), x, c.Min.Y, x, c.Max.Y)
		}
		c.StrokeLine2(stroke(rule, 0.6), x, c.Min.Y, x, c.Min.Y-tickLength)
		within(&c, labelPen, t.label, x, c.Min.Y-tickLength-labelPen.size())
	}
	c.StrokeLine2(stroke(rule, 0.6), c.Min.X, c.Min.Y, c.Max.X, c.Min.Y)
	within(&c, labelPen.in(faint), a.title, (c.Min.X+c.Max.X)/2, c.Min.Y-tickLabels-labelPen.size())
}

// A leftAxis is the horizontal grid and the labels of a vertical axis.
type leftAxis struct{ ticks []tick }

// width is the room the axis takes left of the data.
func (a leftAxis) width() (w vg.Length) {
	for _, t := range a.ticks {
		w = max(w, labelPen.width(t.label))
	}
	return w + gutter
}

// Plot implements [plot.Plotter].
func (a leftAxis) Plot(c draw.Canvas, p *plot.Plot) {
	_, toY := p.Transforms(&c)
	for _, t := range a.ticks {
		y := toY(t.v)
		c.StrokeLine2(stroke(grid, 0.6), c.Min.X, y, c.Max.X, y)
		labelPen.center(c, t.label, c.Min.X-gutter, y, toRight)
	}
}

// within writes s centred on x, or as near to it as the page is wide.
func within(c *draw.Canvas, p pen, s string, x, y vg.Length) {
	s = p.elide(s, 3*maxLabel, innerWidth)
	half := p.width(s) / 2
	p.write(c, s, max(min(x, pageWidth-margin/2-half), margin/2+half), y, centred)
}

// A plumb is a vertical line that marks a value, with its label above.
type plumb struct {
	v     float64
	label string
}

// height is the room the label takes above the data.
func (l plumb) height() vg.Length {
	if l.label == "" {
		return 0
	}
	return lineLabels
}

// Plot implements [plot.Plotter].
func (l plumb) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	x := toX(l.v)
	c.StrokeLine2(dotted(rule, 1), x, c.Min.Y, x, c.Max.Y)
	within(&c, valuePen, l.label, x, c.Max.Y+lineLabelUp)
}

// separators are hairlines between rows that are several lines high, where the
// eye needs help to follow a name to its dots.
type separators struct{ pitch vg.Length }

// Plot implements [plot.Plotter].
func (s separators) Plot(c draw.Canvas, _ *plot.Plot) {
	for y := c.Max.Y - s.pitch; y > c.Min.Y+s.pitch/2; y -= s.pitch {
		c.StrokeLine2(stroke(grid, 0.4), margin, y, c.Max.X, y)
	}
}

// rowLabels are the names of the rows down the left. The vertical axis of a
// chart of rows counts points from the bottom, so centers are lengths.
type rowLabels struct {
	names   []string
	centers []vg.Length
}

// newRowLabels shortens names that would leave too little room for the data.
func newRowLabels(names []string) rowLabels {
	r := rowLabels{centers: make([]vg.Length, len(names))}
	for _, name := range names {
		r.names = append(r.names, labelPen.shorten(name, maxLabel, labelColumn))
	}
	return r
}

// width is the room the labels take left of the data.
func (r rowLabels) width() vg.Length {
	if w := labelPen.widest(r.names...); w > 0 {
		return w + gutter
	}
	return 0
}

// Plot implements [plot.Plotter].
func (r rowLabels) Plot(c draw.Canvas, _ *plot.Plot) {
	for i, name := range r.names {
		labelPen.center(c, name, c.Min.X-gutter, c.Min.Y+r.centers[i], toRight)
	}
}
