package chart

import (
	"fmt"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Strips shows raw samples: a row each, every sample a point that is moved up
// or down a little so that equal ones do not hide each other, and the median.
type Strips struct {
	Title, Subtitle string
	Rows            []Strip
	XLabel          string
	Log             bool
	Format          func(float64) string // of tick labels; nil for the shortest decimal
}

// A Strip is a row of [Strips].
type Strip struct {
	Label   string
	Samples []float64
}

const (
	stripPitch   = vg.Length(22)
	stripSpread  = vg.Length(6) // how far points are moved up and down at most
	sampleRadius = vg.Length(2)
)

// Figure lays the chart out. It is an error if there is no sample at all, or
// if one has no place on the axis; the error names the row.
func (s Strips) Figure() (*Figure, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	names := make([]string, len(s.Rows))
	for i, r := range s.Rows {
		names[i] = r.Label
	}
	labels := newRowLabels(names)
	height := stripPitch * vg.Length(len(s.Rows))
	layer := stripsLayer{centers: labels.centers}
	var all []extent
	for i, r := range s.Rows {
		labels.centers[i] = height - (vg.Length(i)+0.5)*stripPitch
		layer.rows = append(layer.rows, slices.Clone(r.Samples))
		for _, v := range r.Samples {
			all = append(all, extent{v, sampleRadius, sampleRadius})
		}
	}

	in := insets{left: labels.width()}
	width := innerWidth - in.left
	x := fit(s.Log, width, all)
	axis := bottomAxis{x.ticks(s.Format, x.beside(width)), s.XLabel}
	in.bottom = axis.height()
	keys := []key{
		{layer.thin(), func(c *draw.Canvas, at vg.Point) { sample(c, at) }},
		{"median", func(c *draw.Canvas, at vg.Point) { medianBar(c, at, keyBox/2+1) }},
	}
	return newFigure(newHead(s.Title, s.Subtitle, keys), in, height, x, scale{hi: float64(height)}, axis, labels, layer), nil
}

func (s Strips) check() error {
	empty := true
	for _, r := range s.Rows {
		for i, v := range r.Samples {
			empty = false
			if err := checkValue(v, s.Log); err != nil {
				return fmt.Errorf("chart: row %q, sample %d: %w", r.Label, i+1, err)
			}
		}
	}
	if empty {
		return errEmpty
	}
	return nil
}

// A stripsLayer is the points and medians of a chart of strips.
type stripsLayer struct {
	rows    [][]float64
	medians []float64
	centers []vg.Length
}

// mostSamples is how many points a chart has at most, or 20 a row. More are a
// heap in which none is seen, and an SVG that is slow to load.
const mostSamples = 1000

// thin leaves away points where there are too many, and returns what a point
// is. Those that stay are even by rank, with the least and the
// greatest, so that a row is as wide and as dense as before; medians are those
// of all.
func (l *stripsLayer) thin() string {
	most := max(20, mostSamples/len(l.rows))
	drawn, all := 0, 0
	for i, samples := range l.rows {
		l.medians = append(l.medians, median(samples))
		all += len(samples)
		if n := len(samples); n > most {
			sorted := slices.Sorted(slices.Values(samples))
			l.rows[i] = make([]float64, most)
			for k := range most {
				l.rows[i][k] = sorted[k*(n-1)/(most-1)]
			}
		}
		drawn += len(l.rows[i])
	}
	if drawn < all {
		return fmt.Sprintf("sample (%d of %d are drawn)", drawn, all)
	}
	return "sample"
}

// Plot implements [plot.Plotter]. Every row has its own generator, so a row
// looks the same whatever stands above it.
func (l stripsLayer) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	for i, samples := range l.rows {
		if len(samples) == 0 {
			continue
		}
		y := c.Min.Y + l.centers[i]
		rnd := rand.New(rand.NewPCG(1, uint64(len(samples))))
		for _, v := range samples {
			up := vg.Length(2*rnd.Float64()-1) * stripSpread
			sample(&c, vg.Point{X: toX(v), Y: y + up})
		}
		medianBar(&c, vg.Point{X: toX(l.medians[i]), Y: y}, stripSpread+3)
	}
}

// sample draws one point, half transparent so that a heap looks darker.
func sample(c *draw.Canvas, at vg.Point) {
	b := palette[0]
	half := color.NRGBA{b.R, b.G, b.B, 0x80}
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: half, Radius: sampleRadius, Shape: draw.CircleGlyph{}}, at)
}

// medianBar draws the mark of a median. It is longer than the points spread, so
// that it is found in a heap without hiding any of it.
func medianBar(c *draw.Canvas, at vg.Point, half vg.Length) {
	c.StrokeLine2(stroke(colorOf(3), 1.6), at.X, at.Y-half, at.X, at.Y+half)
}

// median returns the middle value, or the mean of the two in the middle; of
// none it is not a number.
func median(samples []float64) float64 {
	s := slices.Sorted(slices.Values(samples))
	switch n := len(s); {
	case n == 0:
		return math.NaN()
	case n%2 == 0:
		return s[n/2-1]/2 + s[n/2]/2
	}
	return s[len(s)/2]
}
