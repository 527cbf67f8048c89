package explore

import "context"

// A Pattern is one way in which concurrent programs go wrong, written racily
// and repaired. A program of package runner that has patterns can list what
// each can come to, and replay a schedule of it.
type Pattern struct {
	Name string // that of the demonstration, if there is one: "lost-update"
	Ways []Way  // the racy one first
}

// A Way is one way of writing a pattern.
type Way struct {
	Name string // one word: "mutex"
	Body Body

	// Wrong says that some schedule ends with a wrong outcome, a panic or a
	// deadlock.
	Wrong bool

	// Observe runs the same code as goroutines, so many times, and counts the
	// outcomes, by the texts that the body returns. It is nil for code with a
	// data race, which must not run in a process that has something else to do.
	Observe func(ctx context.Context, trials int) (map[string]int, error)

	// Hidden says why racy code has no wrong outcome in an exploration, as
	// where only the order of memory shows the race.
	Hidden string
}

// Way returns the way of the given name, or nil.
func (p *Pattern) Way(name string) *Way {
	for i := range p.Ways {
		if p.Ways[i].Name == name {
			return &p.Ways[i]
		}
	}
	return nil
}
