package bench

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"time"
)

// A Scenario is one piece of work and the ways of doing it that are worth
// comparing.
type Scenario struct {
	Name string // one word in lower case: "counter"
	Doc  string // one sentence: what the work is and what it teaches
	Unit string // what one operation is, in the singular: "increment"

	// Worker names what Workers counts, in the singular: "task",
	// "connection". Empty means "goroutine".
	Worker string

	Variants []Variant // the first is the baseline
	Params   []Param   // what else can be varied
	Workers  []int     // worker counts that tell the story, ascending

	// Fixed is the size of one job in the scenario's own terms, when every
	// trial does the same job: its time is the time of the job, whatever the
	// size. Zero makes a rate scenario: the runner chooses Setup.N.
	Fixed int

	// Versus names a second variant to compare with in the tables, beside
	// the baseline. Empty means none.
	Versus string

	// Keeps says in a few words what variants keep that give up nothing:
	// "read while counting". It stands beside the best of them in a report.
	Keeps string

	// Conditions says that the variants are conditions that one meets, not
	// ways to choose from: none of them is called the best.
	Conditions bool

	// Exercises are the scenario's work at classroom size, for the tutorial.
	Exercises []Exercise

	// Lesson is a sentence about one comparison, with the verb %s in the
	// place of the measured factor. The zero value means that the report
	// finds its own words.
	Lesson Lesson
}

// A Lesson is a sentence that the report fills in from the data: how many
// times the time of Baseline the variant takes ("Slower"), or how many times
// faster it is.
type Lesson struct {
	Variant string // compared with the scenario's baseline
	Workers int    // at this many workers
	Slower  bool   // the factor is time/baseline; otherwise the speedup
	Text    string // one %s: "with 2 workers the mutex counter takes %s times as long"
}

// A Variant is one way of doing a scenario's work.
type Variant struct {
	Name string // one word in lower case: "mutex"
	Doc  string // one sentence: how this variant does it

	// New prepares one trial. It is not timed. What it starts it must stop in
	// Trial.Close, or itself when it returns an error.
	New func(context.Context, Setup) (*Trial, error)

	// Racy marks a variant with a deliberate data race. It runs in child
	// processes only, is never ranked, and its Verify error is an anomaly to
	// be counted, not a failure.
	Racy bool

	// Contended marks a variant whose goroutines fight over the same memory.
	// Its trials are longer, since short ones are bimodal: whether a second
	// core joins in time decides them.
	Contended bool

	// GivesUp says what the variant pays for its speed: "total known only at
	// the end". The best variant is chosen among those that give up nothing.
	GivesUp string

	// Headline marks the variants that a quick run measures. The baseline
	// always counts as one.
	Headline bool

	// Workers overrides the scenario's worker counts. A sequential baseline
	// has {1}.
	Workers []int

	// Estimate is a rough duration of one job of a fixed scenario, for
	// planning only. Nil means that the runner tries one job to find out.
	Estimate func(Setup) time.Duration
}

// A Param is a property of the work that can be varied, such as the size of
// an item. The first value is the default.
type Param struct {
	Name   string
	Doc    string
	Values []string
}

// A Setup is what one trial is to do.
type Setup struct {
	Workers int // how many workers share the work
	N       int // operations of the trial, over all workers together; Scenario.Fixed, if that is set
	Procs   int // GOMAXPROCS

	// Param returns the value of a parameter of the scenario, and "" for a
	// name that the scenario does not declare.
	Param func(name string) string

	// Dir is an empty directory of the trial's own, removed after Close.
	Dir string

	// Clock gives the time since some moment before the trial. It is what
	// Team and Timeline read. Nil means that nobody asks for times.
	Clock func() time.Duration

	// Timeline records who ran when. It is nil unless asked for, and its
	// methods accept nil.
	Timeline *Timeline

	// Start is how the workers of a team begin.
	Start Start

	// Out takes what a program of this kind would print. It is nil unless
	// asked for: use Printf.
	Out io.Writer
}

// Printf prints what a program of this kind would print, when somebody is
// there to read it.
func (s Setup) Printf(format string, args ...any) {
	if s.Out != nil {
		fmt.Fprintf(s.Out, format, args...)
	}
}

