package chart

import (
	"errors"
	"fmt"
	"math"
)

// errEmpty is returned for charts without a single value.
var errEmpty = errors.New("chart: nothing to draw")

// checkValue says what is wrong with a number for an axis.
func checkValue(v float64, log bool) error {
	switch {
	case math.IsNaN(v):
		return errors.New("the value is not a number")
	case math.Abs(v) > 1e300: // infinite, or so large that differences are
		return fmt.Errorf("the value %g is not finite", v)
	case log && v < 1e-300:
		return fmt.Errorf("the value %g has no place on a log axis: leave it out or use a linear axis", v)
	}
	return nil
}

// checkInterval says what is wrong with a value's interval.
func checkInterval(lo, hi float64, log bool) error {
	for _, v := range []float64{lo, hi} {
		if err := checkValue(v, log); err != nil {
			return fmt.Errorf("interval %g to %g: %w", lo, hi, err)
		}
	}
	if lo > hi {
		return fmt.Errorf("interval %g to %g ends before it begins", lo, hi)
	}
	return nil
}

// checkReference says what is wrong with a reference or marked value; zero
// means there is none.
func checkReference(name string, v float64, log bool) error {
	if v == 0 {
		return nil
	}
	if err := checkValue(v, log); err != nil {
		return fmt.Errorf("chart: %s: %w", name, err)
	}
	return nil
}
