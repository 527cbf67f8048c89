package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// peers adds to a run what another language came to: sleep pays in both
// languages, counter in neither, and nothing is known of download.
type peers struct {
	*made
	forks int
}

func (p peers) add(e record.Peer) { p.run.Add(record.Event{Peer: &e}) }

func (p peers) way(w record.PeerWay, c bench.Case, perUnit float64, wrong int) {
	w.PerOp = max(w.PerOp, 1)
	w.Case = c.Name()
	p.add(record.Peer{Way: &w})
	const units = 1000
	for fork := 1; fork <= p.forks; fork++ {
		trial := record.PeerTrial{PeerKey: w.PeerKey, Fork: fork, Order: 1, Units: units, Total: units, Expected: units}
		trial.Elapsed = time.Duration(perUnit * units * (1 + p.noise*float64((fork*7+len(w.Way))%5-2)))
		if fork <= wrong {
			trial.Total = units / 4
		}
		p.add(record.Peer{Trial: &trial})
	}
}

// besideRun is a run of both languages. A nil interpreter leaves it to Go.
func besideRun(i *record.Interpreter, forks int) *made {
	m := newMade(0.01)
	sleepLike(m)
	counterLike(m)
	if i == nil {
		return m
	}
	p := peers{m, forks}
	p.add(record.Peer{Interpreter: i})
	sleep := func(variant string) bench.Case {
		return bench.Case{Scenario: "sleep", Params: "net=fast", Variant: variant, Workers: 2, Procs: 1}
	}
	counter := func(variant string, workers int) bench.Case {
		return bench.Case{Scenario: "counter", Variant: variant, Workers: workers, Procs: 2}
	}
	key := func(job, way string, workers int) record.PeerKey {
		return record.PeerKey{Job: job, Way: way, Workers: workers}
	}
	p.way(record.PeerWay{PeerKey: key("sleep", "loop", 2), Title: "sleep: 2 tasks in turn"}, sleep("sequential"), 101e6, 0)
	p.way(record.PeerWay{PeerKey: key("sleep", "threads", 2), Title: "sleep: 2 threads"}, sleep("goroutines"), 51e6, 0)
	p.way(record.PeerWay{PeerKey: key("counter", "loop", 1), Title: "counter: 1 thread", Unit: "increment"}, counter("sequential", 1), 25, 0)
	p.way(record.PeerWay{PeerKey: key("counter", "lock", 2), Title: "counter: 2 with a lock", Unit: "increment"}, counter("mutex", 2), 140, 0)
	p.way(record.PeerWay{PeerKey: key("counter", "none", 2), Title: "counter: 2 threads", Unit: "increment", Racy: true}, counter("unsynchronised", 2), 24, 0)
	p.way(record.PeerWay{PeerKey: key("counter", "none", 8), Title: "counter: 8 threads", Unit: "increment", Racy: true}, counter("unsynchronised", 8), 24, 2)
	p.way(record.PeerWay{PeerKey: key("download", "loop", 1), Title: "download: a loop", Notes: "it opens a connection for each image"},
		bench.Case{Scenario: "download", Params: "net=latency", Variant: "sequential", Workers: 1, Procs: 2}, 610e6, 0)
	// One whose overlap is lacking, one that was not measured at so many
	// workers, and one of which an operation of ours is many units.
	p.way(record.PeerWay{PeerKey: key("counter", "atomic", 4), Title: "counter: 4 atomic", Unit: "increment"}, counter("atomic", 4), 90, 0)
	p.way(record.PeerWay{PeerKey: key("counter", "loop", 4), Title: "counter: 4 in turn", Unit: "increment"}, counter("sequential", 4), 25, 0)
	many := sleep("goroutines")
	many.Workers = 8
	p.way(record.PeerWay{PeerKey: key("map", "loop", 1), Title: "map: a loop", Unit: "item", PerOp: 20_000}, many, 5, 0)
	return m
}

func besideText(t *testing.T, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Tail(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
			t.Errorf("a line is %d characters wide, a terminal has 80: %s", n, line)
		}
	}
	return b.String()
}

var (
	locked   = true
	unlocked = false
	python   = record.Interpreter{Language: "Python", Version: "3.11.7", Implementation: "CPython", Lock: &locked}
)

func TestBeside(t *testing.T) {
	m := besideRun(&python, 6)
	r := New(&m.run)
	text := besideText(t, r)
	golden(t, "beside.txt", []byte(text))
	var b bytes.Buffer
	if err := r.Markdown(&b, "."); err != nil {
		t.Fatal(err)
	}
	_, page, _ := strings.Cut(b.String(), "\n## Beside ")
	golden(t, "beside.md", []byte(page))
	data, err := json.MarshalIndent(r.JSON().Beside, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "beside.json", append(data, '\n'))
}

// Where there is no interpreter the columns say so, beside the times of Go.
func TestBesideAbsent(t *testing.T) {
	m := besideRun(&record.Interpreter{Language: "Python", Absent: "python3 not found"}, 0)
	golden(t, "beside-absent.txt", []byte(besideText(t, New(&m.run))))
	m = besideRun(&record.Interpreter{Language: "Python", Absent: "python3 is 3.6.15, the programs need 3.8"}, 0)
	text := besideText(t, New(&m.run))
	if !strings.Contains(text, "not run") || !strings.Contains(text, "Nothing was measured in Python: python3 is 3.6.15, the programs need 3.8.") {
		t.Errorf("a long reason is told as\n%s", text)
	}
}

