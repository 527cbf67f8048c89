package chart

import (
	"image/color"
	"math"

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

	onDeep   = color.RGBA{0xFA, 0xFA, 0xFA, 0xFF} // text on dark colours of the palette
	onBright = color.RGBA{0x10, 0x10, 0x10, 0xFF} // text on the others
)

// palette is that of Okabe and Ito, which colour-blind readers can tell apart,
// the dark and warm ones first. Its yellow is left out: a thin yellow whisker
// on white paper is not seen by anyone. Grey takes its place. Orange and sky
// blue are darker than theirs for the same reason, vermilion to stay apart from
// that orange.
var palette = []color.RGBA{
	{0x00, 0x72, 0xB2, 0xFF}, // blue
	{0xC9, 0x85, 0x00, 0xFF}, // orange
	{0x00, 0x9E, 0x73, 0xFF}, // bluish green
	{0xC4, 0x4E, 0x00, 0xFF}, // vermilion
	{0xCC, 0x79, 0xA7, 0xFF}, // reddish purple
	{0x2E, 0x99, 0xD5, 0xFF}, // sky blue
	{0x06, 0x06, 0x06, 0xFF}, // black, but not #000000, which gonum leaves out of an SVG
	{0x8A, 0x8A, 0x8A, 0xFF}, // grey
}

// shapes tell series apart that share a colour.
var shapes = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}}

var (
	titlePen    = newPen(12, true, ink)
	subtitlePen = newPen(leastText, false, faint)
	labelPen    = newPen(leastText, false, text)
	headingPen  = newPen(leastText, true, text)
	valuePen    = newPen(leastText, false, faint)
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

// inkOn returns the colour of text on a colour of the palette.
func inkOn(c color.RGBA) color.RGBA {
	if contrast(c, onDeep) > contrast(c, onBright) {
		return onDeep
	}
	return onBright
}

// contrast is the ratio of the luminances of two colours, from 1 to 21, as the
// guidelines for accessible pages define it.
func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
