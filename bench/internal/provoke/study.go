package provoke

import (
	"context"
	"path"
	"runtime"
	"time"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A Role is what a way is in its demonstration.
type Role string

const (
	Racy  Role = "racy"
	Right Role = "fix"
	Wrong Role = "wrong fix"
)

// A Study is all that was found out about one demonstration.
type Study struct {
	Demo    *demo.Demo
	Source  *Source // of the racy way
	Package string  // import path of its catalogue
	Ways    []WayStudy

	// Runtime is how a program ends in which nobody recovers from panics,
	// and nobody watches. The zero value means that it was not tried.
	Runtime End

	Vet []Finding // in the racy way

	Visible bool   // whether an anomaly can show here
	Why     string // if not, why not
}

// A WayStudy is what was found out about one way.
type WayStudy struct {
	Way     *demo.Way
	Role    Role
	Rates   []Rate
	Reports *Detection // nil: not run
	Prices  []Price
}

// A Price is what an operation of a fix costs.
type Price struct {
	Workers int
	Time    stats.Interval // ns
}

// Options say how much to try.
type Options struct {
	Quick  bool
	Trials int // of the racy code at each level; 0: 200, or 20 if quick
	Procs  int // GOMAXPROCS of the children
}

// trialsEach is how many trials a process makes. Few trials in many processes
// tell more than many in few.
const trialsEach = 20

// racyLevels are the levels at which the code with the bug is tried.
func (o Options) racyLevels() []demo.Level {
	if o.Quick {
		return []demo.Level{demo.Written, demo.Aligned}
	}
	return demo.Levels
}

// amount is how much is tried of a way at a level. A hang takes a quarter of a
// second, and a crash a process, so their time is limited.
func (o Options) amount(role Role, l demo.Level) Amount {
	trials := o.Trials
	switch {
	case o.Quick && trials == 0:
		trials = 20
	case trials == 0:
		trials = 200
	}
	a := Amount{Processes: max(trials/trialsEach, 1), Trials: min(trials, trialsEach), Limit: 1500 * time.Millisecond}
	if o.Trials > 0 {
		a.Limit = time.Minute // who asks for a number wants to have it
	}
	if o.Quick {
		a.Limit = 300 * time.Millisecond
		a.Processes, a.Trials = min(4, trials), max(trials/4, 1)
	}
	switch {
	case l == demo.Yielding:
		a.Processes, a.Trials = 2, 10 // to see whether, and not how often
		if role == Right {
			a.Trials = max(trials/2, 1)
		}
	case role == Right:
		// What must not happen at all needs many trials rather than many
		// processes.
		a.Processes, a.Trials = 2, max(trials/2, 1)
		a.Limit /= 3
		if o.Quick {
			a.Processes = 1
		}
	}
	return a
}

// Cores is how many cores there are for goroutines.
func (o Options) Cores() int { return min(runtime.NumCPU(), o.Procs) }

// Provoke tries all ways of a demonstration, in children of this program.
func (s *Study) Provoke(ctx context.Context, self Program, o Options) error {
	s.Visible, s.Why = s.Demo.Expect.Here(runtime.GOARCH, o.Cores())
	for i := range s.Ways {
		w := &s.Ways[i]
		for _, l := range o.racyLevels() {
			if !s.applies(w, l, o) {
				continue
			}
			r, err := self.Rate(ctx, s.Demo, w.Way, l, o.amount(w.Role, l))
			if err != nil {
				return err
			}
			w.Rates = append(w.Rates, *r)
		}
	}
	return s.bare(ctx, self, o)
}

// applies reports whether a level makes sense for a way.
func (s *Study) applies(w *WayStudy, l demo.Level, o Options) bool {
	switch {
	case l == demo.Aligned:
		return !s.Demo.Alone && o.Cores() >= s.Demo.Workers()
	case l == demo.Yielding:
		return w.Way.Yield != nil
	case l == demo.More:
		return s.Demo.N(l) != s.Demo.N(demo.Written)
	}
	return true
}

// bare lets the code end its program as it would end a reader's, at the level
// at which it is most likely to: what does the runtime say?
func (s *Study) bare(ctx context.Context, self Program, o Options) error {
	level := demo.Aligned
	if s.Demo.Alone || o.Cores() < s.Demo.Workers() {
		level = demo.Written
	}
	job := JobFor(s.Demo, &s.Demo.Racy, level, trialsEach)
	job.Bare = true
	out, err := self.Run(ctx, job, Silence)
	if err != nil {
		return err
	}
	s.Runtime = out.End
	return nil
}

// Rate returns the rate of a way at a level, or nil.
func (w *WayStudy) Rate(l demo.Level) *Rate {
	for i := range w.Rates {
		if w.Rates[i].Level == l {
			return &w.Rates[i]
		}
	}
	return nil
}

// New begins the study of a demonstration.
func New(c demo.Catalogue, d *demo.Demo) (*Study, error) {
	s := &Study{Demo: d, Package: c.Package}
	var err error
	if s.Source, err = Code(c.Sources, &d.Racy); err != nil {
		return nil, err
	}
	for i, w := range d.Ways() {
		role := Racy
		switch {
		case i > len(d.Fixes):
			role = Wrong
		case i > 0:
			role = Right
		}
		s.Ways = append(s.Ways, WayStudy{Way: w, Role: role})
	}
	return s, nil
}

// Detect asks the detector about all ways.
func (s *Study) Detect(ctx context.Context, b *Built, o Options) error {
	runs := 20
	if o.Quick {
		runs = 3
	}
	for i := range s.Ways {
		w := &s.Ways[i]
		var err error
		if w.Reports, err = b.Detect(ctx, s.Demo, w.Way, w.Role, runs); err != nil {
			return err
		}
	}
	return nil
}

// Object notes what go vet found in the racy way, among all findings.
func (s *Study) Object(findings []Finding) {
	for _, f := range findings {
		if _, ok := s.Source.At(f.Line); ok && f.File == path.Base(s.Source.File) {
			s.Vet = append(s.Vet, f)
		}
	}
}
