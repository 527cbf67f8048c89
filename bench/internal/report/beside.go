package report

import (
	"fmt"
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
