package browsertest

import (
	"regexp"
	"strconv"
	"testing"
)

// units are those that tables write behind numbers.
var units = map[string]float64{
	"": 1, "%": 1, "×": 1, "x": 1,
	"ns": 1, "µs": 1e3, "ms": 1e6, "s": 1e9, "min": 60e9,
	"k": 1e3, "M": 1e6, "G": 1e9, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30,
	"B": 1, "kB": 1e3, "KiB": 1 << 10, "MB": 1e6, "MiB": 1 << 20,
}

var number = regexp.MustCompile(`^[<≥≤>~ ]*([-+−]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?:(?:/| of )([0-9]+(?:\.[0-9]+)?))?(?:–[0-9.]+)? ?([a-zA-Zµ%×]*)(?: ±.*)?$`)

// value returns what a cell is worth, and whether it is a number: "1.98 ±0.02",
// "1/52 ±3", "3 of 8", "15.8 ns ±3%"; an interval is worth its lower end. It
// knows nothing of how the page sorts.
func value(cell string) (v float64, ok bool) {
	m := number.FindStringSubmatch(cell)
	if m == nil {
		return 0, false
	}
	unit, ok := units[m[3]]
	v, err := strconv.ParseFloat(m[1], 64)
	if err != nil || !ok {
		return 0, false
	}
	if m[2] != "" {
		below, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return 0, false
		}
		v /= below
	}
	return v * unit, true
}

func TestValue(t *testing.T) {
	for _, tt := range []struct {
		cell string
		want float64
		ok   bool
	}{
		{"1.98 ±0.02", 1.98, true},
		{"1/50 ±3", 0.02, true},
		{"15.8 ns ±3%", 15.8, true},
		{"2 µs", 2000, true},
		{"50 ms ±?", 50e6, true},
		{"0", 0, true},
		{"<0.1%", 0.1, true},
		{"1e-06", 1e-6, true},
		{"–", 0, false},
		{"", 0, false},
		{"3 of 8", 0.375, true},
		{"0.1–15 %", 0.1, true},
		{"3 of them", 0, false},
		{"mutex", 0, false},
	} {
		if got, ok := value(tt.cell); got != tt.want || ok != tt.ok {
			t.Errorf("value(%q) = %v, %v, want %v, %v", tt.cell, got, ok, tt.want, tt.ok)
		}
	}
}
