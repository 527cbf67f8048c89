package provoke

import (
	"strings"

	"go.uber.org/goleak"

	"github.com/interleave-go/interleave/bench/demo"
)

// Serve does the job of a child, and does not return from it; in a process that
// is no child it returns at once. It must come first in main.
func Serve(demos []demo.Demo) { demo.Serve(demos, leaked) }

// leaked returns the goroutines that goleak finds, but for the heartbeat and
// the helpers.
func leaked() []string {
	err := goleak.Find(
		goleak.IgnoreAnyFunction("github.com/interleave-go/interleave/bench/demo.(*server).watch"),
		goleak.IgnoreAnyFunction("os/signal.loop"),
	)
	if err == nil {
		return nil
	}
	var all []string
	for line := range strings.Lines(err.Error()) {
		// "[Goroutine 7 in state chan send, with f on top of the stack:"
		if _, rest, ok := strings.Cut(line, " in state "); ok {
			state, _, _ := strings.Cut(rest, ",")
			all = append(all, "goroutine left in "+state)
		}
	}
	return all
}
