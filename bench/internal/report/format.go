package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// ratio writes a ratio with half of its interval: "1.98 ±0.02". Small ratios
// are written as a fraction, "1/52 ±3", which says more than 0.019.
func ratio(i stats.Interval) string {
	switch {
	case !i.Known():
		return "–"
	case i.Value < 0.095:
		return "1/" + plain(i.Inverse())
	}
	return plain(i)
}

// plain writes a positive value with half of its interval.
func plain(i stats.Interval) string {
	if !i.Bounded() {
		return decimals(i.Value, places(i.Value)) + " ±?"
	}
	n := places(i.Value)
	if i.Half() < 0.005 && i.Value < 10 {
		n = 3
	}
	return decimals(i.Value, n) + " ±" + decimals(i.Half(), n)
}

// places returns how many decimals leave three digits of a value.
func places(v float64) int {
	switch {
	case v >= 99.5:
		return 0
	case v >= 9.95:
		return 1
	}
	return 2
}

func decimals(v float64, n int) string { return strconv.FormatFloat(v, 'f', n, 64) }

// times writes a factor for a sentence: "52", "2.00", "3.7".
func times(i stats.Interval) string { return decimals(i.Value, places(i.Value)) }

// duration writes nanoseconds with three digits and a unit.
func duration(ns float64) string {
	units := []struct {
		size float64
		name string
	}{{1, "ns"}, {1e3, "µs"}, {1e6, "ms"}, {1e9, "s"}}
	u := units[0]
	for _, next := range units[1:] {
		if ns >= 0.9995*next.size {
			u = next
		}
	}
	return decimals(ns/u.size, places(ns/u.size)) + " " + u.name
}

// durationInterval writes a time with half of its interval in the same unit,
// as a percentage: "15.8 ns ±3%".
func durationInterval(i stats.Interval) string {
	if !i.Known() {
		return "–"
	}
	if !i.Bounded() {
		return duration(i.Value) + " ±?"
	}
	return duration(i.Value) + " ±" + percent(i.Half()/i.Value)
}

// percent writes a part of one as a percentage.
func percent(part float64) string {
	p := 100 * part
	switch {
	case p != 0 && math.Abs(p) < 0.1:
		return "<0.1%"
	case math.Abs(p) < 9.95:
		return strings.TrimSuffix(decimals(p, 1), ".0") + "%"
	}
	return decimals(p, 0) + "%"
}

// count writes a number of things per operation: allocations.
func count(n float64) string {
	switch {
	case n < 0.0005:
		return "0"
	case n >= 999.5:
		return decimals(n, 0)
	}
	return strconv.FormatFloat(n, 'g', 3, 64)
}

// plural returns the noun for a number of things.
func plural(n int, noun string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// paramValues returns the values in a case's parameters: "net=shared" gives
// "shared".
func paramValues(params string) []string {
	var values []string
	for p := range strings.SplitSeq(params, "/") {
		if _, value, ok := strings.Cut(p, "="); ok {
			values = append(values, value)
		}
	}
	return values
}
