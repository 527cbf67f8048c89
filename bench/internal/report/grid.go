package report

import (
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// A grid is a table of text, before it is rendered for a medium. The first
// column is aligned to the left, the others to the right, but for those named
// in left.
type grid struct {
	head []string
	rows [][]string
	left map[int]bool
}

func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

func (g *grid) align() []tw.Align {
	align := make([]tw.Align, len(g.head))
	for i := range align {
		if align[i] = tw.AlignRight; i == 0 || g.left[i] {
			align[i] = tw.AlignLeft
		}
	}
	return align
}

// render writes the grid through tablewriter, with its defaults off that
// change what stands in the cells.
func (g *grid) render(w io.Writer, r tw.Renderer, left, right string, clean func(string) string) error {
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone},
		Alignment:  tw.CellAlignment{PerColumn: g.align()},
		Padding:    tw.CellPadding{Global: tw.Padding{Left: left, Right: right, Overwrite: true}},
	}
	table := tablewriter.NewTable(w,
		tablewriter.WithRenderer(r),
		tablewriter.WithConfig(tablewriter.Config{Header: cells, Row: cells}),
		tablewriter.WithEastAsian(tw.Off), // widths must not depend on the reader's locale
	)
	// tablewriter keeps the slices that it is given, so it gets copies.
	table.Header(cleaned(g.head, clean))
	for _, row := range g.rows {
		if err := table.Append(cleaned(row, clean)); err != nil {
			return err
		}
	}
	return table.Render()
}

func cleaned(cells []string, clean func(string) string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = clean(c)
	}
	return out
}

// text writes the grid for a terminal: no lines but one below the header.
func (g *grid) text(w io.Writer) error {
	plain := tw.Rendition{
		Borders: tw.BorderNone,
		Symbols: tw.NewSymbols(tw.StyleLight),
		Settings: tw.Settings{
			Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On, ShowFooterLine: tw.Off},
			Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off, ShowHeader: tw.On, ShowFooter: tw.Off},
		},
	}
	var b strings.Builder
	if err := g.render(&b, renderer.NewBlueprint(plain), "", "  ", oneLine); err != nil {
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

// markdown writes the grid as a Markdown table, with what has a meaning there
// escaped: tablewriter does not.
func (g *grid) markdown(w io.Writer) error {
	return g.render(w, renderer.NewMarkdown(), " ", " ", markdownText)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

var markdownEscapes = strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`)

func markdownText(s string) string { return markdownEscapes.Replace(oneLine(s)) }
