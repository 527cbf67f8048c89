package chart

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A bandsLayer is the steps, arrows and state of a schedule, in bands of so
// many columns.
type bandsLayer struct {
	s       Schedule
	kinds   []string
	columns int
	pitch   vg.Length // from column to column
}

// band is the height of one band: step numbers, lanes, state.
func (l bandsLayer) band() vg.Length {
	h := numberLine + vg.Length(len(l.s.Lanes))*stepPitch
	if n := len(l.s.State); n > 0 {
		h += stateGap + vg.Length(n)*statePitch
	}
	return h
}

// rowCenter is the middle of a row of a band that begins at top: of a lane, or
// after the lanes of a row of state.
func (l bandsLayer) rowCenter(top vg.Length, row int) vg.Length {
	top -= numberLine
	if lanes := len(l.s.Lanes); row >= lanes {
		return top - vg.Length(lanes)*stepPitch - stateGap - (vg.Length(row-lanes)+0.5)*statePitch
	}
	return top - (vg.Length(row)+0.5)*stepPitch
}

// center is the middle of the box of a step.
func (l bandsLayer) center(c *draw.Canvas, i int) vg.Point {
	return vg.Point{X: c.Min.X + (vg.Length(i%l.columns)+0.5)*l.pitch, Y: l.rowCenter(l.top(c, i), l.s.Steps[i].Lane)}
}

// top is where the band of a step begins.
func (l bandsLayer) top(c *draw.Canvas, i int) vg.Length {
	return c.Max.Y - vg.Length(i/l.columns)*(l.band()+bandGap)
}

// Plot implements [plot.Plotter].
func (l bandsLayer) Plot(c draw.Canvas, _ *plot.Plot) {
	for first := 0; first < len(l.s.Steps); first += l.columns {
		l.drawTracks(&c, first)
	}
	for i := range l.s.Steps {
		l.drawStep(&c, i)
		l.drawState(&c, i)
	}
	for _, a := range l.s.Arrows {
		l.drawArrow(&c, a)
	}
}

// drawTracks draws the pale lanes of a band, and a line above the state.
func (l bandsLayer) drawTracks(c *draw.Canvas, first int) {
	right := c.Min.X + vg.Length(min(l.columns, len(l.s.Steps)-first))*l.pitch
	top := l.top(c, first)
	for lane := range l.s.Lanes {
		y := l.rowCenter(top, lane)
		fillRect(c, track, c.Min.X, y-boxHeight/2, right, y+boxHeight/2)
	}
	if len(l.s.State) > 0 {
		y := l.rowCenter(top, len(l.s.Lanes)) + statePitch/2 + stateGap/2
		c.StrokeLine2(stroke(rule, 0.6), c.Min.X, y, right, y)
	}
}

// drawStep draws the number and the box of a step.
func (l bandsLayer) drawStep(c *draw.Canvas, i int) {
	at, step := l.center(c, i), l.s.Steps[i]
	valuePen.write(c, stepNumber(i), at.X, l.top(c, i)-valuePen.size(), centred)
	fill, write := grid, valuePen.in(text)
	for k, kind := range l.kinds {
		if kind == step.Kind {
			fill, write = colorOf(k), valuePen.in(inkOn(colorOf(k)))
		}
	}
	half := (l.pitch - boxGap) / 2
	fillRect(c, fill, at.X-half, at.Y-boxHeight/2, at.X+half, at.Y+boxHeight/2)
	room := 2 * (half - 1)
	label, detail := write.elide(step.Label, maxLabel, room), write.elide(step.Detail, maxLabel, room)
	if detail == "" {
		write.center(c, label, at.X, at.Y, centred)
		return
	}
	write.center(c, label, at.X, at.Y+5.5, centred)
	write.center(c, detail, at.X, at.Y-5.5, centred)
}

// drawState writes what is shared after a step, and what is new in it darker.
func (l bandsLayer) drawState(c *draw.Canvas, i int) {
	for k, row := range l.s.State {
		pen := valuePen.in(rule)
		if row.Values[i] != row.before(i) {
			pen = valuePen.in(ink)
		}
		y := l.rowCenter(l.top(c, i), len(l.s.Lanes)+k)
		pen.center(c, pen.elide(row.Values[i], maxLabel, l.pitch-1), l.center(c, i).X, y, centred)
	}
}

// drawArrow leads from one box to another. There is one box in a column, so a
// line that runs up or down at a step, and along between two lanes, meets no
// other. One that would have to go on in the next band is left out.
func (l bandsLayer) drawArrow(c *draw.Canvas, a Arrow) {
	if a.From/l.columns != a.To/l.columns {
		return
	}
	from, to := l.center(c, a.From), l.center(c, a.To)
	down := vg.Length(1)
	if l.s.Steps[a.To].Lane < l.s.Steps[a.From].Lane {
		down = -1
	}
	start, end := from.Y-down*boxHeight/2, to.Y+down*boxHeight/2
	middle := from.Y - down*stepPitch/2
	line := stroke(ink, 0.9)
	c.StrokeLine2(line, from.X, start, from.X, middle)
	c.StrokeLine2(line, from.X, middle, to.X, middle)
	c.StrokeLine2(line, to.X, middle, to.X, end+down*2)
	const head = vg.Length(2.6)
	c.FillPolygon(ink, []vg.Point{{X: to.X, Y: end}, {X: to.X - head, Y: end + down*4.5}, {X: to.X + head, Y: end + down*4.5}})
}
