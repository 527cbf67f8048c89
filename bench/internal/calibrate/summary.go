package calibrate

import (
	"slices"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A Count is what the trials of one cell by one protocol came to.
type Count struct {
	N                         int
	Regressed, Improved, Same int
	Real                      float64   // the ratio that was performed, 0 if it is not known
	Seconds                   []float64 // of each trial, in order
	Found                     []float64 // of the trials that called a difference
}

// Different returns how many trials called the arms different, with the exact
// interval of its rate.
func (c *Count) Different() (int, stats.Interval) {
	k := c.Regressed + c.Improved
	return k, stats.Proportion(k, c.N, stats.Confidence)
}

// within returns how many trials had called a difference by that time.
func (c *Count) within(seconds float64) int {
	n := 0
	for _, s := range c.Found {
		if s <= seconds {
			n++
		}
	}
	return n
}

// A Summary counts the outcomes of a calibration.
type Summary struct {
	counts map[countKey]*Count
}

type countKey struct {
	Key
	protocol string
}

// Summarize counts outcomes.
func Summarize(outcomes []Outcome) *Summary {
	s := &Summary{counts: make(map[countKey]*Count)}
	for _, o := range outcomes {
		k := countKey{o.Cell, o.Protocol}
		c := s.counts[k]
		if c == nil {
			c = new(Count)
			s.counts[k] = c
		}
		c.add(o)
	}
	return s
}

func (c *Count) add(o Outcome) {
	c.N++
	c.Seconds = append(c.Seconds, o.Seconds)
	if o.Real > 0 {
		c.Real = o.Real
	}
	switch o.Verdict {
	case stats.Regressed.String():
		c.Regressed++
	case stats.Improved.String():
		c.Improved++
	case stats.Same.String():
		c.Same++
	}
	if o.Called() {
		c.Found = append(c.Found, o.Seconds)
	}
}

// of returns the count of a cell, of zero trials where there are none.
func (s *Summary) of(k Key, protocol string) *Count {
	if c := s.counts[countKey{k, protocol}]; c != nil {
		return c
	}
	return new(Count)
}

// together adds up the alarms under one load: of the scenarios, whose verdicts
// have one level, or of the works that diff compares at another.
func (s *Summary) together(regime, protocol, prefix string) *Count {
	sum := new(Count)
	for _, w := range works {
		if (w.benchmark() != "") != (prefix == diffPrefix) {
			continue
		}
		c := s.of(Key{Alarms, regime, w.name, 0, 0}, protocol)
		sum.N += c.N
		sum.Regressed += c.Regressed
		sum.Improved += c.Improved
		sum.Seconds = append(sum.Seconds, c.Seconds...)
	}
	return sum
}

// keys returns the cells of a part that were measured, in the order in which
// they are shown.
func (s *Summary) keys(part string) []Key {
	var keys []Key
	for _, regime := range regimes {
		for _, w := range works {
			for _, x := range append([]float64{0}, slowdowns...) {
				for _, tau := range []float64{0, tolerance} {
					if k := (Key{part, regime, w.name, x, tau}); s.of(k, Paired).N > 0 {
						keys = append(keys, k)
					}
				}
			}
		}
	}
	return keys
}

func longest(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	return slices.Max(xs)
}
