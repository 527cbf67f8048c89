package chart

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Everything is measured in points. 16 cm is about 454 points, so on a page
// 850 pixels wide a point is a little less than two pixels.
const (
	pageWidth = 16 * vg.Centimeter
	margin    = vg.Length(10) // around the whole figure
	gutter    = vg.Length(8)  // between the column of labels and the data
	dotRadius = vg.Length(3)
)

var (
	ink   = color.RGBA{0x1A, 0x1A, 0x1A, 0xFF} // title
	text  = color.RGBA{0x26, 0x26, 0x26, 0xFF} // labels of rows, ticks and keys
	faint = color.RGBA{0x66, 0x66, 0x66, 0xFF} // subtitle, values, references
	rule  = color.RGBA{0x9A, 0x9A, 0x9A, 0xFF} // axis lines, references
	grid  = color.RGBA{0xE6, 0xE6, 0xE6, 0xFF}
	track = color.RGBA{0xF5, 0xF5, 0xF5, 0xFF} // the idle lane of a timeline
	paper = color.RGBA{0xFF, 0xFF, 0xFF, 0xFF}
)

// palette is that of Okabe and Ito, which colour-blind readers can tell apart,
// the dark and warm ones first. Its yellow is left out: a thin yellow whisker
// on white paper is not seen by anyone. Grey takes its place.
var palette = []color.RGBA{
	{0x00, 0x72, 0xB2, 0xFF}, // blue
	{0xE6, 0x9F, 0x00, 0xFF}, // orange
	{0x00, 0x9E, 0x73, 0xFF}, // bluish green
	{0xD5, 0x5E, 0x00, 0xFF}, // vermilion
	{0xCC, 0x79, 0xA7, 0xFF}, // reddish purple
	{0x56, 0xB4, 0xE9, 0xFF}, // sky blue
	{0x00, 0x00, 0x00, 0xFF}, // black
	{0x99, 0x99, 0x99, 0xFF}, // grey
}

// shapes tell series apart that share a colour.
var shapes = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}}

var (
	titlePen    = newPen(12, true, ink)
	subtitlePen = newPen(8.5, false, faint)
	labelPen    = newPen(8.5, false, text)
	headingPen  = newPen(8.5, true, text)
	valuePen    = newPen(7.5, false, faint)
)

var sans = font.Font{Typeface: "Liberation", Variant: "Sans"}

// init sets both default fonts: gonum/plot has two, and whatever reads the
// other one would be drawn in a serif.
func init() {
	plot.DefaultFont = sans
	plotter.DefaultFont = sans
}

// colorOf returns the colour of a series.
func colorOf(series int) color.RGBA { return palette[series%len(palette)] }

// shapeOf returns the shape of a series' dots: a circle while the colours
// last, another shape for every further round.
func shapeOf(series int) draw.GlyphDrawer {
	return shapes[series/len(palette)%len(shapes)]
}

// stroke returns a solid line style.
func stroke(c color.Color, width vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: width}
}

// dashed returns a dashed line style.
func dashed(c color.Color, width vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: width, Dashes: []vg.Length{3, 2}}
}

// fillRect fills the rectangle between two corners.
func fillRect(c *draw.Canvas, col color.Color, x0, y0, x1, y1 vg.Length) {
	c.FillPolygon(col, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}

// dot draws the mark of a series. A hollow one is a full one with a white one
// inside, which unlike gonum's rings works for every shape and stroke width,
// and hides the line it stands on.
func dot(c *draw.Canvas, series int, hollow bool, at vg.Point) {
	st := draw.GlyphStyle{Color: colorOf(series), Radius: dotRadius, Shape: shapeOf(series)}
	c.DrawGlyphNoClip(st, at)
	if hollow {
		st.Color, st.Radius = paper, dotRadius-1.2
		c.DrawGlyphNoClip(st, at)
	}
}

// dotted returns a dotted line style.
func dotted(c color.Color, width vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: width, Dashes: []vg.Length{1, 1.5}}
}

// whisker draws an interval. One narrower than its dot is hidden by it, which
// is right: only a hollow dot says that there is none.
func whisker(c *draw.Canvas, col color.Color, from, to vg.Point) {
	c.StrokeLine2(stroke(col, 1.5), from.X, from.Y, to.X, to.Y)
}

// onDark reports whether text on the colour should be white. The weights are
// those of luma; the limit puts white on blue, green, vermilion and black.
func onDark(c color.RGBA) bool {
	return 0.299*float64(c.R)+0.587*float64(c.G)+0.114*float64(c.B) < 130
}
