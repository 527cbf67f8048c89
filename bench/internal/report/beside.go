package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// A besideWay is one way of doing a job, in Go and in the other language.
type besideWay struct {
	*record.PeerWay
	first bool // what the others of the job are compared with

	ours        *Cell          // nil when it was not measured, or is racy
	racing      *Racy          // of ours, if it is racy
	time        stats.Interval // of ours, for a unit of the job, in nanoseconds
	theirs      stats.Interval // the same in the other language
	speedup     stats.Interval // of theirs over the first way of the job
	trials      int            // of theirs
	wrong       int            // of these, with a wrong total
	lost        float64        // median part that a wrong total lacks
	void        *record.PeerVoid
	interpreter *record.Interpreter
}

// besideWays reckons up what was measured in another language.
func (r *Report) besideWays() []besideWay {
	p := &r.Run.Peers
	samples := make(map[record.PeerKey][]stats.Sample)
	lost := make(map[record.PeerKey][]float64)
	for i := range p.Trials {
		t := &p.Trials[i]
		samples[t.PeerKey] = append(samples[t.PeerKey], stats.Sample{Fork: t.Fork, Round: 1, Value: t.PerUnit()})
		if t.Total != t.Expected {
			lost[t.PeerKey] = append(lost[t.PeerKey], 1-float64(t.Total)/float64(t.Expected))
		}
	}
	firsts := make(map[string]record.PeerKey) // by job
	var ways []besideWay
	for i := range p.Ways {
		w := &p.Ways[i]
		first, known := firsts[w.Job]
		if !known {
			first = w.PeerKey
			firsts[w.Job] = first
		}
		b := besideWay{PeerWay: w, first: !known, void: p.Void(w.Job), interpreter: p.Interpreter}
		b.ours, b.racing = r.caseBeside(w)
		if b.ours != nil {
			b.time = scaled(b.ours.Time, 1/float64(w.PerOp))
		}
		if own := samples[w.PeerKey]; b.void == nil {
			b.trials, b.wrong, b.lost = len(own), len(lost[w.PeerKey]), stats.Median(lost[w.PeerKey])
			b.theirs = stats.Level(own, stats.Confidence)
			b.speedup = stats.Ratio(samples[first], own, stats.Confidence)
		}
		ways = append(ways, b)
	}
	return ways
}

func scaled(i stats.Interval, by float64) stats.Interval {
	return stats.Interval{Value: by * i.Value, Lo: by * i.Lo, Hi: by * i.Hi, N: i.N}
}

// caseBeside finds what was measured of the case of ours that a way stands
// beside.
func (r *Report) caseBeside(w *record.PeerWay) (*Cell, *Racy) {
	c, err := bench.ParseCase(w.Case)
	if err != nil {
		return nil, nil
	}
	s := r.Section(c.Scenario, c.Params, c.Procs)
	if s == nil {
		return nil, nil
	}
	for i := range s.Racy {
		if o := &s.Racy[i]; o.Variant.Name == c.Variant && o.Workers == c.Workers {
			return nil, o
		}
	}
	if cell := s.Cell(c.Variant, c.Workers); cell != nil && cell.Case == c {
		return cell, nil
	}
	return nil, nil
}

// beside sets the run beside the same jobs in another language. It is nil when
// the run was to have none.
func (r *Report) beside() *Beside {
	i := r.Run.Peers.Interpreter
	if i == nil {
		return nil
	}
	ways := r.besideWays()
	b := &Beside{Language: strings.TrimSpace(i.Language + " " + i.Version)}
	b.Sentence = besideSentence(i, ways)
	b.Tables = append(b.Tables, besideTimes(i, ways))
	if t := besideRaces(i, ways); len(t.Rows) > 0 {
		b.Tables = append(b.Tables, t)
	}
	b.Notes = besideNotes(i, ways)
	for _, v := range r.Run.Peers.Voids {
		b.Notes = append(b.Notes, fmt.Sprintf("VOID %s in %s: %s", v.Job, i.Language, v.Why))
	}
	return b
}

