package stats

import (
	"math"
	"strings"
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
		{"reaches over the upper end", 1.04, 1.06, 0.05, Unclear},
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
	if (Judgement{}).Verdict != Unclear {
		t.Error("the zero value decides something")
	}
}

// spread returns n estimates around a ratio, with a standard deviation of the
// logarithm near sd.
func spread(n int, ratio, sd float64) []float64 {
	logs := make([]float64, n)
	for i := range logs {
		logs[i] = math.Log(ratio) + sd*math.Pow(-1, float64(i))
	}
	return logs
}

func TestJudge(t *testing.T) {
	test := Test{Tolerance: 0.05, Level: 0.01}
	for _, tt := range []struct {
		name   string
		logs   []float64
		final  bool
		want   Verdict
		looks  int
		n      int
		reason string
	}{
		{"nothing", nil, true, Unclear, 0, 0, "0 of at least 6 processes"},
		{"one block", spread(1, 2, 0), true, Unclear, 0, 0, "1 of at least 6"},
		{"too few", spread(5, 2, 0.001), true, Unclear, 0, 0, "5 of at least 6"},
		{"first look", spread(6, 1.2, 0.01), false, Regressed, 1, 6, "beyond the tolerance of 5 %"},
		{"decided at the first look, whatever follows", append(spread(6, 1.2, 0.01), spread(20, 0.5, 0.01)...), false, Regressed, 1, 6, ""},
		{"between looks nothing is judged", append(spread(6, 1.04, 0.05), spread(1, 1.04, 0.05)...), false, Unclear, 1, 6, "reaches over"},
		{"the last comes early", append(spread(6, 1.04, 0.05), spread(1, 1.04, 0.05)...), true, Unclear, 2, 7, "reaches over"},
		{"same", spread(8, 1, 0.01), false, Same, 1, 6, "is within the tolerance"},
		{"same, measurably slower", spread(8, 1.02, 0.002), false, Same, 1, 6, "measurably slower"},
		{"same, measurably faster", spread(8, 0.98, 0.002), false, Same, 1, 6, "measurably faster"},
		{"improved", spread(8, 0.8, 0.01), false, Improved, 1, 6, "beyond"},
		{"no variance", spread(8, 1.2, 0), true, Unclear, 2, 0, "clock is too coarse"},
		{"a time of zero", append(spread(7, 1.2, 0.01), math.Inf(-1)), true, Regressed, 1, 6, ""},
		{"a time of zero in the first look", append([]float64{math.NaN()}, spread(7, 1.2, 0.01)...), true, Unclear, 2, 0, "a time of zero"},
	} {
		got := test.Judge(tt.logs, tt.final)
		if got.Verdict != tt.want || got.Looks != tt.looks || got.Log.N != tt.n || !strings.Contains(got.Reason, tt.reason) {
			t.Errorf("%s: %v at look %d of %d forks (%s), want %v at look %d of %d (%s)",
				tt.name, got.Verdict, got.Looks, got.Log.N, got.Reason, tt.want, tt.looks, tt.n, tt.reason)
		}
		if math.IsNaN(got.Log.Value) || math.IsNaN(got.More) {
			t.Errorf("%s: not a number: %+v", tt.name, got)
		}
		if (got.Verdict == Unclear) != (got.More > 0) {
			t.Errorf("%s: %v, and %v more forks", tt.name, got.Verdict, got.More)
		}
	}
}

// After as many more forks as were estimated, spread alike, the verdict is
// there.
func TestMoreIsEnough(t *testing.T) {
	test := Test{Tolerance: 0.05, Level: 0.01}
	for _, ratio := range []float64{1, 1.02, 1.09, 0.93, 1.2} {
		logs := spread(8, ratio, 0.08)
		j := test.look(logs)
		if j.Verdict != Unclear {
			continue
		}
		n := 8 + int(j.More)
		if got := Decide(Mean(spread(n+n%2, ratio, 0.08), 1-lookLevel(test.Level)), test.Tolerance); got == Unclear {
			t.Errorf("ratio %v: still unclear after %d forks", ratio, n)
		}
	}
	if j := test.look(spread(8, 1.05, 0.08)); !math.IsInf(j.More, 1) {
		t.Errorf("an estimate at the end of the band is decided after %v forks", j.More)
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
