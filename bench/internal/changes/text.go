package changes

import (
	"fmt"
	"io"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/table"
)

// Text writes the result for a terminal. Names stand last, so that long ones
// do not tear the table apart and can be copied whole.
func (r *Result) Text(w io.Writer) error {
	var b strings.Builder
	if r.Partial != "" {
		fmt.Fprintf(&b, "PARTIAL: the comparison was stopped early (%s)\n", r.Partial)
	}
	fmt.Fprintln(&b, r.Sentence())
	if advice := r.advice(); advice != "" {
		fmt.Fprintln(&b, advice)
	}
	fmt.Fprintf(&b, "\nbase  %s\nhead  %s\n%s\n", r.Base, r.Head, r.Machine)
	for _, warning := range r.Warnings {
		fmt.Fprintln(&b, "warning: "+warning)
	}
	for _, t := range r.tables() {
		fmt.Fprintf(&b, "\n%s\n", t.title)
		if err := t.Text(&b); err != nil {
			return err
		}
	}
	if lines := r.remarks(); len(lines) > 0 {
		fmt.Fprintf(&b, "\n%s\n", strings.Join(lines, "\n"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type titled struct {
	title string
	table.Table
}

// tables are that of the times and that of the metrics that changed.
func (r *Result) tables() []titled {
	var all []titled
	if rows := r.times(); len(rows) > 0 {
		title := fmt.Sprintf("Change in time; + is slower; ± is half of a 95%% interval; verdicts at %s in all,\ntolerance %s:", percent(r.Level), r.Tolerance)
		t := titled{title: title, Table: table.Table{Head: []string{"verdict", "change", "base", "head", "how", "benchmark"}, Left: map[int]bool{4: true, 5: true}}}
		for i := range rows {
			row := &rows[i]
			t.Add(word(row), change(row), value(row.Base, row.Unit), value(row.Head, row.Unit), strings.TrimSuffix(row.Design.String(), " core"), r.short(row.Pair))
		}
		all = append(all, t)
	}
	if rows := r.metrics(); len(rows) > 0 {
		t := titled{title: "Changes of other metrics:", Table: table.Table{Head: []string{"verdict", "change", "base", "head", "unit", "benchmark"}, Left: map[int]bool{4: true, 5: true}}}
		for i := range rows {
			row := &rows[i]
			t.Add(word(row), change(row), value(row.Base, row.Unit), value(row.Head, row.Unit), row.Unit, r.short(row.Pair))
		}
		all = append(all, t)
	}
	return all
}

// Markdown writes the result for a comment on a pull request, or a page.
// chart is the path of a chart to show, "" for none.
func (r *Result) Markdown(w io.Writer, chart string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", table.EscapeMarkdown(r.Sentence()))
	if r.Partial != "" {
		fmt.Fprintf(&b, "**Partial:** stopped early (%s).\n\n", table.EscapeMarkdown(r.Partial))
	}
	fmt.Fprintf(&b, "base: %s; head: %s; %s\n", table.EscapeMarkdown(r.Base), table.EscapeMarkdown(r.Head), table.EscapeMarkdown(r.Machine))
	for _, t := range r.tables() {
		fmt.Fprintf(&b, "\n%s\n\n", table.EscapeMarkdown(t.title))
		if err := t.Markdown(&b); err != nil {
			return err
		}
	}
	if chart != "" {
		fmt.Fprintf(&b, "\n![changes in time](%s)\n", chart)
	}
	lines := r.remarks()
	for _, warning := range r.Warnings {
		lines = append([]string{"warning: " + warning}, lines...)
	}
	if len(lines) > 0 {
		b.WriteString("\n")
	}
	for _, line := range lines {
		fmt.Fprintf(&b, "- %s\n", table.EscapeMarkdown(line))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
