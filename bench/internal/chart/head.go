package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The line heights and gaps above the data, in points.
const (
	titleLine    = vg.Length(15)
	subtitleLine = vg.Length(12)
	keyLine      = vg.Length(13)
	titleGap     = vg.Length(1)  // between title and subtitle
	headGap      = vg.Length(6)  // below the title block, and below the keys
	keyBox       = vg.Length(8)  // side of a key's square
	keyGap       = vg.Length(14) // between one key and the next
)

// A key explains a colour or mark: draw puts its sign around a centre.
type key struct {
	name string
	draw func(c *draw.Canvas, at vg.Point)
}

// A head is what stands above the data: title, subtitle and keys, in as many
// lines as they need.
type head struct {
	title, subtitle           string
	titleLines, subtitleLines []string
	keyRows                   [][]key
}

func newHead(title, subtitle string, keys []key) head {
	return head{
		title: title, subtitle: subtitle,
		titleLines:    titlePen.balance(title, innerWidth),
		subtitleLines: subtitlePen.wrap(subtitle, innerWidth),
		keyRows:       flow(keys, innerWidth),
	}
}

// flow breaks keys into rows no wider than width.
func flow(keys []key, width vg.Length) [][]key {
	var rows [][]key
	x := width
	for _, k := range keys {
		k.name = labelPen.shorten(k.name, maxLabel, width-keyBox-4)
		w := k.width()
		if len(rows) == 0 || x+w > width {
			rows, x = append(rows, nil), 0
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], k)
		x += w + keyGap
	}
	return rows
}

func (k key) width() vg.Length { return keyBox + 4 + labelPen.width(k.name) }

func (h head) height() vg.Length {
	height := vg.Length(len(h.titleLines))*titleLine + vg.Length(len(h.subtitleLines))*subtitleLine
	if height > 0 {
		height += titleGap + headGap
	}
	if len(h.keyRows) > 0 {
		height += vg.Length(len(h.keyRows))*keyLine + headGap
	}
	return height
}

func (h head) draw(c *draw.Canvas) {
	y := c.Max.Y - margin
	for _, line := range h.titleLines {
		titlePen.write(c, line, margin, y-titlePen.size(), fromLeft)
		y -= titleLine
	}
	y -= titleGap
	for _, line := range h.subtitleLines {
		subtitlePen.write(c, line, margin, y-subtitlePen.size(), fromLeft)
		y -= subtitleLine
	}
	y -= headGap
	for _, row := range h.keyRows {
		x, mid := margin, y-keyLine/2
		for _, k := range row {
			k.draw(c, vg.Point{X: x + keyBox/2, Y: mid})
			labelPen.center(c, k.name, x+keyBox+4, mid, fromLeft)
			x += k.width() + keyGap
		}
		y -= keyLine
	}
}

// seriesKeys returns the keys of named series: squares as long as the colours
// last, and the marks themselves when only the mark tells two series apart.
func seriesKeys(names []string) []key {
	var keys []key
	for i, name := range names {
		if name == "" {
			continue
		}
		k := key{name, func(c *draw.Canvas, at vg.Point) { square(c, i, at) }}
		if len(names) > len(palette) {
			k.draw = func(c *draw.Canvas, at vg.Point) { dot(c, i, false, at) }
		}
		keys = append(keys, k)
	}
	return keys
}

// square draws the square key of a series.
func square(c *draw.Canvas, series int, at vg.Point) {
	fillRect(c, colorOf(series), at.X-keyBox/2, at.Y-keyBox/2, at.X+keyBox/2, at.Y+keyBox/2)
}
