package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"reflect"
	"runtime"
)

// Sources holds the source files of this package.
//
//go:embed *.go
var Sources embed.FS

// A Catalogue is a list of demonstrations, with what it takes to build them
// again under the race detector.
type Catalogue struct {
	// Package is the import path of the package. A function All in it must
	// return the catalogue: func All() demo.Catalogue.
	Package string

	// Sources holds its source files, and those of packages below it. They
	// import the standard library, this package and each other, and nothing
	// else.
	Sources fs.FS

	Demos []Demo
}

// A Demo is one concurrency bug.
type Demo struct {
	Name string // one word in lower case: "lost-update"
	Doc  string // one plain sentence: what goes wrong

	Racy  Way   // as people write it
	Fixes []Way // right; at least one
	Wrong []Way // tried as a fix, and still wrong

	Expect Expectation

	// Alone means that the code starts its own goroutines: Body is called
	// once, and there is nothing to align.
	Alone bool

	// Small is how often each goroutine does it as written, and Many at the
	// other levels. Zero means 1 and 20000.
	Small, Many int

	Read []string // what to read on: addresses
}

// A Way is one way of writing the code of a demonstration.
type Way struct {
	Name string // one word: "mutex"
	Doc  string // one sentence

	// New sets up one trial.
	New func(Setup) Trial

	// Yield is New with a yield in the window: the same code, but for a call
	// of runtime.Gosched between the two steps that something can come
	// between. Nil means that there is no window for one.
	Yield func(Setup) Trial

	// Unfixed says what is still wrong with a way in Demo.Wrong.
	Unfixed Kind
}

// A Setup is what one trial is to do.
type Setup struct {
	Workers int // goroutines that race
	N       int // operations of each

	// Priced means that only the time counts: what is there for provoking
	// alone can be left out.
	Priced bool
}

// A Trial is one run.
type Trial struct {
	// Body is what goroutine w does, counted from 0. It alone runs in
	// several goroutines, and it alone is timed.
	Body func(w int)

	// Check says what is wrong with the result: the anomaly, or "".
	Check func() string
}

// A Level is how a trial is provoked.
type Level int

const (
	Written  Level = iota // the code as a reader writes and starts it
	More                  // the same with more operations
	Aligned               // goroutines start together, on cores of their own
	Yielding              // a yield in the window: what is possible, not how often
)

// Levels are all levels, in the order in which they are tried.
var Levels = []Level{Written, More, Aligned, Yielding}

func (l Level) String() string {
	if l < Written || l > Yielding {
		return fmt.Sprintf("level %d", int(l))
	}
	return [...]string{"as written", "more operations", "aligned", "yield in the window"}[l]
}

// Workers is how many goroutines race in a demonstration that does not start
// its own.
func (d *Demo) Workers() int {
	if d.Alone {
		return 1
	}
	return 2
}

// N returns the operations of each goroutine at a level.
func (d *Demo) N(l Level) int {
	small, many := max(d.Small, 1), d.Many
	if many == 0 {
		many = 20_000
	}
	switch l {
	case Written:
		return small
	case Yielding:
		// Each operation gives way, so a few show what many would.
		return max(small, min(many, 20))
	}
	return many
}

// Ways returns all ways of a demonstration: the racy one first, then the
// fixes, then the wrong ones.
func (d *Demo) Ways() []*Way {
	ways := []*Way{&d.Racy}
	for i := range d.Fixes {
		ways = append(ways, &d.Fixes[i])
	}
	for i := range d.Wrong {
		ways = append(ways, &d.Wrong[i])
	}
	return ways
}

// Way returns the way of the given name, or nil.
func (d *Demo) Way(name string) *Way {
	for _, w := range d.Ways() {
		if w.Name == name {
			return w
		}
	}
	return nil
}

// At returns what sets up a trial at a level. Without a window the level
// Yielding is the code as it is, with goroutines that give way before it.
func (w *Way) At(l Level) func(Setup) Trial {
	if l == Yielding && w.Yield != nil {
		return w.Yield
	}
	return w.New
}

// Source returns the file and the line at which the function begins that sets
// up a trial, and its name, as the compiler recorded them.
func (w *Way) Source() (file string, line int, name string) {
	pc := reflect.ValueOf(w.New).Pointer()
	f := runtime.FuncForPC(pc)
	if f == nil {
		return "", 0, ""
	}
	file, line = f.FileLine(f.Entry())
	return file, line, f.Name()
}
