package schedules

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/interleave-go/interleave/bench/explore"
)

// sleepSteps and sleepPause are those of the sleep scenario, with a shorter
// pause: it is the order that counts.
const (
	sleepSteps = 5
	sleepPause = time.Millisecond
)

// Sleep is the order of two tasks that sleep. No order is wrong.
var Sleep = add(explore.Pattern{
	Name: "sleep-order",
	Ways: []explore.Way{{
		Name: "goroutines",
		Body: SleepOrder(sleepSteps),
		Observe: func(ctx context.Context, trials int) (map[string]int, error) {
			return ObserveSleepOrder(ctx, sleepSteps, trials, sleepPause)
		},
		Hidden: "no order of the lines is wrong; on a real clock there are more, as a task may fall behind",
	}},
})

// SleepOrder is not a race but a question that the sleep scenario leaves open:
// two tasks sleep and note a line, again and again, both as long. In which
// orders can the lines stand?
//
// In virtual time both wake at the same moment, every time, and either may be
// the first to note: 2 to the power of the steps. On a real clock one task may
// fall behind by a whole step, so more orders are possible there; how many are
// seen depends on the machine. The tasks sleep first, so that they begin at the
// same moment: which of two goroutines starts first is hardly ever left to
// chance.
func SleepOrder(steps int) explore.Body {
	return func(t *explore.T) string {
		lines := explore.NewVar(t, "lines", "")
		both(t, func(th *explore.Thread, _ int) {
			for range steps {
				th.Sleep(time.Millisecond)
				lines.Update(th, "add a line to", func(s string) string { return s + th.Name() })
			}
		})
		return lines.Value()
	}
}

// ObserveSleepOrder runs the two tasks as goroutines on the clock that there
// is, so many times, and counts the orders that it sees.
func ObserveSleepOrder(ctx context.Context, steps, trials int, pause time.Duration) (map[string]int, error) {
	seen := make(map[string]int)
	for range trials {
		order, err := sleepOrder(ctx, steps, pause)
		if err != nil {
			return seen, err
		}
		seen[order]++
	}
	return seen, nil
}

func sleepOrder(ctx context.Context, steps int, pause time.Duration) (string, error) {
	var (
		mu    sync.Mutex
		lines strings.Builder
		tasks sync.WaitGroup
	)
	for _, name := range []string{"A", "B"} {
		tasks.Go(func() {
			for range steps {
				select {
				case <-time.After(pause):
				case <-ctx.Done():
					return
				}
				mu.Lock()
				lines.WriteString(name)
				mu.Unlock()
			}
		})
	}
	tasks.Wait()
	return lines.String(), ctx.Err()
}
