package page

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// A view is a page before it is written down.
type view struct {
	Glance      report.Glance
	Partial     string
	Contents    []Link
	Claims      []Claim
	Summary     []template.HTML
	Sections    []Section
	Besides     []Section // what was measured for claims alone
	Beside      *Beside
	Races       *Document
	Calibration *Document
	Settings    []record.Setting
	Disturbance []string
	Warnings    []string
	Missing     []string
	Repeat      []string // commands
	Machine     string

	ids map[string]bool
}

// A Link leads to a section of the page.
type Link struct{ ID, Text string }

// A Claim is a claim with its chart.
type Claim struct {
	report.Claim
	ID     string
	Link   *Link // the section that it is about
	Figure Grid  // what the ruling stands on
	Charts []template.HTML
}

// A Section is a scenario at one set of parameters and one GOMAXPROCS.
type Section struct {
	report.Part
	ID     string
	Grids  []Grid
	Charts []template.HTML
}

// A Beside is another language.
type Beside struct {
	Language, Sentence string
	Grids              []Grid
	Notes              []string
}

// newView arranges a report.
func newView(r *report.Report, dir string) (*view, error) {
	v := &view{
		Glance: r.Glance(), Partial: r.Partial(), Settings: r.Run.Settings, Warnings: r.Run.Warnings, Missing: r.Missing(),
		Machine: report.Environment(r.Run)[0], ids: make(map[string]bool),
	}
	// The sections that every page has come first, so that no scenario can take
	// their places.
	for _, id := range []string{"top", "answers", "claims", "summary", "besides", "beside", "races", "calibration", "environment", "missing", "repeat", "main", "contents", "filter", "filter-status", "tip"} {
		v.ids[id] = true
	}
	for _, line := range report.Disturbance(r.Run) {
		v.Disturbance = append(v.Disturbance, strings.TrimPrefix(line, "disturbance: "))
	}
	if err := v.sections(r); err != nil {
		return nil, err
	}
	if err := v.claims(r); err != nil {
		return nil, err
	}
	var err error
	if v.Summary, err = v.charts(report.SVGs(r.Summary)); err != nil {
		return nil, err
	}
	if b := r.Beside; b != nil {
		v.Beside = &Beside{Language: b.Language, Sentence: b.Sentence, Notes: b.Notes}
		for i, t := range b.Tables {
			g := gridOf(t, nil, numbered("Go and "+b.Language, i, len(b.Tables)))
			g.Unseen = true
			v.Beside.Grids = append(v.Beside.Grids, v.grid(g))
		}
	}
	if v.Races, err = races(dir, v.Machine); err != nil {
		return nil, err
	}
	if v.Calibration, err = calibration(dir); err != nil {
		return nil, err
	}
	v.documents()
	v.repeat(r)
	v.contents()
	return v, nil
}

func (v *view) sections(r *report.Report) error {
	for _, part := range r.Parts() {
		s := Section{Part: part, ID: v.id(part.Name)}
		for _, g := range gridsOf(part.Grids) {
			s.Grids = append(s.Grids, v.grid(g))
		}
		var err error
		if s.Charts, err = v.charts(part.Charts); err != nil {
			return err
		}
		if s.Purpose != "" {
			v.Besides = append(v.Besides, s)
		} else {
			v.Sections = append(v.Sections, s)
		}
	}
	// The answers lead to the sections.
	for i := range v.Glance.Topics {
		t := &v.Glance.Topics[i]
		if link := v.section(t.Section); link != nil {
			t.Section = link.ID
		}
	}
	return nil
}

// section returns the link to a section by its name.
func (v *view) section(name string) *Link {
	for _, s := range slices.Concat(v.Sections, v.Besides) {
		if s.Name == name {
			return &Link{s.ID, s.Heading}
		}
	}
	return nil
}

func (v *view) claims(r *report.Report) error {
	for _, c := range r.Claims {
		if c.Ruling == "" {
			c.Ruling = report.Unclear
		}
		claim := Claim{Claim: c, ID: v.id("claim-" + c.Name), Link: v.section(c.Section), Figure: v.grid(figures(&c))}
		var err error
		if claim.Charts, err = v.charts(report.SVGs(c.Charts)); err != nil {
			return err
		}
		v.Claims = append(v.Claims, claim)
	}
	return nil
}

// figures is the table of what a ruling stands on.
func figures(c *report.Claim) Grid {
	t := table.Table{Head: []string{"measured", "value", "must be", "ruling"}, Left: map[int]bool{2: true, 3: true}}
	for _, f := range c.Figures {
		ruling := string(f.Ruling)
		if f.Beside {
			ruling = "to compare with"
		}
		t.Add(f.Label, f.Value, f.Bound, ruling)
	}
	g := gridOf(&t, nil, "Figures: "+c.Text)
	g.Unseen = true
	return g
}

// charts reads charts, each with ids of its own.
func (v *view) charts(paths []string) (all []template.HTML, err error) {
	for _, path := range paths {
		svg, err := inlineFile(path, v.id("chart")+"-")
		if err != nil {
			return nil, err
		}
		all = append(all, svg)
	}
	return all, nil
}

// documents gives the tables and chapters of what other commands left a name
// and a caption.
func (v *view) documents() {
	if d := v.Races; d != nil {
		ids := make(map[string]string)
		for i := range d.Pages {
			c := &d.Pages[i]
			c.ID = v.id("race-" + c.Title)
			ids[c.Title] = c.ID
			v.captions(c.Title, c.Blocks)
		}
		v.captions("Races", d.Head)
		for _, b := range d.Head {
			if b.Table != nil {
				for _, row := range b.Table.Rows {
					row[0].Link = ids[row[0].Text]
				}
			}
		}
	}
	if d := v.Calibration; d != nil {
		v.captions("Calibration", d.Head)
	}
}

// captions names each table after the heading above it.
func (v *view) captions(title string, blocks []Block) {
	heading, n := title, 0
	for i := range blocks {
		switch b := &blocks[i]; {
		case b.Level > 0:
			heading, n = title+": "+b.Text, 0
		case b.Table != nil:
			n++
			b.Table.Caption, b.Table.Unseen = heading, i > 0 && blocks[i-1].Level > 0
			if n > 1 {
				b.Table.Caption = fmt.Sprintf("%s (%d)", heading, n)
			}
			*b.Table = v.grid(*b.Table)
		}
	}
}

func numbered(caption string, i, n int) string {
	if n == 1 {
		return caption
	}
	return fmt.Sprintf("%s (%d of %d)", caption, i+1, n)
}
