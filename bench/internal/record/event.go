// Package record holds what a run measured, and writes it to and reads it from
// a run file.
//
// A run file is text in the Go benchmark format, so that benchstat and every
// other tool of that family can read it: configuration lines at the top, then
// one benchmark line for each measured trial. What that format has no place
// for stands in lines that begin with "#il ", one JSON event a line, which
// those tools ignore:
//
//	#il {"run":{"format":1,"id":"9f2c"}}
//	goos: linux
//	cpus: 2
//	#il {"scenario":{"name":"sleep",...}}
//	#il {"trial":{"fork":1,"round":1,"order":2}}
//	BenchmarkSleep/variant=goroutines/workers=2-2 1 50212345 ns/op 0 B/op
//	#il {"fork":{"scenario":"sleep",...}}
//	#il {"end":{"count":1,"sha256":"..."}}
//
// The trial event says where and when the benchmark line that follows it was
// measured, and the fork event that follows the trials of a process what
// disturbed them. Lines are written as they are made, so that a run that is killed
// leaves what it had; the end event, with the number of benchmark lines and
// the hash of all bytes before it, closes a complete file. A file without it
// is partial. Configuration lines stand above the first trial only.
package record

import (
	"time"

	"github.com/interleave-go/interleave/bench"
)

// Format is the version of the run file that this package writes and reads.
const Format = 1

// MaxLine is the length of the longest line that a run file may have, in
// bytes: with its newline that makes 64 KiB, where benchmark readers give up.
const MaxLine = 64<<10 - 1

// maxEvent bounds the lines that we write ourselves, newline included.
const maxEvent = 4 << 10

// MaxElapsed bounds the time of a trial. Times are written per operation, as
// decimal numbers; up to a month they come back exact to the nanosecond.
const MaxElapsed = 24 * 24 * time.Hour

// timeUnit is the unit of the time of a trial in its benchmark line.
const timeUnit = "ns/op"

// anomalyUnit stands in its place for a racy trial: 1 when it went wrong.
const anomalyUnit = "anomalies"

// An Event is one thing that a run records. Exactly one field is set.
type Event struct {
	Run         *Header      `json:"run,omitempty"`
	Scenario    *Scenario    `json:"scenario,omitempty"`
	Variant     *Variant     `json:"variant,omitempty"`
	Claim       *bench.Claim `json:"claim,omitempty"`     // before the first trial, with its cases resolved
	Schedules   *Schedules   `json:"schedules,omitempty"` // for the claims about a pattern
	Added       *Added       `json:"added,omitempty"`
	Omitted     *Omitted     `json:"omitted,omitempty"`
	Trial       *Place       `json:"trial,omitempty"` // in files only, before its benchmark line
	Fork        *Fork        `json:"fork,omitempty"`  // behind its trials
	Void        *Void        `json:"void,omitempty"`
	Warning     *Warning     `json:"warning,omitempty"`
	Spans       *Spans       `json:"spans,omitempty"`
	Peer        *Peer        `json:"peer,omitempty"` // of another language
	Interrupted *Interrupted `json:"interrupted,omitempty"`
	End         *End         `json:"end,omitempty"` // in files only

	Settings    []Setting    `json:"-"` // a configuration line each
	Measurement *Measurement `json:"-"` // a trial event and a benchmark line
}

// A Header says what kind of file it is, and which run.
type Header struct {
	Format int    `json:"format"`
	ID     string `json:"id"` // different for every run
}

// A Setting is one fact about the machine, the program or the run.
type Setting struct {
	Key   string // lower case, without spaces
	Value string
}

// A Scenario is what a report must know of a bench.Scenario.
type Scenario struct {
	Name       string       `json:"name"`
	Doc        string       `json:"doc,omitempty"`
	Unit       string       `json:"unit,omitempty"`
	Worker     string       `json:"worker"`
	Fixed      int          `json:"fixed,omitempty"`
	Versus     string       `json:"versus,omitempty"`
	Keeps      string       `json:"keeps,omitempty"`
	Conditions bool         `json:"conditions,omitempty"`
	Lesson     bench.Lesson `json:"lesson"`
	Source     string       `json:"source,omitempty"` // file:line of the baseline

	Variants []Variant `json:"-"` // the first is the baseline; an event each
}

