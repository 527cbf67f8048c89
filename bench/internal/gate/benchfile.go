package gate

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// A BenchFile holds what one file says of benchmarks: the output of go test
// -bench, of any program that writes the same format, or a run file of ours.
type BenchFile struct {
	Name string

	settings   []record.Setting // of the machine
	benchmarks []*benchmark     // in the order in which they appear
	known      map[benchName]*benchmark
	problems   []problem
	skipped    map[string]int // benchmark → the line that says so
	units      benchfmt.UnitMetadataMap
	ours       bool // a run file: a sample is a process
	warnings   []string
}

// A benchName tells benchmarks apart: the same name in two packages is two.
type benchName struct{ pkg, name string }

// A benchmark is what a file holds of one.
type benchmark struct {
	benchName
	line    int // of its first sample
	samples int // lines, or processes
	series  []*series
}

// A series is all that was measured of a benchmark in one unit.
type series struct {
	unit   string // as benchfmt tidies it: sec/op
	shown  string // as it stands in the file: ns/op
	scale  float64
	values []float64 // tidied, in the order of the file
	base   benchName // of a speedup: what it is over
	unsure string    // why they cannot be judged, "" if they can
}

// A problem is something in a file that makes it no evidence.
type problem struct {
	subject string // a benchmark, or ""
	line    int
	text    string
	wrong   bool // a wrong result, and not one that is missing
}

// ReadBenchFile reads a file by name. What is wrong with single benchmarks is
// kept, to be reported with the rest; an error is what leaves nothing to report
// on. Nothing in the output of go test tells that it was made with -race, unless
// a race was found: whoever makes such files has to know.
func ReadBenchFile(name string) (*BenchFile, error) {
	data, err := os.ReadFile(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%s: there is no such file: write it with go test -bench . -count 10 > %s", name, name)
	case errors.Is(err, syscall.EISDIR):
		return nil, fmt.Errorf("%s: this is a directory: name the file in it", name)
	case err != nil:
		return nil, fmt.Errorf("%s: cannot be read: %w", name, reason(err))
	}
	return parseBenchFile(name, data)
}

func parseBenchFile(name string, data []byte) (*BenchFile, error) {
	f := &BenchFile{Name: name, known: make(map[benchName]*benchmark), skipped: make(map[string]int)}
	var err error
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, fmt.Errorf("%s: the file is empty: did go test fail? Run it again, and look at its exit code", name)
	case bytes.HasPrefix(data, []byte("#il ")):
		err = f.readRun(data)
	default:
		if err = record.CheckComparison(name, data); err == nil {
			err = f.readGoTest(data)
		}
	}
	if err != nil {
		return nil, err
	}
	switch race := f.Setting("race"); race {
	case "", "false", "off":
	default:
		return nil, fmt.Errorf("%s: it says race: %s: the race detector changes all times, measure without it", name, race)
	}
	return f, nil
}

// Setting returns what the file says of the machine, "" if it does not.
func (f *BenchFile) Setting(key string) string {
	for _, s := range f.settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

func (f *BenchFile) problem(line int, subject, format string, args ...any) {
	f.problems = append(f.problems, problem{subject: subject, line: line, text: fmt.Sprintf(format, args...)})
}

// at returns the place of a line, for messages.
func (f *BenchFile) at(line int) string {
	if line == 0 {
		return f.Name
	}
	return fmt.Sprintf("%s:%d", f.Name, line)
}

// benchmark returns the benchmark of a name, which it makes if it is new.
func (f *BenchFile) benchmark(n benchName, line int) *benchmark {
	b := f.known[n]
	if b == nil {
		b = &benchmark{benchName: n, line: line}
		f.known[n] = b
		f.benchmarks = append(f.benchmarks, b)
	}
	return b
}

// in returns the series in a unit, nil if there is none.
func (b *benchmark) in(unit string) *series {
	for _, s := range b.series {
		if s.unit == unit {
			return s
		}
	}
	return nil
}

// add takes up one value, as it stands in the file.
func (b *benchmark) add(value float64, shown string) {
	factor, unit := benchunit.Tidy(1, shown)
	s := b.in(unit)
	if s == nil {
		s = &series{unit: unit, shown: shown, scale: 1 / factor}
		b.series = append(b.series, s)
	}
	s.values = append(s.values, value*factor)
}

// checkUnits finds benchmarks that do not have the same units in every line:
// which lines belong together is then anybody's guess.
func (f *BenchFile) checkUnits() {
	for _, b := range f.benchmarks {
		for _, s := range b.series {
			if n := len(s.values); n != b.samples {
				f.problem(b.line, b.name, "it has %s in %d of %d results: the lines are not of one benchmark, or were put together by hand; measure again", s.shown, n, b.samples)
				break
			}
		}
	}
}

// readRun reads a run file. A sample is a process there, as everywhere with us.
func (f *BenchFile) readRun(data []byte) error {
	run, err := record.Read(f.Name, bytes.NewReader(data))
	if err != nil {
		return err
	}
	if run.Partial {
		why := cmp.Or(run.Interrupted, "it has no end")
		return fmt.Errorf("%s: the run was interrupted (%s), and what is missing is not known: measure again with interleave run", f.Name, strings.TrimSuffix(why, "."))
	}
	f.ours = true
	f.settings = run.Settings
	f.warnings = run.Warnings
	for _, v := range run.Voids {
		p := problem{subject: v.Case, text: v.Why, wrong: v.Wrong}
		f.problems = append(f.problems, p)
	}
	f.cases(run)
	if len(f.benchmarks) == 0 && len(f.problems) == 0 {
		return fmt.Errorf("%s: no case in it was measured, but racy ones: measure again with interleave run", f.Name)
	}
	return nil
}

// Report begins the report on a single file: with what is wrong in it.
func (f *BenchFile) Report() *Report {
	r := &Report{Header: []string{fmt.Sprintf("%s: %s", f.Name, some(len(f.benchmarks), "benchmark"))}}
	f.report(r, false)
	r.Warnings = prefixed(f.Name+": ", f.warnings)
	return r
}

// report adds what makes the file no evidence. A wrong result is a finding of
// its own where it is the file that must hold. What happens to a benchmark again
// and again, such as text in each of its lines, is told once.
func (f *BenchFile) report(r *Report, old bool) {
	told := make(map[string]int) // the index of the result, by subject
	also := make(map[int]int)    // how many more lines, by that index
	for _, p := range f.problems {
		outcome := Broken
		if p.wrong && !old {
			outcome = Fail
		}
		rule := f.at(p.line)
		if p.subject != "" {
			rule = p.subject + " in " + rule
		}
		first, again := told[p.subject]
		if again && p.subject != "" && !p.wrong {
			also[first]++
			continue
		}
		told[p.subject] = len(r.Results)
		r.Results = append(r.Results, Result{Rule: rule, Outcome: outcome, Reason: p.text, File: f.Name, Line: p.line})
	}
	for i, n := range also {
		r.Results[i].Reason += fmt.Sprintf("; %s of it no better", some(n, "more line"))
	}
}
