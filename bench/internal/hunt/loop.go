package hunt

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// A done is a process that ended.
type done struct {
	job     *job
	way     Way
	outcome *Outcome
	err     error
}

// loop runs processes until the time is over or the context ends. What still
// runs then is killed and not counted. It returns an error if processes cannot
// be run at all.
func (h *hunter) loop(ctx context.Context) error {
	running, stop := context.WithTimeout(ctx, h.For)
	defer stop()
	h.began = time.Now()
	defer func() { h.elapsed = time.Since(h.began) }()
	most := min(runtime.NumCPU(), len(h.packages))
	ended := make(chan done)
	busy := map[*pkg]bool{}
	var failed error
	for {
		for failed == nil && running.Err() == nil && len(busy) < most {
			j := h.pick(busy)
			if j == nil {
				break
			}
			w := j.next(h.target())
			busy[j.pkg] = true
			go func() {
				o, err := h.runner.run(running, j, w, j.limit(w, h.firstLimit()))
				ended <- done{j, w, o, err}
			}()
		}
		if len(busy) == 0 {
			return failed
		}
		d := <-ended
		delete(busy, d.job.pkg)
		switch {
		case d.err == nil:
			h.enter(d)
			h.progress(fmt.Sprintf("%d found", len(h.ledger.order)))
		case running.Err() == nil && !errors.Is(d.err, context.Canceled):
			failed = d.err
			stop()
		}
	}
}

// pick returns the job that is next, of those whose package has no process.
func (h *hunter) pick(busy map[*pkg]bool) *job {
	var best *job
	for _, j := range h.jobs {
		if !busy[j.pkg] && (best == nil || j.priority() < best.priority()) {
			best = j
		}
	}
	return best
}

// target is how long a process shall run: long enough that starting it costs
// little, and short enough that all tests get several.
func (h *hunter) target() time.Duration {
	return min(max(h.For/50, 100*time.Millisecond), time.Second)
}

// firstLimit is how long a process may take while nothing is known of it: not all
// of the time, so that a deadlock is found in any.
func (h *hunter) firstLimit() time.Duration {
	return min(max(h.For/3, min(h.For/2, 5*time.Second)), 20*time.Second)
}

// enter takes what a process showed.
func (h *hunter) enter(d done) {
	j, w, o := d.job, d.way, d.outcome
	j.spent += o.Took
	known := j.pace[w.Race] != nil
	if !o.Late {
		h.ended++
	}
	switch {
	case o.Late:
		j.longs++
	case o.whole(): // one that died early says nothing of the time
		j.learn(w, o.Took)
	}
	all := h.classify.sightings(j, o)
	// Of a test that has never ended, nobody knows how long it needs.
	all = slices.DeleteFunc(all, func(s sighting) bool {
		slow := s.kind == Timeout && !known
		if slow {
			h.note("too slow to say more: %s ran for %v and was stopped; raise -for", some(j.tests, 2), round(o.Took))
		}
		return slow
	})
	if slices.ContainsFunc(all, func(s sighting) bool { return s.kind == Leak }) {
		j.leaks++
	}
	h.ledger.ran(j, w, o)
	var seen []shown
	for _, s := range all {
		seen = append(seen, shown{s, placeOf(j, w), w.Seed})
	}
	if seen = j.second(w, o, seen); len(seen) > 0 {
		j.sights++
	}
	h.ledger.process(seen)
	h.leaveOut(j, seen)
}

// leaveOut takes tests out of the group of their package: those that have
// shown a fault often enough alone, and those that have ended processes twice.
// The group without them is another job, so that nobody is counted who did not
// run.
func (h *hunter) leaveOut(j *job, seen []shown) {
	for _, s := range seen {
		dies := s.kind == Panic || s.kind == Deadlock || s.kind == Exit || s.kind == Timeout
		if len(s.tests) == 1 && (dies || !j.group && s.kind != Leak) {
			j.pkg.shown[s.tests[0]]++
		}
		if len(s.tests) == 1 && dies {
			j.pkg.shown[s.tests[0]]++ // counts double
		}
	}
	for i, g := range h.jobs {
		if g.pkg != j.pkg || !g.group {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(g.tests), func(t string) bool { return j.pkg.shown[t] >= enough })
		switch {
		case len(rest) == len(g.tests):
		case len(rest) < 2:
			h.jobs = slices.Delete(h.jobs, i, i+1)
		default:
			h.jobs[i] = h.newJob(j.pkg, rest, true)
			h.jobs[i].spent = g.spent * time.Duration(len(rest)) / time.Duration(len(g.tests))
		}
		return
	}
}

// second learns whether the tests of a job stand a second run in the same
// process, and holds back what may be due to that alone: a test that leaves a
// file, a registration or a counter behind fails at its second run without any
// race. Twice in a row is taken for that; whatever fails seldom does not do so.
// It returns what counts.
func (j *job) second(w Way, o *Outcome, seen []shown) []shown {
	if w.Count != 2 || j.twice == works || j.twice == fails {
		return seen
	}
	weak := fragile(o.Output)
	mayBe := func(s shown) bool {
		return s.kind != Race && s.kind != Leak && (len(s.tests) == 0 || slices.ContainsFunc(s.tests, func(t string) bool { return slices.Contains(weak, t) }))
	}
	var held []shown
	if len(weak) > 0 {
		for _, s := range seen {
			if mayBe(s) {
				held = append(held, s)
			}
		}
		seen = slices.DeleteFunc(seen, mayBe)
	}
	switch {
	case len(held) == 0 && o.Late:
	case len(held) == 0:
		seen, j.held, j.twice = append(seen, j.held...), nil, works
	case j.twice == untried:
		j.held, j.twice = held, suspected
	default:
		j.held, j.twice = nil, fails
		for _, t := range weak {
			j.pkg.again[t] = struct{}{}
		}
	}
	return seen
}
