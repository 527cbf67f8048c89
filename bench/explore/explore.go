package explore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"math/rand/v2"
	"slices"
	"time"
)

// Run explores the schedules of a body and returns its possible outcomes. The
// result says whether they are all, and if not, which limit ended the search.
//
// It is an error if the body cannot be explored, as when it is not the same in
// every run. If the context ends, the result is what was found until then, and
// the error that of the context. No goroutine outlives the call.
func Run(ctx context.Context, body Body, cfg Config) (*Result, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	e := &explorer{
		ctx: ctx, body: body, cfg: cfg, deadline: time.Now().Add(cfg.Time),
		t: T{most: cfg.Steps}, result: &Result{Strategy: cfg.Strategy}, numbers: make(map[outcome]int),
	}
	defer e.t.pool.close()
	if err := e.explore(); err != nil && err != ctx.Err() {
		return nil, err
	}
	e.finish()
	return e.result, ctx.Err()
}

// An explorer is one exploration.
type explorer struct {
	ctx      context.Context
	body     Body
	cfg      Config
	deadline time.Time
	t        T
	result   *Result
	numbers  map[outcome]int // of outcomes, as in the result until that is sorted
	runs     uint64          // of the search under way
}

// An outcome tells outcomes apart.
type outcome struct{ text, wrong string }

func (e *explorer) explore() error {
	s := &search{bound: -1, prune: e.cfg.Strategy == Pruned}
	switch e.cfg.Strategy {
	case Bounded:
		return e.deepen(s, e.cfg.Preemptions, e.firstAt)
	case Random:
		return e.random()
	case Merged:
		s.merge = &merge{states: make(map[fingerprint]tally)}
	}
	whole, err := e.search(s, e.count)
	if err != nil {
		return err
	}
	if m := s.merge; m != nil {
		for len(m.path) > 0 { // stopped half-way: what is known so far
			m.leave()
		}
		e.result.States, e.result.Memory = len(m.states), m.bytes
		for i, n := range m.total {
			e.result.Outcomes[i].Schedules = n
		}
	}
	e.result.Exhaustive = whole && e.result.Limit == ""
	if e.result.Exhaustive && !e.cfg.FirstWitness {
		return e.shorten()
	}
	return nil
}

// search runs the body until there is no further schedule, and reports whether
// it got there. What to do with each schedule the caller says; to return true
// ends the search.
func (e *explorer) search(s *search, account func(s *search, o outcome) (done bool, err error)) (whole bool, err error) {
	e.t.choose = s.choose
	e.runs = 0
	for {
		if e.result.Limit = e.limit(s.merge); e.result.Limit != "" {
			return false, e.ctx.Err()
		}
		done, err := e.once(s, account)
		if done || err != nil {
			return false, err
		}
		if !s.next() {
			return true, nil
		}
	}
}

// once runs the body once.
func (e *explorer) once(s *search, account func(s *search, o outcome) (done bool, err error)) (done bool, err error) {
	e.runs++
	e.result.Runs++
	text := e.t.run(e.body)
	switch e.t.end {
	case faulty:
		return false, e.t.fault
	case abandoned:
		return false, nil
	}
	if e.result.Threads == nil {
		for _, th := range e.t.threads {
			e.result.Threads = append(e.result.Threads, th.name)
		}
	}
	var o outcome
	o.text, o.wrong = e.t.key(text)
	return account(s, o)
}

// limit names the limit that was reached, if one was.
func (e *explorer) limit(m *merge) string {
	const often = 16 // runs between two looks at the clock
	switch {
	case e.runs == e.cfg.Runs:
		return "runs"
	case m != nil && m.bytes > e.cfg.Memory:
		return "memory"
	case e.runs%often != 0:
		return ""
	case e.ctx.Err() != nil:
		return "context"
	case time.Now().After(e.deadline):
		return "time"
	}
	return ""
}

// number returns the number of an outcome, which may be a new one.
func (e *explorer) number(o outcome) (i int, isNew bool) {
	i, known := e.numbers[o]
	if !known {
		i = len(e.result.Outcomes)
		e.numbers[o] = i
		e.result.Outcomes = append(e.result.Outcomes, Outcome{Text: o.text, Wrong: o.wrong})
		e.witness(i, false)
	}
	return i, !known
}

