package explore

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// widest is how many characters a line of a trace may have.
const widest = 80

// String draws the trace as text: time runs downwards, a column for each
// thread, then what is shared after the step, and the line of source. Where
// that is too wide for a terminal, threads share a column, and of what is
// shared only the changes are shown.
func (tr *Trace) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "schedule %s: %s, %s\n", cmp.Or(tr.Schedule.String(), "without steps"), count(uint64(len(tr.Steps)), "step"), count(uint64(tr.Preemptions), "pre-emption"))
	b.WriteString(tr.table())
	for i, s := range tr.Steps {
		if s.Stale() {
			fmt.Fprintln(&b, tr.explain(i))
		}
	}
	fmt.Fprintf(&b, "outcome: %s", tr.Outcome)
	if tr.Wrong != "" && !tr.Dies {
		fmt.Fprintf(&b, " (wrong: %s)", tr.Wrong)
	}
	b.WriteByte('\n')
	return b.String()
}

// A layout is columns that show the threads, and columns that show the state.
type layout struct{ lanes, state bool }

// table draws the steps in the widest layout that fits.
func (tr *Trace) table() string {
	text := ""
	for _, l := range []layout{{true, true}, {true, false}, {false, true}, {false, false}} {
		rows := [][]string{tr.header(l)}
		for i := range tr.Steps {
			rows = append(rows, tr.row(l, i))
		}
		var fits bool
		if text, fits = columns(rows); !l.lanes {
			text = tr.legend() + text
		}
		if fits {
			break
		}
	}
	return text
}

// legend says whose letters stand in the column of threads.
func (tr *Trace) legend() string {
	var names []string
	for i, name := range tr.Threads {
		if title := tr.Thread(i); title != name {
			names = append(names, title)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, ", ") + "\n"
}

// header names the columns. A thread stands with its letter, unless that is
// its name.
func (tr *Trace) header(l layout) []string {
	row := []string{"step"}
	if l.lanes {
		for i := range tr.Threads {
			row = append(row, tr.Thread(i))
		}
	} else {
		row = append(row, "thread", "does")
	}
	if l.state {
		for _, v := range tr.last() {
			row = append(row, v.Name)
		}
	} else {
		row = append(row, "then")
	}
	return append(row, "line")
}

// Thread names a thread by its letter and, if that is another, its name.
func (tr *Trace) Thread(i int) string {
	letter := letters[i : i+1]
	if name := tr.Threads[i]; name != letter {
		return letter + " " + name
	}
	return letter
}

// last returns the state after the last step, which has all objects.
func (tr *Trace) last() []Value {
	if len(tr.Steps) == 0 {
		return nil
	}
	return tr.Steps[len(tr.Steps)-1].State
}

func (tr *Trace) row(l layout, i int) []string {
	s := tr.Steps[i]
	row := []string{strconv.Itoa(i + 1)}
	if l.lanes {
		row = append(row, make([]string, len(tr.Threads))...)
		row[1+s.Thread] = tr.cell(i)
	} else {
		row = append(row, letters[s.Thread:s.Thread+1], tr.cell(i))
	}
	if l.state {
		for k := range tr.last() {
			row = append(row, held(s.State, k))
		}
	} else {
		row = append(row, tr.changes(i))
	}
	return append(row, s.Where())
}

// changes lists what a step left changed.
func (tr *Trace) changes(i int) string {
	before := tr.Start
	if i > 0 {
		before = tr.Steps[i-1].State
	}
	var changed []string
	for k, v := range tr.Steps[i].State {
		if held(before, k) != v.Text {
			changed = append(changed, v.Name+"="+v.Text)
		}
	}
	return strings.Join(changed, " ")
}

// held returns what an object holds in a state, "" if it is not there yet.
func held(state []Value, object int) string {
	if object < len(state) {
		return state[object].Text
	}
	return ""
}

// cell says what a step did, with a mark where a later line explains it.
func (tr *Trace) cell(i int) string {
	s := tr.Steps[i]
	text := s.Text
	if s.Value != "" {
		text += " " + s.Value
	}
	if s.Stale() {
		text += " *"
	}
	return text
}

// explain says what a stale step does not know.
func (tr *Trace) explain(i int) string {
	s := tr.Steps[i]
	var lost []string
	for _, k := range s.Lost {
		lost = append(lost, strconv.Itoa(k+1))
	}
	steps := "step " + lost[0]
	if len(lost) > 1 {
		steps = "steps " + strings.Join(lost[:len(lost)-1], ", ") + " and " + lost[len(lost)-1]
	}
	if s.Overwrites() {
		return fmt.Sprintf("* step %d stores what it made from the read in step %d: %s %s lost", i+1, s.Missed+1, steps, are(len(lost)))
	}
	return fmt.Sprintf("* step %d relies on the read in step %d, which %s made out of date", i+1, s.Missed+1, steps)
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// columns aligns the cells of rows, and reports whether the result fits a
// terminal.
func columns(rows [][]string) (text string, fits bool) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for k, cell := range row {
			width[k] = max(width[k], utf8.RuneCountInString(cell))
		}
	}
	fits = true
	for _, row := range rows {
		line := ""
		for k, cell := range row {
			line += cell + strings.Repeat(" ", width[k]-utf8.RuneCountInString(cell)+2)
		}
		line = strings.TrimRight(line, " ")
		fits = fits && utf8.RuneCountInString(line) <= widest
		text += line + "\n"
	}
	return text, fits
}
