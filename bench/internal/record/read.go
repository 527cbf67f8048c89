package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
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
	return Read(name, f)
}

// Read reads a run file. The name stands in error messages only. A file
// without its end gives what is there, marked as partial; a file that
// contradicts itself, or has times that cannot be, is an error with its line.
func Read(name string, r io.Reader) (*Run, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := parser{name: name, places: make(map[int]Place), run: &Run{Partial: true}}
	if err := p.events(data); err != nil {
		return nil, err
	}
	if err := p.results(p.whole); err != nil {
		return nil, err
	}
	return p.run, p.complete()
}

// A parser reads a file twice: first our own lines, then, through benchfmt,
// the benchmark lines. What belongs together is joined by line numbers.
type parser struct {
	name   string
	run    *Run
	whole  []byte        // the file up to the last whole line
	places map[int]Place // line of a trial event → its place
	end    *End
	config int // line of the last configuration line
	last   int // line of the last line of ours
}

func (p *parser) fail(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", p.name, line, fmt.Sprintf(format, args...))
}

// events goes through all lines and takes up ours.
func (p *parser) events(data []byte) error {
	if len(data) == 0 {
		return fmt.Errorf("%s: the run file is empty: measure again with interleave run", p.name)
	}
	line, offset := 0, 0
	for offset < len(data) {
		line++
		length := bytes.IndexByte(data[offset:], '\n')
		text, next := data[offset:], len(data)
		if length >= 0 {
			text, next = data[offset:offset+length], offset+length+1
		}
		if len(text) > MaxLine {
			return p.fail(line, "the line is %d bytes long, the limit is %d: this is no run file, or a damaged one", len(text), MaxLine)
		}
		if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
			return p.fail(line, "this is binary data, not a run file")
		}
		if length < 0 {
			break // the writer was killed in the middle of this line
		}
		if err := p.line(line, text, data[:offset]); err != nil {
			return err
		}
		offset = next
		p.whole = data[:offset]
	}
	if p.run.Header.Format == 0 {
		return fmt.Errorf("%s: this is not a run file of interleave: its first line should begin with #il", p.name)
	}
	return nil
}

// line takes up one line if it is ours. before is everything above it.
func (p *parser) line(number int, text, before []byte) error {
	body, ours := bytes.CutPrefix(text, []byte("#il "))
	if number == 1 && !ours {
		return fmt.Errorf("%s: this is not a run file of interleave: its first line should begin with #il", p.name)
	}
	if !ours {
		return nil
	}
	var e Event
	if err := json.Unmarshal(body, &e); err != nil {
		return p.fail(number, "this #il line is not valid JSON (%v): the file is damaged", err)
	}
	if p.end != nil {
		return p.fail(number, "there is more behind the end of the run: two files were joined, separate them")
	}
	switch {
	case e.Run != nil && number != 1:
		return p.fail(number, "a second run begins here: give each run a file of its own")
	case e.Run != nil && e.Run.Format != Format:
		return p.fail(number, "the file has format %d, this program reads format %d: use the program that wrote it, or measure again", e.Run.Format, Format)
	case number == 1 && e.Run == nil:
		return p.fail(number, "the first line should say which run this is: the file is damaged")
	case e.Variant != nil && p.run.Scenario(e.Variant.Scenario) == nil:
		return p.fail(number, "variant %q belongs to a scenario %q that is not described above it", e.Variant.Name, e.Variant.Scenario)
	case e.Trial != nil:
		p.places[number] = *e.Trial
	case e.End != nil:
		if sum := sha256.Sum256(before); hex.EncodeToString(sum[:]) != e.End.SHA256 {
			return p.fail(number, "the hash of the file does not fit its content: it was changed or damaged since it was written")
		}
		p.end = e.End
	default:
		p.run.Add(e)
	}
	return nil
}

