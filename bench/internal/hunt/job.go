package hunt

import (
	"math/rand/v2"
	"time"
)

// A job is what one process runs: one test, or all of a package.
type job struct {
	pkg   *pkg
	tests []string
	group bool

	settings []Setting // gone through in turn
	random   *rand.Rand

	turn   int            // processes started so far
	spent  time.Duration  // in them
	sights int            // processes that showed something
	leaks  int            // processes that left goroutines
	longs  int            // processes that had to be killed
	pace   map[bool]*pace // by race
	twice  secondRound    // what a second run in one process says
	held   []shown        // what it showed, while that is not certain
}

// A pace is how long the processes of one build take.
type pace struct {
	start   time.Duration // the shortest process with one run of each test
	each    time.Duration // a run of each test beyond the first; 0: not known
	longest time.Duration // of all that ended by themselves
	count   int           // the most runs in one process so far
}

// secondRound says what is known of tests that run twice in a process.
type secondRound int

const (
	untried   secondRound = iota
	suspected             // failed at the second run, once
	works
	fails // twice: what the first run left behind makes the second fail
)

const (
	enough    = 3 // sightings of a test alone; from then on it gets less
	lessShare = 8 // times less
	maxCount  = 10_000

	// Waiting for goroutines that do not end costs half a second each time.
	enoughLeaks = 3
)

// priority orders jobs: the least is next. All tests of a package together get
// as much as they get alone, taken together, and always in full: they may show
// what no test shows alone.
func (j *job) priority() time.Duration {
	switch {
	case j.group:
		return j.spent / time.Duration(len(j.tests))
	case j.sights >= enough:
		return j.spent * lessShare
	}
	return j.spent
}

// next returns the circumstances of the next process, which shall take about
// the target time. The first processes of each build run each test once, the
// next ones twice, to learn whether the tests stand that; from then on every
// fourth process runs them once, since some faults show only in the first run,
// and the others as often as the target allows.
func (j *job) next(target time.Duration) Way {
	w := Way{Setting: j.settings[j.turn%len(j.settings)], Count: 1, Watch: j.pkg.watched && j.leaks < enoughLeaks}
	w.Group = j.group
	if j.group {
		w.Seed = j.random.Uint64N(1_000_000) + 1
	}
	defer func() { j.turn++ }()
	p := j.pace[w.Race]
	switch {
	case p == nil:
		return w // the first of its build
	case j.twice == fails || j.pkg.fragile(j.tests):
		return w
	case j.twice != works:
		w.Count = 2
		return w
	case (j.turn+j.turn/len(j.settings))%4 == 3: // not the same settings each time
		return w
	}
	// The estimate may be from a lucky run: grow step by step.
	w.Count = max(2, min(maxCount, 50*p.count))
	if p.each > 0 {
		w.Count = max(2, min(w.Count, int((target-p.start)/p.each)))
	}
	return w
}

// alone returns the test of a job that runs only one, and nothing of a group,
// where any may have been it.
func (j *job) alone() []string {
	if j.group {
		return nil
	}
	return j.tests
}

// fragile reports whether any of the tests does not stand being run twice.
func (p *pkg) fragile(tests []string) bool {
	for _, t := range tests {
		if _, ok := p.again[t]; ok {
			return true
		}
	}
	return false
}

// learn takes the time of a process that ended by itself.
func (j *job) learn(w Way, took time.Duration) {
	p := j.pace[w.Race]
	if p == nil {
		p = &pace{start: took}
		j.pace[w.Race] = p
	}
	if w.Count == 1 {
		p.start = min(p.start, took)
	} else {
		p.each = max(took-p.start, 10*time.Microsecond) / time.Duration(w.Count-1)
	}
	p.count = max(p.count, w.Count)
	p.longest = max(p.longest, took)
}

// limit returns the time after which a process hangs: twenty times what is
// expected of it. Before anything is known of the build, that is first.
func (j *job) limit(w Way, first time.Duration) time.Duration {
	const least, most, impatient = 2 * time.Second, time.Minute, 2
	p := j.pace[w.Race]
	switch {
	case p != nil:
		expected := max(p.longest, p.start+p.each*time.Duration(w.Count))
		return min(max(20*expected, least), most)
	case j.longs >= impatient:
		return least // it has never ended yet: no need to wait so long each time
	}
	return first
}
