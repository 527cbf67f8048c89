package hunt

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// textWidth is the width that text is wrapped to: a classic terminal.
const textWidth = 79

// columns are the kinds as the table shows them. The rare ones share one.
var columns = []struct {
	head  string
	kinds []Kind
}{
	{"races", []Kind{Race}},
	{"deadlocks", []Kind{Deadlock}},
	{"panics", []Kind{Panic}},
	{"failures", []Kind{Failure}},
	{"leaks", []Kind{Leak}},
	{"other", []Kind{Timeout, Exit}},
}

// Text writes the result for a terminal.
func (r *Result) Text(w io.Writer) error {
	p := &printer{w: w}
	for _, note := range r.Notes {
		if strings.HasPrefix(note, "race detector: ") {
			p.wrap("", note)
		}
	}
	p.wrap("", r.headline())
	for _, note := range r.Notes {
		if !strings.HasPrefix(note, "race detector: ") {
			p.wrap("  ", note)
		}
	}
	if r.Interrupted {
		p.wrap("", "PARTIAL: interrupted; this is what there was.")
	}
	p.printf("\n")
	r.table(p)
	for i := range r.Findings {
		p.printf("\n")
		r.Findings[i].text(p)
	}
	return p.err
}

// headline says how much was tried, under which circumstances, and how much
// was found.
func (r *Result) headline() string {
	found := "nothing found"
	if n := len(r.Findings); n > 0 {
		found = count(n, "finding")
	}
	text := fmt.Sprintf("%s: %s in %v, %s, GOMAXPROCS %s", found, count(r.Processes, "process"), round(r.Elapsed), count(len(r.Tests), "test"), procsText(r.Procs))
	if r.OneCore {
		text += ", some on one core"
	}
	if r.Detector {
		text += ", most with -race"
	}
	return text + fmt.Sprintf("; seed %d.", r.Seed)
}

func procsText(list []int) string {
	var words []string
	for _, n := range list {
		words = append(words, fmt.Sprint(n))
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

func count(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "s"):
		noun += "es"
	default:
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// table writes a row for each test.
func (r *Result) table(p *printer) {
	used := columns[:0:0]
	for _, c := range columns {
		if c.head != "other" || r.any(c.kinds) {
			used = append(used, c)
		}
	}
	// The names get what the numbers leave.
	room := textWidth - len("     runs processes")
	for _, c := range used {
		room -= 1 + len(c.head)
	}
	width := len("test")
	for _, t := range r.Tests {
		width = min(room, max(width, utf8.RuneCountInString(t.Name)))
	}
	p.printf("%-*s %8s %9s", width, "test", "runs", "processes")
	for _, c := range used {
		p.printf(" %s", c.head)
	}
	p.printf("\n")
	last := ""
	for _, t := range r.Tests {
		if t.Package != last && len(r.Packages) > 1 {
			p.printf("%s\n", t.Package)
		}
		last = t.Package
		p.printf("%-*s %8d %9d", width, shorten(t.Name, width), t.Runs, t.Processes)
		for _, c := range used {
			n := 0
			for _, k := range c.kinds {
				n += t.Showed[k]
			}
			cell := "-"
			if n > 0 {
				cell = fmt.Sprint(n)
			}
			p.printf(" %*s", len(c.head), cell)
		}
		p.printf("\n")
	}
	if len(r.Findings) > 0 {
		p.printf("\n")
		text := "From races on, the columns count processes that showed any; one runs a test once or many times. Percentages are of processes, too, with exact intervals at 95 %."
		if r.any([]Kind{Leak}) {
			text += fmt.Sprintf(" Leaks are of those that were watched for them: once %d of a test alone have left goroutines, no more are.", enoughLeaks)
		}
		p.wrap("", text)
	}
}

func (r *Result) any(kinds []Kind) bool {
	for _, t := range r.Tests {
		for _, k := range kinds {
			if t.Showed[k] > 0 {
				return true
			}
		}
	}
	return false
}

// shorten cuts a long name in its middle, where names differ the least.
func shorten(name string, width int) string {
	runes := []rune(name)
	if len(runes) <= width {
		return name
	}
	head := (width - 1) / 2
	return string(runes[:head]) + "…" + string(runes[len(runes)-(width-1-head):])
}

// text writes a finding.
func (f *Finding) text(p *printer) {
	where := "all tests together"
	if len(f.Tests) > 0 {
		where = some(f.Tests, 4)
	}
	title := ": " + f.Title
	if f.Kind == Race || f.Kind == Panic && strings.HasPrefix(f.Title, "panic") {
		title = ", " + f.Title
	}
	p.wrap("  ", strings.ToUpper(string(f.Kind))+title)
	for _, line := range f.Lines {
		p.wrap("      ", "  "+line)
	}
	p.wrap("      ", fmt.Sprintf("  %d of %s, %s: %s in %s", f.Seen, count(f.Of, "process"), interval(f), where, f.Package))
	if f.BestOf[1] < f.Of {
		p.wrap("      ", fmt.Sprintf("  with %s: %d of %d", f.Best, f.BestOf[0], f.BestOf[1]))
	}
	p.printf("  repeat: %s\n", f.Command)
}

// interval writes the rate in percent, with as many digits as tell it from 0.
func interval(f *Finding) string {
	digits := 0
	if f.Rate.Value < 0.095 {
		digits = 1
	}
	if f.Rate.Value < 0.0095 {
		digits = 2
	}
	return fmt.Sprintf("%.*f %% (%.*f to %.*f %%)", digits, 100*f.Rate.Value, digits, 100*f.Rate.Low, digits, 100*f.Rate.High)
}

// A printer writes lines and keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// wrap writes a paragraph, with an indent from the second line on. The spaces
// that the text begins with are kept.
func (p *printer) wrap(indent, text string) {
	start := text[:len(text)-len(strings.TrimLeft(text, " "))]
	line, width, empty := start, len(start), true
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case empty:
		case width+1+n > textWidth:
			p.printf("%s\n", line)
			line, width = indent, len(indent)
		default:
			line, width = line+" ", width+1
		}
		line, width, empty = line+word, width+n, false
	}
	if !empty {
		p.printf("%s\n", line)
	}
}
