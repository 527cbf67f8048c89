package changes

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/revision"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// value writes a value in its unit, with three digits.
func value(v float64, unit string) string {
	switch unit {
	case revision.TimeUnit:
		return scaled(v, []scale{{1, " ns"}, {1e3, " µs"}, {1e6, " ms"}, {1e9, " s"}})
	case "B/op":
		return scaled(v, []scale{{1, " B"}, {1 << 10, " KiB"}, {1 << 20, " MiB"}, {1 << 30, " GiB"}})
	}
	return scaled(v, []scale{{1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}})
}

type scale struct {
	size float64
	name string
}

func scaled(v float64, units []scale) string {
	u := units[0]
	for _, next := range units[1:] {
		if math.Abs(v) >= 0.9995*next.size {
			u = next
		}
	}
	v /= u.size
	switch a := math.Abs(v); {
	case v == math.Trunc(v) && a < 1e15 && u == units[0]:
		return strconv.FormatFloat(v, 'f', 0, 64) + u.name
	case a >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64) + u.name
	case a >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64) + u.name
	case a >= 0.0995:
		return strconv.FormatFloat(v, 'f', 2, 64) + u.name
	}
	return strconv.FormatFloat(v, 'g', 2, 64) + u.name
}

// change writes the change of a row with its interval: "+5.2% ±0.8".
func change(row *revision.Row) string {
	switch {
	case !row.Change.Known():
		return "?"
	case row.Exact && row.Base == row.Head:
		return "0%"
	case math.IsInf(row.Change.Value, 1) && row.Base == 0:
		return "from 0"
	case row.Exact || row.Change.Value == 0: // to nothing
		return signed(row.Change.Value - 1)
	}
	return changeOf(row.Change)
}

// changeOf writes a ratio with its interval as a change. Far from 1 the two
// arms of the interval differ, and the longer one is shown.
func changeOf(i stats.Interval) string {
	switch {
	case !i.Known() || math.IsNaN(i.Value) || math.IsInf(i.Value, 0):
		return "?"
	case !i.Bounded():
		return signed(i.Value-1) + " ±?"
	case i.Value >= 10:
		return fmt.Sprintf("%.3g times", i.Value)
	}
	return signed(i.Value-1) + " ±" + strings.TrimSuffix(percent(i.Half()), "%")
}

func signed(part float64) string {
	if math.IsNaN(part) || math.IsInf(part, 0) {
		return "?"
	}
	if p := percent(math.Abs(part)); part < 0 && p != "0%" {
		return "−" + p
	} else if p != "0%" {
		return "+" + p
	}
	return "0%"
}

// percent writes a part of one with two digits.
func percent(part float64) string {
	p := 100 * part
	switch {
	case p < 0.005:
		return "0%"
	case p < 0.0995:
		return strconv.FormatFloat(p, 'f', 2, 64) + "%"
	case p == math.Trunc(p):
		return strconv.FormatFloat(p, 'f', 0, 64) + "%"
	case p < 9.95:
		return strconv.FormatFloat(p, 'f', 1, 64) + "%"
	}
	return strconv.FormatFloat(p, 'f', 0, 64) + "%"
}

// word is the verdict of a row as the tables show it.
func word(row *revision.Row) string {
	if row.Changed {
		return "changed"
	}
	return row.Verdict.String()
}

// Plural returns a number of things in words.
func Plural(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "y"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(noun, "y"))
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
