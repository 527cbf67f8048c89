package hunt

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A spot is where a fault shows: a job under a setting.
type spot struct {
	job *job
	Setting
}

// A tally counts processes with one run of each test, and those with many.
type tally struct {
	seen, of [2]int // by repeated
	runs     [2]int // of each test, in all processes, if none had ended early
}

// add adds processes.
func (t *tally) add(repeated bool, seen, of, runs int) {
	i := 0
	if repeated {
		i = 1
	}
	t.seen[i] += seen
	t.of[i] += of
	t.runs[i] += runs
}

func (t tally) sum() (seen, of int) { return t.seen[0] + t.seen[1], t.of[0] + t.of[1] }

// tallies counts where a fault showed.
func (l *ledger) tallies(f *found) map[spot]tally {
	all := map[spot]tally{}
	for at, c := range l.places {
		if !f.concerns(at.job) {
			continue
		}
		key := spot{at.job, at.Setting}
		t := all[key]
		t.add(at.repeated, f.seen[at], l.could(f, at), c.planned)
		all[key] = t
	}
	maps.DeleteFunc(all, func(_ spot, t tally) bool { seen, _ := t.sum(); return seen == 0 })
	return all
}

// best returns the spot that shows a fault the most often. A few processes
// say little about that, so of all that may be as good as the one that is
// surely good, it is the simplest to repeat.
func best(all map[spot]tally) spot {
	const confidence = 0.8
	surely := func(p spot) float64 {
		seen, of := all[p].sum()
		return stats.Proportion(seen, of, confidence).Lo
	}
	least := 0.0
	for p := range all {
		least = max(least, surely(p))
	}
	maps.DeleteFunc(all, func(_ spot, t tally) bool {
		seen, of := t.sum()
		return float64(seen)/float64(of) < least
	})
	first := func(a, b bool) int { // true is less
		switch {
		case a == b:
			return 0
		case a:
			return -1
		}
		return 1
	}
	return slices.MinFunc(slices.Collect(maps.Keys(all)), func(a, b spot) int {
		return cmp.Or(
			first(!a.Group, !b.Group), first(!a.Core, !b.Core), first(!a.Race, !b.Race),
			cmp.Compare(surely(b), surely(a)), cmp.Compare(b.Procs, a.Procs), strings.Compare(a.job.tests[0], b.job.tests[0]))
	})
}

// runsFor returns how many runs show a fault with a probability of 95 %, if
// each has the same chance: the likeliest one for the processes seen. Half a
// run that did not show it stands for what is not known, so that one process
// of one is no certainty.
func (t tally) runsFor() int {
	const steps, doubt = 600, 0.5
	likelihood := func(chance float64) float64 {
		sum := doubt * math.Log1p(-chance)
		for i := range t.of {
			each := float64(t.runs[i]) / float64(max(1, t.of[i]))
			not := each * math.Log1p(-chance) // log of: no run of a process shows it
			sum += float64(t.of[i]-t.seen[i]) * not
			if t.seen[i] > 0 {
				sum += float64(t.seen[i]) * math.Log(-math.Expm1(not))
			}
		}
		return sum
	}
	best, most := 0.0, math.Inf(-1)
	for i := 1; i < steps; i++ { // from one in a million to nearly one
		chance := math.Pow(10, -6*float64(i)/steps)
		if l := likelihood(chance); l > most {
			best, most = chance, l
		}
	}
	// One that is all but certain in a run needs no second one.
	return int(math.Ceil(math.Log(0.05)/math.Log1p(-best) - 0.1))
}

// command returns what repeats a fault in a spot.
func (l *ledger) command(f *found, at spot, t tally) string {
	const most, few = 100_000, 6
	if f.first.kind == Leak {
		return strings.Join(append(append([]string{"interleave hunt"}, tagWords(l.tags)...), "-run "+quoted(exactly(at.job.tests)), quoted(at.job.pkg.ImportPath)), " ")
	}
	one := goTest{Setting: at.Setting, tags: l.tags, tests: at.job.tests, path: at.job.pkg.ImportPath, seed: f.first.seed, hangs: f.first.kind == Deadlock || f.first.kind == Timeout}
	if _, of := t.sum(); of < few { // too few to tell how many runs it takes
		t = tally{}
		for p, c := range l.places {
			if p.job == at.job && l.could(f, p) > 0 {
				t.add(p.repeated, f.seen[p], l.could(f, p), c.planned)
			}
		}
	}
	fresh := t
	fresh.seen[1], fresh.of[1] = 0, 0
	// Some faults are those of the first run of a process.
	firstOnly := t.seen[0] >= 2 && t.seen[1] == 0 && t.of[1] >= 3
	if n := fresh.runsFor(); (firstOnly || at.job.pkg.fragile(at.job.tests)) && n > 1 {
		one.count = 1
		return fmt.Sprintf("for i in $(seq %d); do %s || break; done", min(n, most), one)
	}
	one.count = min(most, t.runsFor())
	if firstOnly {
		one.count = 1
	}
	return one.String()
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