// results takes up the configuration and the benchmark lines.
func (p *parser) results(data []byte) error {
	reader := benchfmt.NewReader(bytes.NewReader(data), p.name)
	seen := make(map[place]int)
	ops := make(map[bench.Case]int)
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			return p.fail(rec.Line, "%s", rec.Msg)
		case *benchfmt.Result:
			_, line := rec.Pos()
			if err := p.settings(line, rec.Config); err != nil {
				return err
			}
			m, err := p.measurement(line, rec)
			if err != nil {
				return err
			}
			at := place{m.Case, m.Fork, m.Round}
			if first, twice := seen[at]; twice {
				return p.fail(line, "%s stands here and on line %d for the same fork and round: two runs were joined", m.Case.Name(), first)
			}
			seen[at] = line
			if n := ops[m.Case]; n != 0 && n != m.Ops {
				return p.fail(line, "%s has %d operations here and %d above: the same case under different settings cannot be compared", m.Case.Name(), m.Ops, n)
			}
			ops[m.Case] = m.Ops
			p.run.Add(Event{Measurement: &m})
		}
	}
	if err := reader.Err(); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return nil
}

type place struct {
	c           bench.Case
	fork, round int
}

// settings takes up the configuration at the first result, and then insists
// that it stays: a case under two settings is two cases.
func (p *parser) settings(line int, config []benchfmt.Config) error {
	if len(p.run.Measurements) == 0 {
		for _, c := range config {
			p.run.Settings = append(p.run.Settings, Setting{Key: c.Key, Value: string(c.Value)})
		}
		return nil
	}
	for _, c := range config {
		if was := p.run.Setting(c.Key); was != string(c.Value) {
			return p.fail(line, "%s is %q from here on and was %q above: the same case under different settings cannot be compared", c.Key, c.Value, was)
		}
	}
	return nil
}

func (p *parser) measurement(line int, r *benchfmt.Result) (Measurement, error) {
	name := "Benchmark" + string(r.Name)
	c, err := bench.ParseCase(name)
	if err != nil {
		return Measurement{}, p.fail(line, "%v", err)
	}
	if s := p.run.Scenario(c.Scenario); s == nil || s.Variant(c.Variant) == nil {
		return Measurement{}, p.fail(line, "%s is not among the scenarios that the file describes: it is damaged", name)
	}
	at, ok := p.places[line-1]
	if !ok {
		return Measurement{}, p.fail(line, "the #il line that says fork and round is missing above this line")
	}
	if r.Iters < 1 {
		return Measurement{}, p.fail(line, "%d operations: a trial has at least one", r.Iters)
	}
	m := Measurement{Case: c, Place: at, Ops: r.Iters, Metrics: make(map[string]float64)}
	for _, v := range r.Values {
		value, unit := v.Value, v.Unit
		if v.OrigUnit != "" {
			value, unit = v.OrigValue, v.OrigUnit
		}
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return Measurement{}, p.fail(line, "%v %s is not a measurement: remove the line, or measure again", value, unit)
		}
		if unit == "ns/op" {
			m.Elapsed = time.Duration(math.Round(value * float64(r.Iters)))
			continue
		}
		m.Metrics[unit] = value
	}
	if m.Elapsed <= 0 {
		return Measurement{}, p.fail(line, "the time of %s is missing, zero or negative: remove the line, or measure again", name)
	}
	return m, nil
}

// complete says whether the file is whole, and whether it is worth anything.
func (p *parser) complete() error {
	if p.end != nil {
		if p.end.Count != len(p.run.Measurements) {
			return fmt.Errorf("%s: the file says that it has %d measurements and has %d: it is damaged", p.name, p.end.Count, len(p.run.Measurements))
		}
		p.run.Partial = p.run.Interrupted != ""
	}
	if len(p.run.Measurements) == 0 && len(p.run.Voids) == 0 {
		return fmt.Errorf("%s: the run ended before its first measurement: measure again with interleave run", p.name)
	}
	return nil
}

// ShortName returns the case of a benchmark name as patterns see it.
func ShortName(benchmark string) string { return strings.TrimPrefix(benchmark, "Benchmark") }
