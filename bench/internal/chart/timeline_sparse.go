package chart

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// mostSpans is how many spans a timeline has at most: an SVG of so many takes
// less than 100 kB.
const mostSpans = 1200

// sparsely thins lanes until there are few enough spans for a picture. It cuts
// each lane into cells of a width, finer than can be seen if that will do, and
// gives a cell to the span that takes most of it.
func (l *lanesLayer) sparsely(toX func(float64) vg.Length) {
	whole := l.lanes
	for cell := vg.Length(0.5); l.count() > mostSpans && cell < pageWidth; cell *= 2 {
		l.lanes = make([][]laneSpan, len(whole))
		for i, spans := range whole {
			l.lanes[i] = thinned(spans, toX, cell)
		}
	}
}

func (l *lanesLayer) count() (n int) {
	for _, spans := range l.lanes {
		n += len(spans)
	}
	return n
}

// thinned returns the spans of a lane with no two bars in a cell, and no two
// marks.
func thinned(spans []laneSpan, toX func(float64) vg.Length, cell vg.Length) []laneSpan {
	at := func(v float64) int { return int(math.Floor(float64(toX(v) / cell))) }
	owners := make(map[int]int) // cell → the bar that has most of it
	room := make(map[int]vg.Length)
	var kept []laneSpan
	last := math.MinInt
	for i, s := range spans {
		if s.mark {
			if at(s.start) != last {
				kept, last = append(kept, s), at(s.start)
			}
			continue
		}
		for c := at(s.start); c <= at(s.end); c++ {
			share := min(toX(s.end), vg.Length(c+1)*cell) - max(toX(s.start), vg.Length(c)*cell)
			if share > room[c] {
				owners[c], room[c] = i, share
			}
		}
	}
	cells := make([]int, 0, len(owners))
	for c := range owners {
		cells = append(cells, c)
	}
	slices.Sort(cells)
	before := -1
	for k, c := range cells {
		s := spans[owners[c]]
		if k > 0 && c == cells[k-1]+1 && before >= 0 {
			run, short := &kept[before], toX(s.end)-toX(s.start) < cell
			if owners[c] == owners[cells[k-1]] || short && run.kind == s.kind {
				run.end = max(run.end, s.end)
				continue
			}
			s.start = max(s.start, run.end)
		}
		kept, before = append(kept, s), len(kept)
	}
	slices.SortStableFunc(kept, func(a, b laneSpan) int { return cmp.Compare(a.start, b.start) })
	return kept
}
