package report

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/claim"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// The widths of the first column of the claims' table, so that a line of it has
// at most 80 characters.
const claimWidth = 47

// ClaimsText writes the claims for a terminal: those that this run could put to
// the test as a table, and the others below it.
func (r *Report) ClaimsText(w io.Writer) error {
	if len(r.Claims) == 0 {
		return nil
	}
	p := printer{w: w}
	p.printf("claims: %s\n\n", r.claimsCount())
	t := table.Table{Head: []string{"claim", "ruling", "measured"}, Left: map[int]bool{1: true, 2: true}}
	drawn := false
	for i := range r.Claims {
		c := &r.Claims[i]
		drawn = drawn || len(c.Charts) > 0
		if c.Ruling == NotTestable {
			continue
		}
		for k, line := range table.Lines(c.Text, claimWidth) {
			if k == 0 {
				t.Add(line, string(c.Ruling), "")
			} else {
				t.Add(line, "", "")
			}
		}
		for _, f := range c.Figures {
			t.Add(f.row()...)
		}
	}
	if len(t.Rows) > 0 {
		p.do(t.Text)
		p.printf("\n")
		p.wrap("", claimNote)
	}
	for _, line := range r.untested() {
		p.wrap("  ", line)
	}
	if drawn {
		p.printf("charts: %s\n", filepath.Join(filepath.Dir(r.claimChart()), "claim-*.{svg,png}"))
	}
	p.printf("\n")
	return p.err
}

// claimNote says how to read the table of claims.
const claimNote = "A claim holds when each of its rules does, and is refuted by one; + is to compare with. " +
	"The rules were fixed before measuring. ± is half of a 95 % interval; the rulings use wider ones, " +
	"so that with 95 % none of them is false."

// row is a figure as a row of the table of claims.
func (f *Figure) row() []string {
	sign, ruling, value := "· ", string(f.Ruling), f.Value
	if f.Beside {
		sign = "+ "
	}
	if f.Ruling == NotTestable {
		ruling, value = "not testable", ""
	}
	label := sign + f.Label
	if f.Bound != "none" && f.Bound != "some" {
		label += ": " + f.Bound
	}
	return []string{label, ruling, value}
}

// claimsCount says how many claims came to what.
func (r *Report) claimsCount() string {
	n := make(map[Ruling]int)
	for _, c := range r.Claims {
		n[c.Ruling]++
	}
	var parts []string
	for _, ruling := range []struct {
		is   Ruling
		text string
	}{{Holds, "%d hold"}, {Refuted, "%d refuted"}, {Unclear, "%d unclear"}, {NotTestable, "%d not testable here"}} {
		if k := n[ruling.is]; k > 0 {
			text := fmt.Sprintf(ruling.text, k)
			if ruling.is == Holds && k == 1 {
				text += "s"
			}
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

// untested says which claims were not put to the test, and why. Those that
// merely were not measured share a line: a run of one scenario has many.
func (r *Report) untested() (lines []string) {
	var names []string
	for i, c := range r.Claims {
		switch {
		case c.Ruling != NotTestable:
		case unmeasured(r.judged[i]):
			names = append(names, c.Name)
		default:
			lines = append(lines, fmt.Sprintf("not testable here: %s: %s", c.Name, strings.Join(deciding(r.judged[i]), "; ")))
		}
	}
	if len(names) > 0 {
		lines = append(lines, fmt.Sprintf("not testable here: %s (cases that they need were not measured; interleave run without a pattern measures all)", strings.Join(names, ", ")))
	}
	return lines
}

// unmeasured reports whether a claim is not testable only because a case of it
// was not part of the run.
func unmeasured(found claim.Result) bool {
	return !slices.ContainsFunc(found.Rules, func(a claim.Answer) bool {
		return a.Ruling == claim.NotTestable && !a.Rule.Beside && !a.Missing
	})
}

// claimsMarkdown writes the claims for a page.
func (r *Report) claimsMarkdown(p *printer, dir string) {
	if len(r.Claims) == 0 {
		return
	}
	p.printf("\n## Claims\n\n%s.\n\n", capital(r.claimsCount()))
	t := table.Table{Head: []string{"claim", "ruling", "what was found"}, Left: map[int]bool{1: true, 2: true}}
	for _, c := range r.Claims {
		t.Add(c.Text, string(c.Ruling), c.Finding)
	}
	p.do(t.Markdown)
	p.printf("\n")
	figures := table.Table{Head: []string{"claim", "quantity", "must be", "measured", "ruling"}, Left: map[int]bool{1: true, 2: true, 3: true, 4: true}}
	for _, c := range r.Claims {
		for _, f := range c.Figures {
			label := f.Label
			if f.Beside {
				label = "+ " + label
			}
			figures.Add(c.Name, label, f.Bound, f.Value, string(f.Ruling))
		}
	}
	p.do(figures.Markdown)
	p.printf("\n%s\n", table.EscapeMarkdown(claimNote))
	for _, c := range r.Claims {
		embedAll(p, c.Charts, dir)
	}
}
