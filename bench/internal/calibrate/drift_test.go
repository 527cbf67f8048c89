package calibrate

import (
	"math"
	"testing"
)

func TestDrift(t *testing.T) {
	f := new(File)
	if _, n := f.Drift(); n != 0 {
		t.Errorf("nothing stands on %d trials", n)
	}
	outcome := func(part, protocol, regime string, ratio float64) {
		f.Outcomes = append(f.Outcomes, Outcome{Cell: Key{Part: part, Regime: regime}, Protocol: protocol, Ratio: ratio})
	}
	for i := range 100 {
		outcome(Alarms, Usual, []string{Quiet, Steady}[i%2], 1/(1+float64(i+1)/1000)) // faster counts as slower does
		outcome(Alarms, Usual, Half, 2)
		outcome(Alarms, Paired, Quiet, 3)
		outcome(Power, Usual, Quiet, 4)
	}
	for i := range 100 {
		f.Outcomes = append(f.Outcomes, Outcome{Cell: Key{Part: Alarms, Regime: Half}, Protocol: Paired, Ratio: 1 + float64(i+1)/1000, Forks: 8})
	}
	if floor, n := f.Floor(); n != 100 || math.Abs(floor-0.095) > 1e-9 {
		t.Errorf("floor %v of %d trials, want 0.095 of 100", floor, n)
	}
	part, n := f.Drift()
	if n != 100 || math.Abs(part-0.095) > 1e-9 {
		t.Errorf("drift %v of %d trials, want 0.095 of 100", part, n)
	}
}
