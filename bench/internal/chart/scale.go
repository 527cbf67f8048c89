package chart

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// A scale is the range of an axis and the way values run along it.
type scale struct {
	lo, hi float64
	log    bool
}

// norm returns how far along the axis v is, from 0 at lo to 1 at hi.
func (s scale) norm(v float64) float64 {
	return (s.along(v) - s.along(s.lo)) / (s.along(s.hi) - s.along(s.lo))
}

// along maps a value to the axis, along which equal steps are equally long;
// back undoes it.
func (s scale) along(v float64) float64 {
	if s.log {
		return math.Log10(v)
	}
	return v
}

func (s scale) back(u float64) float64 {
	if s.log {
		return math.Pow(10, u)
	}
	return u
}

// set gives an axis of a plot the scale.
func (s scale) set(a *plot.Axis) {
	a.Min, a.Max, a.Scale = s.lo, s.hi, plot.LinearScale{}
	if s.log {
		a.Scale = plot.LogScale{}
	}
}

// An extent is a value and the room that what is drawn there takes to its left
// and right: a dot, a value's label.
type extent struct {
	v           float64
	left, right vg.Length
}

// spare is how much of the range is left free beyond the outermost values.
const spare = 0.03

// fit returns the scale on which all extents lie within an axis of the given
// width. Labels widen the range rather than narrow the plot, so that the grid
// runs on behind them. A linear axis starts at zero when the values come near
// it: a reader expects that, and it costs little.
func fit(log bool, width vg.Length, marks []extent) scale {
	s := scale{lo: math.Inf(1), hi: math.Inf(-1), log: log}
	for _, m := range marks {
		s.lo, s.hi = min(s.lo, m.v), max(s.hi, m.v)
	}
	lo, hi := widen(s)
	fromZero := !log && s.lo >= 0 && s.lo < 0.5*s.hi
	if fromZero {
		lo = 0
	}
	// Moving one end moves the marks near the other: a few rounds settle it.
	for range 8 {
		for _, m := range marks {
			u := s.along(m.v)
			if share := shareOf(m.left, width); !fromZero {
				lo = min(lo, (u-share*hi)/(1-share))
			}
			share := shareOf(m.right, width)
			hi = max(hi, (u-share*lo)/(1-share))
		}
	}
	s.lo, s.hi = s.back(lo), s.back(hi)
	return s
}

// shareOf returns the part of the axis that a label takes, at most so much
// that the data keep some of it.
func shareOf(room, width vg.Length) float64 {
	return min(float64(room/width), 0.6)
}

// widen returns the ends of the axis with some spare room, in the axis' own
// units. A single value gets a range around it, and so do values that differ
// only by rounding: ticks between those could not be told apart.
func widen(s scale) (lo, hi float64) {
	lo, hi = s.along(s.lo), s.along(s.hi)
	if hi-lo > 1e-9*max(math.Abs(lo), math.Abs(hi)) {
		room := spare * (hi - lo)
		return lo - room, hi + room
	}
	half := 0.3 // of a decade: a factor of two each way
	if !s.log {
		half = math.Abs(lo) / 2
		if lo == 0 {
			half = 1
		}
	}
	return lo - half, hi + half
}
