package record

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/perf/benchfmt"

	"github.com/interleave-go/interleave/bench"
)

// What is to be done about output that go test cannot have printed.
const goBenchAgain = "the output is damaged, run go test -bench again"

// What a reader of go test output must know of its intervals.
const (
	goBenchRepeated = "go test output: repetitions of one process stand in the place of fresh processes, so intervals are too narrow and drift is not excluded"
	goBenchOnce     = "go test output: each benchmark was measured once, so there are no intervals: repeat with go test -bench -count 10"
)

// isGoBench reports whether data, which are no run file, have at least one
// line of a benchmark's result: a name that begins with Benchmark, and a
// number of iterations.
func isGoBench(data []byte) bool {
	for line := range bytes.Lines(data) {
		if isGoBenchLine(string(line)) {
			return true
		}
	}
	return false
}

func isGoBenchLine(line string) bool {
	rest, ok := strings.CutPrefix(line, "Benchmark")
	if first, _ := utf8.DecodeRuneInString(rest); !ok || unicode.IsLower(first) {
		return false // "Benchmarking 3 files"
	}
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return false
	}
	_, err := strconv.ParseFloat(fields[1], 64)
	return err == nil || errors.Is(err, strconv.ErrRange)
}

// readGoBench reads what go test -bench printed, anywhere. The scenarios are
// made from the names of the benchmarks; each repetition of one counts as a
// fork, so that there are intervals, with a warning.
func readGoBench(name string, data []byte) (*Run, error) {
	if err := CheckComparison(name, data); err != nil {
		return nil, err
	}
	g := goBench{
		parser: parser{name: name, run: &Run{GoTest: true}},
		names:  make(map[goBenchKey]string), owners: make(map[string]goBenchKey),
		cases: make(map[goBenchName]bench.Case), taken: make(map[bench.Case]bool),
		count: make(map[bench.Case]int),
	}
	g.known = newCatalogue(g.run)
	if err := g.check(data); err != nil {
		return nil, err
	}
	if err := g.results(data); err != nil {
		return nil, err
	}
	return g.finish()
}

// A goBench is a parser of go test output.
type goBench struct {
	parser
	text   []string              // the lines
	open   bool                  // the last line has no end
	names  map[goBenchKey]string // → scenario
	owners map[string]goBenchKey // scenario → whose it is
	cases  map[goBenchName]bench.Case
	taken  map[bench.Case]bool
	count  map[bench.Case]int // repetitions
	pkgs   []string

	noTime, noResult skipped
}

// A goBenchKey is what makes a scenario: a benchmark function of a package, or
// all its benchmarks without a variant.
type goBenchKey struct {
	pkg, base string
	plain     bool
}

// A goBenchName is a benchmark, as go test tells it from others.
type goBenchName struct{ pkg, name string }

// skipped are lines that were left out.
type skipped struct{ n, first int }

func (s *skipped) add(line int) {
	if s.n++; s.n == 1 {
		s.first = line
	}
}

// check makes sure that the data are text, with lines that benchfmt can read,
// and no part of a run file.
func (g *goBench) check(data []byte) error {
	failed := 0
	for raw := range bytes.Lines(data) {
		number := len(g.text) + 1
		text, terminated := bytes.CutSuffix(raw, []byte("\n"))
		switch {
		case len(text) > MaxLine:
			return g.fail(number, "the line is %d bytes long, the limit is %d: %s", len(text), MaxLine, goBenchAgain)
		case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
			return g.fail(number, "this is binary data: name a run file, or what go test -bench printed")
		case bytes.HasPrefix(text, prefix):
			return g.fail(number, "this line is of a run file, and the file does not begin with one: %s", damaged)
		case failed == 0 && (bytes.HasPrefix(text, []byte("--- FAIL")) || bytes.HasPrefix(text, []byte("FAIL"))):
			failed = number
		}
		g.open = !terminated
		g.text = append(g.text, string(text))
	}
	if failed > 0 {
		g.warn("go test output: line %d says that a test or benchmark failed", failed)
	}
	return nil
}

func (g *goBench) warn(format string, args ...any) {
	g.run.Warnings = append(g.run.Warnings, fmt.Sprintf(format, args...))
}

