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
