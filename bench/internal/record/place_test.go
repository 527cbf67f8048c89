package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
)

// What parsePlace takes, encoding/json takes for the same.
func FuzzPlace(f *testing.F) {
	for _, seed := range []string{
		`{"trial":{"fork":1,"round":2,"order":3}}`, `{"trial":{"fork":01,"round":2,"order":3}}`, `{"trial":{"fork":0,"round":2,"order":3}}`,
		`{"trial":{"fork":-1,"round":2,"order":3}}`, `{"trial":{"fork":999999999,"round":1234567890,"order":3}}`,
		`{"trial":{"fork":1,"round":2,"order":3,"anomaly":"x"}}`, `{"trial":{"fork":1,"round":2,"order":3}} `, `{"trial":{"fork":,"round":2,"order":3}}`, `{"trial":{"fork":1`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		at, ok := parsePlace(body)
		if !ok {
			return
		}
		var e Event
		if err := json.Unmarshal(body, &e); err != nil || e.Trial == nil || *e.Trial != at {
			t.Fatalf("%s: %+v, but JSON gives %+v (%v)", body, at, e.Trial, err)
		}
	})
}

// The shortcut is taken for what the writer writes, or it would be none.
func TestParsePlaceTakesWhatIsWritten(t *testing.T) {
	want := Place{Fork: 12, Round: 3, Order: 40_000}
	var b bytes.Buffer
	if err := event(&b, Event{Trial: &want}); err != nil {
		t.Fatal(err)
	}
	if at, ok := parsePlace(bytes.TrimSpace(bytes.TrimPrefix(b.Bytes(), prefix))); !ok || at != want {
		t.Errorf("%s: %+v, %v", b.Bytes(), at, ok)
	}
}

// Small trial lines hold every place.
func TestTrialLine(t *testing.T) {
	for _, at := range []Place{{Fork: 1, Round: 2, Order: 3}, {Fork: 1, Round: math.MaxInt32 + 1, Order: 3}, {Fork: 1, Round: 1, Order: 1, Anomaly: "lost"}, {Fork: 1, Round: 1, Order: 1, Took: 7}} {
		if l := newTrialLine(9, at); l.line != 9 || l.place() != at {
			t.Errorf("%+v became %+v", at, l.place())
		}
	}
}

// A file may hold its trials in any order, but each only once.
func TestReadTrialsInAnyOrder(t *testing.T) {
	file := func(places ...[2]int) string {
		var b strings.Builder
		b.WriteString(head)
		for _, p := range places {
			fmt.Fprintf(&b, "#il {\"trial\":{\"fork\":%d,\"round\":%d,\"order\":1}}\nBenchmarkCounter/variant=mutex/workers=1-2 1 5 ns/op\n", p[0], p[1])
		}
		return b.String()
	}
	run, err := Read("run.txt", strings.NewReader(file([2]int{2, 1}, [2]int{1, 1}, [2]int{1, 2}, [2]int{2, 2})))
	if err != nil || len(run.Measurements) != 4 || run.Measurements[1].Fork != 1 {
		t.Errorf("%v, %+v", err, run)
	}
	for _, places := range [][][2]int{
		{{1, 1}, {1, 1}},
		{{2, 1}, {1, 1}, {2, 1}},
		{{1, 1}, {2, 1}, {1, 2}, {3, 1}, {1, 2}},
	} {
		_, err := Read("run.txt", strings.NewReader(file(places...)))
		if err == nil || !strings.Contains(err.Error(), "for the same fork and round") {
			t.Errorf("%v: %v", places, err)
		}
	}
	_, err = Read("run.txt", strings.NewReader(file([2]int{2, 1}, [2]int{1, 1}, [2]int{2, 1})))
	if want := "run.txt:11: BenchmarkCounter/variant=mutex/workers=1-2 stands here and on line 7 for"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}
