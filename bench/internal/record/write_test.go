package record

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
)

// failing is a reader and writer on a full disk.
type failing struct{}

var errNoRoom = errors.New("no room")

func (failing) Read([]byte) (int, error)  { return 0, errNoRoom }
func (failing) Write([]byte) (int, error) { return 0, errNoRoom }

// What a reader would refuse, or other tools misunderstand, is not written.
func TestWriteRefuses(t *testing.T) {
	trial := func(ops int, elapsed time.Duration, metrics map[string]float64) Event {
		return Event{Measurement: &Measurement{Case: mutex, Place: Place{Fork: 1, Round: 1, Order: 1}, Ops: ops, Elapsed: elapsed, Metrics: metrics}}
	}
	for _, tt := range []struct {
		name string
		e    Event
		want string // in the error
	}{
		{"warning of 4 KiB", Event{Warning: &Warning{Text: strings.Repeat("x", maxEvent)}}, `a line of the run file is 4124 bytes long, the limit is 4096: shorten the text that begins #il {"warning":{"text":"xxx`},
		{"void of 4 KiB", Event{Void: &Void{Why: strings.Repeat("x", maxEvent)}}, "the limit is 4096"},
		{"setting of 4 KiB", Event{Settings: []Setting{{"command", strings.Repeat("x", maxEvent)}}}, "the limit is 4096"},
		{"span of 4 KiB", Event{Spans: &Spans{Spans: []bench.Span{{}, {Label: strings.Repeat("x", maxEvent)}}}}, "the limit is 4096"},
		{"anomaly of 4 KiB", Event{Measurement: &Measurement{Case: mutex, Place: Place{Anomaly: strings.Repeat("x", maxEvent)}, Ops: 1, Elapsed: 1}}, "the limit is 4096"},
		{"metric of 4 KiB", trial(1, 1, map[string]float64{strings.Repeat("x", maxEvent): 1}), "the limit is 4096"},
		{"upper case key", Event{Settings: []Setting{{"GOGC", "1"}}}, `the setting "GOGC" must begin with a lower case letter`},
		{"key of two words", Event{Settings: []Setting{{"a b", "1"}}}, `the setting "a b"`},
		{"key with colon", Event{Settings: []Setting{{"a:b", "1"}}}, `the setting "a:b"`},
		{"no key", Event{Settings: []Setting{{"", "1"}}}, "a setting has no name"},
		{"no operations", trial(0, 1, nil), mutex1 + ": 1ns for 0 operations is not a measurement"},
		{"no time", trial(1, 0, nil), "0s for 1 operations is not a measurement"},
		{"too much time", trial(1, MaxElapsed+1, nil), "is not a measurement"},
		{"metric NaN", trial(1, 1, map[string]float64{"x": math.NaN()}), mutex1 + `: the metric "x" is NaN: leave it out`},
		{"metric infinite", trial(1, 1, map[string]float64{"x": math.Inf(-1)}), `the metric "x" is -Inf`},
		{"metric without unit", trial(1, 1, map[string]float64{"": 1}), `the metric "" has no unit of one word`},
		{"metric of two words", trial(1, 1, map[string]float64{"a b": 1}), `the metric "a b" has no unit`},
		{"metric not UTF-8", trial(1, 1, map[string]float64{"\xff": 1}), `has no unit of one word`},
		{"metric is the time", trial(1, 1, map[string]float64{"ns/op": 1}), `the metric "ns/op" is what the harness itself records: rename it`},
		{"metric is the anomaly", trial(1, 1, map[string]float64{"anomalies": 1}), `the metric "anomalies" is what the harness itself records`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			err := NewWriter(&b).Write(tt.e)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %s", err, tt.want)
			}
			if b.Len() > 0 {
				t.Errorf("%d bytes were written all the same", b.Len())
			}
		})
	}
}

// The longest event that fits can be read.
func TestWriteLongest(t *testing.T) {
	var why string
	for n := maxEvent; ; n-- {
		why = strings.Repeat("x", n)
		if NewWriter(new(bytes.Buffer)).Write(Event{Void: &Void{Why: why}}) == nil {
			break
		}
	}
	b, _ := written(t, Event{Run: &Header{Format: Format}}, Event{Void: &Void{Why: why}})
	if length := len(strings.SplitAfter(b.String(), "\n")[1]); length != maxEvent {
		t.Errorf("the longest line is %d bytes long, want %d", length, maxEvent)
	}
	if run, err := Read("run.txt", b); err != nil || run.Voids[0].Why != why {
		t.Errorf("it cannot be read: %v", err)
	}
}

