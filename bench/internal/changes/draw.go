package changes

import (
	"fmt"
	"os"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/chart"
)

// mostDrawn is how many benchmarks fit into a chart that can still be read.
const mostDrawn = 40

// Draw draws the changes in time below dir and returns the paths. Without any
// there is no chart.
func (r *Result) Draw(dir string) ([]string, error) {
	d := chart.Dots{
		Title:    r.Sentence(),
		Subtitle: fmt.Sprintf("Time of %s relative to %s; dot: estimate, bar: 95 %% interval; %s", r.Head, r.Base, r.Machine),
		XLabel:   "change in time (right is slower)", Reference: 1, ReferenceLabel: "no change",
		Format: func(ratio float64) string { return signed(ratio - 1) },
	}
	rows := r.times()
	if len(rows) > mostDrawn { // the greatest changes, in either direction
		rows = append(rows[:mostDrawn/2:mostDrawn/2], rows[len(rows)-mostDrawn/2:]...)
		d.Subtitle += fmt.Sprintf("; the %d greatest changes", mostDrawn)
	}
	for i := range rows {
		row := &rows[i]
		p := chart.Point{X: row.Change.Value, Lo: row.Change.Lo, Hi: row.Change.Hi, Label: word(row)}
		if !row.Change.Bounded() {
			p = chart.Point{X: row.Change.Value, Open: true, Label: word(row)}
		}
		if row.Change.Known() {
			d.Log = d.Log || row.Change.Value > 4 || row.Change.Value < 0.25
			d.Rows = append(d.Rows, chart.Row{Label: label(row.Package, row.FullName()), Points: []chart.Point{p}})
		}
	}
	if len(d.Rows) == 0 {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	f, err := d.Figure()
	if err != nil {
		return nil, err
	}
	return chart.Write(dir, "changes", f)
}

// label shortens a name to what fits beside a chart.
func label(pkg, name string) string {
	const most = 40
	text := []rune(lastElement(pkg) + "." + strings.TrimPrefix(name, "Benchmark"))
	if len(text) > most {
		text = append(append(text[:most/2:most/2], '…'), text[len(text)-most/2:]...)
	}
	return string(text)
}