// A Trial is one run of a variant.
type Trial struct {
	// Run does the work. It alone is timed. It must return soon after the
	// context is cancelled.
	Run func(context.Context) error

	// Verify returns what is wrong with the result of Run, or nil.
	Verify func() error

	// Metrics returns measurements other than time, unit to value, after
	// Run. Nil means none.
	Metrics func() map[string]float64

	// Close releases what New acquired. Nil means nothing to release.
	Close func() error
}

// Baseline returns the variant that all others are compared with.
func (s *Scenario) Baseline() *Variant { return &s.Variants[0] }

// Variant returns the variant of the given name, or nil.
func (s *Scenario) Variant(name string) *Variant {
	for i := range s.Variants {
		if s.Variants[i].Name == name {
			return &s.Variants[i]
		}
	}
	return nil
}

// WorkerCounts returns the worker counts at which the scenario measures v.
func (s *Scenario) WorkerCounts(v *Variant) []int {
	switch {
	case len(v.Workers) > 0:
		return v.Workers
	case len(s.Workers) > 0:
		return s.Workers
	}
	return []int{1}
}

// Against returns the case that a case of the scenario is compared with: the
// baseline's only one, or that with as many workers, whether it is measured or
// not. ok is false for that case itself.
func (s *Scenario) Against(c Case) (base Case, ok bool) {
	base = c
	base.Variant = s.Baseline().Name
	if counts := s.WorkerCounts(s.Baseline()); len(counts) == 1 {
		base.Workers = counts[0]
	}
	return base, base != c
}

// WorkerNoun returns what the scenario's workers are called, "goroutine"
// unless it says otherwise.
func (s *Scenario) WorkerNoun() string {
	if s.Worker == "" {
		return "goroutine"
	}
	return s.Worker
}

// Source returns the file and line of the constructor of the variant, as the
// compiler recorded them.
func (v *Variant) Source() (file string, line int) {
	if v.New == nil {
		return "", 0
	}
	pc := reflect.ValueOf(v.New).Pointer()
	if f := runtime.FuncForPC(pc); f != nil {
		return f.FileLine(pc)
	}
	return "", 0
}

// Cases returns every case of the scenario at one set of parameters, in the
// order of the variants, then of the worker counts.
func (s *Scenario) Cases(params string, procs int) []Case {
	var cases []Case
	for i := range s.Variants {
		v := &s.Variants[i]
		for _, w := range s.WorkerCounts(v) {
			cases = append(cases, Case{Scenario: s.Name, Params: params, Variant: v.Name, Workers: w, Procs: procs})
		}
	}
	return cases
}

// DefaultParams returns the first value of every parameter, as [Case.Params]
// writes them.
func (s *Scenario) DefaultParams() string { return s.AllParams()[0] }

// AllParams returns every combination of parameter values, as [Case.Params]
// writes them, the default first. Without parameters that is one empty string.
func (s *Scenario) AllParams() []string {
	all := []string{""}
	for _, p := range s.Params {
		var longer []string
		for _, prefix := range all {
			for _, value := range p.Values {
				longer = append(longer, strings.TrimPrefix(prefix+"/"+p.Name+"="+value, "/"))
			}
		}
		all = longer
	}
	return all
}

// Setup returns what the drivers of a case have in common: a setup without
// directory, clock and timeline, for n operations. A fixed scenario does its
// own number of operations whatever n is.
//
// Where there is a core for each worker, a team is spread over them at the
// start: left alone, the system often runs two threads on one core for some
// milliseconds. An atomic add by two goroutines then came to 7.5 ns ±46 % over
// 16 processes, and with a core for each to 12.3 ns ±7 %.
func (s *Scenario) Setup(c Case, n int) Setup {
	if s.Fixed > 0 {
		n = s.Fixed
	}
	setup := Setup{Workers: c.Workers, N: n, Procs: c.Procs, Param: c.Param}
	if c.Workers > 1 && c.Workers <= c.Procs {
		setup.Start = Spread
	}
	return setup
}