// Values of settings lose what a line has no place for; empty ones are left
// out, since they would mean that the key is deleted.
func TestWriteSettings(t *testing.T) {
	b, _ := written(t, Event{Settings: []Setting{{"command", "a\n  b\xff\x00 "}, {"empty", " \n"}, {"gogc", "off"}}}, Event{Settings: []Setting{}})
	if got, want := b.String(), "command: a b??\ngogc: off\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A timeline takes as many lines as it needs, and comes back whole.
func TestWriteSpans(t *testing.T) {
	for _, label := range []string{"", "<&>", strings.Repeat("µ", 500)} {
		want := Spans{Case: mutex.Name()}
		for i := range 500 {
			want.Spans = append(want.Spans, bench.Span{Worker: i, Kind: bench.Work, Label: label, Start: time.Duration(i), End: time.Duration(2 * i)})
		}
		b, _ := written(t,
			Event{Run: &Header{Format: Format}},
			Event{Void: &Void{}},
			Event{Spans: &want},
			Event{Spans: &Spans{Case: plain.Name()}})
		lines := strings.Count(b.String(), "\n") - 2
		if least := b.Len() / maxEvent; lines < least || lines > 4*least {
			t.Errorf("%d lines for %d bytes", lines, b.Len())
		}
		run, err := Read("run.txt", b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]Spans{want}, run.Timelines); diff != "" {
			t.Errorf("labels %.9q: read differs (-want +got):\n%s", label, diff)
		}
	}
}

// Times come back to the nanosecond, whatever number they are divided by.
func TestElapsedExact(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	events := []Event{{Run: &Header{Format: Format}}}
	events = append(events, Describe(&sampleScenarios[1], "")...)
	var want []time.Duration
	for i := range 20_000 {
		// Of all magnitudes.
		elapsed := 1 + time.Duration(random.Uint64N(1<<random.Uint64N(51)))
		ops := 1 + int(random.Uint64N(1<<random.Uint64N(31)))
		c := mutex
		c.Workers = i + 1 // the operations of a case do not change
		want = append(want, elapsed)
		events = append(events, Event{Measurement: &Measurement{Case: c, Place: Place{Fork: 1, Round: 1, Order: 1}, Ops: ops, Elapsed: elapsed}})
	}
	b, _ := written(t, events...)
	run, err := Read("run.txt", b)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range run.Measurements {
		if m.Elapsed != want[i] {
			t.Errorf("%d ns for %d operations come back as %d ns", want[i], m.Ops, m.Elapsed)
		}
	}
}

// calls counts the calls of Write, and fails after some.
type calls struct {
	bytes.Buffer
	n, good int
}

func (c *calls) Write(p []byte) (int, error) {
	if c.n++; c.n > c.good {
		n, _ := c.Buffer.Write(p[:len(p)/2])
		return n, errNoRoom
	}
	return c.Buffer.Write(p)
}

// Each event is one call to Write, so that a killed run tears at most one, and
// nothing follows a torn line.
func TestWriteOnceAndStop(t *testing.T) {
	var out calls
	w := NewWriter(&out)
	events := sampleEvents()
	out.good = len(events) - 1
	for i, e := range events[:out.good] {
		if err := w.Write(e); err != nil || out.n != i+1 {
			t.Fatalf("event %d: %d calls, error %v", i, out.n, err)
		}
	}
	torn := out.n + 1
	for range 2 {
		if err := w.Write(events[out.good]); !errors.Is(err, errNoRoom) {
			t.Errorf("error %v, want no room", err)
		}
	}
	if err := w.End(); !errors.Is(err, errNoRoom) || out.n != torn {
		t.Errorf("%d calls, want %d; error %v", out.n, torn, err)
	}
	if run, err := Read("run.txt", &out.Buffer); err != nil || !run.Partial || len(run.Measurements) != 8 {
		t.Errorf("what there is cannot be read: %v", err)
	}
}

func TestOneLine(t *testing.T) {
	for text, want := range map[string]string{"": "", "a": "a", " a\r\n\tb\u2028c ": "a b c", "\xffµ\x00": "?µ?"} {
		if got := OneLine(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
