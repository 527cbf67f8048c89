// Package chart draws series as SVG and PNG: dots with intervals, lines over a
// numeric axis, timelines of lanes, strips of raw samples, and schedules of
// threads that take steps in turn.
//
// It is a leaf. It knows numbers and labels, and nothing of what they measure;
// whoever calls it has already decided what the chart says, and passes that
// sentence as the title. Five structs describe the five kinds:
//
//	fig, err := chart.Dots{
//		Title:  "The padded counter stays below 3 ns",
//		Series: []string{"1 worker", "2 workers"},
//		Rows:   rows,
//		Log:    true,
//	}.Figure()
//	paths, err := chart.Write("charts", "counter", fig)
//
// The look is the same for all: the title is a sentence at the left, a grey
// line below it gives unit, count and machine, then come the keys of the
// colours, and then the data on a light grid. Rows run down the left because
// names are long, and dots with whiskers stand where others draw bars because
// a bar must start at zero, which a log axis does not have.
//
// gonum/plot brings the scales, the font metrics and the two back ends. Its
// title (centred, cut when too wide), legend (drawn over the data) and axes
// (labels collide) are not used: a [plot.Plot] here is a coordinate system
// with everything, axes too, as layers on it, each a [plot.Plotter]. What a
// layer needs outside the data area is measured before, so that nothing is cut.
//
// An SVG turns to dark paper where its reader prefers that; a PNG is white. Its
// colours are classes, whose rules are in the document and reach nothing else,
// and custom properties (--il-paper, --il-ink, --il-1 and so on) that a page may
// set for svg.il when charts stand inline. Such a page lets them be scrolled:
// they are never narrower than [SmallestWidth], at which their text is 9 pixels
// high. As a picture of 360 pixels, which cannot say so, the text has 7.
//
// The same data give the same bytes, in the same process or another: no map is
// ranged over, no clock is read, jitter comes from a fixed seed, and the
// coordinates of an SVG are rounded to 0.01 point.
package chart
