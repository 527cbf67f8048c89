package chart

import (
	"fmt"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Dots shows one value with its interval per row and series: rows run down the
// left, and in each row every series has a line of its own.
type Dots struct {
	Title, Subtitle string
	Series          []string // the keys, one for each point of a row; may be nil if rows have one point
	Rows            []Row
	XLabel          string
	Log             bool
	Reference       float64 // a vertical line, and in the range; 0 for none
	ReferenceLabel  string
	Marks           []float64            // a value of its own to compare with for each row, 0 for none; or nil
	MarkLabel       string               // what the marks are, for the keys
	Format          func(float64) string // of tick labels; nil for the shortest decimal
}

// A Row is a line of [Dots], with a point for each series.
type Row struct {
	Label  string
	Points []Point
}

// A Point is a value with its interval.
type Point struct {
	X, Lo, Hi float64
	Label     string // printed beside the interval
	Missing   bool   // nothing was measured: only the label is printed, at the axis
	Open      bool   // the interval is unknown: a hollow dot without whisker
}

// open reports whether the point has no interval. A point whose interval was
// never set is taken for one: 0 to 0 around anything else is no interval.
func (p Point) open() bool {
	return p.Open || p.Lo == 0 && p.Hi == 0 && p.X != 0
}

func (p Point) check(log bool) error {
	if p.Missing {
		return nil
	}
	if err := checkValue(p.X, log); err != nil || p.open() {
		return err
	}
	return checkInterval(p.Lo, p.Hi, log)
}

const (
	dotPitch  = vg.Length(10) // between series in a row; a value's label is lower than that
	rowGap    = vg.Length(9)  // between the series of one row and of the next
	valueGap  = vg.Length(3)  // between a whisker and its label
	valueRoom = dotRadius + valueGap
)

// Figure lays the chart out. It is an error if there is nothing to draw, if a
// row does not have a point for every series, or if a value has no place on
// the axis; the error names the row.
func (d Dots) Figure() (*Figure, error) {
	series, err := d.check()
	if err != nil {
		return nil, err
	}
	names := make([]string, len(d.Rows))
	for i, r := range d.Rows {
		names[i] = r.Label
	}
	labels := newRowLabels(names)
	pitch := vg.Length(series)*dotPitch + rowGap
	height := pitch * vg.Length(len(d.Rows))
	for i := range labels.centers {
		labels.centers[i] = height - (vg.Length(i)+0.5)*pitch
	}

	in := insets{left: labels.width()}
	width := innerWidth - in.left
	x := fit(d.Log, width, d.extents(width))
	axis := bottomAxis{x.ticks(d.Format, x.beside(width)), d.XLabel}
	in.bottom = axis.height()
	layers := []plot.Plotter{axis}
	if series > 1 {
		layers = append(layers, separators{pitch})
	}
	if d.Reference != 0 {
		ref := plumb{d.Reference, d.ReferenceLabel}
		in.top = ref.height()
		layers = append(layers, ref)
	}
	layers = append(layers, labels)
	if d.marked() {
		layers = append(layers, marks{slices.Clone(d.Marks), labels.centers, pitch - 3})
	}
	layers = append(layers, d.layer(labels.centers))
	return newFigure(newHead(d.Title, d.Subtitle, d.keys()), in, height, x, scale{hi: float64(height)}, layers...), nil
}

// check returns the number of series.
func (d Dots) check() (int, error) {
	series := max(len(d.Series), 1)
	empty := true
	for _, r := range d.Rows {
		if len(r.Points) != series {
			return 0, fmt.Errorf("chart: row %q has %d points for %d series", r.Label, len(r.Points), series)
		}
		for i, p := range r.Points {
			empty = empty && p.Missing
			if err := p.check(d.Log); err != nil {
				return 0, fmt.Errorf("chart: row %q%s: %w", r.Label, d.named(i), err)
			}
		}
	}
	if empty {
		return 0, errEmpty
	}
	if d.Marks != nil && len(d.Marks) != len(d.Rows) {
		return 0, fmt.Errorf("chart: %d marks for %d rows", len(d.Marks), len(d.Rows))
	}
	for i, m := range d.Marks {
		if err := checkReference("mark of row "+strconv.Quote(d.Rows[i].Label), m, d.Log); err != nil {
			return 0, err
		}
	}
	return series, checkReference("reference", d.Reference, d.Log)
}

// marked reports whether any row has a mark.
func (d Dots) marked() bool {
	return slices.ContainsFunc(d.Marks, func(m float64) bool { return m != 0 })
}

// named returns the series' name for an error message.
func (d Dots) named(series int) string {
	if series >= len(d.Series) || d.Series[series] == "" {
		return ""
	}
	return fmt.Sprintf(", series %q", d.Series[series])
}

// keys explains the series, and hollow dots if not all dots are hollow: then
// the difference says something.
func (d Dots) keys() []key {
	keys := seriesKeys(d.Series)
	var open, closed bool
	for _, r := range d.Rows {
		for _, p := range r.Points {
			open = open || !p.Missing && p.open()
			closed = closed || !p.Missing && !p.open()
		}
	}
	if open && closed {
		keys = append(keys, key{"interval unknown", ring})
	}
	if d.marked() && d.MarkLabel != "" {
		keys = append(keys, key{d.MarkLabel, func(c *draw.Canvas, at vg.Point) { markLine(c, at, keyBox) }})
	}
	return keys
}

// marks are short upright lines across the rows, each at a value of its own.
type marks struct {
	values  []float64
	centers []vg.Length
	height  vg.Length // of a mark: higher than the label that may cover its middle
}

// Plot implements [plot.Plotter].
func (m marks) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	for i, v := range m.values {
		if v != 0 {
			markLine(&c, vg.Point{X: toX(v), Y: c.Min.Y + m.centers[i]}, m.height)
		}
	}
}

