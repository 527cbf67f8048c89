package record

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// A Writer writes a run file, each event with one call to Write as it comes.
type Writer struct {
	w     io.Writer
	hash  hash.Hash
	bench *benchfmt.Writer
	count int
}

// NewWriter returns a writer of a run file.
func NewWriter(w io.Writer) *Writer {
	sum := sha256.New()
	both := io.MultiWriter(w, sum)
	return &Writer{w: both, hash: sum, bench: benchfmt.NewWriter(both)}
}

// Write writes one event.
func (w *Writer) Write(e Event) error {
	switch {
	case e.Settings != nil:
		return w.settings(e.Settings)
	case e.Measurement != nil:
		return w.measurement(e.Measurement)
	case e.Spans != nil:
		return w.spans(*e.Spans)
	}
	return w.event(e)
}

// End closes a complete file. Without it the file counts as partial.
func (w *Writer) End() error {
	sum := hex.EncodeToString(w.hash.Sum(nil))
	return w.event(Event{End: &End{Count: w.count, SHA256: sum}})
}

func (w *Writer) event(e Event) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if len(data) > maxEvent {
		return fmt.Errorf("a run file event is %d bytes long, the limit is %d: shorten the text that begins %.60s", len(data), maxEvent, data)
	}
	_, err = fmt.Fprintf(w.w, "#il %s\n", data)
	return err
}

// settings writes configuration lines ourselves: benchfmt's writer would hold
// them back until the first result.
func (w *Writer) settings(settings []Setting) error {
	var b strings.Builder
	for _, s := range settings {
		value := strings.Join(strings.Fields(s.Value), " ")
		if value == "" {
			continue // an empty value would mean "delete the key"
		}
		fmt.Fprintf(&b, "%s: %s\n", s.Key, value)
	}
	_, err := io.WriteString(w.w, b.String())
	return err
}

// spans splits a timeline over as many lines as it needs.
func (w *Writer) spans(s Spans) error {
	const perLine = 24 // of at most 150 bytes each
	for part := range slices.Chunk(s.Spans, perLine) {
		if err := w.event(Event{Spans: &Spans{Case: s.Case, Spans: part}}); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) measurement(m *Measurement) error {
	if err := w.event(Event{Trial: &m.Place}); err != nil {
		return err
	}
	r := benchfmt.Result{
		Name:   benchfmt.Name(m.Case.Short()),
		Iters:  m.Ops,
		Values: []benchfmt.Value{{Value: m.PerOp(), Unit: "ns/op"}},
	}
	for _, unit := range slices.Sorted(maps.Keys(m.Metrics)) {
		r.Values = append(r.Values, benchfmt.Value{Value: m.Metrics[unit], Unit: unit})
	}
	w.count++
	return w.bench.Write(&r)
}
