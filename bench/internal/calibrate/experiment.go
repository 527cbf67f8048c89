package calibrate

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/interleave-go/interleave/bench/internal/measure"
)

// The protocols that are compared.
const (
	Paired = "paired" // ours
	Usual  = "usual"
)

// An Outcome is one trial: a verdict where the truth is known.
type Outcome struct {
	Cell     Key     `json:"cell"`
	Protocol string  `json:"protocol"`
	Verdict  string  `json:"verdict"`
	Ratio    float64 `json:"ratio"` // estimated, time(new)/time(old)
	Real     float64 `json:"real"`  // performed: operations of new / operations of old
	Forks    int     `json:"forks"` // pairs of processes that the verdict stands on
	Seconds  float64 `json:"seconds"`
}

// Called reports whether the arms were called different.
func (o *Outcome) Called() bool { return o.Verdict == "regressed" || o.Verdict == "improved" }

// An Experiment fills cells with trials.
type Experiment struct {
	Cells    []Cell
	Starter  measure.Starter
	Clock    measure.Clock
	Procs    int
	Seed     uint64
	Take     func(Outcome) error // called after each trial
	Progress func(done, wanted int)
}

// Run makes trials until every cell is full or until what has been measured
// before and now leaves no time. It returns whether all cells are full.
func (e *Experiment) Run(ctx context.Context, before []Outcome, until time.Duration) (full bool, err error) {
	w := &workshop{
		starter: e.Starter, clock: e.Clock, procs: e.Procs, load: &load{starter: e.Starter},
		random: rand.New(rand.NewPCG(e.Seed, uint64(len(before)))),
	}
	defer w.load.off()
	defer w.arena.close()
	t := newTally(e.Cells, before)
	for {
		e.Progress(t.done, t.wanted)
		i, protocol, ok := t.next()
		if !ok {
			return true, nil
		}
		c := e.Cells[i]
		limit := c.Limit
		if protocol == Usual {
			limit = t.time(i)
		}
		if until > 0 && e.Clock()+limit > until {
			return false, nil
		}
		var outcomes []Outcome
		if protocol == Usual {
			outcomes, err = one(w.usual(ctx, c, limit))
		} else {
			outcomes, err = w.paired(ctx, beside(c, e.Cells))
		}
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil {
			return false, err
		}
		for _, o := range outcomes {
			if err := e.Take(o); err != nil {
				return false, err
			}
			t.add(o)
		}
	}
}

func one(o Outcome, err error) ([]Outcome, error) { return []Outcome{o}, err }

// A tally counts what has been measured of each cell.
type tally struct {
	cells        []Cell
	index        map[Key]int
	paired       []int
	usual        []int
	seconds      [][]float64 // of the paired ones
	done, wanted int
}

func newTally(cells []Cell, before []Outcome) *tally {
	t := &tally{
		cells: cells, index: make(map[Key]int), paired: make([]int, len(cells)), usual: make([]int, len(cells)),
		seconds: make([][]float64, len(cells)),
	}
	for i, c := range cells {
		t.index[c.Key] = i
		t.wanted += c.Want + c.Usual
	}
	for _, o := range before {
		t.add(o)
	}
	return t
}

func (t *tally) add(o Outcome) {
	i, ok := t.index[o.Cell]
	if !ok {
		return // of a calibration with other cells
	}
	t.done++
	if o.Protocol == Usual {
		t.usual[i]++
		return
	}
	t.paired[i]++
	t.seconds[i] = append(t.seconds[i], o.Seconds)
}

// next returns the cell and the protocol that has the smallest part of what it
// wants, so that whatever time there is gives a whole picture.
func (t *tally) next() (cell int, protocol string, ok bool) {
	least := 1.0
	for i, c := range t.cells {
		if part := float64(t.paired[i]) / float64(c.Want); part < least {
			least, cell, protocol, ok = part, i, Paired, true
		}
	}
	for i, c := range t.cells {
		if c.Usual == 0 || t.paired[i] == 0 {
			continue
		}
		if part := float64(t.usual[i]) / float64(c.Usual); part < least {
			least, cell, protocol, ok = part, i, Usual, true
		}
	}
	return cell, protocol, ok
}

// time returns what a verdict of a cell took on the average: the usual protocol
// gets the same.
func (t *tally) time(i int) time.Duration {
	total := 0.0
	for _, s := range t.seconds[i] {
		total += s
	}
	return time.Duration(total / float64(len(t.seconds[i])) * float64(time.Second))
}
