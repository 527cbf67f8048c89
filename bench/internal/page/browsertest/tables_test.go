package browsertest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/chromedp/chromedp/kb"
)

// A sheet is what a reader sees of a table that can be sorted.
type sheet struct {
	Folded bool // in a part of the page that must be opened first
	Heads  []string
	Sorts  []string // aria-sort of each header
	Keys   []bool   // whether the header has a button
	Rows   [][]string
	Shown  []bool // whether the row is
}

func (p *tab) sheets() []sheet {
	p.Helper()
	return call[[]sheet](p, "sheets.js")
}

func (p *tab) sheet(i int) sheet {
	p.Helper()
	return call[[]sheet](p, "sheets.js", i)[0]
}

func header(table, column int) string {
	return fmt.Sprintf(`[...document.querySelectorAll("table.data")][%d].tHead.rows[0].cells[%d].querySelector("button")`, table, column)
}

// sorts sorts every table by every column up, down and not at all; the first
// that can be seen by mouse and by keyboard.
func sorts(p *tab) (wrong []string) {
	p.Helper()
	tables := p.sheets()
	byHand := slices.IndexFunc(tables, func(s sheet) bool { return !s.Folded })
	if byHand < 0 {
		return []string{"there is no table to sort"}
	}
	for i, before := range tables {
		for column, head := range before.Heads {
			if !before.Keys[column] {
				wrong = append(wrong, fmt.Sprintf("table %d has no button in its header %q", i+1, head))
				continue
			}
			button := header(i, column)
			step := func() { eval[bool](p, button+".click(), true") }
			ways := []func(){step, step, step}
			if i == byHand {
				ways = []func(){
					func() { p.click(button) },
					func() { eval[bool](p, button+".focus(), true"); p.press(kb.Enter) },
					func() { p.press(" ") },
				}
			}
			last := before.Sorts[column]
			seen := make(map[string]bool)
			for n, way := range ways {
				way()
				after := p.sheet(i)
				if after.Sorts[column] == last {
					wrong = append(wrong, fmt.Sprintf("table %d by %q, time %d: still sorted as before: %q", i+1, head, n+1, last))
				}
				last = after.Sorts[column]
				seen[last] = true
				if why := after.sorted(column, before); why != "" {
					wrong = append(wrong, fmt.Sprintf("table %d by %q, time %d: %s", i+1, head, n+1, why))
				}
			}
			if !seen["ascending"] || !seen["descending"] {
				wrong = append(wrong, fmt.Sprintf("table %d by %q is sorted in these orders only: %v", i+1, head, slices.Collect(maps.Keys(seen))))
			}
		}
	}
	return wrong
}

// sorted says in which way a table is not what a table was before, sorted by a
// column.
func (s *sheet) sorted(column int, before sheet) string {
	for c, sort := range s.Sorts {
		if c != column && sort != "" && sort != "none" {
			return fmt.Sprintf("%q says that it is sorted, too: %s", s.Heads[c], sort)
		}
	}
	was, is := lines(before.Rows), lines(s.Rows)
	slices.Sort(was)
	slices.Sort(is)
	if !slices.Equal(was, is) {
		return "the rows are not those from before"
	}
	up := 1
	switch s.Sorts[column] {
	case "ascending":
	case "descending":
		up = -1
	case "", "none":
		if !slices.Equal(lines(s.Rows), lines(before.Rows)) {
			return "not sorted, and not in the order from before"
		}
		return ""
	default:
		return fmt.Sprintf("aria-sort is %q", s.Sorts[column])
	}
	return inOrder(s.Rows, column, up)
}

// lines joins the cells of each row.
func lines(rows [][]string) (all []string) {
	for _, r := range rows {
		all = append(all, strings.Join(r, "\x00"))
	}
	return all
}

// inOrder says which rows are not in the order of a column: those with values
// by these, and columns of words by the alphabet.
func inOrder(rows [][]string, column, up int) string {
	var values []float64
	var words []string
	for _, r := range rows {
		if v, ok := value(r[column]); ok {
			values = append(values, v)
		}
		if w := letters(r[column]); w != "" && w[0] != ' ' {
			words = append(words, w)
		}
	}
	if !slices.IsSortedFunc(values, func(a, b float64) int { return up * cmp.Compare(a, b) }) {
		return fmt.Sprintf("the values are in the order %v", values)
	}
	if len(values) == 0 && !slices.IsSortedFunc(words, func(a, b string) int { return up * strings.Compare(a, b) }) {
		return fmt.Sprintf("the words are in the order %q", words)
	}
	return ""
}

// letters puts spaces, which come first, in the place of what alphabets do not
// agree on.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return ' '
	}, s)
}

// filters types names of variants into the filter, and what no row has.
func filters(p *tab) (wrong []string) {
	p.Helper()
	if !eval[bool](p, `document.querySelector("#filter[type=search]") !== null && document.querySelector("#filter-status") !== null`) {
		return []string{"there is no filter, or nothing that says what it found"}
	}
	before := p.sheets()
	if len(before) == 0 {
		return []string{"there is no table to filter"}
	}
	last := before[len(before)-1].Rows
	first := strings.Fields(before[0].Rows[0][0])[0]
	const ask = `document.querySelector("#filter-status").textContent`
	idle := eval[string](p, ask)
	for _, needle := range []string{first, strings.ToUpper(strings.Fields(last[len(last)-1][0])[0]), "nothing-has-this"} {
		p.click(`document.querySelector("#filter")`)
		p.press(needle)
		shown := 0
		for i, s := range p.sheets() {
			for n, row := range s.Rows {
				has := strings.Contains(strings.ToLower(strings.Join(row, " ")), strings.ToLower(needle))
				if s.Shown[n] {
					shown++
				}
				if s.Shown[n] != has {
					wrong = append(wrong, fmt.Sprintf("filter %q: table %d, row %d %q: shown is %v", needle, i+1, n+1, row, s.Shown[n]))
				}
			}
		}
		status := eval[string](p, ask)
		if counts := slices.Contains(strings.Fields(status), fmt.Sprint(shown)); shown > 0 && !counts || status == idle {
			wrong = append(wrong, fmt.Sprintf("filter %q shows %d rows and says %q", needle, shown, status))
		}
		eval[bool](p, `document.querySelector("#filter").select(), true`)
		p.press(kb.Backspace)
		for i, s := range p.sheets() {
			if slices.Contains(s.Shown, false) {
				wrong = append(wrong, fmt.Sprintf("table %d has hidden rows although the filter is empty again", i+1))
			}
		}
	}
	return wrong[:min(len(wrong), 20)]
}
