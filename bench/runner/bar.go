package runner

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/interleave-go/interleave/bench/internal/measure"
)

// A bar shows progress on a terminal, and nowhere else. It is drawn only when
// told to, between forks: a bar that redraws itself would take its time from
// what is being measured.
type bar struct{ bar *progressbar.ProgressBar }

func newBar(w io.Writer) *bar {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &bar{}
	}
	return &bar{progressbar.NewOptions(1,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetWidth(24),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionClearOnFinish(),
	)}
}

// show draws the bar for the state of the run.
func (b *bar) show(at measure.Progress, block *measure.Planned) {
	if b.bar == nil {
		return
	}
	total := at.Passed + at.Left
	b.bar.Describe(fmt.Sprintf("%s, process %d of %d, %v left", block.Scenario.Name, at.Forks, block.Forks, at.Left.Round(time.Second)))
	b.bar.ChangeMax64(max(1, total.Milliseconds()))
	b.bar.Set64(min(at.Passed, total).Milliseconds())
}

// count draws the bar for so many things done of those that are wanted.
func (b *bar) count(done, wanted int, what string) {
	if b.bar == nil {
		return
	}
	b.bar.Describe(fmt.Sprintf("%d of %d %s", done, wanted, what))
	b.bar.ChangeMax(max(1, wanted))
	b.bar.Set(min(done, wanted))
}

// clear takes the bar away, before something else is printed.
func (b *bar) clear() {
	if b.bar != nil {
		b.bar.Clear()
	}
}
