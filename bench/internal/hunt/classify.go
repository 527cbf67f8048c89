package hunt

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/race"
)

// A Kind is what may be wrong with a test.
type Kind string

const (
	Race     Kind = "data race"
	Deadlock Kind = "deadlock"
	Panic    Kind = "panic" // or a fatal error of the runtime
	Leak     Kind = "leak"  // goroutines left
	Failure  Kind = "failure"
	Timeout  Kind = "timeout" // neither ended nor blocked
	Exit     Kind = "exit"    // left without a word
)

// A sighting is one thing that a process showed.
type sighting struct {
	kind  Kind
	key   string   // the same for the same fault in other processes
	tests []string // that it happened in; none: not known, all ran together
	title string   // one line
	lines []string // positions in the source, "write at shop.go:12"
	text  string   // what was printed of it
}

// A classifier turns what processes said into sightings.
type classifier struct {
	goroot string // frames of the library are nobody's fault
	base   string // positions are written relative to it
}

// skip passes over the frames that are not the user's.
func (c classifier) skip(f race.Frame) bool {
	return race.Machinery(f) || c.goroot != "" && strings.HasPrefix(f.File, c.goroot+"/src/") || strings.HasSuffix(f.File, "/"+watchFile)
}

// pos writes a position short.
func (c classifier) pos(f race.Frame) string {
	if f.File != "" && filepath.IsAbs(f.File) {
		if rel, err := filepath.Rel(c.base, f.File); err == nil && len(rel) < len(f.File) {
			f.File = filepath.ToSlash(rel)
		}
	}
	return f.Pos()
}

// sightings returns what a process showed, each thing once.
func (c classifier) sightings(j *job, o *Outcome) []sighting {
	var all []sighting
	raced := race.RacedTests(o.Output)
	for _, r := range race.Parse(o.Races + "\n" + o.Output) {
		all = append(all, c.race(j, r, raced))
	}
	died := c.death(j, o)
	if died != nil {
		all = append(all, *died)
	}
	for _, f := range failures(o.Output) {
		// A test that a race was noticed in fails of that, and one that
		// panics, of the panic.
		blamed := slices.ContainsFunc(raced, func(t string) bool { return top(t) == f.test })
		if blamed || died != nil && slices.Contains(died.tests, f.test) || !slices.Contains(j.tests, f.test) {
			continue
		}
		all = append(all, sighting{kind: Failure, key: f.test, tests: []string{f.test}, title: f.title(), text: f.text})
	}
	all = append(all, c.leaks(j, o)...)
	if len(all) == 0 && o.Exit != 0 {
		all = append(all, sighting{kind: Exit, key: o.Status, tests: j.alone(), title: "the process left with " + o.Status, text: tail(o.Output)})
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(s sighting) bool {
		id := string(s.kind) + s.key
		defer func() { seen[id] = true }()
		return seen[id]
	})
}

// race makes a sighting of a report. The tests are those whose functions stand
// in its stacks; otherwise those that go test blames.
func (c classifier) race(j *job, r race.Report, raced []string) sighting {
	s := sighting{kind: Race, key: r.Key(c.skip), text: reportText(c, r)}
	var frames []race.Frame
	for _, a := range r.Accesses {
		frames = append(append(frames, a.Stack...), a.Created...)
		op := a.Op
		if a.Atomic {
			op = "atomic " + op
		}
		if f := a.Headline(c.skip); f.Known() {
			s.lines = append(s.lines, fmt.Sprintf("%s at %s in %s", op, c.pos(f), shortFunc(f.Func)))
		}
	}
	slices.Sort(s.lines) // either may have come first
	s.title = fmt.Sprintf("%s and %s", r.Accesses[0].Op, r.Accesses[1].Op)
	if p := [2]string{r.Accesses[0].Op, r.Accesses[1].Op}; p[0] < p[1] {
		s.title = fmt.Sprintf("%s and %s", p[1], p[0])
	}
	for _, t := range raced {
		if slices.Contains(j.tests, top(t)) {
			s.tests = append(s.tests, top(t))
		}
	}
	if in := testsIn(j, frames); len(in) > 0 {
		s.tests = in
	}
	s.tests = unique(s.tests)
	if len(s.tests) == 0 {
		s.tests = j.alone()
	}
	return s
}

// testing panics again with what a test panicked with.
var repanicked = regexp.MustCompile(` \[recovered(, repanicked)?\]$`)

