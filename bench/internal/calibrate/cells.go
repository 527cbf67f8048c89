package calibrate

import (
	"fmt"
	"slices"
	"time"
)

// What is asked.
const (
	Alarms    = "alarms"    // equal arms, any difference is a false alarm
	Power     = "power"     // a slower arm, tolerance 0: is it found?
	Tolerance = "tolerance" // at a tolerance of 5 %
)

// The load while it is measured.
const (
	Quiet  = "quiet"
	Steady = "steady" // a busy neighbour all the time
	Half   = "half"   // a busy neighbour during the second half only, which the usual protocol gives to one arm
)

var regimes = []string{Quiet, Steady, Half}

// A Key names a cell.
type Key struct {
	Part      string  `json:"part"`
	Regime    string  `json:"regime"`
	Work      string  `json:"work"`
	Slowdown  float64 `json:"slowdown"`
	Tolerance float64 `json:"tolerance"`
}

func (k Key) String() string {
	return fmt.Sprintf("%s %s %s %g at %g", k.Part, k.Regime, k.Work, k.Slowdown, k.Tolerance)
}

// A Cell is one kind of trial and how many of it are wanted.
type Cell struct {
	Key
	Limit time.Duration // of measuring, for one verdict
	Want  int
	Usual int // how many by the usual protocol beside them
}

func (k Key) work() *work {
	for i := range works {
		if works[i].name == k.Work {
			return &works[i]
		}
	}
	return nil
}

// The tolerance that is calibrated, and the slowdowns that must be found.
const tolerance = 0.05

var slowdowns = []float64{0.01, 0.02, 0.03, 0.05, 0.10}

// alarmLimit is how long equal arms are compared: some three looks.
const alarmLimit = 1500 * time.Millisecond

// diffAlarmLimit is the same for interleave diff, for each of the benchmarks that
// it compares in one go: what each of a hundred has by default.
const diffAlarmLimit = 1200 * time.Millisecond

// diffLimit is how long interleave diff measures a slowdown: what it has to find
// it in.
const diffLimit = 10 * time.Second

// The slowdowns that a verdict must find in ten seconds, by work; the figures
// that are published stand on more trials than the rest of the curve.
var mustFind = map[string]float64{"cpu": 0.01, "alloc": 0.03, "lock": 0.03}

// Full returns the cells of a calibration that is worth publishing. With more
// than 1 000 verdicts in each regime, of scenarios and of diff, a rate of 0.5 %
// can be told from one of 1.5 %.
func Full() []Cell {
	var cells []Cell
	for _, regime := range regimes {
		for _, w := range works {
			c := Cell{Key{Alarms, regime, w.name, 0, 0}, alarmLimit, 350, 70}
			if w.benchmark() != "" {
				c.Limit, c.Want, c.Usual = diffAlarmLimit, 130, 20
			}
			cells = append(cells, c)
		}
	}
	for _, w := range works {
		if w.benchmark() != "" {
			cells = append(cells, w.diffCells()...)
			continue
		}
		for _, x := range slowdowns {
			c := Cell{Key{Power, Quiet, w.name, x, 0}, 10 * time.Second, 20, 10}
			if x == 0.10 || x == mustFind[w.name] {
				c.Want = 60
			}
			cells = append(cells, c)
		}
		cells = append(cells,
			Cell{Key{Tolerance, Quiet, w.name, 0, tolerance}, 10 * time.Second, 60, 20},
			Cell{Key{Tolerance, Quiet, w.name, tolerance, tolerance}, 10 * time.Second, 20, 10},
			Cell{Key{Tolerance, Quiet, w.name, 0.10, tolerance}, 10 * time.Second, 60, 20})
	}
	return cells
}

// diffCells are what interleave diff must find, and what it may call the same:
// also where the change is exactly what does not matter.
func (w *work) diffCells() []Cell {
	var cells []Cell
	for _, x := range []float64{0.01, 0.03, 0.05, 0.10} {
		cells = append(cells, Cell{Key{Power, Quiet, w.name, x, 0}, diffLimit, 20, 5})
	}
	for _, x := range []float64{0, tolerance, 0.10} {
		cells = append(cells, Cell{Key{Tolerance, Quiet, w.name, x, tolerance}, diffLimit, 20, 5})
	}
	return cells
}

// Select keeps the cells whose part and work match: alarms/diff/sort.
func Select(cells []Cell, matches func(name string) bool) []Cell {
	return slices.DeleteFunc(cells, func(c Cell) bool { return !matches(c.Part + "/" + c.Work) })
}

// Quick returns the cells of a calibration that takes a minute: enough to see
// the usual protocol fail, not enough to prove a low rate.
func Quick() []Cell {
	var cells []Cell
	for _, w := range works {
		if w.benchmark() != "" {
			continue // to build them takes half of a minute
		}
		for _, regime := range regimes {
			cells = append(cells, Cell{Key{Alarms, regime, w.name, 0, 0}, alarmLimit, 3, 2})
		}
		cells = append(cells, Cell{Key{Power, Quiet, w.name, 0.10, 0}, 2 * time.Second, 3, 0})
	}
	return cells
}
