package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// A Glance is what a reader wants to know first, drawn from the data: what
// concurrency bought, what it broke, whether to believe it, and which variant
// to take with how many workers.
type Glance struct {
	Bought string // what was won, and what was lost
	Broke  string // what went wrong without synchronisation; "" when that was not tried
	Belief Belief // whether the machine was quiet enough
	Topics []Topic
}

// A Topic is what there is to choose in a scenario.
type Topic struct {
	Name    string // the section's heading: "download net=latency"
	Section string // Name of the section that the answers are from
	Answers []Answer
}

// An Answer is a choice that a reader has to make, and what the run says.
type Answer struct {
	Label   string // what is asked: "giving up nothing"
	Text    string // "mutex", "3 connections", "unclear: mutex or atomic"
	Why     string // what it stands on
	Unclear bool   // the intervals do not tell
}

// Glance draws the answers from the sections: of each scenario from the one
// with its first parameters at the most processors.
func (r *Report) Glance() Glance {
	sections := r.leading()
	g := Glance{Bought: bought(sections), Broke: broke(sections), Belief: r.believe()}
	for _, s := range sections {
		answers := append(s.which(), s.howMany()...)
		if len(answers) > 0 {
			g.Topics = append(g.Topics, Topic{s.heading(), s.Name(r.Run.Setting("cpus")), answers})
		}
	}
	// Where there is most to choose comes first: a small screen shows no more.
	slices.SortStableFunc(g.Topics, func(a, b Topic) int { return cmp.Compare(len(b.Answers), len(a.Answers)) })
	return g
}

// leading returns one section for each scenario, of those that the run was
// asked for and that leave a choice.
func (r *Report) leading() (sections []*Section) {
	for i := range r.Sections {
		s := &r.Sections[i]
		if len(s.For) > 0 || s.Scenario.Conditions {
			continue
		}
		at := slices.IndexFunc(sections, func(t *Section) bool { return t.Scenario.Name == s.Scenario.Name })
		switch {
		case at < 0:
			sections = append(sections, s)
		case sections[at].Params == s.Params && s.Procs > sections[at].Procs:
			sections[at] = s
		}
	}
	return sections
}

// Lines returns the answers as lines of text.
func (g *Glance) Lines() []string {
	var lines []string
	for _, t := range g.Topics {
		for _, a := range t.Answers {
			lines = append(lines, fmt.Sprintf("%s, %s: %s (%s)", t.Name, a.Label, a.Text, a.Why))
		}
	}
	return append(lines, fmt.Sprintf("quiet enough to believe it: %s (%s)", g.Belief.Answer, g.Belief.Why))
}

// which says which variant is the fastest of those that give up nothing, and
// which of all, where that is clearly another.
func (s *Section) which() []Answer {
	label := "fastest"
	some := slices.ContainsFunc(s.Rows, func(r Row) bool { return r.Variant.GivesUp != "" })
	if some {
		label = cmp.Or(s.Scenario.Keeps, "giving up nothing")
	}
	switch {
	case len(s.Best.Names) == 0:
		return s.unranked(label)
	case !some:
		return []Answer{s.choice(label, s.Best.Names)}
	}
	whole := s.choice(label, s.Best.Names)
	all := s.fastest(func(*record.Variant) bool { return true })
	if slices.ContainsFunc(all.Names, func(name string) bool { return s.Scenario.Variant(name).GivesUp == "" }) {
		whole.Why += "; giving something up gains nothing clear"
		return []Answer{whole}
	}
	first := s.Scenario.Variant(all.Names[0])
	a := s.choice("fastest of all", all.Names)
	loss := "gives up: " + strings.TrimSuffix(first.GivesUp, ".")
	if a.Unclear {
		loss = first.Name + " " + loss
	}
	a.Why += "; " + loss
	return []Answer{whole, a}
}

// unranked says why variants that give up nothing cannot be told apart although
// they were measured. Of one alone there is nothing to say.
func (s *Section) unranked(label string) []Answer {
	measured, lacking := 0, 0
	for i := range s.Rows {
		c := s.cellOf(&s.Rows[i], s.At)
		if c == nil || c.Case.Workers != s.At || s.Rows[i].Variant.GivesUp != "" {
			continue
		}
		measured++
		if c.Overlap.Lacking() {
			lacking++
		}
	}
	why := "measured in one process, so without intervals"
	switch {
	case measured < 2:
		return nil
	case lacking > 0:
		why = fmt.Sprintf("%d of %d variants hardly ever had %s at the same time", lacking, measured, plural(s.At, s.Scenario.Worker))
	}
	return []Answer{{Label: label, Text: "unclear", Why: why, Unclear: true}}
}

