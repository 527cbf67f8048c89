package chart

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// tracks are the pale bands on which the spans of a timeline lie, so that idle
// time is seen as a part of the lane.
type tracks struct{ centers []vg.Length }

// Plot implements [plot.Plotter].
func (t tracks) Plot(c draw.Canvas, _ *plot.Plot) {
	for _, y := range t.centers {
		y += c.Min.Y
		fillRect(&c, track, c.Min.X, y-laneHeight/2, c.Max.X, y+laneHeight/2)
	}
}

// A laneSpan is a span in units of the axis; kind is the number of its colour.
type laneSpan struct {
	start, end float64
	mark       bool
	kind       int
	label      string
}

// A lanesLayer is the spans of a timeline and the headings of its groups.
type lanesLayer struct {
	headings []heading
	idle     []bool // by kind
	lanes    [][]laneSpan
	crowded  []bool // lanes whose labels stand below them
	centers  []vg.Length
}

// Plot implements [plot.Plotter].
func (l lanesLayer) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	for _, h := range l.headings {
		name := headingPen.shorten(h.name, 2*maxLabel, innerWidth)
		y := c.Min.Y + h.baseline
		if name != "" {
			fillRect(&c, paper, margin, y-3.5, margin+headingPen.width(name)+4, y+headingLine-3.5)
		}
		headingPen.write(c, name, margin, y, fromLeft)
	}
	for i, spans := range l.lanes {
		y := c.Min.Y + l.centers[i]
		l.drawBars(&c, toX, spans, y)
		drawMarks(&c, toX, spans, y)
		for _, at := range placeLabels(c.Rectangle, toX, spans, l.crowded[i]) {
			valuePen.in(l.inkOf(at)).center(c, at.text, at.from, y, fromLeft)
		}
		if l.crowded[i] {
			drawCaptions(&c, toX, spans, y-laneHeight/2)
		}
	}
}

// drawBars draws the bars of a lane: as one path what follows one another in
// the same kind, which in a lane of hundreds saves half of an SVG.
func (l lanesLayer) drawBars(c *draw.Canvas, toX func(float64) vg.Length, spans []laneSpan, y vg.Length) {
	var b bars
	kind := -1
	flush := func() {
		if kind >= 0 {
			b.draw(c, colorOf(kind), l.idle[kind])
		}
		b = nil
	}
	for _, s := range spans {
		if s.mark {
			continue
		}
		if s.kind != kind {
			flush()
		}
		kind = s.kind
		b.add(toX(s.start), toX(s.end), y, laneHeight/2)
	}
	flush()
}

// bars are rectangles of one look.
type bars []vg.Rectangle

// add adds a span. A hair at its end parts it from the next of the same kind; a
// bar too short for that is still as wide as can be seen.
func (b *bars) add(from, to, y, half vg.Length) {
	if to-from > 2 {
		to -= 0.6
	}
	*b = append(*b, vg.Rectangle{Min: vg.Point{X: from, Y: y - half}, Max: vg.Point{X: max(to, from+0.6), Y: y + half}})
}

// hollow is how much of an idle bar its outline takes, on every side.
const hollow = vg.Length(0.9)

// draw fills the bars with a colour, or outlines them with it: work and waiting
// are told apart without colours too.
func (b bars) draw(c *draw.Canvas, col color.RGBA, idle bool) {
	var whole, inner vg.Path
	for _, r := range b {
		whole = rectangle(whole, r)
		if r.Min.X += hollow; r.Min.X < r.Max.X-hollow {
			r.Max.X -= hollow
			r.Min.Y, r.Max.Y = r.Min.Y+hollow, r.Max.Y-hollow
			inner = rectangle(inner, r)
		}
	}
	c.SetColor(col)
	c.Fill(whole)
	if idle && len(inner) > 0 {
		c.SetColor(paper)
		c.Fill(inner)
	}
}

// rectangle adds a rectangle to a path.
func rectangle(p vg.Path, r vg.Rectangle) vg.Path {
	p.Move(r.Min)
	p.Line(vg.Point{X: r.Max.X, Y: r.Min.Y})
	p.Line(r.Max)
	p.Line(vg.Point{X: r.Min.X, Y: r.Max.Y})
	p.Close()
	return p
}

// drawMarks draws the marks of a lane.
func drawMarks(c *draw.Canvas, toX func(float64) vg.Length, spans []laneSpan, y vg.Length) {
	last := c.Min.X - lanePitch
	for _, s := range spans {
		if s.mark {
			at := vg.Point{X: toX(s.start), Y: y}
			if at.X-last > 4 {
				halo(c, at) // among crowded marks it would hide the ones before
			}
			moment(c, s.kind, at, laneHeight/2+1)
			last = at.X
		}
	}
}

// halo clears the place of a mark, so that it is seen on a bar.
func halo(c *draw.Canvas, at vg.Point) {
	c.StrokeLine2(stroke(paper, 3), at.X, at.Y-laneHeight/2, at.X, at.Y+laneHeight/2)
}

// moment draws a mark.
func moment(c *draw.Canvas, kind int, at vg.Point, half vg.Length) {
	c.StrokeLine2(stroke(colorOf(kind), 1.4), at.X, at.Y-half, at.X, at.Y+half)
}

// inkOf is the colour of a label: that of all text beside a mark and in a bar
// that is pale, and else what can be read on the bar.
func (l lanesLayer) inkOf(at placed) color.Color {
	if at.mark || l.idle[at.kind] {
		return text
	}
	return inkOn(colorOf(at.kind))
}