// witness makes the schedule just run the one that is shown for an outcome.
func (e *explorer) witness(i int, fewest bool) {
	o := &e.result.Outcomes[i]
	o.Witness, o.Preemptions, o.Fewest = newSchedule(e.t.schedule), e.t.switches, fewest
	o.Dies = e.t.end == panicked || e.t.end == deadlocked
	o.Endless = e.t.end == endless
}

// count counts a schedule for its outcome.
func (e *explorer) count(s *search, o outcome) (bool, error) {
	i, _ := e.number(o)
	if s.merge != nil {
		s.merge.current().count(i, 1)
	} else {
		e.result.Outcomes[i].Schedules++
	}
	return false, nil
}

// deepen searches with a bound of 0 pre-emptions, then 1 and so on, until the
// bound keeps nothing out or is the last one.
func (e *explorer) deepen(s *search, last int, account func(*search, outcome) (bool, error)) error {
	for s.bound = 0; ; s.bound++ {
		s.nodes, s.depth, s.cut = s.nodes[:0], 0, false
		if s.merge != nil {
			clear(s.merge.states)
			s.merge.bytes = 0
		}
		whole, err := e.search(s, account)
		switch {
		case err != nil || !whole:
			return err
		case !s.cut:
			e.result.Exhaustive = true
			return nil
		case last > 0 && s.bound == last:
			e.result.Limit = "pre-emptions"
			return nil
		}
	}
}

// firstAt counts the schedules that the bound has let in for the first time.
func (e *explorer) firstAt(s *search, o outcome) (bool, error) {
	if e.t.switches < s.bound {
		return false, nil
	}
	i, isNew := e.number(o)
	if isNew {
		e.result.Outcomes[i].Fewest = true
	}
	e.result.Outcomes[i].Schedules++
	return false, nil
}

// errLost means that pruning or merging lost an outcome.
var errLost = errors.New("an outcome was found that the search before had missed; does T.Fingerprint return every live local of every thread, and does each step say all that it touches?")

// shorten looks for the schedule with the fewest pre-emptions for each outcome
// that is known. It uses up the rest of the limits, and leaves what it did
// not come to as it was.
func (e *explorer) shorten() error {
	s := new(search)
	if e.cfg.Strategy == Merged {
		s.merge = &merge{states: make(map[fingerprint]tally)}
	}
	left := len(e.result.Outcomes)
	runs := e.result.Runs
	err := e.deepen(s, 0, func(s *search, o outcome) (bool, error) {
		i, known := e.numbers[o]
		if !known {
			return false, fmt.Errorf("explore: outcome %q: %w", o.text, errLost)
		}
		if !e.result.Outcomes[i].Fewest {
			e.witness(i, true)
			left--
		}
		return left == 0, nil
	})
	e.result.Runs, e.result.Limit, e.result.Exhaustive = runs, "", true
	return err
}

// random runs schedules drawn by lot.
func (e *explorer) random() error {
	e.result.Limit = "random"
	lot := rand.New(rand.NewPCG(e.cfg.Seed, 0))
	s := &search{bound: -1}
	e.t.choose = func(t *T, enabled uint64) int {
		for n := lot.IntN(bits.OnesCount64(enabled)); n > 0; n-- {
			enabled &= enabled - 1 // without its lowest bit
		}
		return bits.TrailingZeros64(enabled)
	}
	for e.runs < e.cfg.Runs {
		if limit := e.limit(nil); limit != "" {
			e.result.Limit = limit
			return e.ctx.Err()
		}
		if _, err := e.once(s, e.count); err != nil {
			return err
		}
	}
	return nil
}

// finish completes the result.
func (e *explorer) finish() {
	r := e.result
	for i := range r.Outcomes {
		r.Schedules = addUp(r.Schedules, r.Outcomes[i].Schedules)
		if r.Outcomes[i].Endless {
			r.Exhaustive = false
			if r.Limit == "" {
				r.Limit = "steps"
			}
		}
	}
	for _, step := range slices.Sorted(maps.Keys(e.t.reached)) {
		if !e.t.reached[step] {
			r.Unreached = append(r.Unreached, step)
		}
	}
	r.sort()
}