// choice is the answer that names the variants, the fastest first.
func (s *Section) choice(label string, names []string) Answer {
	c := s.Cell(names[0], s.At)
	took := duration(c.Time.Value)
	a := Answer{Label: label, Text: names[0]}
	if len(names) > 1 {
		a.Text, a.Unclear = "unclear: "+alternatives(s.declared(names)), true
		slowest := c.Time.Value
		for _, name := range names[1:] {
			slowest = max(slowest, s.Cell(name, s.At).Time.Value)
		}
		took = between(took, duration(slowest))
	}
	a.Why = fmt.Sprintf("%s/%s with %s", took, s.opUnit(), plural(c.Case.Workers, s.Scenario.Worker))
	if a.Unclear {
		a.Why += ", no clear difference"
	}
	return a
}

// between writes two times as a range, with their unit once if it is the same.
func between(least, most string) string {
	if least == most {
		return "about " + most
	}
	number, unit, _ := strings.Cut(least, " ")
	if strings.HasSuffix(most, " "+unit) {
		least = number
	}
	return least + " to " + most
}

// declared returns variants in the order in which the scenario has them: among
// those that cannot be told apart, no other means anything.
func (s *Section) declared(names []string) (all []string) {
	for _, v := range s.Scenario.Variants {
		if slices.Contains(names, v.Name) {
			all = append(all, v.Name)
		}
	}
	return all
}

// alternatives lists what cannot be told apart.
func alternatives(names []string) string {
	if len(names) == 2 {
		return names[0] + " or " + names[1]
	}
	return names[0] + " or " + plural(len(names)-1, "other")
}

// enoughPart is how much faster a larger number of workers may be that is
// called no better.
const enoughPart = 0.05

// howMany says how many workers are enough for the first of the fastest
// variants that give up nothing: the fewest that no larger number beats beyond
// the intervals. Where a larger number may still be better it is unclear, and
// where the work grows with the workers there is nothing to choose.
func (s *Section) howMany() []Answer {
	names := s.declared(s.Best.Names)
	if lead := s.lead(); len(names) == 0 && lead != nil {
		names = []string{lead.Case.Variant} // there is no other to compare it with
	}
	if len(names) == 0 || len(s.Scenario.Variants[0].Workers) != 1 {
		return nil
	}
	row := &s.Rows[s.index[names[0]]]
	var cells []*Cell
	for i := range row.Cells {
		if c := &row.Cells[i]; c.Time.Bounded() && !c.Overlap.Lacking() {
			cells = append(cells, c)
		}
	}
	if len(cells) < 2 {
		return nil
	}
	enough := slices.IndexFunc(cells, func(c *Cell) bool {
		return !slices.ContainsFunc(cells, func(d *Cell) bool { return d.Case.Workers > c.Case.Workers && d.Time.Hi < c.Time.Lo })
	})
	least := cells[enough]
	a := Answer{
		Label: "how many " + s.Scenario.Worker + "s",
		Text:  strconv.Itoa(least.Case.Workers),
		Why:   around(cells, enough),
	}
	if len(s.Best.Names) != 1 {
		a.Why = row.Variant.Name + ": " + a.Why
	}
	for _, c := range cells[enough+1:] {
		if c.Time.Lo < (1-enoughPart)*least.Time.Value {
			a.Unclear, a.Text = true, fmt.Sprintf("unclear: %d or more", least.Case.Workers)
		}
	}
	switch {
	case a.Unclear:
		a.Why += "; the intervals do not tell"
	case enough+1 < len(cells):
		a.Why += "; more do not help"
	case s.lacks(row, least.Case.Workers):
		a.Why += "; with more the " + s.Scenario.Worker + "s hardly overlapped"
	default:
		a.Why += "; the most measured"
	}
	return []Answer{a}
}

// lacks reports whether a variant lacks overlap with more than so many workers.
func (s *Section) lacks(row *Row, workers int) bool {
	return slices.ContainsFunc(row.Cells, func(c Cell) bool { return c.Case.Workers > workers && c.Measured() && c.Overlap.Lacking() })
}

// around sets the time at a number of workers beside those at the next smaller
// and the next larger number.
func around(cells []*Cell, i int) string {
	var parts []string
	for _, c := range cells[max(0, i-1):min(len(cells), i+2)] {
		parts = append(parts, fmt.Sprintf("%s with %d", duration(c.Time.Value), c.Case.Workers))
	}
	return strings.Join(parts, ", ")
}
