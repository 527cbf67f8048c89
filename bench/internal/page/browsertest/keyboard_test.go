package browsertest

import (
	"fmt"

	"github.com/chromedp/chromedp/kb"
)

// A stop is where the focus is.
type stop struct {
	What     string
	Inside   bool // on the screen
	Outlined bool // in a way that can be seen
	Skips    bool // a link to the main part
}

// led presses Tab as those do who have no mouse: the first stop leads past what
// stands on every page, and each stop can be seen.
func led(p *tab) (wrong []string) {
	p.Helper()
	const stops = 25
	for i := range stops {
		p.press(kb.Tab)
		s := call[stop](p, "stop.js")
		if i == 0 && !s.Skips {
			wrong = append(wrong, "the first stop does not skip to the main part: "+s.What)
		}
		if s.What == "" {
			break // past the last
		}
		if !s.Inside {
			wrong = append(wrong, fmt.Sprintf("stop %d is off the screen: %s", i+1, s.What))
		}
		if !s.Outlined {
			wrong = append(wrong, fmt.Sprintf("stop %d does not show that it has the focus: %s", i+1, s.What))
		}
		if i == 0 && s.Skips {
			p.press(kb.Enter)
			if !eval[bool](p, `location.hash !== "" && document.querySelector(location.hash) !== null`) {
				wrong = append(wrong, "the first stop leads nowhere")
			}
		}
	}
	return wrong
}

// A tip is the box with the figures behind a cell.
type tip struct {
	Shown bool
	Text  string
	Cell  int // which of those that have one; -1 for none
}

// explains asks for the figures behind cells by mouse and by keyboard.
func explains(p *tab) (wrong []string) {
	p.Helper()
	const cells = `[...document.querySelectorAll("[data-tip]")].filter(e => e.checkVisibility())`
	tips := eval[[]string](p, cells+`.map(e => e.dataset.tip)`)
	if len(tips) < 2 {
		return []string{"no cell tells more"}
	}
	want := func(how string, cell int) {
		t := call[tip](p, "tip.js")
		switch {
		case cell < 0 && t.Shown:
			wrong = append(wrong, how+fmt.Sprintf(": still shows %q", t.Text))
		case cell >= 0 && (!t.Shown || t.Cell != cell || t.Text != tips[cell]):
			wrong = append(wrong, how+fmt.Sprintf(": shows %+v, want that of cell %d, %q", t, cell, tips[cell]))
		}
	}
	p.point(cells + "[0]")
	want("pointed at", 0)
	p.point(`document.querySelector("h1")`)
	want("pointed elsewhere", -1)
	eval[bool](p, cells+"[0].focus(), true")
	want("with the focus", 0)
	eval[bool](p, cells+`[0].closest("table").dispatchEvent(new MouseEvent("mouseleave"))`)
	want("with the focus, when the page has moved under the pointer", 0)
	p.press(kb.ArrowDown)
	below := eval[int](p, cells+".indexOf(document.activeElement)")
	if below == 0 {
		wrong = append(wrong, "an arrow does not lead to the next cell")
	}
	want("below", below)
	p.press(kb.Escape)
	want("after Escape", -1)
	return wrong
}

// follows scrolls to each section, and asks the contents where that is.
func follows(p *tab) (wrong []string) {
	p.Helper()
	ids := eval[[]string](p, `[...document.querySelectorAll("main > section[id]")].map(s => s.id)`)
	for i, id := range ids {
		eval[bool](p, fmt.Sprintf(`document.getElementById(%q).scrollIntoView(), true`, id))
		p.settle()
		at := eval[[]string](p, `[...document.querySelectorAll("nav [aria-current]")].map(a => a.hash.slice(1))`)
		last := i > 0 && eval[bool](p, `scrollY + innerHeight >= document.documentElement.scrollHeight - 1`)
		if len(at) != 1 || at[0] != id && !last { // the last ones may share a screen
			wrong = append(wrong, fmt.Sprintf("at %s the contents say %q", id, at))
		}
	}
	if len(ids) == 0 {
		wrong = append(wrong, "there is no section")
	}
	return wrong
}