// death says why a process ended before its time, or nil.
func (c classifier) death(j *job, o *Outcome) *sighting {
	verdicts := race.Verdicts(o.Output)
	if len(verdicts) == 0 {
		if o.Late {
			return &sighting{kind: Timeout, key: "?", tests: j.alone(), title: "did not end, and was killed; it printed no stacks", text: tail(o.Output)}
		}
		return nil
	}
	v := verdicts[len(verdicts)-1]
	s := &sighting{kind: Panic, title: repanicked.ReplaceAllString(v.Message, ""), tests: j.alone(), text: stacks(c, v.Goroutines)}
	at := v.Headline(c.skip)
	var frames []race.Frame
	switch {
	case v.Kind == race.Deadlock, o.Late && blocked(v.Goroutines):
		s.kind = Deadlock
		s.title = "all goroutines are asleep"
		if o.Late {
			s.title = fmt.Sprintf("every goroutine waits for another; killed after %v", round(o.Took))
		}
		s.lines = c.waiting(v.Goroutines)
		s.key = strings.Join(s.lines, ";")
	case o.Late:
		s.kind = Timeout
		s.title = fmt.Sprintf("still running after %v", round(o.Took))
	case v.Kind == race.Quit, v.Kind == race.Signal:
		s.kind = Exit
	}
	if s.kind != Deadlock {
		s.key = string(v.Kind) + " " + at.Pos()
		if at.Known() {
			s.lines = []string{fmt.Sprintf("at %s in %s", c.pos(at), shortFunc(at.Func))}
		} else {
			s.key += v.Message
		}
	}
	for i, g := range v.Goroutines {
		if i == 0 || s.kind == Deadlock || s.kind == Timeout {
			frames = append(append(frames, g.Stack...), g.Created)
		}
	}
	if in := testsIn(j, frames); len(in) > 0 {
		s.tests = in
	} else if last := lastRun(o.Output); slices.Contains(j.tests, last) {
		s.tests = []string{last}
	}
	return s
}

// blocked reports whether no goroutine could go on but through another one.
func blocked(all []race.Goroutine) bool {
	waits := false
	for _, g := range all {
		switch {
		case g.System():
		case g.Blocked():
			waits = true
		default:
			return false
		}
	}
	return waits
}

// waiting lists where goroutines of the user's wait, each place once.
func (c classifier) waiting(all []race.Goroutine) []string {
	var lines []string
	for _, g := range all {
		if f := race.Skip(c.skip).First(g.Stack); f.Known() && !c.skip(f) && !g.System() {
			lines = append(lines, fmt.Sprintf("%s at %s in %s", g.State, c.pos(f), shortFunc(f.Func)))
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// leaks makes a sighting of each place where goroutines were left.
func (c classifier) leaks(j *job, o *Outcome) []sighting {
	var all []sighting
	for _, g := range race.Traces(o.Leaks) {
		at := race.Skip(c.skip).First(g.Stack)
		s := sighting{kind: Leak, tests: j.alone(), title: "goroutine left behind", text: stacks(c, []race.Goroutine{g})}
		if at.Known() {
			s.lines = append(s.lines, fmt.Sprintf("%s at %s in %s", g.State, c.pos(at), shortFunc(at.Func)))
		}
		if g.Created.Known() {
			s.lines = append(s.lines, fmt.Sprintf("started at %s in %s", c.pos(g.Created), shortFunc(g.Created.Func)))
		}
		if in := testsIn(j, append(slices.Clone(g.Stack), g.Created)); len(in) > 0 {
			s.tests = in
		}
		s.key = at.Pos() + " " + g.Created.Pos()
		all = append(all, s)
	}
	return all
}

var closures = regexp.MustCompile(`^[A-Za-z0-9_]+`)

// testsIn returns the tests of a job whose functions, or closures in them,
// stand in a stack.
func testsIn(j *job, frames []race.Frame) []string {
	var in []string
	for _, f := range frames {
		path := f.Package()
		if path != j.pkg.ImportPath && path != j.pkg.ImportPath+"_test" {
			continue
		}
		name := closures.FindString(strings.TrimPrefix(f.Func, path+"."))
		if slices.Contains(j.tests, name) {
			in = append(in, name)
		}
	}
	return unique(in)
}

func unique(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// shortFunc takes the directories off a function's name.
func shortFunc(name string) string {
	args := strings.IndexByte(name, '[')
	if args < 0 {
		args = len(name)
	}
	return name[strings.LastIndexByte(name[:args], '/')+1:]
}