func besideTimes(i *record.Interpreter, ways []besideWay) *table.Table {
	columns := 5
	if i.Absent != "" {
		columns = 4 // the last would be empty, and the reason needs room
	}
	t := &table.Table{Head: []string{"the same job", "Go", "speedup", i.Language, "speedup"}[:columns]}
	for _, w := range ways {
		if w.Racy {
			continue
		}
		row := []string{w.Title, "–", "–", w.lacking(), "–"}
		if w.ours != nil {
			row[1], row[2] = roughTime(w.time), w.ourSpeedup()
		}
		if w.theirs.Known() {
			row[3], row[4] = roughTime(w.theirs), "1"
			if !w.first {
				row[4] = roughRatio(w.speedup)
			}
		}
		t.Add(row[:columns]...)
	}
	return t
}

// roughly writes a value and half of its interval in whole percents of it: two
// languages stand beside each other in 80 columns.
func roughly(value string, i stats.Interval) string {
	switch {
	case !i.Known():
		return "–"
	case !i.Bounded():
		return value + " ±?"
	case i.Half() < 0.005*i.Value:
		return value + " ±<1%"
	case i.Half() > i.Value:
		return value + " ±>100%"
	}
	return value + " ±" + decimals(100*i.Half()/i.Value, 0) + "%"
}

func roughTime(i stats.Interval) string { return roughly(duration(i.Value), i) }

func roughRatio(i stats.Interval) string {
	if i.Known() && i.Value < 0.095 {
		return roughly("1/"+times(i.Inverse()), i.Inverse())
	}
	return roughly(times(i), i)
}

// lacking says in place of a time why there is none.
func (w *besideWay) lacking() string {
	const most = 17 // characters that a column of 80 has room for
	switch why := w.interpreter.Absent; {
	case w.void != nil:
		return "void"
	case why == "":
		return "–"
	case len(why) <= most:
		return why
	}
	return "not run"
}

func (w *besideWay) ourSpeedup() string {
	switch {
	case w.first:
		return "1"
	case w.ours.Unclear:
		return unclear
	}
	return roughRatio(w.ours.Speedup)
}

// besideRaces is the table of the ways that may go wrong. They have no speed.
func besideRaces(i *record.Interpreter, ways []besideWay) *table.Table {
	t := &table.Table{Head: []string{"without a lock", "Go", i.Language}}
	for _, w := range ways {
		if !w.Racy {
			continue
		}
		row := []string{w.Title, "–", w.lacking()}
		if o := w.racing; o != nil {
			row[1] = losses(o.Trials, o.Wrong, o.Lost)
		}
		if w.trials > 0 {
			row[2] = losses(w.trials, w.wrong, w.lost)
		}
		t.Add(row...)
	}
	return t
}

// losses says how often a total was wrong, and how much of it lacked.
func losses(trials, wrong int, lost float64) string {
	if wrong == 0 {
		return fmt.Sprintf("not seen in %d trials", trials)
	}
	text := fmt.Sprintf("wrong in %d of %d", wrong, trials)
	if lost > 0 {
		text += ", " + percent(lost) + " lost"
	}
	return text
}

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

func (b *Beside) text(p *printer) {
	p.wrap("", "beside "+b.Language+": the same jobs in another language")
	p.printf("\n")
	p.wrap("", b.Sentence)
	for _, t := range b.Tables {
		p.printf("\n")
		p.do(t.Text)
	}
	p.printf("\n")
	for _, note := range b.Notes {
		p.wrap("", note)
	}
	p.printf("\n")
}

func (b *Beside) markdown(p *printer) {
	p.printf("\n## Beside %s\n\n**%s**\n", table.EscapeMarkdown(b.Language), table.EscapeMarkdown(b.Sentence))
	for _, t := range b.Tables {
		p.printf("\n")
		p.do(t.Markdown)
	}
	p.printf("\n")
	for _, note := range b.Notes {
		p.printf("- %s\n", table.EscapeMarkdown(note))
	}
}
