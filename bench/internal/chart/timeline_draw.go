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
	lanes    [][]laneSpan
	centers  []vg.Length
}

// Plot implements [plot.Plotter].
func (l lanesLayer) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	for _, h := range l.headings {
		name := headingPen.elide(h.name, 2*maxLabel, innerWidth)
		y := c.Min.Y + h.baseline
		if name != "" {
			fillRect(&c, paper, margin, y-3.5, margin+headingPen.width(name)+4, y+headingLine-3.5)
		}
		headingPen.write(c, name, margin, y, fromLeft)
	}
	for i, spans := range l.lanes {
		drawLane(&c, toX, spans, c.Min.Y+l.centers[i])
	}
}

// drawLane draws the bars of a lane, then its marks, then the labels that have
// room.
func drawLane(c *draw.Canvas, toX func(float64) vg.Length, spans []laneSpan, y vg.Length) {
	for _, s := range spans {
		if !s.mark {
			bar(c, colorOf(s.kind), toX(s.start), toX(s.end), y)
		}
	}
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
	for _, l := range placeLabels(c.Rectangle, toX, spans) {
		valuePen.in(l.color).center(c, l.text, l.from, y, fromLeft)
	}
}

// bar draws a span. A hair of white at its end parts it from the next of the
// same kind; a bar too short for that is still as wide as can be seen.
func bar(c *draw.Canvas, col color.RGBA, from, to, y vg.Length) {
	if to-from > 2 {
		to -= 0.6
	}
	fillRect(c, col, from, y-laneHeight/2, max(to, from+0.6), y+laneHeight/2)
}

// halo clears the place of a mark, so that it is seen on a bar.
func halo(c *draw.Canvas, at vg.Point) {
	c.StrokeLine2(stroke(paper, 3), at.X, at.Y-laneHeight/2, at.X, at.Y+laneHeight/2)
}

// moment draws a mark.
func moment(c *draw.Canvas, kind int, at vg.Point, half vg.Length) {
	c.StrokeLine2(stroke(colorOf(kind), 1.4), at.X, at.Y-half, at.X, at.Y+half)
}

// A placed label has found its room in a lane.
type placed struct {
	text     string
	from, to vg.Length
	color    color.Color
}

const labelRoom = vg.Length(2.5) // free on either side of a label in a lane

// placeLabels returns the labels that have room: those of bars inside them
// unless something later lies on top, those of marks to the right or else the
// left where the lane is free.
func placeLabels(area vg.Rectangle, toX func(float64) vg.Length, spans []laneSpan) []placed {
	var labels []placed
	free := func(self int, from, to vg.Length) bool {
		if from < area.Min.X || to > area.Max.X {
			return false
		}
		for i, s := range spans {
			under := !spans[self].mark && i < self && !s.mark // a bar below its own bar
			if i != self && !under && toX(s.start) < to && from < toX(s.end)+0.01 {
				return false
			}
		}
		for _, l := range labels {
			if l.from < to && from < l.to {
				return false
			}
		}
		return true
	}
	for i, s := range spans {
		w := valuePen.width(s.label)
		if w == 0 {
			continue
		}
		if from, to := toX(s.start), toX(s.end); !s.mark {
			x := (from + to - w) / 2
			if x-labelRoom >= from && free(i, x-1, x+w+1) {
				labels = append(labels, placed{s.label, x, x + w, inkOn(colorOf(s.kind))})
			}
			continue
		}
		right, left := toX(s.start)+labelRoom, toX(s.start)-labelRoom-w
		switch {
		case free(i, right, right+w):
			labels = append(labels, placed{s.label, right, right + w, text})
		case free(i, left, left+w):
			labels = append(labels, placed{s.label, left, left + w, text})
		}
	}
	return labels
}

// inkOn returns the colour of text on a bar.
func inkOn(c color.RGBA) color.Color {
	if onDark(c) {
		return paper
	}
	return ink
}
