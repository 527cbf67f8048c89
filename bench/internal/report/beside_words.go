package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// besideSentence says in which language each job gains from concurrency: its
// first way beyond the sequential one, by the interval of its speedup.
func besideSentence(i *record.Interpreter, ways []besideWay) string {
	if i.Absent != "" {
		return fmt.Sprintf("Nothing was measured in %s: %s.", i.Language, i.Absent)
	}
	where := []string{"in Go and in " + i.Language, "in Go alone", "in " + i.Language + " alone", "in neither"}
	jobs := make([][]string, len(where)+1) // those that are unclear come last
	seen := make(map[string]bool)
	for _, w := range ways {
		if w.first || w.Racy || seen[w.Job] || w.ours == nil || !w.ours.Speedup.Known() || !w.speedup.Known() {
			continue
		}
		seen[w.Job] = true
		k := w.paysWhere()
		jobs[k] = append(jobs[k], w.Job)
	}
	var parts []string
	for k, text := range where {
		if len(jobs[k]) > 0 {
			parts = append(parts, text+" for "+and(jobs[k]))
		}
	}
	switch open := and(jobs[len(where)]); {
	case len(parts) > 0 && open != "":
		parts = append(parts, "unclear is "+open)
	case open != "":
		return "Whether it pays to do several things at a time is unclear for " + open + "."
	case len(parts) == 0:
		return "There is nothing to compare: no job was measured in both languages."
	}
	return "To do several things at a time pays " + strings.Join(parts, "; ") + "."
}

// paysWhere says where a way is faster than the first of its job: 0 in both
// languages, 1 in Go alone, 2 in the other alone, 3 in neither, 4 unclear.
func (w *besideWay) paysWhere() int {
	ours, theirs := gain(w.ours.Speedup), gain(w.speedup)
	switch {
	case w.ours.Unclear || ours == 0 || theirs == 0:
		return 4
	case ours > 0 && theirs > 0:
		return 0
	case ours > 0:
		return 1
	case theirs > 0:
		return 2
	}
	return 3
}

// gain is 1 when a speedup is above 1, -1 when it is not, and 0 when its
// interval does not tell. What may be no more than a twentieth is no gain.
func gain(i stats.Interval) int {
	const nothing = 1.05
	switch {
	case !i.Bounded():
		return 0
	case i.Lo > 1:
		return 1
	case i.Hi <= nothing:
		return -1
	}
	return 0
}

func besideNotes(i *record.Interpreter, ways []besideWay) []string {
	notes := []string{"A speedup is over the same language's first way of the job: this is what to compare. That one language computes faster than the other is another matter."}
	var units, whole []string
	forks, exact := 0, 0
	for _, w := range ways {
		forks = max(forks, w.theirs.N)
		if w.Racy && w.wrong == 0 {
			exact = max(exact, w.trials)
		}
		switch {
		case !w.first:
		case w.Unit == "":
			whole = append(whole, w.Job)
		default:
			units = append(units, fmt.Sprintf("of one %s in %s", w.Unit, w.Job))
		}
	}
	if len(whole) > 0 {
		units = append(units, "of the whole job in "+and(whole))
	}
	notes = append(notes, "Times are "+and(units)+".")
	if i.Absent != "" {
		return notes
	}
	notes = append(notes, lockNote(i))
	if forks > 0 {
		notes = append(notes, fmt.Sprintf("± is half of a 95 %% interval over fresh processes, in percent; in %s over up to %d of each program, which takes its times itself.", i.Language, forks))
	}
	if exact > 0 {
		notes = append(notes, fmt.Sprintf("Not seen in %d trials is not safe: nothing keeps the next trial, or the next version of %s, from losing updates.", exact, i.Language))
	}
	for _, w := range ways {
		if w.Notes != "" && !slices.Contains(notes, w.Notes) {
			notes = append(notes, capital(w.Job)+": "+strings.TrimSuffix(w.Notes, ".")+".")
		}
	}
	return notes
}

func lockNote(i *record.Interpreter) string {
	name := i.Implementation + " " + i.Version
	switch {
	case i.Lock == nil:
		return name + " does not say whether it has a global lock, which would let one thread at a time compute."
	case *i.Lock:
		return name + " has a global lock: one thread at a time computes. Those that wait for a timer or for the network do not hold it."
	}
	return name + " runs without a global lock: threads compute at the same time."
}
