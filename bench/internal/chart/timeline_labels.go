package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A placed label has found its room in a lane.
type placed struct {
	text     string
	from, to vg.Length
	mark     bool
	kind     int
}

const (
	labelRoom = vg.Length(2.5) // free on either side of a label in a lane
	barRoom   = vg.Length(2)   // the same in a bar, which has an edge of its own
)

// inBar reports whether a bar from x to x is long enough for the label.
func inBar(label string, from, to vg.Length) bool {
	return valuePen.width(label)+2*barRoom <= to-from
}

// crowded reports whether so many bars of a lane are too short for their labels
// that these had better stand below.
func crowded(spans []laneSpan, toX func(float64) vg.Length) bool {
	long, short := 0, 0
	for _, s := range spans {
		switch {
		case s.mark || s.label == "":
		case inBar(s.label, toX(s.start), toX(s.end)):
			long++
		default:
			short++
		}
	}
	return short > long
}

// placeLabels returns the labels that have room: those of bars inside them
// unless something later lies on top or they stand below, those of marks to the
// right or else the left where the lane is free.
func placeLabels(area vg.Rectangle, toX func(float64) vg.Length, spans []laneSpan, below bool) []placed {
	var labels []placed
	free := func(self int, from, to vg.Length) bool {
		if from < area.Min.X || to > area.Max.X {
			return false
		}
		for i, s := range spans {
			under := !spans[self].mark && i < self && !s.mark // a bar below its own bar
			if i != self && !under && toX(s.start) < to && from < toX(s.end)-0.01 {
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
		from, to := toX(s.start), toX(s.end)
		switch {
		case w == 0:
		case !s.mark:
			if x := (from + to - w) / 2; !below && inBar(s.label, from, to) && free(i, x, x+w) {
				labels = append(labels, placed{s.label, x, x + w, false, s.kind})
			}
		case free(i, from+labelRoom, from+labelRoom+w):
			labels = append(labels, placed{s.label, from + labelRoom, from + labelRoom + w, true, s.kind})
		case free(i, from-labelRoom-w, from-labelRoom):
			labels = append(labels, placed{s.label, from - labelRoom - w, from - labelRoom, true, s.kind})
		}
	}
	return labels
}

// drawCaptions writes below a lane the labels of as many bars as have room, each
// from where its bar begins, with a tick up to it. Spans that follow one another
// with one label are one item, which has it once.
func drawCaptions(c *draw.Canvas, toX func(float64) vg.Length, spans []laneSpan, bottom vg.Length) {
	end, item := c.Min.X-gutter, ""
	for _, s := range spans {
		again := s.label == item
		item = s.label
		x, w := toX(s.start), valuePen.width(s.label)
		if s.mark || again || w == 0 || x < end+gutter || x+2+w > c.Max.X {
			continue
		}
		c.StrokeLine2(stroke(rule, 0.6), x, bottom, x, bottom-captionLine+2)
		valuePen.write(c, s.label, x+2, bottom-valuePen.size(), fromLeft)
		end = x + 2 + w
	}
}
