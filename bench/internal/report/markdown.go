package report

import (
	"io"
	"path/filepath"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/table"
)

// Markdown writes the whole report as a Markdown page that stands in dir:
// charts are linked relative to it.
func (r *Report) Markdown(w io.Writer, dir string) error {
	p := printer{w: w}
	p.printf("# Interleave: what concurrency bought on this machine\n\n")
	if len(r.Sections) > 0 {
		g := r.Glance()
		p.printf("**%s**\n\n", table.EscapeMarkdown(strings.TrimSpace(g.Bought+" "+g.Broke)))
		for _, line := range g.Lines() {
			p.printf("- %s\n", table.EscapeMarkdown(line))
		}
		embedAll(&p, r.Summary, dir)
		p.printf("\n")
	}
	if partial := r.Partial(); partial != "" {
		p.printf("**%s**\n\n", table.EscapeMarkdown(partial))
	}
	for _, line := range Environment(r.Run) {
		p.printf("- %s\n", table.EscapeMarkdown(line))
	}
	if command := r.Run.Setting("command"); command != "" {
		p.printf("- measured with `%s`\n", strings.ReplaceAll(command, "`", "'"))
	}
	r.claimsMarkdown(&p, dir)
	p.do(func(w io.Writer) error {
		return inOrder(w, len(r.Sections), func(w io.Writer, i int) error { return r.markdownSection(w, &r.Sections[i], dir) })
	})
	if r.Beside != nil {
		r.Beside.markdown(&p)
	}
	r.markdownTail(&p)
	return p.err
}

func (r *Report) markdownSection(w io.Writer, s *Section, dir string) error {
	p := printer{w: w}
	p.printf("\n## %s\n\n%s\n\n**%s**\n\n%s\n\n", table.EscapeMarkdown(capital(s.heading())),
		table.EscapeMarkdown(s.Scenario.Doc), table.EscapeMarkdown(s.Sentence()), table.EscapeMarkdown(capital(underline(s))+"."))
	p.do(func(w io.Writer) error { return s.tables(w, (*table.Table).Markdown) })
	if len(s.For) > 0 {
		p.printf("- %s\n", table.EscapeMarkdown(capital(strings.TrimPrefix(s.purpose(), ", "))+"."))
	}
	for _, note := range s.notes() {
		p.printf("- %s\n", table.EscapeMarkdown(note))
	}
	if s.Scenario.Source != "" {
		p.printf("- source: %s\n", table.EscapeMarkdown(s.Scenario.Source))
	}
	r.embed(&p, s, dir)
	return p.err
}

// embed shows the charts of a section that were drawn as SVG.
func (r *Report) embed(p *printer, s *Section, dir string) {
	embedAll(p, r.Charts[s.Name(r.Run.Setting("cpus"))], dir)
}

// embedAll shows those of the files that are SVG.
func embedAll(p *printer, paths []string, dir string) {
	for _, path := range paths {
		if filepath.Ext(path) != ".svg" {
			continue
		}
		if rel, err := filepath.Rel(dir, path); err == nil {
			path = rel
		}
		p.printf("\n![%s](%s)\n", strings.TrimSuffix(filepath.Base(path), ".svg"), filepath.ToSlash(path))
	}
}

func (r *Report) markdownTail(p *printer) {
	if len(r.Run.Voids)+len(r.Run.Omitted) == 0 {
		return
	}
	p.printf("\n## Not measured\n\n")
	for _, v := range r.Run.Voids {
		p.printf("- void: %s: %s\n", table.EscapeMarkdown(v.Case), table.EscapeMarkdown(v.Why))
	}
	for _, line := range r.omissions() {
		p.printf("- %s\n", table.EscapeMarkdown(line))
	}
}

// Section returns the section of a scenario at a parameter set and GOMAXPROCS,
// or nil when nothing was measured for it.
func (r *Report) Section(scenario, params string, procs int) *Section {
	for i := range r.Sections {
		if s := &r.Sections[i]; s.Scenario.Name == scenario && s.Params == params && s.Procs == procs {
			return s
		}
	}
	return nil
}
