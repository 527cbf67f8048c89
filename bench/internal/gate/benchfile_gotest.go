package gate

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/units"
)

// machineKeys are the settings that must be the same for times to be compared.
var machineKeys = []string{"goos", "goarch", "cpu", "cpus"}

// readGoTest reads what go test -bench printed. Results are read by benchfmt;
// what says that something went wrong stands in lines that benchfmt ignores.
func (f *BenchFile) readGoTest(data []byte) error {
	lines, err := f.lines(data)
	if err != nil {
		return err
	}
	if err := f.results(data, lines); err != nil {
		return err
	}
	f.checkUnits()
	f.signs(lines, bytes.HasSuffix(data, []byte("\n")))
	if len(f.benchmarks) == 0 && len(f.problems) == 0 && len(f.skipped) == 0 {
		hint := "write it with go test -bench ."
		if bytes.HasPrefix(data, []byte("{")) {
			hint = "this is JSON, but it must be plain text: leave out -json"
		}
		return fmt.Errorf("%s: there is no benchmark in it: %s", f.Name, hint)
	}
	return nil
}

// lines splits data, and makes sure that they are text that benchfmt can read.
func (f *BenchFile) lines(data []byte) ([]string, error) {
	var lines []string
	for raw := range bytes.Lines(data) {
		text := bytes.TrimRight(raw, "\r\n")
		number := len(lines) + 1
		switch {
		case bytes.IndexByte(text, 0) >= 0:
			return nil, fmt.Errorf("%s: this is binary data, or UTF-16, which Windows PowerShell writes: write UTF-8 text", f.at(number))
		case len(text) > record.MaxLine:
			return nil, fmt.Errorf("%s: the line is %d bytes long, the limit is %d: have the benchmark print less", f.at(number), len(text), record.MaxLine)
		}
		lines = append(lines, string(text))
	}
	return lines, nil
}

// results takes up the benchmark lines.
func (f *BenchFile) results(data []byte, lines []string) error {
	reader := benchfmt.NewReader(bytes.NewReader(data), f.Name)
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			f.badLine(rec, lines[rec.Line-1])
		case *benchfmt.Result:
			if lower(string(rec.Name)) {
				continue // "Benchmarking 3 files"
			}
			if err := f.result(rec); err != nil {
				return err
			}
		}
	}
	f.units = reader.Units()
	return reader.Err()
}

// lower reports whether text goes on in lower case: then it is no benchmark.
func lower(rest string) bool {
	first, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsLower(first)
}

// badLine says what is wrong with a line that begins like a result, or like
// the description of a unit.
func (f *BenchFile) badLine(e *benchfmt.SyntaxError, line string) {
	rest, isResult := strings.CutPrefix(line, "Benchmark")
	if !isResult {
		f.problem(e.Line, "", "%s: %q", e.Msg, line)
		return
	}
	name, rest, _ := strings.Cut(rest, " ")
	name, more, _ := strings.Cut(name, "\t")
	switch rest = more + rest; {
	case lower(name):
	case strings.Contains(rest, "--- FAIL"):
		f.problem(e.Line, name, "the benchmark failed: run it alone to see why")
	case strings.Contains(rest, "--- SKIP"):
		f.skipped[name] = e.Line
	default:
		f.problem(e.Line, name, "no result stands here (%s): it was cut off, or the benchmark printed to standard output in the middle of its line; have it print to standard error, and measure again", e.Msg)
	}
}

// result takes up one result.
func (f *BenchFile) result(r *benchfmt.Result) error {
	_, line := r.Pos()
	if err := f.machine(r, line); err != nil {
		return err
	}
	n := benchName{r.GetConfig("pkg"), string(r.Name)}
	if r.Iters < 1 {
		f.problem(line, n.name, "it has %d iterations, and a result has at least one: measure again", r.Iters)
		return nil
	}
	b := f.benchmark(n, line)
	b.samples++
	seen := make(map[string]bool)
	for _, v := range r.Values {
		// benchfmt leaves the unit of a zero as it is.
		value, shown := v.Value, v.Unit
		if v.OrigUnit != "" {
			value, shown = v.OrigValue, v.OrigUnit
		}
		_, unit := benchunit.Tidy(1, shown)
		switch {
		case math.IsNaN(value) || math.IsInf(value, 0):
			f.problem(line, n.name, "%v %s is not a number: measure again", value, shown)
		case units.Timed(unit) && value <= 0:
			f.problem(line, n.name, "%v %s is zero or negative, which nothing takes: the benchmark does no work, or the clock is wrong", value, shown)
		case seen[unit]:
			f.problem(line, n.name, "it has two values of %s in one line: measure again", shown)
			continue
		}
		seen[unit] = true
		b.add(value, shown)
	}
	return nil
}

// machine takes up what the file says of the machine.
func (f *BenchFile) machine(r *benchfmt.Result, line int) error {
	for _, c := range r.Config {
		if !slices.Contains(machineKeys, c.Key) && c.Key != "race" {
			continue
		}
		value := strings.TrimSpace(string(c.Value))
		switch was := f.Setting(c.Key); {
		case was == value || value == "":
		case was != "":
			return fmt.Errorf("%s: %q is %q here and was %q above: give each machine a file of its own", f.at(line), c.Key, value, was)
		default:
			f.settings = append(f.settings, record.Setting{Key: c.Key, Value: value})
		}
	}
	return nil
}

// crashes begin the lines that go test and the runtime print when a process did
// not end well.
var crashes = []string{"--- FAIL", "FAIL", "panic: ", "fatal error: ", "exit status ", "signal: ", "*** Test killed"}

// signs looks for lines that say that the measuring did not end well.
func (f *BenchFile) signs(lines []string, terminated bool) {
	seen := make(map[string]bool) // of goos, pkg: go test prints both
	crashed, ended := false, true
	for i, line := range lines {
		number := i + 1
		name, skip := strings.CutPrefix(strings.TrimSpace(line), "--- SKIP: Benchmark")
		switch {
		case skip:
			name, _, _ = strings.Cut(name, " ")
			f.skipped[name] = number
		case strings.HasPrefix(line, "WARNING: DATA RACE"):
			f.problem(number, "", "the race detector found a data race here: its times mean nothing, and the race is a bug; see interleave race")
		case strings.HasPrefix(line, "goos:") || strings.HasPrefix(line, "pkg:"):
			key, _, _ := strings.Cut(line, ":")
			seen[key] = true
			ended = false
		case strings.HasPrefix(line, "Benchmark"):
			ended = false
		case line == "PASS" || strings.HasPrefix(line, "ok "):
			ended = true
		case !crashed && slices.ContainsFunc(crashes, func(sign string) bool { return strings.HasPrefix(line, sign) }):
			// One crash makes several such lines: the first says most.
			crashed = true
			f.problem(number, "", "go test did not end well (%s): what it printed is not all there is; repair that and measure again", strings.TrimSpace(line))
		}
	}
	last := lines[len(lines)-1]
	switch {
	case crashed:
	case !terminated && strings.HasPrefix(last, "Benchmark"):
		f.problem(len(lines), "", "the last line has no end: the file was cut off; measure again")
	case !ended && seen["goos"] && seen["pkg"]:
		f.problem(len(lines), "", "neither PASS nor ok stands at the end: go test was killed, or the file was cut off; measure again")
	}
}
