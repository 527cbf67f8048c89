package report

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/race"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// page writes all about one demonstration.
func (r *Races) page(p *printer, s *provoke.Study) {
	p.heading(s.Demo.Name, s.Demo.Doc)
	p.para(expectation(s))
	if text := why(s); text != "" {
		p.para("Nothing to see here: " + text + ".")
	}
	p.printf("\n")
	r.code(p, s)
	r.seenTable(p, s)
	r.evidence(p, s)
	r.fixes(p, s)
	p.title("Read on")
	for _, address := range s.Demo.Read {
		p.item(address)
	}
	if len(r.Studies) == 1 {
		r.charts(p)
	}
	p.printf("\n")
}

// expectation says what kind of bug it is.
func expectation(s *provoke.Study) string {
	e := &s.Demo.Expect
	if e.Kind == demo.LogicBug {
		return "A logic bug and no data race: every access is synchronised, the steps together are not, and no race detector can see it."
	}
	switch e.Detector {
	case demo.Sometimes:
		return "A data race, which the race detector sees only when it is lucky with the order of events."
	default:
		return "A data race: the race detector sees it whenever the code runs, whether anything goes wrong or not."
	}
}

// code writes the racy code, with the lines marked that conflict.
func (r *Races) code(p *printer, s *provoke.Study) {
	p.title(fmt.Sprintf("The code (%s:%d)", s.Source.File, s.Source.First))
	p.fence("go")
	for i := range s.Source.Lines {
		sign := "  "
		if s.Source.Marked(i) {
			sign = "> "
		}
		line := strings.ReplaceAll(s.Source.Bare(i), "\t", "    ")
		p.printf("%s\n", strings.TrimRight(fmt.Sprintf("%s%4d  %s", sign, s.Source.First+i, line), " "))
	}
	p.fence("")
	p.printf("\n")
}

// seenTable writes what was seen at each level.
func (r *Races) seenTable(p *printer, s *provoke.Study) {
	g := table.Table{Head: []string{"level", "wrong", "95 %", "overlap", "given overlap", "a trial"}}
	example := ""
	for _, rate := range s.Ways[0].Rates {
		cells := []string{rate.Name, fmt.Sprintf("%d/%d", rate.Anomalies, rate.Trials), intervalPercent(rate.Part), "–", "–", short(rate.Typical)}
		if rate.Timed > 0 && !s.Demo.Alone {
			cells[3] = fmt.Sprintf("%d/%d", rate.Overlaps, rate.Timed)
			if rate.Overlaps > 0 {
				cells[4] = fmt.Sprintf("%d/%d", rate.Both, rate.Overlaps)
			}
		}
		if rate.Level == demo.Yielding {
			cells[2], cells[4] = "no rate", "–"
		}
		if rate.Example != "" {
			example = rate.Example
		}
		g.Add(cells...)
	}
	p.title("What was seen")
	p.grid(&g)
	p.printf("\n")
	if example != "" {
		p.para("For example: " + example + ".")
	}
	if rate := s.Ways[0].Rate(demo.Aligned); rate != nil && !rate.Pinned && rate.Timed > 0 {
		p.para("The threads could not be put on cores of their own here: aligned means kept awake by spinning.")
	}
	if s.Ways[0].Rate(demo.Yielding) != nil {
		p.para("With a yield in the window this is different code: it shows what can happen, not how often.")
	}
	p.printf("\n")
}

// evidence writes what the detector, go vet and the runtime say.
func (r *Races) evidence(p *printer, s *provoke.Study) {
	p.title("What the tools say")
	switch d := s.Ways[0].Reports; {
	case d == nil:
		p.item("race detector: not run: " + r.NoDetector)
	case d.Reported == 0 && s.Demo.Expect.Kind == demo.LogicBug:
		p.item(fmt.Sprintf("race detector: silent in %d of %d runs, as there is no data race", d.Runs, d.Runs))
	default:
		p.item(fmt.Sprintf("race detector: reported in %d of %d runs, as written", d.Reported, d.Runs))
		for _, report := range d.Races {
			p.report(report)
		}
	}
	switch {
	case r.NoVet != "":
		p.item("go vet: not run: " + r.NoVet)
	case len(s.Vet) == 0:
		p.item("go vet: no objection")
	}
	for _, f := range s.Vet {
		p.item(fmt.Sprintf("go vet (%s): line %d: %s", f.Analyzer, f.Line, f.Message))
	}
	switch s.Runtime.Kind {
	case provoke.Done:
		p.item("runtime: nothing; the program goes on with a wrong result")
	case provoke.Hung:
		p.item("runtime: nothing; the program goes on for ever, its goroutines in: " + s.Runtime.Text)
	default:
		p.item("runtime: " + s.Runtime.Text)
	}
	p.printf("\n")
}

// report writes a report of the detector in words, without the calls of our own
// that started the code.
func (p *printer) report(r race.Report) {
	for _, a := range r.Accesses {
		text := a.String()
		if a.Previous {
			text = "earlier " + text
		}
		if a.State != "" {
			text += ", " + a.State
		}
		p.sub(fmt.Sprintf("%s at %s", text, base(a.Headline(provoke.Skip))))
		for _, f := range a.Stack {
			if !provoke.Own(f) {
				p.subsub(fmt.Sprintf("%s (%s)", f.Func[strings.LastIndexByte(f.Func, '/')+1:], base(f)))
			}
		}
		if f := race.Skip(race.Machinery).First(a.Created); f.Known() {
			p.subsub("its goroutine was started at " + base(f))
		}
	}
}

// base is the position of a frame without the folders before the file.
func base(f race.Frame) string {
	pos := f.Pos()
	return pos[strings.LastIndexByte(pos, '/')+1:]
}

// fixes writes what is right instead and what it costs, and what is not.
func (r *Races) fixes(p *printer, s *provoke.Study) {
	head := []string{"way", "wrong", "-race"}
	for _, n := range provoke.FixWorkers {
		unit := "goroutines"
		if n == 1 {
			unit = "goroutine"
		}
		head = append(head, fmt.Sprintf("%d %s", n, unit))
	}
	g := table.Table{Head: head}
	for i := range s.Ways[1:] {
		w := &s.Ways[i+1]
		wrong, trials := 0, 0
		for _, rate := range w.Rates {
			wrong, trials = wrong+rate.Anomalies, trials+rate.Trials
		}
		cells := []string{w.Way.Name, fmt.Sprintf("%d/%d", wrong, trials), "–"}
		if w.Reports != nil {
			cells[2] = fmt.Sprintf("%d/%d", w.Reports.Reported, w.Reports.Runs)
		}
		for _, n := range provoke.FixWorkers {
			price := "–"
			if ns := priceAt(w, n); ns.Known() {
				price = nanos(ns.Value)
				if ns.Bounded() {
					price += " ±" + fmt.Sprintf("%.2g", ns.Half())
				}
			}
			cells = append(cells, price)
		}
		g.Add(cells...)
	}
	p.title("Correct versions, and their cost in ns an operation")
	p.grid(&g)
	p.printf("\n")
	for i := range s.Ways[1:] {
		w := &s.Ways[i+1]
		text := w.Way.Name + ": " + w.Way.Doc
		if w.Role == provoke.Wrong {
			text = w.Way.Name + " (no fix, still a " + w.Way.Unfixed.String() + "): " + w.Way.Doc
		}
		p.item(text)
	}
	p.printf("\n")
}
