package record

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"golang.org/x/perf/benchfmt"

	"github.com/interleave-go/interleave/bench"
)

// A benchLine is a benchmark line as benchfmt reads it, before it is joined
// with the trial event above it. There are many, so it is small.
type benchLine struct {
	line   int
	of     *knownCase
	ops    int
	time   float64 // of one operation; 0 if there is none
	others map[string]float64
}

// benchLines are the benchmark lines of a file, up to the first that is none.
type benchLines struct {
	good   []benchLine
	line   int // of the one that is none
	syntax string
	of     *knownCase // not nil if it was only its values
}

// readBenchLines reads the benchmark lines of whole lines of text.
func readBenchLines(name string, text []byte) (lines benchLines) {
	reader := benchfmt.NewReader(bytes.NewReader(text), name)
	lines.good = make([]benchLine, 0, bytes.Count(text, []byte("\nBenchmark")))
	cases := make(map[string]*knownCase)
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			lines.line, lines.syntax = rec.Line, rec.Msg
			return lines
		case *benchfmt.Result:
			of := cases[string(rec.Name)]
			if of == nil {
				of = &knownCase{name: "Benchmark" + string(rec.Name)}
				cases[of.name[len("Benchmark"):]] = of
			}
			_, line := rec.Pos()
			values, err := valuesOf(rec)
			if err != nil {
				lines.line, lines.syntax, lines.of = line, err.Error(), of
				return lines
			}
			lines.good = append(lines.good, benchLine{line: line, of: of, ops: rec.Iters, time: values.time, others: values.others})
		}
	}
	if err := reader.Err(); err != nil { // a line that is too long: the other reading says it better
		lines.line, lines.syntax = 1, err.Error()
	}
	return lines
}

// A lineValues is what stands in a benchmark line behind the operations.
type lineValues struct {
	time   float64 // in the unit of time; 0 if there is none
	timed  bool    // there is one
	others map[string]float64
}

// valuesOf returns the values of a benchmark line by unit, as they stand there.
func valuesOf(r *benchfmt.Result) (lineValues, error) {
	var values lineValues
	name := func() string { return "Benchmark" + string(r.Name) }
	if r.Iters < 1 {
		return values, fmt.Errorf("%s has %d operations: a trial has at least one", name(), r.Iters)
	}
	for _, v := range r.Values {
		value, unit := v.Value, v.Unit
		if v.OrigUnit != "" {
			value, unit = v.OrigValue, v.OrigUnit
		}
		_, twice := values.others[unit]
		if unit == timeUnit {
			twice = values.timed
			values.time, values.timed = value, true
		} else if !twice {
			if values.others == nil {
				values.others = make(map[string]float64, len(r.Values))
			}
			values.others[unit] = value
		}
		if twice {
			return values, fmt.Errorf("%s has two values of %q", name(), unit)
		}
	}
	return values, nil
}

// results takes up the benchmark lines.
func (p *parser) results(lines benchLines) error {
	p.run.Measurements = make([]Measurement, 0, len(lines.good))
	for i := range lines.good {
		l := &lines.good[i]
		at, err := p.resolve(l.of, l.line)
		if err != nil {
			return err
		}
		m, err := p.measurement(l, at)
		if err != nil {
			return err
		}
		if j, twice := p.again(l.of, &m); twice {
			return p.fail(l.line, "%s stands here and on line %d for the same fork and round: two runs were joined, separate them", l.of.name, lines.good[j].line)
		}
		if n := l.of.ops; n != 0 && n != m.Ops {
			return p.fail(l.line, "%s has %d operations here and %d above: the same case under different settings cannot be compared, measure again", l.of.name, m.Ops, n)
		}
		l.of.ops = m.Ops
		p.run.Measurements = append(p.run.Measurements, m)
	}
	if lines.of != nil { // what is wrong with its name is said first
		if _, err := p.resolve(lines.of, lines.line); err != nil {
			return err
		}
	}
	if lines.line > 0 {
		return p.fail(lines.line, "%s: %s", lines.syntax, damaged)
	}
	return nil
}

// resolve finds what the file describes of a case, and the trial event above a
// benchmark line of it.
func (p *parser) resolve(k *knownCase, line int) (Place, error) {
	fail := func(format string, args ...any) (Place, error) {
		return Place{}, p.fail(line, "%s: %s", fmt.Sprintf(format, args...), damaged)
	}
	if k.Case == (bench.Case{}) {
		c, err := bench.ParseCase(k.name)
		if err != nil {
			return fail("%v", err)
		}
		v := p.known.variant(c.Scenario, c.Variant)
		if v == nil {
			return fail("%s is not among the scenarios that the file describes", k.name)
		}
		k.Case, k.racy = c, v.Racy
	}
	for len(p.trials) > 0 && p.trials[0].line < line-1 {
		p.trials = p.trials[1:]
	}
	if len(p.trials) == 0 || p.trials[0].line != line-1 {
		return fail("the #il line that says fork and round is missing above %s", k.name)
	}
	return p.trials[0].place(), nil
}

// again reports whether a case had its trial of this fork and round before, and
// the index of that one. In a file as it is written each trial of a case is of
// a later round than the one before; all trials are looked up in a map only
// when one is not.
func (p *parser) again(k *knownCase, m *Measurement) (before int, twice bool) {
	key := func(m *Measurement) trialKey { return trialKey{m.Case, m.Fork, m.Round} }
	later := m.Fork > k.fork || m.Fork == k.fork && m.Round > k.round
	k.fork, k.round = m.Fork, m.Round
	if p.seen == nil {
		if later {
			return 0, false
		}
		p.seen = make(map[trialKey]int)
		for i := range p.run.Measurements {
			p.seen[key(&p.run.Measurements[i])] = i
		}
	}
	if before, twice = p.seen[key(m)]; !twice {
		p.seen[key(m)] = len(p.run.Measurements)
	}
	return before, twice
}

type trialKey struct {
	c           bench.Case
	fork, round int
}

// measurement joins a benchmark line with the trial event above it.
func (p *parser) measurement(l *benchLine, at Place) (Measurement, error) {
	elapsed := math.Round(l.time * float64(l.ops))
	if l.of.racy {
		elapsed, at.Took = float64(at.Took), 0
		delete(l.others, anomalyUnit)
	}
	if !(elapsed >= 1 && elapsed <= float64(MaxElapsed)) { // so that NaN is bad, too
		return Measurement{}, p.fail(l.line, "the time of %s is missing, not a number, zero, negative or beyond %v: %s", l.of.name, MaxElapsed, damaged)
	}
	if err := p.known.checkMetrics(l.others); err != nil {
		return Measurement{}, p.fail(l.line, "%s: %v: %s", l.of.name, err, damaged)
	}
	return Measurement{Case: l.of.Case, Place: at, Racy: l.of.racy, Ops: l.ops, Elapsed: time.Duration(elapsed), Metrics: l.others}, nil
}

// checkMetrics is [CheckMetric] for all metrics of a trial. Each unit is looked
// at once in a file, since there are few.
func (c *catalogue) checkMetrics(metrics map[string]float64) error {
	sound := true
	for unit, value := range metrics {
		sound = sound && c.units[unit] && !math.IsNaN(value) && !math.IsInf(value, 0)
	}
	if sound {
		return nil
	}
	for _, unit := range slices.Sorted(maps.Keys(metrics)) {
		if err := CheckMetric(unit, metrics[unit]); err != nil {
			return err
		}
		c.units[unit] = true
	}
	return nil
}
