package hunt

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

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
	runs               int // of each test
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
	if o.Watched {
		c.watched++
	}
	if whole := !o.Late && (o.Exit == 0 || o.Exit == 1); whole {
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
	Seen    int            `json:"seen"`
	Of      int            `json:"of"`
	Rate    stats.Interval `json:"rate"`
	Best    Setting        `json:"best"` // the circumstances that show it most often
	BestOf  [2]int         `json:"best_of"`
	Command string         `json:"command"` // repeats it
	Text    string         `json:"text"`    // what was printed, of the first time
}

// findings returns what was found: the worst kind first, then the frequent.
func (l *ledger) findings() []Finding {
	var all []Finding
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
	}
	return c.processes
}

// concerns reports whether a job runs the tests of a fault.
func (f *found) concerns(j *job) bool {
	if j.pkg != f.first.job.pkg {
		return false
	}
	return j.group || slices.ContainsFunc(f.tests, func(t string) bool { return slices.Contains(j.tests, t) })
}

func (l *ledger) finding(f *found) Finding {
	first := f.first
	out := Finding{
		Kind: first.kind, Package: first.job.pkg.ImportPath, Tests: f.tests,
		Title: first.title, Lines: first.lines, Text: first.text,
	}
	for at := range l.places {
		if f.concerns(at.job) {
			out.Of += l.could(f, at)
			out.Seen += min(f.seen[at], l.could(f, at))
		}
	}
	out.Rate = stats.Proportion(out.Seen, out.Of, stats.Confidence)
	best := l.best(f)
	out.Best, out.BestOf = best.Setting, [2]int{f.seen[best], l.could(f, best)}
	out.Command = l.command(f, best)
	return out
}

// best returns the place that shows a fault the most often. A test alone goes
// before all together, and repetition in one process before fresh ones, since
// one command can do that.
func (l *ledger) best(f *found) place {
	var all []place
	for at := range f.seen {
		if at.job.pkg == f.first.job.pkg {
			all = append(all, at)
		}
	}
	truth := func(b bool) int {
		if b {
			return 1
		}
		return 0
	}
	rate := func(p place) float64 { return float64(f.seen[p]) / float64(max(1, l.could(f, p))) }
	return slices.MaxFunc(all, func(a, b place) int {
		return cmp.Or(
			cmp.Compare(truth(!a.Group), truth(!b.Group)), cmp.Compare(truth(a.repeated), truth(b.repeated)),
			cmp.Compare(rate(a), rate(b)), cmp.Compare(f.seen[a], f.seen[b]), cmp.Compare(truth(!a.Core), truth(!b.Core)),
			cmp.Compare(a.Procs, b.Procs), cmp.Compare(truth(a.Race), truth(b.Race)), strings.Compare(a.job.tests[0], b.job.tests[0]))
	})
}

// command returns what repeats a fault in a place: with as many runs as show
// it once with a probability of 95 %, if each run had the same chance.
func (l *ledger) command(f *found, at place) string {
	const most = 100_000
	if f.first.kind == Leak {
		return strings.Join(append(append([]string{"interleave hunt"}, tagWords(l.tags)...), "-run "+quoted(exactly(at.job.tests)), quoted(at.job.pkg.ImportPath)), " ")
	}
	c := l.places[at]
	chance := min(1, float64(f.seen[at])/float64(max(1, c.runs)))
	n := 1
	if chance < 1 {
		n = int(min(most, math.Ceil(math.Log(0.05)/math.Log(1-chance))))
	}
	one := goTest{Setting: at.Setting, tags: l.tags, tests: at.job.tests, path: at.job.pkg.ImportPath, count: n, seed: f.first.seed, hangs: f.first.kind == Deadlock || f.first.kind == Timeout}
	if at.repeated || n == 1 {
		return one.String()
	}
	one.count = 1
	return fmt.Sprintf("for i in $(seq %d); do %s || break; done", n, one)
}

// A goTest is a call of go test.
type goTest struct {
	Setting
	tags  string
	tests []string
	path  string
	count int
	seed  uint64
	hangs bool
}

// String writes it as a shell takes it.
func (g goTest) String() string {
	var words []string
	if g.Race {
		words = append(words, "GORACE=history_size=7")
	}
	if g.Core {
		words = append(words, "taskset -c 0")
	}
	words = append(words, "go test")
	if g.Race {
		words = append(words, "-race")
	}
	words = append(words, tagWords(g.tags)...)
	words = append(words, "-run "+quoted(exactly(g.tests)), fmt.Sprintf("-count=%d -cpu=%d", g.count, g.Procs))
	if g.Group {
		words = append(words, fmt.Sprintf("-shuffle=%d", g.seed))
	}
	if g.hangs {
		words = append(words, "-timeout=1m")
	}
	return strings.Join(append(words, quoted(g.path)), " ")
}

func tagWords(tags string) []string {
	if tags == "" {
		return nil
	}
	return []string{"-tags=" + quoted(tags)}
}
