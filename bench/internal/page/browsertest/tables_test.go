package browsertest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/chromedp/kb"
)

// A sheet is what a reader sees of a table that can be sorted.
type sheet struct {
	Heads []string
	Sorts []string // aria-sort of each header
	Keys  []bool   // whether the header has a button
	Rows  [][]string
	Shown []bool // whether the row is
}

func (p *tab) sheets() []sheet {
	p.Helper()
	return call[[]sheet](p, "sheets.js")
}

func header(table, column int) string {
	return fmt.Sprintf(`[...document.querySelectorAll("table.data")][%d].tHead.rows[0].cells[%d].querySelector("button")`, table, column)
}

// sorts sorts every table by every column both ways, the first one by mouse
// and by keyboard.
func sorts(p *tab) (wrong []string) {
	p.Helper()
	before := p.sheets()
	if len(before) == 0 {
		return []string{"there is no table to sort"}
	}
	for i, s := range before {
		for column, head := range s.Heads {
			if !s.Keys[column] {
				wrong = append(wrong, fmt.Sprintf("table %d has no button in its header %q", i+1, head))
				continue
			}
			ways := []func(){func() { eval[bool](p, header(i, column)+".click(), true") }}
			if i == 0 {
				ways = []func(){
					func() { p.click(header(i, column)) },
					func() { eval[bool](p, header(i, column)+".focus(), true"); p.press(kb.Enter) },
					func() { p.press(" ") },
				}
			}
			last := ""
			for n := range max(2, len(ways)) {
				ways[n%len(ways)]()
				after := p.sheets()[i]
				if why := after.sorted(column, s); why != "" {
					wrong = append(wrong, fmt.Sprintf("table %d by %q, time %d: %s", i+1, head, n+1, why))
				} else if after.Sorts[column] == last {
					wrong = append(wrong, fmt.Sprintf("table %d by %q, time %d: still %s", i+1, head, n+1, last))
				}
				last = after.Sorts[column]
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
	var down int
	switch s.Sorts[column] {
	case "ascending":
		down = 1
	case "descending":
		down = -1
	default:
		return fmt.Sprintf("aria-sort is %q", s.Sorts[column])
	}
	flat := func(rows [][]string) (all []string) {
		for _, r := range rows {
			all = append(all, strings.Join(r, "\x00"))
		}
		slices.Sort(all)
		return all
	}
	if !slices.Equal(flat(s.Rows), flat(before.Rows)) {
		return "the rows are not those from before"
	}
	var values []float64
	for _, r := range s.Rows {
		if v, ok := value(r[column]); ok {
			values = append(values, v)
		}
	}
	for i := 1; i < len(values); i++ {
		if (values[i]-values[i-1])*float64(down) < 0 {
			return fmt.Sprintf("%s, but the values are %v", s.Sorts[column], values)
		}
	}
	if len(values) > 0 {
		return ""
	}
	for i := 1; i < len(s.Rows); i++ {
		if strings.Compare(strings.ToLower(s.Rows[i][column]), strings.ToLower(s.Rows[i-1][column]))*down < 0 {
			return fmt.Sprintf("%s, but %q stands before %q", s.Sorts[column], s.Rows[i-1][column], s.Rows[i][column])
		}
	}
	return ""
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
	first, last := before[0].Rows[0], before[len(before)-1].Rows
	const ask = `document.querySelector("#filter-status").textContent`
	idle := eval[string](p, ask)
	for _, needle := range []string{first[0], strings.ToUpper(last[len(last)-1][0]), "no row has this"} {
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
		p.click(`document.querySelector("#filter")`)
		for range needle {
			p.do(backspace)
		}
		p.settle()
		for i, s := range p.sheets() {
			if slices.Contains(s.Shown, false) {
				wrong = append(wrong, fmt.Sprintf("table %d has hidden rows although the filter is empty again", i+1))
			}
		}
	}
	return wrong[:min(len(wrong), 20)]
}
