package chart

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// A tick is a labelled value of an axis.
type tick struct {
	v     float64
	label string
}

// An axis has at most maxTicks, and about goodTicks if it can.
const (
	maxTicks  = 9
	goodTicks = 5.5
)

// shortest is the format of ticks and values if the caller has none.
func shortest(v float64) string {
	if a := math.Abs(v); a != 0 && (a >= 1e7 || a < 1e-4) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// ticks returns the candidates nearest to the good number, in proportion, as
// long as apart says that their labels leave room between one another.
func (s scale) ticks(format func(float64) string, apart func([]tick) bool) []tick {
	if format == nil {
		format = shortest
	}
	var best, coarsest []tick
	for _, values := range s.candidates() {
		ticks := make([]tick, len(values))
		for i, v := range values {
			ticks[i] = tick{v, format(v)}
		}
		if len(ticks) > 0 {
			coarsest = ticks
		}
		if len(ticks) <= maxTicks && distinct(ticks) && apart(ticks) && off(ticks) < off(best) {
			best = ticks
		}
	}
	if best == nil {
		// Labels too wide for any choice: one tick is still better than none.
		return coarsest[:min(1, len(coarsest))]
	}
	return best
}

// off says how far the number of ticks is from a good one.
func off(ticks []tick) float64 {
	return math.Abs(math.Log(float64(len(ticks)) / goodTicks))
}

// distinct reports whether no two ticks have the same label, as happens when
// the caller's format rounds more than the ticks are apart.
func distinct(ticks []tick) bool {
	for i := 1; i < len(ticks); i++ {
		if ticks[i].label == ticks[i-1].label {
			return false
		}
	}
	return true
}

// beside returns an apart function for labels in one line along a horizontal
// axis of the given width.
func (s scale) beside(width vg.Length) func([]tick) bool {
	return func(ticks []tick) bool {
		end := vg.Length(math.Inf(-1))
		for _, t := range ticks {
			x, half := vg.Length(s.norm(t.v))*width, labelPen.width(t.label)/2
			if x-half < end+gutter {
				return false
			}
			end = x + half
		}
		return true
	}
}

// above returns an apart function for labels along a vertical axis.
func (s scale) above(height vg.Length) func([]tick) bool {
	return func(ticks []tick) bool {
		for i := 1; i < len(ticks); i++ {
			if vg.Length(s.norm(ticks[i].v)-s.norm(ticks[i-1].v))*height < 2*labelPen.size() {
				return false
			}
		}
		return true
	}
}

// candidates returns sets of tick values, finest first.
func (s scale) candidates() [][]float64 {
	decades := 0.0
	if s.log {
		decades = math.Log10(s.hi / s.lo)
	}
	var sets [][]float64
	switch {
	case !s.log || decades < 0.8:
		// So short a piece of a log axis is nearly linear, and decades with
		// 1, 2 and 5 might give it no tick at all.
		return s.linear()
	case decades < 2:
		sets = append(sets, s.decades(1, 1, 2, 5), s.decades(1, 1, 3))
	default:
		sets = append(sets, s.decades(1, 1, 3))
	}
	for _, every := range []int{1, 2, 3, 5, 10, 20, 50, 100} {
		sets = append(sets, s.decades(every, 1))
	}
	return sets
}

// linear returns multiples of 1, 2 and 5 times powers of ten.
func (s scale) linear() [][]float64 {
	var sets [][]float64
	exp := int(math.Floor(math.Log10((s.hi-s.lo)/maxTicks))) - 1
	for ; ; exp++ {
		for _, m := range []float64{1, 2, 5} {
			set := s.multiples(m, exp)
			if len(set) < 2 && len(sets) > 0 {
				return sets
			}
			if len(set) <= 2*maxTicks {
				sets = append(sets, set)
			}
		}
	}
}

// multiples returns the multiples of m·10^exp within the range. They are read
// back from decimals, so that 3 × 0.1 is 0.3 and not 0.30000000000000004.
func (s scale) multiples(m float64, exp int) []float64 {
	step := m * math.Pow10(exp)
	var values []float64
	// A hair of tolerance keeps a tick that stands exactly at an end.
	for i := math.Ceil(s.lo/step - 1e-9); i*step <= s.hi+1e-9*step; i++ {
		v, err := strconv.ParseFloat(strconv.FormatFloat(i*step, 'f', max(0, -exp), 64), 64)
		if err != nil || len(values) > 10*maxTicks {
			break
		}
		values = append(values, v+0) // +0 turns a negative zero around
	}
	return values
}

// decades returns the given multiples of every n-th power of ten in range.
func (s scale) decades(n int, multiples ...float64) []float64 {
	var values []float64
	first := int(math.Floor(math.Log10(s.lo)))
	for exp := first; math.Pow10(exp) <= s.hi; exp++ {
		if exp%n != 0 {
			continue
		}
		for _, m := range multiples {
			v, _ := strconv.ParseFloat(strconv.FormatFloat(m, 'f', -1, 64)+"e"+strconv.Itoa(exp), 64)
			if v >= s.lo && v <= s.hi {
				values = append(values, v)
			}
		}
	}
	return slices.Clip(values)
}
