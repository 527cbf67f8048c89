package stats

import (
	"math"
	"testing"
)

func TestDecide(t *testing.T) {
	ln := math.Log
	for _, tt := range []struct {
		name      string
		lo, hi    float64 // of the ratio
		tolerance float64
		want      Verdict
	}{
		{"wholly above", 1.06, 1.2, 0.05, Regressed},
		{"just reaches into the band", 1.04999999, 1.2, 0.05, Unclear},
		{"crosses the upper end", 1.04, 1.06, 0.05, Unclear},
		{"wholly inside", 0.97, 1.03, 0.05, Same},
		{"inside, measurably slower", 1.01, 1.03, 0.05, Same},
		{"wholly below", 0.8, 0.95, 0.05, Improved},
		{"just not below: the band is even on the log scale", 0.9, 0.9525, 0.05, Unclear},
		{"contains the band", 0.9, 1.2, 0.05, Unclear},
		{"no tolerance, slower", 1.0001, 1.1, 0, Regressed},
		{"no tolerance, faster", 0.9, 0.9999, 0, Improved},
		{"no tolerance, contains 1", 0.999, 1.001, 0, Unclear},
		{"no tolerance, exactly 1 at one end", 1, 1.1, 0, Unclear},
		{"a tolerance below 0 is none", 1.1, 1.2, -0.5, Unclear},
		{"a tolerance that is no number", 1.1, 1.2, math.NaN(), Unclear},
	} {
		log := Interval{(ln(tt.lo) + ln(tt.hi)) / 2, ln(tt.lo), ln(tt.hi), 8}
		if got := Decide(log, tt.tolerance); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	for _, log := range []Interval{{}, {0.5, 0.4, 0.6, 1}, {0.5, math.Inf(-1), math.Inf(1), 1}, {math.NaN(), math.NaN(), math.NaN(), 8}} {
		if got := Decide(log, 0.01); got != Unclear {
			t.Errorf("%v decides %v", log, got)
		}
	}
}

func TestChange(t *testing.T) {
	for ratio, want := range map[float64]string{
		1: "0 %", 1.00001: "0 %", 1.052: "+5.2 %", 0.948: "-5.2 %", 1.0052: "+0.52 %", 2: "+100.0 %", 12: "12 times", math.Inf(1): "?", math.NaN(): "?",
	} {
		if got := Change(ratio); got != want {
			t.Errorf("%v: %s, want %s", ratio, got, want)
		}
	}
}
