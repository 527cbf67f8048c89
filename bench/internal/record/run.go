package record

import (
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench"
)

// A Run is what one run measured, or as much of it as there is.
type Run struct {
	Header       Header
	Settings     []Setting
	Scenarios    []Scenario
	Measurements []Measurement // without those of void forks
	Forks        []Fork        // what disturbed them, as far as it was recorded
	Claims       []bench.Claim // what was to be put to the test
	Schedules    []Schedules
	Added        []Added
	Omitted      []Omitted
	Voids        []Void
	Warnings     []string
	Timelines    []Spans // one for each case that has a timeline
	Peers        Peers   // what was measured in another language
	Interrupted  string  // why it was stopped early, "" if it was not
	Partial      bool    // it may hold less than was planned
	GoTest       bool    // read from go test -bench output: a fork is a repetition
}

// Add takes up one event.
func (r *Run) Add(e Event) {
	switch {
	case e.Run != nil:
		r.Header = *e.Run
	case e.Settings != nil:
		r.Settings = append(r.Settings, e.Settings...)
	case e.Scenario != nil:
		r.Scenarios = append(r.Scenarios, *e.Scenario)
	case e.Variant != nil:
		if s := r.Scenario(e.Variant.Scenario); s != nil {
			s.Variants = append(s.Variants, *e.Variant)
		}
	case e.Claim != nil:
		r.Claims = append(r.Claims, *e.Claim)
	case e.Schedules != nil:
		r.Schedules = append(r.Schedules, *e.Schedules)
	case e.Added != nil:
		r.Added = append(r.Added, *e.Added)
	case e.Omitted != nil:
		r.Omitted = append(r.Omitted, *e.Omitted)
	case e.Measurement != nil:
		r.Measurements = append(r.Measurements, *e.Measurement)
	case e.Fork != nil:
		r.Forks = append(r.Forks, *e.Fork)
		if e.Fork.Void != "" {
			r.leaveOut()
		}
	case e.Void != nil:
		r.Voids = append(r.Voids, *e.Void)
	case e.Warning != nil:
		r.Warnings = append(r.Warnings, e.Warning.Text)
	case e.Spans != nil:
		i := slices.IndexFunc(r.Timelines, func(s Spans) bool { return s.Case == e.Spans.Case })
		if i < 0 {
			i = len(r.Timelines)
		}
		r.addSpans(i, e.Spans)
	case e.Peer != nil:
		r.Peers.add(e.Peer)
	case e.Interrupted != nil:
		r.Interrupted, r.Partial = e.Interrupted.Why, true
	}
}

// addSpans joins the parts of a timeline that was split over several events.
// The timeline has index i, and is new when that is their number.
func (r *Run) addSpans(i int, part *Spans) {
	if i == len(r.Timelines) {
		r.Timelines = append(r.Timelines, Spans{Case: part.Case})
	}
	t := &r.Timelines[i]
	t.Spans = append(t.Spans, part.Spans...)
}

// Scenario returns the scenario of the given name, or nil.
func (r *Run) Scenario(name string) *Scenario {
	for i := range r.Scenarios {
		if r.Scenarios[i].Name == name {
			return &r.Scenarios[i]
		}
	}
	return nil
}

// Setting returns the value of a setting, "" if there is none.
func (r *Run) Setting(key string) string {
	for _, s := range r.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// Variant returns the variant of the given name, or nil.
func (s *Scenario) Variant(name string) *Variant {
	for i := range s.Variants {
		if s.Variants[i].Name == name {
			return &s.Variants[i]
		}
	}
	return nil
}

// Describe returns the events that describe a scenario: its own and one for
// each variant.
func Describe(s *bench.Scenario, source string) []Event {
	events := []Event{{Scenario: &Scenario{
		Name: s.Name, Doc: s.Doc, Unit: s.Unit, Worker: s.WorkerNoun(), Fixed: s.Fixed,
		Versus: s.Versus, Keeps: s.Keeps, Conditions: s.Conditions, Lesson: s.Lesson, Source: source,
	}}}
	for i := range s.Variants {
		v := &s.Variants[i]
		events = append(events, Event{Variant: &Variant{
			Scenario: s.Name, Name: v.Name, Doc: v.Doc, Racy: v.Racy, Contended: v.Contended,
			Headline: v.Headline || i == 0, GivesUp: v.GivesUp, Workers: s.WorkerCounts(v),
		}})
	}
	return events
}

// ShortName returns the case of a benchmark name as patterns see it.
func ShortName(benchmark string) string { return strings.TrimPrefix(benchmark, "Benchmark") }
