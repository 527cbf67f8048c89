package explore

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