// A Variant is what a report must know of a bench.Variant.
type Variant struct {
	Scenario  string `json:"scenario"`
	Name      string `json:"name"`
	Doc       string `json:"doc,omitempty"`
	Racy      bool   `json:"racy,omitempty"`
	Contended bool   `json:"contended,omitempty"`
	Headline  bool   `json:"headline,omitempty"`
	GivesUp   string `json:"gives-up,omitempty"`
	Workers   []int  `json:"workers"`
}

// An Omitted case was not measured, for a reason that is no failure.
type Omitted struct {
	Case string `json:"case"` // a benchmark name
	Why  string `json:"why"`
}

// A Place says where and when a trial was measured.
type Place struct {
	Fork    int    `json:"fork"`  // from 1: the process
	Round   int    `json:"round"` // from 1, within the fork
	Order   int    `json:"order"` // from 1, within the round
	Anomaly string `json:"anomaly,omitempty"`

	// Took is the time of a racy trial. In a file it stands here, and not in
	// the benchmark line, where every tool would take it for a speed: the
	// variant does not do the work.
	Took time.Duration `json:"took,omitempty"`
}

// A Fork says what the machine did while one process measured: the trials of
// one scenario at one set of parameters and one GOMAXPROCS that stand above it
// under its number. Only Void changes what becomes of them.
type Fork struct {
	Scenario string `json:"scenario"`
	Params   string `json:"params,omitempty"`
	Procs    int    `json:"procs"`
	Racy     bool   `json:"racy,omitempty"` // racy variants have processes of their own, which count from 1, too
	Fork     int    `json:"fork"`           // as in Place

	// Stolen is the processor time that the host gave to others although it
	// was wanted here, out of Processor: the time that was wanted, and no less
	// than one CPU's while the process measured. Without Processor neither is
	// known.
	Processor time.Duration `json:"processor,omitempty"`
	Stolen    time.Duration `json:"stolen,omitempty"`

	Load float64 `json:"load,omitempty"` // of the last minute, at the end; 0 where it is not known

	// Void, if not empty, is why the process counts for nothing: a reader
	// leaves out its trials, those of all variants alike.
	Void string `json:"void,omitempty"`
}

// A Void case has no speed, since a trial of it failed.
type Void struct {
	Case  string `json:"case"`
	Wrong bool   `json:"wrong,omitempty"` // the result was wrong; otherwise it could not be measured
	Why   string `json:"why"`
}

// A Warning is something that the reader of the numbers should know.
type Warning struct {
	Text string `json:"text"`
	Case string `json:"case,omitempty"` // whose process died or hung, if that is what it says
}

// Spans are part of the timeline of one trial of a case, made for looking at.
type Spans struct {
	Case  string       `json:"case"`
	Spans []bench.Span `json:"spans"`
}

// Interrupted says that the run was stopped before it had all measurements.
type Interrupted struct {
	Why string `json:"why"`
}

// End closes a complete file.
type End struct {
	Count  int    `json:"count"`  // benchmark lines
	SHA256 string `json:"sha256"` // of all bytes before this line
}

// A Measurement is one timed trial.
type Measurement struct {
	Case bench.Case
	Place
	Racy    bool               // its time is no speed
	Ops     int                // operations performed; jobs, in a fixed scenario
	Elapsed time.Duration      // of all of them together
	Metrics map[string]float64 // unit → value: "B/op", "cpus", "nivcsw" (involuntary switches), "gc-cycles", the scenario's own
}

// PerOp returns the time of one operation in nanoseconds.
func (m *Measurement) PerOp() float64 {
	return float64(m.Elapsed) / float64(m.Ops)
}
