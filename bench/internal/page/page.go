// Package page writes a report as one HTML file that stands alone: it asks no
// other file or server for anything, and can be read, printed and searched
// without its script, which adds what only a script can (sorting, a filter,
// figures under the pointer).
//
// A page is drawn in two steps. The report is arranged into a view, in which
// everything is text or a picture that was let through by [inline]; templates
// write it down, and escape. Names come from run files that others made, so
// nothing of them may be more than text.
package page

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"sync"

	"embed"

	"github.com/interleave-go/interleave/bench/internal/report"
)

//go:embed *.html.tmpl
var templates embed.FS

//go:embed style.css
var style string

//go:embed script.js
var script string

// parsed is made when the first page is: most commands write none.
var parsed = sync.OnceValues(func() (*template.Template, error) {
	return template.New("page.html.tmpl").Funcs(template.FuncMap{
		"style":  func() template.CSS { return template.CSS(style) },
		"script": func() template.JS { return template.JS(script) },
	}).ParseFS(templates, "*.html.tmpl")
})

// Write writes the page of a report. dir is where the files of the run stand:
// the charts that were drawn are read from where the report says, and what
// other commands left in dir is shown if it is there (see [Beside]). It may be
// empty.
func Write(w io.Writer, r *report.Report, dir string) error {
	t, err := parsed()
	if err != nil {
		return err
	}
	v, err := newView(r, dir)
	if err != nil {
		return err
	}
	if err := t.Execute(w, v); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return nil
}
