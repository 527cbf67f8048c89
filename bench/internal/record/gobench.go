package record

import (
	"bytes"
	"fmt"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/perf/benchfmt"

	"github.com/interleave-go/interleave/bench"
)

// goBenchLine is what a line with a result begins like.
var goBenchLine = regexp.MustCompile(`(?m)^Benchmark\S+\s+\d+\s+\S`)

// A goBench makes a run of the output of go test -bench, from anywhere. Each
// repetition of a benchmark stands in the place of a fork, for want of better.
type goBench struct {
	name  string
	run   *Run
	label map[string]string // package → what its scenarios are called, "" for one package
	seen  map[bench.Case]int
}

type goResult struct {
	line int
	pkg  string
	*benchfmt.Result
}

func readGoBench(name string, data []byte) (*Run, error) {
	g := goBench{name: name, run: &Run{GoTest: true}, seen: make(map[bench.Case]int)}
	if err := g.checkLines(data); err != nil {
		return nil, err
	}
	var results []goResult
	var packages []string
	for reader := benchfmt.NewReader(bytes.NewReader(data), name); reader.Scan(); {
		switch rec := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			return nil, g.fail(rec.Line, "%s: a benchmark line is damaged, run the benchmarks again", rec.Msg)
		case *benchfmt.Result:
			r := goResult{pkg: rec.GetConfig("pkg"), Result: rec.Clone()}
			_, r.line = rec.Pos()
			results = append(results, r)
			if !slices.Contains(packages, r.pkg) {
				packages = append(packages, r.pkg)
			}
		}
	}
	g.label = labels(packages)
	for i := range results {
		if err := g.add(&results[i], i+1); err != nil {
			return nil, err
		}
	}
	if len(g.run.Measurements) == 0 {
		return nil, fmt.Errorf("%s: no benchmark line has a time in ns/op: run the benchmarks again", name)
	}
	g.settle(results[0].Result, packages)
	return g.run, nil
}

func (g *goBench) fail(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", g.name, line, fmt.Sprintf(format, args...))
}

func (g *goBench) checkLines(data []byte) error {
	number := 0
	for text := range bytes.Lines(data) {
		number++
		switch {
		case len(text) > MaxLine:
			return g.fail(number, "the line is %d bytes long, the limit is %d: remove what is no benchmark output", len(text), MaxLine)
		case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
			return g.fail(number, "this is binary data: name a run file, or output of go test -bench")
		}
	}
	return nil
}

// labels returns short names for packages, where there is more than one.
func labels(packages []string) map[string]string {
	names := make(map[string]string)
	if len(packages) < 2 {
		return names
	}
	taken := make(map[string]bool)
	for _, p := range packages {
		label := identifier(path.Base(p))
		if taken[label] {
			label = identifier(p)
		}
		taken[label], names[p] = true, label
	}
	return names
}

// identifier makes a scenario's name of any text.
func identifier(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, text)
	if text != "" && text[0] >= 'A' && text[0] <= 'Z' {
		text = strings.ToLower(text[:1]) + text[1:]
	}
	if text == "" || text[0] < 'a' || text[0] > 'z' {
		text = "b" + text
	}
	return text
}

// add takes up one result, the order-th of the file.
func (g *goBench) add(r *goResult, order int) error {
	perOp, ok := 0.0, false
	metrics := make(map[string]float64)
	for _, v := range r.Values {
		value, unit := v.Value, v.Unit
		if v.OrigUnit != "" {
			value, unit = v.OrigValue, v.OrigUnit
		}
		if unit == timeUnit {
			perOp, ok = value, true
		} else if CheckMetric(unit, value) == nil {
			metrics[unit] = value
		}
	}
	if !ok {
		g.run.Warnings = append(g.run.Warnings, fmt.Sprintf("Benchmark%s on line %d has no time and was left out", r.Name, r.line))
		return nil
	}
	elapsed := math.Round(perOp * float64(r.Iters))
	if !(elapsed >= 1 && elapsed <= float64(MaxElapsed)) || r.Iters < 1 {
		return g.fail(r.line, "%v ns/op is not a time that Benchmark%s can take: remove the line, or run the benchmark again", perOp, r.Name)
	}
	c := g.caseOf(r)
	g.seen[c]++
	g.describe(c)
	g.run.Add(Event{Measurement: &Measurement{
		Case: c, Place: Place{Fork: g.seen[c], Round: 1, Order: order},
		Ops: r.Iters, Elapsed: time.Duration(elapsed), Metrics: metrics,
	}})
	return nil
}

// caseOf finds a case in a name. Names of ours are what they say. Others are a
// row each: in a table for their function if they are sub-benchmarks, otherwise
// in one table for the package.
func (g *goBench) caseOf(r *goResult) bench.Case {
	label := g.label[r.pkg]
	join := func(name string) string { return strings.TrimPrefix(label+"_"+name, "_") }
	if c, err := bench.ParseCase("Benchmark" + string(r.Name)); err == nil {
		c.Scenario = join(c.Scenario)
		return c
	}
	base, parts := r.Name.Parts()
	c := bench.Case{Workers: 1, Procs: 1}
	var row []string
	for _, part := range parts {
		text := string(part[1:])
		key, value, _ := strings.Cut(text, "=")
		n, err := strconv.Atoi(value)
		switch {
		case part[0] == '-':
			if procs, err := strconv.Atoi(text); err == nil && procs > 0 {
				c.Procs = procs
			}
		case key == "workers" && err == nil && n > 0:
			c.Workers = n
		case key == "variant":
			row = append(row, value)
		default:
			row = append(row, strings.ReplaceAll(text, "=", ":"))
		}
	}
	c.Scenario, c.Variant = join(identifier(string(base))), strings.Join(row, ":")
	if c.Variant == "" {
		c.Scenario, c.Variant = join("benchmarks"), string(base)
	}
	if bench.CheckName(c.Variant) != nil {
		c.Variant = identifier(c.Variant)
	}
	return c
}

// describe makes the scenario and the variant of a case known.
func (g *goBench) describe(c bench.Case) {
	s := g.run.Scenario(c.Scenario)
	if s == nil {
		g.run.Scenarios = append(g.run.Scenarios, Scenario{Name: c.Scenario, Doc: "from go test -bench output", Unit: "op", Worker: "worker"})
		s = g.run.Scenario(c.Scenario)
	}
	v := s.Variant(c.Variant)
	if v == nil {
		s.Variants = append(s.Variants, Variant{Scenario: c.Scenario, Name: c.Variant, Headline: true})
		v = s.Variant(c.Variant)
	}
	if !slices.Contains(v.Workers, c.Workers) {
		v.Workers = append(v.Workers, c.Workers)
		slices.Sort(v.Workers)
	}
}

// settle puts baselines first, and says what the reader should know.
func (g *goBench) settle(first *benchfmt.Result, packages []string) {
	for i := range g.run.Scenarios {
		variants := g.run.Scenarios[i].Variants
		at := slices.IndexFunc(variants, func(v Variant) bool { return v.Name == "sequential" || v.Name == "baseline" })
		if at > 0 {
			base := variants[at]
			copy(variants[1:at+1], variants[:at])
			variants[0] = base
		}
	}
	for _, c := range first.Config {
		if c.Key != "pkg" || len(packages) == 1 {
			g.run.Settings = append(g.run.Settings, Setting{Key: c.Key, Value: string(c.Value)})
		}
	}
	g.run.Warnings = append(g.run.Warnings, "this is output of go test: repetitions in one process stand in the place of fresh processes, so intervals are too narrow and drift is not excluded")
}
