package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/perf/benchfmt"
)

// A Writer writes a run file, each event as it comes. After a failed write
// nothing more is written: it would follow half a line.
type Writer struct {
	w      io.Writer
	hash   hash.Hash
	count  int
	failed error
}

// NewWriter returns a writer of a run file.
func NewWriter(w io.Writer) *Writer {
	return &Writer{w: w, hash: sha256.New()}
}

// Write writes one event, with one call to Write of the underlying writer.
func (w *Writer) Write(e Event) error {
	var b bytes.Buffer
	var err error
	switch {
	case e.Settings != nil:
		err = settings(&b, e.Settings)
	case e.Measurement != nil:
		err = measurement(&b, e.Measurement)
	case e.Spans != nil:
		err = spans(&b, *e.Spans)
	default:
		err = event(&b, e)
	}
	if err != nil {
		return err
	}
	if err := w.flush(b.Bytes()); err != nil {
		return err
	}
	if e.Settings == nil && e.Measurement != nil {
		w.count++
	}
	return nil
}

// End closes a complete file. Without it the file counts as partial.
func (w *Writer) End() error {
	sum := hex.EncodeToString(w.hash.Sum(nil))
	return w.Write(Event{End: &End{Count: w.count, SHA256: sum}})
}

func (w *Writer) flush(data []byte) error {
	if w.failed != nil || len(data) == 0 {
		return w.failed
	}
	if _, w.failed = w.w.Write(data); w.failed == nil {
		w.hash.Write(data)
	}
	return w.failed
}

func event(b *bytes.Buffer, e Event) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return line(b, fmt.Sprintf("%s%s", prefix, data))
}

// line adds a line that is not too long.
func line(b *bytes.Buffer, text string) error {
	if n := len(text) + 1; n > maxEvent {
		return fmt.Errorf("a line of the run file is %d bytes long, the limit is %d: shorten the text that begins %.60s", n, maxEvent, text)
	}
	b.WriteString(text)
	b.WriteByte('\n')
	return nil
}

// settings writes configuration lines ourselves: benchfmt's writer would hold
// them back until the first result.
func settings(b *bytes.Buffer, settings []Setting) error {
	for _, s := range settings {
		if err := checkKey(s.Key); err != nil {
			return err
		}
		value := OneLine(s.Value)
		if value == "" {
			continue // an empty value would mean "delete the key"
		}
		if err := line(b, s.Key+": "+value); err != nil {
			return err
		}
	}
	return nil
}

// checkKey returns an error for a key that no benchmark reader takes for one.
func checkKey(key string) error {
	for i, r := range key {
		if i == 0 && !unicode.IsLower(r) || r == ':' || unicode.IsSpace(r) || unicode.IsUpper(r) {
			return fmt.Errorf("the setting %q must begin with a lower case letter and have no space, no colon and no upper case letter: rename it", key)
		}
	}
	if key == "" {
		return fmt.Errorf("a setting has no name: give it one")
	}
	return nil
}

// OneLine returns text that can stand on one line of a run file: with single
// spaces in the place of all other white space, and nothing that is no text.
func OneLine(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "?"), "\x00", "?")
	return strings.Join(strings.Fields(text), " ")
}

// spans splits a timeline over as many lines as it needs.
func spans(b *bytes.Buffer, s Spans) error {
	if len(s.Spans) == 0 {
		return nil
	}
	err := event(b, Event{Spans: &s})
	if err == nil || len(s.Spans) < 2 {
		return err
	}
	half := len(s.Spans) / 2
	if err := spans(b, Spans{Case: s.Case, Spans: s.Spans[:half]}); err != nil {
		return err
	}
	return spans(b, Spans{Case: s.Case, Spans: s.Spans[half:]})
}

// measurement writes what a reader would not take back as an error: a run of
// an hour must not end in a file that nothing reads.
func measurement(b *bytes.Buffer, m *Measurement) error {
	if m.Ops < 1 || m.Elapsed < 1 || m.Elapsed > MaxElapsed {
		return fmt.Errorf("%s: %v for %d operations is not a measurement: the time must be positive and at most %v", m.Case.Name(), m.Elapsed, m.Ops, MaxElapsed)
	}
	at, first := m.Place, benchfmt.Value{Value: m.PerOp(), Unit: timeUnit}
	if m.Racy {
		at.Took, first = m.Elapsed, benchfmt.Value{Unit: anomalyUnit}
		if m.Anomaly != "" {
			first.Value = 1
		}
	}
	if err := event(b, Event{Trial: &at}); err != nil {
		return err
	}
	r := benchfmt.Result{Name: benchfmt.Name(m.Case.Short()), Iters: m.Ops, Values: []benchfmt.Value{first}}
	for _, unit := range slices.Sorted(maps.Keys(m.Metrics)) {
		if err := CheckMetric(unit, m.Metrics[unit]); err != nil {
			return fmt.Errorf("%s: %w", m.Case.Name(), err)
		}
		r.Values = append(r.Values, benchfmt.Value{Value: m.Metrics[unit], Unit: unit})
	}
	var text bytes.Buffer
	if err := benchfmt.NewWriter(&text).Write(&r); err != nil {
		return err
	}
	return line(b, strings.TrimSuffix(text.String(), "\n"))
}

// CheckMetric returns an error for a metric that cannot stand in a benchmark
// line beside the time.
func CheckMetric(unit string, value float64) error {
	notText := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == unicode.ReplacementChar }
	switch {
	case unit == "" || strings.ContainsFunc(unit, notText):
		return fmt.Errorf("the metric %q has no unit of one word: rename it", unit)
	case unit == timeUnit || unit == anomalyUnit:
		return fmt.Errorf("the metric %q is what the harness itself records: rename it", unit)
	case math.IsNaN(value) || math.IsInf(value, 0):
		return fmt.Errorf("the metric %q is %v: leave it out when there is no number", unit, value)
	}
	return nil
}