func markLine(c *draw.Canvas, at vg.Point, height vg.Length) {
	c.StrokeLine2(stroke(text, 1.5), at.X, at.Y-height/2, at.X, at.Y+height/2)
}

// ring is the key of hollow dots, in no series' colour.
func ring(c *draw.Canvas, at vg.Point) {
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: faint, Radius: dotRadius, Shape: draw.CircleGlyph{}}, at)
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: paper, Radius: dotRadius - 1.2, Shape: draw.CircleGlyph{}}, at)
}

// extents returns what has to fit on the horizontal axis.
func (d Dots) extents(width vg.Length) []extent {
	var all []extent
	if d.Reference != 0 {
		all = append(all, extent{v: d.Reference})
	}
	for _, m := range d.Marks {
		if m != 0 {
			all = append(all, extent{v: m})
		}
	}
	for _, r := range d.Rows {
		for _, p := range r.Points {
			if p.Missing {
				continue
			}
			last, label := p.X, vg.Length(0)
			if !p.open() {
				all = append(all, extent{v: p.Lo})
				last = max(last, p.Hi)
			}
			if p.Label != "" {
				label = valueRoom + valuePen.width(valuePen.elide(p.Label, maxLabel, width/2)) + 2
			}
			all = append(all, extent{p.X, dotRadius, dotRadius}, extent{v: last, right: label})
		}
	}
	return all
}

// A dotsLayer is the points of a chart of dots, with their heights.
type dotsLayer struct {
	rows    [][]Point
	centers []vg.Length
}

// layer copies the points, so that the figure does not change with them.
func (d Dots) layer(centers []vg.Length) dotsLayer {
	l := dotsLayer{centers: centers}
	for _, r := range d.Rows {
		l.rows = append(l.rows, slices.Clone(r.Points))
	}
	return l
}

// Plot implements [plot.Plotter]. The white behind the labels, which keeps the
// grid from striking them through, comes first so that it hides no dot.
func (l dotsLayer) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	for _, paint := range []func(i int, pt Point, y vg.Length){
		func(_ int, pt Point, y vg.Length) {
			x, label := l.label(&c, toX, pt)
			fillRect(&c, paper, x-1, y-dotPitch/2, x+valuePen.width(label)+1, y+dotPitch/2)
		},
		func(i int, pt Point, y vg.Length) {
			if pt.Missing {
				return
			}
			if !pt.open() {
				whisker(&c, colorOf(i), vg.Point{X: toX(pt.Lo), Y: y}, vg.Point{X: toX(pt.Hi), Y: y})
			}
			dot(&c, i, pt.open(), vg.Point{X: toX(pt.X), Y: y})
		},
		func(_ int, pt Point, y vg.Length) {
			x, label := l.label(&c, toX, pt)
			valuePen.center(c, label, x, y, fromLeft)
		},
	} {
		l.each(c.Min.Y, paint)
	}
}

// each calls paint for every point with its series and height.
func (l dotsLayer) each(bottom vg.Length, paint func(i int, pt Point, y vg.Length)) {
	for k, points := range l.rows {
		top := bottom + l.centers[k] + dotPitch*vg.Length(len(points)-1)/2
		for i, pt := range points {
			if pt.Label != "" || !pt.Missing {
				paint(i, pt, top-dotPitch*vg.Length(i))
			}
		}
	}
}

// label returns where a point's label starts, and the label.
func (l dotsLayer) label(c *draw.Canvas, toX func(float64) vg.Length, pt Point) (vg.Length, string) {
	label := valuePen.elide(pt.Label, maxLabel, c.Size().X/2)
	if pt.Missing {
		return c.Min.X + valueGap, label
	}
	x := toX(pt.X) + valueRoom
	if !pt.open() {
		x = max(x, toX(pt.Hi)+valueGap)
	}
	return x, label
}
