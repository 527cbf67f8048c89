package gate

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/table"
)

// Markdown writes the report as Markdown.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n\n%s\n\n", table.EscapeMarkdown(r.Answer()), table.EscapeMarkdown(r.Advice()))
	t := table.Table{
		Head: []string{"", "rule", "case", "asked", "measured (95 %)", "why"},
		Left: map[int]bool{1: true, 2: true, 3: true, 5: true},
	}
	for _, g := range r.groups() {
		for i := range g.results {
			c := &g.results[i]
			t.Add(c.Outcome.String(), c.Rule, c.Subject, c.Bound, c.number(), c.Reason)
		}
	}
	if len(t.Rows) > 0 {
		if err := t.Markdown(&b); err != nil {
			return err
		}
	}
	for _, lines := range [][]string{r.Header, r.Listed, prefixed("warning: ", r.Warnings)} {
		if len(lines) > 0 {
			b.WriteString("\n")
		}
		for _, line := range lines {
			fmt.Fprintf(&b, "- %s\n", table.EscapeMarkdown(line))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// AppendMarkdown appends the report to a file that other steps of a job write
// to as well, as GitHub wants it of $GITHUB_STEP_SUMMARY.
func (r *Report) AppendMarkdown(path string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	err = r.Markdown(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
