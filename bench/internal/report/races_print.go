package report

import (
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/table"
)

// The parts of a page, for a terminal or in Markdown.

func (p *printer) heading(name, doc string) {
	if p.md {
		p.printf("## %s\n\n%s\n\n", table.EscapeMarkdown(name), table.EscapeMarkdown(doc))
		return
	}
	p.wrap("", name+": "+doc)
}

func (p *printer) title(text string) {
	if p.md {
		p.printf("### %s\n\n", table.EscapeMarkdown(text))
		return
	}
	p.wrap("", text)
	p.printf("\n")
}

func (p *printer) grid(g *table.Table) {
	if p.md {
		p.do(g.Markdown)
		return
	}
	p.do(g.Text)
}

func (p *printer) item(text string) {
	if p.md {
		p.printf("- %s\n", table.EscapeMarkdown(text))
		return
	}
	p.wrap("  ", text)
}

// sub and subsub are items below an item.
func (p *printer) sub(text string)    { p.below("  ", text) }
func (p *printer) subsub(text string) { p.below("    ", text) }

func (p *printer) below(indent, text string) {
	if p.md {
		p.printf("%s- %s\n", indent, table.EscapeMarkdown(text))
		return
	}
	p.printf("%s%s\n", indent, text)
}

// fence begins code in a language, and ends it without one.
func (p *printer) fence(language string) {
	if p.md {
		p.printf("```%s\n", language)
	}
}

// priceAt returns the price of a fix at a number of workers.
func priceAt(w *provoke.WayStudy, workers int) stats.Interval {
	for _, price := range w.Prices {
		if price.Workers == workers {
			return price.Time
		}
	}
	return stats.Interval{}
}
