package revision

import (
	"fmt"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// A fork measures for several times what starting it takes, and for longer where
// there is time: on a busy host most of the noise is within forks, and changes
// within milliseconds.
const (
	leastBlock = 50 * time.Millisecond
	blockTime  = 200 * time.Millisecond
	mostBlock  = 400 * time.Millisecond
)

// leastRounds and mostRounds bound the slices of a side in a fork, unless they
// are so long that a single one must do.
const (
	leastRounds = 3
	mostRounds  = 48
)

// plan chooses the number of slices in a fork, when so many forks run at once. A
// first look takes four of them and its part of the budget.
func (p *Pair) plan(profiles [2]*profile, want Length, allowed allowance, beside int) {
	if p.Design == InTurn && p.short > 0 { // beside other noise the cycles of the collector are nothing
		p.N, p.spread = p.short, 0
	}
	onOne := 1.0 // times as long on one core
	if p.Design == SharedCore {
		perOp := profiles[base].onOne()
		onOne = max(perOp/profiles[base].level, 1)
		if want == (Length{}) && p.spread == 0 {
			p.N = max(p.N, roundTwo(float64(targetShared)/perOp))
		}
	}
	p.own = !profiles[base].parallel() && !profiles[head].parallel() && !profiles[base].allocates() && !profiles[head].allocates()
	p.Level = profiles[base].level
	for _, unit := range p.units {
		if profiles[base].follows(unit) && profiles[head].follows(unit) {
			p.derived = append(p.derived, unit)
		}
	}
	slice, idle, around := time.Duration(0), time.Duration(0), time.Duration(0)
	for _, side := range profiles {
		around = max(around, side.around)
		extra := time.Duration(leastOf(side.steady, func(a served.Answer) time.Duration { return a.Spent - a.Run.Timed - side.around }) * float64(p.N))
		idle = max(idle, extra)
		slice = max(slice, time.Duration(onOne*side.level*float64(p.N))+side.around+extra)
	}
	p.Slice = slice
	block := min(max(allowed.share*time.Duration(beside)/12, leastBlock), mostBlock)
	p.Rounds = int(min(max(block/(2*max(slice, time.Microsecond)), 1), mostRounds))
	if 2*leastRounds*slice <= max(blockTime, allowed.share/8) {
		p.Rounds = max(p.Rounds, leastRounds)
	}
	timed := time.Duration(p.Level * float64(p.N))
	switch {
	case want != (Length{}):
	case p.N == mostN && timed < targetPlain/2:
		p.Notes = append(p.Notes, fmt.Sprintf("its time does not grow with b.N (%v for %d iterations): what is compared is not the time of an iteration", timed, p.N))
	case idle > longestSlice && idle > timed:
		p.Rounds = 1
		p.Notes = append(p.Notes, fmt.Sprintf("its timer stands still for %v of a slice of %v: one sample a process", idle.Round(time.Millisecond), p.Slice.Round(time.Millisecond)))
	case around > longestSlice && 2*around > timed:
		p.Rounds = 1
		p.Notes = append(p.Notes, fmt.Sprintf("its set-up takes %v, longer than a slice may be (%v): one sample a process", around.Round(time.Millisecond), longestSlice))
	}
}
