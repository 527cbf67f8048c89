package measure

import (
	"fmt"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// maxJump is how far the clock on the wall may move against the one that
// measures, during a fork. Adjusting a clock gently moves it by far less.
const maxJump = time.Second

// watched measures a fork and records what the machine did meanwhile.
//
// Steal, load and involuntary switches are shown and never a reason to leave a
// fork out: parallel arms suffer more from them, so leaving out what suffered
// would flatter these. Only what has nothing to do with the arms makes a fork
// void, for all of them alike: a machine that slept, or a clock that was set.
// Another fork is made in its place.
func (r *runner) watched(b *Planned, number int) (lost bool, err error) {
	if r.Machine == nil {
		return r.fork(b, number)
	}
	var cases []bench.Case
	sink := r.Sink
	r.Sink = func(e record.Event) error {
		if e.Measurement != nil && !slices.Contains(cases, e.Measurement.Case) {
			cases = append(cases, e.Measurement.Case)
		}
		return sink(e)
	}
	before, began := r.Machine(), r.Clock()
	lost, err = r.fork(b, number)
	after, took := r.Machine(), r.Clock()-began
	r.Sink = sink
	if err != nil || len(cases) == 0 {
		return lost, err
	}
	e := record.Fork{Scenario: b.Scenario.Name, Params: b.Params, Procs: b.Procs, Racy: b.Racy, Fork: number, Load: after.Load}
	if before.Known && after.Known {
		e.Processor, e.Stolen = Spent(before, after, took)
	}
	e.Void = Jumped(before, after, took)
	for _, c := range cases {
		r.whole[c] = r.whole[c] || e.Void == ""
	}
	if err := r.Sink(record.Event{Fork: &e}); err != nil || e.Void == "" {
		return lost, err
	}
	text := fmt.Sprintf("%s: process %d is left out with all that it measured, since %s: keep the machine awake, and leave its clock alone", b.Name(), number, e.Void)
	return true, r.Sink(record.Event{Warning: &record.Warning{Text: text}})
}

// Spent returns the processor time that the fork could have had, and how much
// of it was stolen. What is stolen is counted only while somebody wants to
// run. Against the time of all CPUs it would vanish on a large machine on
// which one of them works; against the time used alone it would be a matter of
// chance where the work is waiting. So it stands against the time that was
// wanted, or that of one CPU where less was.
func Spent(before, after Reading, took time.Duration) (processor, stolen time.Duration) {
	stolen = max(after.Stolen-before.Stolen, 0) // some hosts take back what they counted
	return max(after.Busy-before.Busy+stolen, took, stolen), stolen
}

// Jumped says by how much the clock on the wall left the one that measures, or
// nothing.
func Jumped(before, after Reading, took time.Duration) string {
	jump := after.Wall.Sub(before.Wall) - took
	switch {
	case jump > maxJump:
		return fmt.Sprintf("the clock jumped ahead by %v, as it does when the machine sleeps", jump.Round(100*time.Millisecond))
	case jump < -maxJump:
		return fmt.Sprintf("the clock jumped back by %v", (-jump).Round(100*time.Millisecond))
	}
	return ""
}

// wasted makes cases void that have no fork left.
func (r *runner) wasted(b *Planned) error {
	for _, c := range slices.Clone(b.Cases) {
		if whole, measured := r.whole[c.Case]; measured && !whole {
			if err := r.void(b, c.Case, Problem{Text: "the clock jumped in every process that measured it: measure again"}); err != nil {
				return err
			}
		}
	}
	return nil
}
