package hunt

import (
	"cmp"
	"slices"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A place is a job under a setting, with its tests run once or repeatedly.
type place struct {
	job *job
	Setting
	repeated bool
}

// counts are of the processes of a place.
type counts struct {
	processes, watched int
	whole              int // came to their end
	planned            int // runs of each test, if none had ended early
	runs               int // of each test, at least
}

// A shown is a sighting and where.
type shown struct {
	sighting
	place
	seed uint64
}

// A ledger holds what was run and what was seen.
type ledger struct {
	tags   string
	places map[place]*counts
	found  map[string]*found
	order  []*found
	showed map[showing]int
}

// A showing is a kind of fault in a test.
type showing struct {
	pkg  *pkg
	test string
	kind Kind
}

// A found is a fault with the places that showed it.
type found struct {
	first shown
	tests []string
	seen  map[place]int
}

func newLedger(tags string) *ledger {
	return &ledger{tags: tags, places: map[place]*counts{}, found: map[string]*found{}, showed: map[showing]int{}}
}

func placeOf(j *job, w Way) place { return place{j, w.Setting, w.Count > 1} }

// ran enters a process that ended.
func (l *ledger) ran(j *job, w Way, o *Outcome) {
	at := placeOf(j, w)
	c := l.places[at]
	if c == nil {
		c = &counts{}
		l.places[at] = c
	}
	c.processes++
	c.planned += w.Count
	if o.Watched {
		c.watched++
	}
	if o.whole() {
		c.whole++
		c.runs += w.Count
	} else {
		c.runs++ // at least
	}
}

// process enters what one process showed. In the row of a test, a kind counts
// once for a process, however many faults of it there were.
func (l *ledger) process(all []shown) {
	counted := map[showing]bool{}
	for _, s := range all {
		l.saw(s)
		for _, t := range s.tests {
			if id := (showing{s.job.pkg, t, s.kind}); !counted[id] {
				counted[id] = true
				l.showed[id]++
			}
		}
	}
}

// saw enters a sighting. The same fault in another package is another one only
// if the keys do not say that it is the same line of source.
func (l *ledger) saw(s shown) {
	id := string(s.kind) + " " + s.key
	if s.kind != Race {
		id += " " + s.job.pkg.ImportPath
	}
	f := l.found[id]
	if f == nil {
		f = &found{first: s, seen: map[place]int{}}
		l.found[id] = f
		l.order = append(l.order, f)
	}
	f.seen[s.place]++
	if s.place.job.pkg == f.first.job.pkg {
		f.tests = unique(append(f.tests, s.tests...))
	}
}

// test returns the row of a test.
func (l *ledger) test(p *pkg, name string) Test {
	t := Test{Package: p.ImportPath, Name: name, Showed: map[Kind]int{}}
	for at, c := range l.places {
		if at.job.pkg == p && slices.Contains(at.job.tests, name) {
			t.Processes += c.processes
			t.Runs += c.runs
		}
	}
	for id, n := range l.showed {
		if id.pkg == p && id.test == name {
			t.Showed[id.kind] = n
		}
	}
	return t
}

// A Finding is a fault of the tests, or of what they test.
type Finding struct {
	Kind    Kind     `json:"kind"`
	Package string   `json:"package"`
	Tests   []string `json:"tests,omitempty"` // none: seen only with all tests together
	Title   string   `json:"title"`
	Lines   []string `json:"lines,omitempty"` // of source, with what happens there
	// Seen counts the processes that showed it, of those that could have: they
	// ran the tests, under the detector if it takes that, and so on.
	Seen    int     `json:"seen"`
	Of      int     `json:"of"`
	Rate    Rate    `json:"rate"`
	Best    Setting `json:"best"` // the circumstances that show it most often
	BestOf  [2]int  `json:"best_of"`
	Command string  `json:"command"` // repeats it
	Text    string  `json:"text"`    // what was printed, of the first time

	key string
}

// A Rate is a part of processes with its exact interval at 95 %.
type Rate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// findings returns what was found: the worst kind first, then the frequent.
func (l *ledger) findings() []Finding {
	all := []Finding{} // not null in JSON
	for _, f := range l.order {
		all = append(all, l.finding(f))
	}
	rank := []Kind{Race, Deadlock, Panic, Exit, Timeout, Failure, Leak}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(rank, a.Kind), slices.Index(rank, b.Kind)),
			cmp.Compare(b.Rate.Value, a.Rate.Value), cmp.Compare(a.Package, b.Package), slices.Compare(a.Lines, b.Lines), slices.Compare(a.Tests, b.Tests))
	})
	return all
}

// could returns in how many processes of a place a fault could have shown.
func (l *ledger) could(f *found, at place) int {
	c := l.places[at]
	switch {
	case c == nil, f.first.kind == Race && !at.Race:
		return 0
	case f.first.kind == Leak:
		return c.watched
	case at.Group && len(f.tests) > 0: // where a group died, not all of it has run
		return max(c.whole, f.seen[at])
	}
	return c.processes
}

// concerns reports whether a job runs the tests of a fault.
func (f *found) concerns(j *job) bool {
	if j.pkg != f.first.job.pkg {
		return false
	}
	return j.group && len(f.tests) == 0 || slices.ContainsFunc(f.tests, func(t string) bool { return slices.Contains(j.tests, t) })
}

func (l *ledger) finding(f *found) Finding {
	first := f.first
	out := Finding{
		Kind: first.kind, Package: first.job.pkg.ImportPath, Tests: f.tests,
		Title: first.title, Lines: first.lines, Text: first.text, key: first.key,
	}
	for at := range l.places {
		if f.concerns(at.job) {
			out.Of += l.could(f, at)
			out.Seen += min(f.seen[at], l.could(f, at))
		}
	}
	part := stats.Proportion(out.Seen, out.Of, stats.Confidence)
	out.Rate = Rate{part.Value, part.Lo, part.Hi}
	tallies := l.tallies(f)
	at := best(tallies)
	t := tallies[at]
	out.Best = at.Setting
	out.BestOf[0], out.BestOf[1] = t.sum()
	out.Command = l.command(f, at, t)
	return out
}
