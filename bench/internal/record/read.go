package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/perf/benchfmt"

	"github.com/interleave-go/interleave/bench"
)

// ReadFile reads a run file by name.
func ReadFile(name string) (*Run, error) {
	f, err := os.Open(name)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("%s: there is no such run file: measure one with interleave run", name)
		}
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s: this is a directory: name the run file in it", name)
	}
	return Read(name, f)
}

// Read reads a run file. The name stands in error messages only. A file
// without its end gives what is there, marked as partial; a file that
// contradicts itself, or has times that cannot be, is an error with its line.
// What go test -bench printed is read, too.
func Read(name string, r io.Reader) (*Run, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if !bytes.HasPrefix(data, prefix) && isGoBench(data) {
		return readGoBench(name, data)
	}
	p := parser{name: name, places: make(map[int]Place), run: &Run{}}
	if err := p.lines(data); err != nil {
		return nil, err
	}
	if err := p.results(); err != nil {
		return nil, err
	}
	if err := p.complete(); err != nil {
		return nil, err
	}
	return p.run, nil
}

// A parser reads a file twice: first our own lines and the settings, then,
// through benchfmt, the benchmark lines. What belongs together is joined by
// line numbers.
type parser struct {
	name   string
	run    *Run
	whole  []byte        // the file up to the last whole line
	places map[int]Place // line of a trial event → its place
	count  int           // benchmark lines, those of void forks too
	end    *End
	ended  int // line of the end
}

// What is to be done about a file that no program of ours can have written.
const damaged = "the file is damaged, measure again with interleave run"

func (p *parser) fail(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", p.name, line, fmt.Sprintf(format, args...))
}

func (p *parser) noRunFile() error {
	return p.fail(1, "this is neither a run file, which would begin with #il, nor what go test -bench printed: measure one with interleave run")
}

// lines goes through all lines and takes up ours.
func (p *parser) lines(data []byte) error {
	if len(data) == 0 {
		return fmt.Errorf("%s: the run file is empty: measure again with interleave run", p.name)
	}
	for number := 1; len(p.whole) < len(data); number++ {
		before := p.whole
		text, _, terminated := bytes.Cut(data[len(before):], []byte("\n"))
		if len(text) > MaxLine {
			return p.fail(number, "the line is %d bytes long, the limit is %d: this is no run file, or a damaged one: measure again with interleave run", len(text), MaxLine)
		}
		if !utf8.Valid(wholeRunes(text)) || terminated && !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
			return p.fail(number, "this is binary data: name a run file, or measure one with interleave run")
		}
		if number == 1 && !bytes.HasPrefix(text, prefix) && (terminated || !bytes.HasPrefix(prefix, text)) {
			return p.noRunFile()
		}
		if p.end != nil && len(bytes.TrimSpace(text)) > 0 {
			return p.fail(number, "there is more behind the end of the run on line %d: two files were joined, separate them", p.ended)
		}
		if !terminated {
			break // the writer was killed in the middle of this line
		}
		if err := p.line(number, text, before); err != nil {
			return err
		}
		p.whole = data[:len(before)+len(text)+1]
	}
	return nil
}

// prefix begins the lines that are ours.
var prefix = []byte("#il ")

// wholeRunes returns text without a last character that is cut off.
func wholeRunes(text []byte) []byte {
	for i := len(text) - 1; i >= 0 && i > len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRune(text[i:]) {
				return text[:i]
			}
			break
		}
	}
	return text
}

// line takes up one line if it is an event or a setting. before is everything
// above it.
func (p *parser) line(number int, text, before []byte) error {
	body, ours := bytes.CutPrefix(text, prefix)
	if !ours {
		if key, value, ok := splitSetting(string(text)); ok {
			return p.setting(number, key, value)
		}
		return nil
	}
	var e Event
	if err := json.Unmarshal(body, &e); err != nil {
		return p.fail(number, "this #il line is not valid JSON (%v): %s", err, damaged)
	}
	return p.event(number, e, before)
}

func (p *parser) event(number int, e Event, before []byte) error {
	switch {
	case e.Run != nil && number != 1:
		return p.fail(number, "a second run begins here: give each run a file of its own")
	case e.Run != nil && e.Run.Format != Format:
		return p.fail(number, "the file has format %d, this program reads format %d: use the program that wrote it, or measure again", e.Run.Format, Format)
	case number == 1 && e.Run == nil:
		return p.fail(number, "the first line should say which run this is: %s", damaged)
	case e.Scenario != nil && p.run.Scenario(e.Scenario.Name) != nil:
		return p.fail(number, "scenario %q is described a second time: two runs were joined, separate them", e.Scenario.Name)
	case e.Variant != nil && p.run.Scenario(e.Variant.Scenario) == nil:
		return p.fail(number, "variant %q belongs to a scenario %q that is not described above it: %s", e.Variant.Name, e.Variant.Scenario, damaged)
	case e.Variant != nil && p.run.Scenario(e.Variant.Scenario).Variant(e.Variant.Name) != nil:
		return p.fail(number, "variant %q of scenario %q is described a second time: two runs were joined, separate them", e.Variant.Name, e.Variant.Scenario)
	case e.Trial != nil:
		if e.Trial.Fork < 1 || e.Trial.Round < 1 || e.Trial.Order < 1 {
			return p.fail(number, "fork, round and order of a trial count from 1: %s", damaged)
		}
		p.places[number] = *e.Trial
	case e.Fork != nil && (e.Fork.Fork < 1 || e.Fork.Stolen < 0 || e.Fork.Stolen > e.Fork.Processor || e.Fork.Load < 0):
		return p.fail(number, "forks count from 1, no time or load is negative, and no more time is stolen than there was: %s", damaged)
	case e.End != nil:
		if sum := sha256.Sum256(before); hex.EncodeToString(sum[:]) != e.End.SHA256 {
			return p.fail(number, "the hash of the file does not fit its content: it was changed or damaged since it was written, measure again with interleave run")
		}
		p.end, p.ended = e.End, number
	default:
		p.run.Add(e)
	}
	return nil
}

