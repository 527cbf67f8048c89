package runner

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/judge"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
)

// A session is one run that is going on.
type session struct {
	*program
	plan    *measure.Plan
	also    besidePlan // what follows the plan
	out     *output
	file    *record.Writer
	partial *record.Run // what there is so far
	charts  bool
	json    bool
	precise *judge.Precision // nil without -precision
	bar     *bar

	measuring bool                // the warnings about the machine have been shown
	ended     map[int]bool        // blocks of the plan
	drawn     map[string][]string // what was drawn, by section
}

// take records an event in the file and in memory.
func (s *session) take(e record.Event) error {
	if err := s.file.Write(e); err != nil {
		return fmt.Errorf("cannot write %s: %w: make room and measure again; what it has can be read with interleave report", s.out.run.Name(), reason(err))
	}
	s.partial.Add(e)
	if s.precise != nil {
		s.precise.Take(e)
	}
	if e.Warning != nil && s.measuring {
		s.bar.clear()
		fmt.Fprintf(s.stderr, "warning: %s\n", e.Warning.Text)
	}
	return nil
}

// begin writes what is known before measuring, and shows the environment.
func (s *session) begin(settings []record.Setting, warnings []measure.Warning, left []bench.Case, claims []record.Event) error {
	events := []record.Event{{Run: &record.Header{Format: record.Format, ID: rand.Text()[:8]}}, {Settings: settings}}
	for _, w := range warnings {
		events = append(events, record.Event{Warning: &record.Warning{Text: w.String()}})
	}
	if s.plan.Options.Forks == 1 {
		events = append(events, record.Event{Warning: &record.Warning{Text: "with -forks 1 nothing has an interval: use 2 at least, 6 to rely on"}})
	}
	described := make(map[string]bool)
	for _, b := range s.plan.Blocks {
		if !described[b.Scenario.Name] {
			described[b.Scenario.Name] = true
			events = append(events, record.Describe(b.Scenario, sourceOf(b.Scenario.Baseline()))...)
		}
	}
	events = append(events, claims...)
	for _, c := range left {
		events = append(events, record.Event{Omitted: &record.Omitted{Case: c.Name(), Why: "-quick measures headline variants only"}})
	}
	for _, e := range events {
		if err := s.take(e); err != nil {
			return err
		}
	}
	if !s.json {
		fmt.Fprintf(s.stdout, "%s\n\n", strings.Join(report.Environment(s.partial), "\n"))
	}
	limit := "without a limit"
	if s.plan.Budget > 0 {
		limit = fmt.Sprintf("at most %v", s.plan.Budget)
	}
	fmt.Fprintf(s.stderr, "measuring %s, about %v (%s)\n", s.plan.What(), s.plan.Time().Round(time.Second), limit)
	s.measuring = true
	return nil
}

// progress shows how far the run is, and each scenario's tables when they are
// complete. The very first scenario gets a first look as soon as it has forks
// enough for intervals.
func (s *session) progress(at measure.Progress) error {
	const firstLook = 3
	b := &s.plan.Blocks[at.Block]
	if !at.Done {
		s.bar.show(at, b)
		if at.Block == 0 && at.Forks == firstLook && b.Forks > firstLook && !s.json {
			s.bar.clear()
			fmt.Fprintf(s.stderr, "a first look, after %d of %d processes:\n\n", at.Forks, b.Forks)
			r := report.New(s.partial)
			for i := range r.Sections {
				if err := r.Text(s.stderr, &r.Sections[i]); err != nil {
					return err
				}
			}
		}
		return nil
	}
	s.bar.clear()
	s.ended[at.Block] = true
	if s.json || !s.complete(at.Block) {
		return nil
	}
	return s.show(b)
}

// complete reports whether the section of a block has all that it will have. The
// racy variants are a block of their own, before or behind it.
func (s *session) complete(block int) bool {
	for _, i := range []int{block - 1, block + 1} {
		if i >= 0 && i < len(s.plan.Blocks) && same(&s.plan.Blocks[i], &s.plan.Blocks[block]) && !s.ended[i] {
			return false
		}
	}
	return true
}

func same(a, b *measure.Planned) bool {
	return a.Scenario == b.Scenario && a.Params == b.Params && a.Procs == b.Procs
}

// show draws and prints the section of a block that is complete.
func (s *session) show(b *measure.Planned) error {
	r := report.New(s.partial)
	r.Charts = s.drawn
	sec := r.Section(b.Scenario.Name, b.Params, b.Procs)
	if sec == nil {
		return nil // every case of it is void or was left out
	}
	if s.charts && len(sec.For) == 0 {
		if err := r.Draw(sec, filepath.Join(s.out.dir, chartDir)); err != nil {
			return err
		}
	}
	return r.Text(s.stdout, sec)
}

// finish closes the run file and says how the run ended.
func (s *session) finish(ctx context.Context, err error) error {
	s.bar.clear()
	switch {
	case ctx.Err() != nil:
		if err := s.take(record.Event{Interrupted: &record.Interrupted{Why: "interrupted"}}); err != nil {
			return err
		}
		fmt.Fprintf(s.stderr, "interrupted; what was measured is in %s\n", s.out.run.Name())
	case err != nil:
		return err
	}
	if err := s.imprecise(); err != nil {
		return err
	}
	if err := s.file.End(); err != nil {
		return fmt.Errorf("cannot write %s: %w", s.out.run.Name(), reason(err))
	}
	if lines := report.Disturbance(s.partial); len(lines) > 0 && !s.json {
		fmt.Fprintf(s.stdout, "%s\n\n", strings.Join(lines, "\n"))
	}
	r := report.New(s.partial)
	r.Charts = s.drawn
	if dir := filepath.Join(s.out.dir, chartDir); s.charts && !s.json {
		if err := errors.Join(r.DrawSummary(dir), r.DrawClaims(dir)); err != nil {
			return err
		}
	}
	if err := s.program.conclude(r, newPages(r, s.out.dir), s.json); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return verdict(s.partial)
}

// imprecise warns of cases whose intervals stayed wider than was asked for.
func (s *session) imprecise() error {
	if s.precise == nil {
		return nil
	}
	missed := s.precise.Missed()
	if len(missed) == 0 {
		return nil
	}
	text := fmt.Sprintf("%d cases did not reach the precision, the first is %s: allow more time with -for, or ask for less", len(missed), missed[0].Short())
	return s.take(record.Event{Warning: &record.Warning{Text: text}})
}

// verdict turns void cases into an exit code: a wrong result is a finding, any
// other reason means that something could not be measured, which is worse.
func verdict(run *record.Run) error {
	code := exitOK
	void := func(wrong bool) {
		switch {
		case !wrong:
			code = exitFailed
		case code == exitOK:
			code = exitFinding
		}
	}
	for _, v := range run.Voids {
		void(v.Wrong)
	}
	for _, v := range run.Peers.Voids {
		void(v.Wrong)
	}
	if code == exitOK {
		return nil
	}
	return &finding{code}
}