// results takes up the benchmark lines.
func (g *goBench) results(data []byte) error {
	reader := benchfmt.NewReader(bytes.NewReader(data), g.name)
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			text := g.text[rec.Line-1]
			switch {
			case !strings.HasPrefix(text, "Benchmark"): // a line about a unit
			case !isGoBenchLine(text), !strings.Contains(text, timeUnit), g.open && rec.Line == len(g.text):
				// What a benchmark printed, or a benchmark that failed or was skipped.
				g.noResult.add(rec.Line)
			default:
				return g.fail(rec.Line, "%s: %s", rec.Msg, goBenchAgain)
			}
		case *benchfmt.Result:
			if _, line := rec.Pos(); !isGoBenchLine(g.text[line-1]) {
				g.noResult.add(line)
				continue
			}
			if err := g.result(rec); err != nil {
				return err
			}
		}
	}
	if err := reader.Err(); err != nil {
		return err // it names the line
	}
	return nil
}

// goBenchSettings are the configuration lines that go test prints about the
// machine, and ours; other lines that look like one may be a log.
var goBenchSettings = []string{"goos", "goarch", "cpu", "cpus", "commit"}

func (g *goBench) result(r *benchfmt.Result) error {
	_, line := r.Pos()
	for _, c := range r.Config {
		if !slices.Contains(goBenchSettings, c.Key) {
			continue
		}
		value := OneLine(string(c.Value))
		switch was := g.run.Setting(c.Key); {
		case was == value || value == "":
		case was != "":
			return g.fail(line, "%q is %q here and was %q above: measurements of different machines cannot be compared, give each a file of its own", c.Key, value, was)
		default:
			g.run.Settings = append(g.run.Settings, Setting{Key: c.Key, Value: value})
		}
	}
	fail := func(format string, args ...any) error {
		return g.fail(line, "%s: %s", fmt.Sprintf(format, args...), goBenchAgain)
	}
	name := "Benchmark" + string(r.Name)
	values, err := valuesOf(r)
	if err != nil {
		return fail("%v", err)
	}
	if !values.timed {
		g.noTime.add(line)
		return nil
	}
	elapsed := math.Round(values.time * float64(r.Iters))
	if !(elapsed >= 1 && elapsed <= float64(MaxElapsed)) { // so that NaN is bad, too
		return fail("the time of %s is not a number, zero, negative or beyond %v", name, MaxElapsed)
	}
	delete(values.others, anomalyUnit) // has a place in racy trials only
	if err := g.known.checkMetrics(values.others); err != nil {
		return fail("%s: %v", name, err)
	}
	pkg := strings.TrimSpace(r.GetConfig("pkg"))
	if !slices.Contains(g.pkgs, pkg) {
		g.pkgs = append(g.pkgs, pkg)
	}
	c := g.caseOf(pkg, name)
	g.count[c]++
	g.run.Add(Event{Measurement: &Measurement{
		Case: c, Place: Place{Fork: g.count[c], Round: 1, Order: line},
		Ops: r.Iters, Elapsed: time.Duration(elapsed), Metrics: values.others,
	}})
	return nil
}

// finish puts baselines first and says what the numbers are worth.
func (g *goBench) finish() (*Run, error) {
	run := g.run
	for i := range run.Scenarios {
		vs := run.Scenarios[i].Variants
		for _, base := range []string{"sequential", "baseline"} {
			if j := slices.IndexFunc(vs, func(v Variant) bool { return strings.EqualFold(v.Name, base) }); j >= 0 {
				v := vs[j]
				copy(vs[1:j+1], vs[:j])
				vs[0] = v
				break
			}
		}
		vs[0].Headline = true
	}
	if len(g.pkgs) == 1 && g.pkgs[0] != "" {
		run.Settings = append(run.Settings, Setting{Key: "pkg", Value: OneLine(g.pkgs[0])})
	}
	if n := g.noTime; n.n > 0 {
		g.warn("go test output: benchmarks without %s were left out: %d, the first on line %d", timeUnit, n.n, n.first)
	}
	if n := g.noResult; n.n > 0 {
		g.warn("go test output: lines that begin with Benchmark and are no results were left out: %d, the first is line %d", n.n, n.first)
	}
	if len(run.Measurements) == 0 {
		return nil, fmt.Errorf("%s: no benchmark in it has a time (%s): run go test -bench again", g.name, timeUnit)
	}
	most := 0
	for _, n := range g.count {
		most = max(most, n)
	}
	if most > 1 {
		g.warn("%s", goBenchRepeated)
	} else {
		g.warn("%s", goBenchOnce)
	}
	return run, nil
}
