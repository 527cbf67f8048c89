package explore

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// widest is how many characters a line of a trace may have.
const widest = 80

// String draws the trace as text: time runs downwards, a column for each
// thread, then what is shared after the step, and the line of source.
func (tr *Trace) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "schedule %s: %s, %s\n", tr.Schedule, count(uint64(len(tr.Steps)), "step"), count(uint64(tr.Preemptions), "pre-emption"))
	rows := [][]string{tr.header()}
	for i := range tr.Steps {
		rows = append(rows, tr.row(i))
	}
	writeRows(&b, rows, 1+len(tr.Threads))
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

// header names the columns. A thread stands with its letter, unless that is
// its name.
func (tr *Trace) header() []string {
	row := []string{"step"}
	for i, name := range tr.Threads {
		if letter := letters[i : i+1]; name != letter {
			name = letter + " " + name
		}
		row = append(row, name)
	}
	return append(row, tr.stateHeader()...)
}

// stateHeader names the objects, as far as they are there from the start.
func (tr *Trace) stateHeader() []string {
	var row []string
	if len(tr.Steps) > 0 {
		for _, v := range tr.Steps[len(tr.Steps)-1].State {
			row = append(row, v.Name)
		}
	}
	return append(row, "line")
}

func (tr *Trace) row(i int) []string {
	s := tr.Steps[i]
	row := make([]string, 1+len(tr.Threads))
	row[0] = strconv.Itoa(i + 1)
	row[1+s.Thread] = tr.cell(i)
	for k, v := range tr.Steps[len(tr.Steps)-1].State {
		text := ""
		if k < len(s.State) && s.State[k].Name == v.Name {
			text = s.State[k].Text
		}
		row = append(row, text)
	}
	return append(row, s.Where())
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

// writeRows writes columns. If they are too wide, those of the threads are
// wrapped...
func writeRows(b *strings.Builder, rows [][]string, narrow int) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for k, cell := range row {
			width[k] = max(width[k], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		line := ""
		for k, cell := range row {
			line += cell + strings.Repeat(" ", width[k]-utf8.RuneCountInString(cell)+2)
		}
		fmt.Fprintln(b, strings.TrimRight(line, " "))
	}
}