func TestBesideWords(t *testing.T) {
	for _, tt := range []struct {
		name        string
		interpreter record.Interpreter
		forks       int
		change      func(*record.Run)
		want        string
	}{
		{"no lock", record.Interpreter{Language: "Python", Version: "3.13.0", Implementation: "CPython", Lock: &unlocked}, 6, nil, "CPython 3.13.0 runs without a global lock"},
		{"unknown lock", record.Interpreter{Language: "Python", Version: "3.1", Implementation: "Other"}, 6, nil, "Other 3.1 does not say whether it has a global lock"},
		{"one process", python, 1, nil, "Whether it pays to do several things at a time is unclear for sleep and counter."},
		{"one job unclear", python, 6, func(r *record.Run) {
			for i := range r.Peers.Trials {
				if o := &r.Peers.Trials[i]; o.Job == "counter" && o.Workers == 1 && o.Fork == 1 {
					o.Elapsed *= 1000
				}
			}
		}, "pays in Go and in Python for sleep; unclear is counter."},
		{"all lose", python, 6, func(r *record.Run) {
			for i := range r.Peers.Trials {
				r.Peers.Trials[i].Total--
			}
		}, "counter: 2 threads wrong in 20 of 20, 25% lost wrong in 6 of 6, 0.1% lost"},
		{"nothing in common", python, 6, func(r *record.Run) { r.Measurements = nil }, "There is nothing to compare"},
		{"void", python, 6, func(r *record.Run) {
			r.Add(record.Event{Peer: &record.Peer{Void: &record.PeerVoid{Job: "counter", Why: "it died"}}})
		}, "VOID counter in Python: it died"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := besideRun(&tt.interpreter, tt.forks)
			if tt.change != nil {
				tt.change(&m.run)
			}
			text := strings.Join(strings.Fields(besideText(t, New(&m.run))), " ")
			if !strings.Contains(text, tt.want) {
				t.Errorf("%s lacks %q", text, tt.want)
			}
			if tt.name == "all lose" && strings.Contains(text, "Not seen in") {
				t.Errorf("what was seen is said not to be: %s", text)
			}
			if tt.name == "void" && (strings.Contains(text, "140 ns") || strings.Contains(text, "not seen") || strings.Count(text, " void ") < 2) {
				t.Errorf("a void job has numbers: %s", text)
			}
		})
	}
}

// A run without anything of another language says nothing about it.
func TestBesideNothing(t *testing.T) {
	m := besideRun(nil, 0)
	r := New(&m.run)
	if text := besideText(t, r); r.Beside != nil || r.JSON().Beside != nil || strings.Contains(text, "beside") {
		t.Errorf("%+v, %s", r.Beside, text)
	}
}

func TestGain(t *testing.T) {
	for _, tt := range []struct {
		i    stats.Interval
		want int
	}{
		{stats.Interval{Value: 2, Lo: 1.9, Hi: 2.1, N: 6}, 1},
		{stats.Interval{Value: 1.02, Lo: 1.01, Hi: 1.03, N: 6}, 1},
		{stats.Interval{Value: 1.1, Lo: 0.9, Hi: 1.3, N: 6}, 0},
		{stats.Interval{Value: 1, Lo: 0.96, Hi: 1.04, N: 6}, -1},
		{stats.Interval{Value: 0.5, Lo: 0.4, Hi: 0.6, N: 6}, -1},
		{stats.Mean([]float64{2}, stats.Confidence), 0},
		{stats.Interval{}, 0},
	} {
		if got := gain(tt.i); got != tt.want {
			t.Errorf("%v: %d, want %d", tt.i, got, tt.want)
		}
	}
}

// Languages are set apart by their own speedups.
func TestPaysWhere(t *testing.T) {
	up, down, open := stats.Interval{Value: 2, Lo: 1.9, Hi: 2.1, N: 6}, stats.Interval{Value: 0.5, Lo: 0.4, Hi: 0.6, N: 6}, stats.Interval{Value: 1, Lo: 0.5, Hi: 2, N: 6}
	for _, tt := range []struct {
		ours, theirs stats.Interval
		want         int
	}{{up, up, 0}, {up, down, 1}, {down, up, 2}, {down, down, 3}, {open, up, 4}, {down, open, 4}} {
		w := besideWay{ours: &Cell{Speedup: tt.ours}, speedup: tt.theirs}
		if got := w.paysWhere(); got != tt.want {
			t.Errorf("%v and %v: %d, want %d", tt.ours, tt.theirs, got, tt.want)
		}
		w.ours.Unclear = true
		if got := w.paysWhere(); got != 4 {
			t.Errorf("without overlap: %d", got)
		}
	}
}

func TestAnd(t *testing.T) {
	for want, words := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		if got := and(words); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}

func TestRoughly(t *testing.T) {
	for _, tt := range []struct {
		i           stats.Interval
		time, ratio string
	}{
		{stats.Interval{}, "–", "–"},
		{stats.Mean([]float64{2}, stats.Confidence), "2.00 ns ±?", "2.00 ±?"},
		{stats.Interval{Value: 2, Lo: 1.991, Hi: 2.005, N: 6}, "2.00 ns ±<1%", "2.00 ±<1%"},
		{stats.Interval{Value: 2, Lo: 1.9, Hi: 2.05, N: 6}, "2.00 ns ±5%", "2.00 ±5%"},
		{stats.Interval{Value: 2, Lo: 1, Hi: 4.1, N: 6}, "2.00 ns ±>100%", "2.00 ±>100%"},
		{stats.Interval{Value: 0.02, Lo: 0.019, Hi: 0.021, N: 6}, "0.02 ns ±5%", "1/50.0 ±5%"},
	} {
		if got := roughTime(tt.i); got != tt.time {
			t.Errorf("time %q, want %q", got, tt.time)
		}
		if got := roughRatio(tt.i); got != tt.ratio {
			t.Errorf("ratio %q, want %q", got, tt.ratio)
		}
	}
}
