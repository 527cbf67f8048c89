package page

import (
	"math"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/report"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// A Grid is a table as the page shows it.
type Grid struct {
	ID      string
	Caption string
	Unseen  bool // the caption is for screen readers: a heading stands above
	Head    []Head
	Rows    [][]Cell // the first of each is the row's head
}

// A Head is the head of a column.
type Head struct {
	Text string
	Left bool // the column holds words
}

// A Cell is a text, what to sort it by, and what more there is to say of it.
type Cell struct {
	Text string
	Sort string // a number, or "" to sort by the text
	Tip  string
	Link string // the id of what is to be read about it
	Left bool
	Bold bool // what stands in it is the best
}

func headsOf(texts []string) []Head {
	heads := make([]Head, len(texts))
	for i, t := range texts {
		heads[i] = Head{Text: t, Left: i == 0}
	}
	return heads
}

// cellsOf makes a row. Cells beyond the heads have no column, and go.
func cellsOf(texts, tips []string, heads []Head) []Cell {
	cells := make([]Cell, len(heads))
	for i := range cells {
		cells[i].Left = heads[i].Left
		if i >= len(texts) {
			continue
		}
		cells[i].Text = texts[i]
		if v, ok := quantity(texts[i]); ok {
			cells[i].Sort = strconv.FormatFloat(v, 'g', 6, 64)
		}
		if i < len(tips) {
			cells[i].Tip = tips[i]
		}
	}
	if len(cells) > 0 {
		cells[0].Bold = strings.HasSuffix(cells[0].Text, " *") || strings.HasSuffix(cells[0].Text, " ~")
	}
	return cells
}

// gridOf arranges a table of a report.
func gridOf(t *table.Table, tips [][]string, caption string) Grid {
	g := Grid{Caption: caption, Head: headsOf(t.Head)}
	for i := range g.Head {
		g.Head[i].Left = i == 0 || t.Left[i]
	}
	for i, row := range t.Rows {
		var more []string
		if i < len(tips) {
			more = tips[i]
		}
		g.Rows = append(g.Rows, cellsOf(row, more, g.Head))
	}
	return g
}

func gridsOf(grids []report.Grid) []Grid {
	var out []Grid
	for i := range grids {
		out = append(out, gridOf(&grids[i].Table, grids[i].Tips, grids[i].Caption))
	}
	return out
}

// units are what our tables write behind numbers, as a factor to a common one.
var units = map[string]float64{
	"ns": 1, "µs": 1e3, "ms": 1e6, "s": 1e9,
	"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "k": 1e3, "M": 1e6, "G": 1e9, "%": 0.01, "×": 1,
}

// quantity returns the number that a cell of our tables begins with: "1/16.6
// ±0.6" is a fraction, as are "18/20" and "18 of 20", "6.83 ns ±6.4%" has a
// unit, and "0.1–15 %" is an interval, of which the lower end counts.
func quantity(text string) (float64, bool) {
	text, _, _ = strings.Cut(text, "±")
	text = strings.Replace(text, " of ", "/", 1)
	if low, high, ok := strings.Cut(text, "–"); ok {
		text = low + strings.TrimLeft(high, "0123456789.")
	}
	fields := strings.Fields(text)
	if len(fields) == 0 || len(fields) > 2 {
		return 0, false
	}
	number, unit := fields[0], ""
	if len(fields) == 2 {
		unit = fields[1]
	}
	if end := strings.LastIndexAny(number, "0123456789"); end >= 0 && end+1 < len(number) && unit == "" {
		number, unit = number[:end+1], number[end+1:]
	}
	factor, known := units[unit]
	if unit != "" && !known {
		return 0, false
	}
	above, below, fraction := strings.Cut(strings.TrimPrefix(number, "<"), "/")
	v, err := strconv.ParseFloat(above, 64)
	if err == nil && fraction {
		var d float64
		d, err = strconv.ParseFloat(below, 64)
		v /= d
	}
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false
	}
	if known {
		v *= factor
	}
	return v, true
}