// splitSetting splits a configuration line where benchfmt does: a key begins
// with a lower case letter and has no spaces and no upper case letters.
func splitSetting(line string) (key, value string, ok bool) {
	key, value, ok = strings.Cut(line, ":")
	trimmed := strings.TrimLeft(value, " \t")
	ok = ok && checkKey(key) == nil && (value == "" || value != trimmed)
	return key, strings.TrimSuffix(trimmed, "\r"), ok
}

// setting takes up a setting, and insists that it stays: a case under two
// settings is two cases.
func (p *parser) setting(line int, key, value string) error {
	const remedy = "the same case under different settings cannot be compared, give each run a file of its own"
	switch was := p.run.Setting(key); {
	case was == value:
		return nil
	case was != "":
		return p.fail(line, "%q is %q from here on and was %q above: %s", key, value, was, remedy)
	case len(p.places) > 0:
		return p.fail(line, "%q is %q from here on, below the first trial: %s", key, value, remedy)
	}
	p.run.Settings = append(p.run.Settings, Setting{Key: key, Value: value})
	return nil
}

// results takes up the benchmark lines.
func (p *parser) results() error {
	type place struct {
		c           bench.Case
		fork, round int
	}
	reader := benchfmt.NewReader(bytes.NewReader(p.whole), p.name)
	seen := make(map[place]int)
	ops := make(map[bench.Case]int)
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			return p.fail(rec.Line, "%s: %s", rec.Msg, damaged)
		case *benchfmt.Result:
			_, line := rec.Pos()
			m, err := p.measurement(line, rec)
			if err != nil {
				return err
			}
			at := place{m.Case, m.Fork, m.Round}
			if first, twice := seen[at]; twice {
				return p.fail(line, "%s stands here and on line %d for the same fork and round: two runs were joined, separate them", m.Case.Name(), first)
			}
			seen[at] = line
			if n := ops[m.Case]; n != 0 && n != m.Ops {
				return p.fail(line, "%s has %d operations here and %d above: the same case under different settings cannot be compared, measure again", m.Case.Name(), m.Ops, n)
			}
			ops[m.Case] = m.Ops
			p.run.Add(Event{Measurement: &m})
			p.count++
		}
	}
	if err := reader.Err(); err != nil {
		return err // it names the line
	}
	return nil
}

func (p *parser) measurement(line int, r *benchfmt.Result) (Measurement, error) {
	fail := func(format string, args ...any) (Measurement, error) {
		return Measurement{}, p.fail(line, "%s: %s", fmt.Sprintf(format, args...), damaged)
	}
	name := "Benchmark" + string(r.Name)
	c, err := bench.ParseCase(name)
	if err != nil {
		return fail("%v", err)
	}
	v := p.run.variant(c)
	if v == nil {
		return fail("%s is not among the scenarios that the file describes", name)
	}
	at, ok := p.places[line-1]
	if !ok {
		return fail("the #il line that says fork and round is missing above %s", name)
	}
	values, err := valuesOf(r)
	if err != nil {
		return fail("%v", err)
	}
	elapsed := math.Round(values[timeUnit] * float64(r.Iters))
	if v.Racy {
		elapsed, at.Took = float64(at.Took), 0
		delete(values, anomalyUnit)
	}
	if !(elapsed >= 1 && elapsed <= float64(MaxElapsed)) { // so that NaN is bad, too
		return fail("the time of %s is missing, not a number, zero, negative or beyond %v", name, MaxElapsed)
	}
	delete(values, timeUnit)
	for _, unit := range slices.Sorted(maps.Keys(values)) {
		if err := CheckMetric(unit, values[unit]); err != nil {
			return fail("%s: %v", name, err)
		}
	}
	return Measurement{Case: c, Place: at, Racy: v.Racy, Ops: r.Iters, Elapsed: time.Duration(elapsed), Metrics: values}, nil
}

// valuesOf returns the values of a benchmark line by unit, as they stand there.
func valuesOf(r *benchfmt.Result) (map[string]float64, error) {
	name := "Benchmark" + string(r.Name)
	if r.Iters < 1 {
		return nil, fmt.Errorf("%s has %d operations: a trial has at least one", name, r.Iters)
	}
	values := make(map[string]float64)
	for _, v := range r.Values {
		value, unit := v.Value, v.Unit
		if v.OrigUnit != "" {
			value, unit = v.OrigValue, v.OrigUnit
		}
		if _, twice := values[unit]; twice {
			return nil, fmt.Errorf("%s has two values of %q", name, unit)
		}
		values[unit] = value
	}
	return values, nil
}

// complete says whether the file is whole, and whether it is worth anything.
func (p *parser) complete() error {
	if p.end == nil {
		p.run.Partial = true
	} else if p.end.Count != p.count {
		return p.fail(p.ended, "the file says that it has %d measurements and has %d: %s", p.end.Count, p.count, damaged)
	}
	p.run.leaveOut()
	if p.count == 0 && len(p.run.Voids) == 0 {
		return fmt.Errorf("%s: the run ended before its first measurement: measure again with interleave run", p.name)
	}
	return nil
}
