package chart

import (
	"bytes"
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// dpi is the resolution of PNGs: 16 cm are 1260 pixels, sharp at README width.
const dpi = 200

// A Figure is a chart ready to be drawn: the plot, what surrounds it, and its
// size. The width is always 16 cm and the height follows from what there is to
// show. Drawing does not change it, and it holds copies of the caller's
// numbers, but it must not be drawn by two goroutines at once.
type Figure struct {
	title, subtitle string
	plot            *plot.Plot
	head            head
	data            vg.Rectangle // where the plot's data area lies
	width, height   vg.Length
}

// insets is the room to leave around the data area of a figure, within the
// margin: for row labels, axis labels, and labels of vertical lines above.
type insets struct{ left, right, bottom, top vg.Length }

// innerWidth is the width between the margins.
const innerWidth = pageWidth - 2*margin

// newFigure assembles a figure around a data area of the given height. The
// layers are drawn in order, on axes that run as x and y say.
func newFigure(h head, in insets, height vg.Length, x, y scale, layers ...plot.Plotter) *Figure {
	p := plot.New()
	p.BackgroundColor = nil // render fills the page; gonum's SVG of a transparent fill is malformed
	p.HideAxes()            // the layers draw their own
	p.X.Padding, p.Y.Padding = 0, 0
	p.Add(layers...)
	x.set(&p.X) // after Add, which widens the range to hold its plotters
	y.set(&p.Y)
	f := &Figure{
		title: h.title, subtitle: h.subtitle,
		plot: p, head: h,
		width:  pageWidth,
		height: 2*margin + in.bottom + height + in.top + h.height(),
	}
	f.data.Min = vg.Point{X: margin + in.left, Y: margin + in.bottom}
	f.data.Max = vg.Point{X: f.width - margin - in.right, Y: f.data.Min.Y + height}
	return f
}

// SVG returns the figure as an SVG document. Its text is text, set in
// Liberation Sans or a font with the same widths.
func (f *Figure) SVG() ([]byte, error) {
	c := vgsvg.New(f.width, f.height)
	raw, err := f.render(c)
	if err != nil {
		return nil, err
	}
	svg, err := finishSVG(raw, f)
	if err != nil {
		return nil, fmt.Errorf("chart: %q: %w", f.title, err)
	}
	return svg, nil
}

// PNG returns the figure as a PNG image at 200 dpi.
func (f *Figure) PNG() ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(f.width, f.height), vgimg.UseDPI(dpi))
	return f.render(vgimg.PngCanvas{Canvas: c})
}

// render draws the figure on a canvas and returns the bytes. gonum reports
// whatever it does not like by a panic in Draw; here that is an error like any
// other, since one odd chart must not lose the rest of a report.
func (f *Figure) render(c vg.CanvasWriterTo) (out []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("chart: draw %q: %v", f.title, r)
		}
	}()
	dc := draw.New(c)
	fillRect(&dc, paper, dc.Min.X, dc.Min.Y, dc.Max.X, dc.Max.Y)
	f.head.draw(&dc)
	f.plot.Draw(draw.Canvas{Canvas: dc.Canvas, Rectangle: f.data})
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("chart: draw %q: %w", f.title, err)
	}
	return b.Bytes(), nil
}
