// Package table writes tables of text: for a terminal, and as Markdown.
package table

import (
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// A Table is text in rows and columns, before it is rendered for a medium. The
// first column is aligned to the left, the others to the right, but for those
// in Left.
type Table struct {
	Head []string
	Rows [][]string
	Left map[int]bool // columns, counted from 0
}

// Add adds a row.
func (t *Table) Add(cells ...string) { t.Rows = append(t.Rows, cells) }

func (t *Table) align() []tw.Align {
	align := make([]tw.Align, len(t.Head))
	for i := range align {
		if align[i] = tw.AlignRight; i == 0 || t.Left[i] {
			align[i] = tw.AlignLeft
		}
	}
	return align
}

// render writes the table through tablewriter, with its defaults off that
// change what stands in the cells.
func (t *Table) render(w io.Writer, r tw.Renderer, left, right string, clean func(string) string) error {
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone},
		Alignment:  tw.CellAlignment{PerColumn: t.align()},
		Padding:    tw.CellPadding{Global: tw.Padding{Left: left, Right: right, Overwrite: true}},
	}
	out := tablewriter.NewTable(w,
		tablewriter.WithRenderer(r),
		tablewriter.WithConfig(tablewriter.Config{Header: cells, Row: cells}),
		tablewriter.WithEastAsian(tw.Off), // widths must not depend on the reader's locale
	)
	// tablewriter keeps the slices that it is given, so it gets copies.
	out.Header(cleaned(t.Head, clean))
	for _, row := range t.Rows {
		if err := out.Append(cleaned(row, clean)); err != nil {
			return err
		}
	}
	return out.Render()
}

func cleaned(cells []string, clean func(string) string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = clean(c)
	}
	return out
}

// Text writes the table for a terminal: no lines but one below the header.
func (t *Table) Text(w io.Writer) error {
	plain := tw.Rendition{
		Borders: tw.BorderNone,
		Symbols: tw.NewSymbols(tw.StyleLight),
		Settings: tw.Settings{
			Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On, ShowFooterLine: tw.Off},
			Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off, ShowHeader: tw.On, ShowFooter: tw.Off},
		},
	}
	var b strings.Builder
	if err := t.render(&b, renderer.NewBlueprint(plain), "", "  ", OneLine); err != nil {
		return err
	}
	// The padding behind the last column would only fill the line.
	for line := range strings.Lines(b.String()) {
		if _, err := io.WriteString(w, strings.TrimRight(line, " \n")+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// Markdown writes the table as Markdown, with what has a meaning there
// escaped: tablewriter does not.
func (t *Table) Markdown(w io.Writer) error {
	return t.render(w, renderer.NewMarkdown(), " ", " ", EscapeMarkdown)
}

// OneLine returns text with single spaces in the place of all white space.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

var markdownEscapes = strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`)

// EscapeMarkdown returns text that Markdown shows as it is, on one line.
func EscapeMarkdown(s string) string { return markdownEscapes.Replace(OneLine(s)) }
