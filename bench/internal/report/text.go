package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// Environment returns the lines that say where a run was made, what disturbed
// it, and the warnings that it earned.
func Environment(run *record.Run) []string {
	get := run.Setting
	machine := []string{}
	if os := get("goos"); os != "" {
		machine = append(machine, strings.TrimSuffix(os+"/"+get("goarch"), "/"))
	}
	if cpus := get("cpus"); cpus != "" {
		machine = append(machine, cpus+" CPUs")
	}
	for _, key := range []string{"cpu", "go", "pkg"} {
		if part := get(key); part != "" {
			machine = append(machine, part)
		}
	}
	if len(machine) == 0 {
		machine = append(machine, "unknown machine")
	}
	facts := []string{}
	for _, key := range []string{"commit", "seed", "load", "steal", "quota", "governor", "virtual", "gogc", "gomemlimit", "godebug"} {
		if v := get(key); v != "" {
			facts = append(facts, key+" "+v)
		}
	}
	lines := []string{strings.Join(machine, ", ")}
	if len(facts) > 0 || !run.GoTest {
		lines = append(lines, strings.Join(facts, ", "))
	}
	lines = append(lines, Disturbance(run)...)
	for _, w := range run.Warnings {
		lines = append(lines, "warning: "+w)
	}
	return lines
}

// Texts writes all sections for a terminal.
func (r *Report) Texts(w io.Writer) error {
	return inOrder(w, len(r.Sections), func(w io.Writer, i int) error { return r.Text(w, &r.Sections[i]) })
}

// Text writes one section for a terminal.
func (r *Report) Text(w io.Writer, s *Section) error {
	p := printer{w: w}
	if len(s.For) > 0 { // its scenario was introduced above
		p.wrap("", s.heading()+s.purpose())
		p.printf("%s\n\n", underline(s))
		p.do(func(w io.Writer) error { return s.tables(w, (*table.Table).Text) })
		return p.err
	}
	p.wrap("", s.heading()+": "+s.Scenario.Doc)
	p.printf("%s\n\n", underline(s))
	p.wrap("", s.Sentence())
	p.printf("\n")
	p.do(func(w io.Writer) error { return s.tables(w, (*table.Table).Text) })
	for _, note := range s.notes() {
		p.wrap("", note)
	}
	if source := s.Scenario.Source; source != "" {
		p.printf("source: %s\n", source)
	}
	if charts := r.Charts[s.Name(r.Run.Setting("cpus"))]; len(charts) > 0 {
		p.printf("charts: %s\n", chartNames(charts))
	}
	p.printf("\n")
	p.do(func(w io.Writer) error { return Pictures(w, r.Timelines(s)) })
	return p.err
}

// chartNames writes the files of a section's charts as a shell would let one
// type them: "charts/sleep-{time,workers}.{svg,png}".
func chartNames(paths []string) string {
	var names []string
	dir, common := "", ""
	for _, path := range paths {
		name, ok := strings.CutSuffix(filepath.Base(path), ".svg")
		if !ok {
			continue
		}
		i := strings.LastIndexByte(name, '-') + 1
		dir, common = filepath.Dir(path), name[:i]
		names = append(names, name[i:])
	}
	list := strings.Join(names, ",")
	if len(names) > 1 {
		list = "{" + list + "}"
	}
	return filepath.Join(dir, common+list+".{svg,png}")
}

// underline says how the section was measured.
func underline(s *Section) string {
	return fmt.Sprintf("%s; GOMAXPROCS=%d", s.denominator(), s.Procs)
}

// purpose says which claims a section was measured for, "" if the run was asked
// for it.
func (s *Section) purpose() string {
	switch len(s.For) {
	case 0:
		return ""
	case 1:
		return ", measured for the claim " + s.For[0]
	}
	return ", measured for the claims " + strings.Join(s.For, ", ")
}

// Tail writes what stands below all sections: the answers at a glance, void
// cases, what was left out, and whether the run is whole.
func (r *Report) Tail(w io.Writer) error {
	p := printer{w: w}
	if len(r.Sections) > 0 {
		g := r.Glance()
		p.wrap("", "At a glance")
		for _, line := range g.Lines() {
			p.wrap("    ", line)
		}
		p.printf("\n")
	}
	for _, v := range r.Run.Voids {
		p.wrap("  ", fmt.Sprintf("VOID %s: %s", record.ShortName(v.Case), v.Why))
	}
	for _, line := range r.omissions() {
		p.wrap("  ", line)
	}
	if line := r.Partial(); line != "" {
		p.wrap("  ", line)
	}
	return p.err
}

// Partial says that a run is not whole, or nothing.
func (r *Report) Partial() string {
	switch {
	case r.Run.Interrupted != "":
		return "PARTIAL: the run was stopped early (" + r.Run.Interrupted + "); the tables hold what it had."
	case r.Run.Partial:
		return "PARTIAL: the run file has no end, so the run was killed or is still going on; the tables hold what it had."
	}
	return ""
}

// omissions groups the cases that were left out by the reason.
func (r *Report) omissions() []string {
	var order, lines []string
	cases := make(map[string][]string)
	for _, o := range r.Run.Omitted {
		if cases[o.Why] == nil {
			order = append(order, o.Why)
		}
		cases[o.Why] = append(cases[o.Why], record.ShortName(o.Case))
	}
	for _, why := range order {
		const most = 4
		names := cases[why]
		text := strings.Join(names[:min(most, len(names))], ", ")
		if more := len(names) - most; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		lines = append(lines, fmt.Sprintf("not measured: %s (%s)", text, why))
	}
	return lines
}

// A printer writes lines and keeps the first error.
type printer struct {
	w   io.Writer
	md  bool // Markdown instead of text for a terminal
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) do(f func(io.Writer) error) {
	if p.err == nil {
		p.err = f(p.w)
	}
}

// textWidth is the width that text is wrapped to: a classic terminal.
const textWidth = 79

// wrap writes a paragraph, with an indent from the second line on.
func (p *printer) wrap(indent, text string) {
	line, width := "", 0
	for _, word := range strings.Fields(text) {
		n := len([]rune(word))
		if width > 0 && width+1+n > textWidth {
			p.printf("%s\n", line)
			line, width = indent, len(indent)
		} else if width > 0 {
			line, width = line+" ", width+1
		}
		line, width = line+word, width+n
	}
	if width > 0 {
		p.printf("%s\n", line)
	}
}
