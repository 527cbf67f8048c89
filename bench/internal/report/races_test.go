package report

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/race"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

func raceWay(name string) demo.Way {
	return demo.Way{Name: name, Doc: "as " + name, New: func(demo.Setup) demo.Trial { return demo.Trial{} }}
}

// study makes up what was found out about a demonstration.
func study(name string, kind demo.Kind) *provoke.Study {
	d := &demo.Demo{
		Name: name, Doc: "Something | goes *wrong*.", Racy: raceWay("plain"),
		Fixes: []demo.Way{raceWay("mutex")}, Wrong: []demo.Way{raceWay("hope")},
		Expect: demo.Expectation{Kind: kind}, Read: []string{"https://example.com/a"},
	}
	d.Wrong[0].Unfixed = demo.LogicBug
	rate := func(l demo.Level, anomalies, trials, overlaps int) provoke.Rate {
		return provoke.Rate{
			Level: l, Name: l.String(), Trials: trials, Anomalies: anomalies, Timed: trials, Overlaps: overlaps, Both: min(anomalies, overlaps),
			Pinned: true, Typical: 1500, Part: stats.Clustered([]stats.Cluster{{K: anomalies, N: trials}}, 0.95), Example: "1 of 2 lost",
		}
	}
	s := &provoke.Study{
		Demo: d, Visible: true, Runtime: provoke.End{Kind: provoke.Done},
		Source: &provoke.Source{File: "x.go", First: 7, Lines: []string{"func x() {", "\tn++ // race: here", "}"}},
	}
	s.Ways = []provoke.WayStudy{
		{Way: &d.Racy, Role: provoke.Racy, Rates: []provoke.Rate{rate(demo.Written, 0, 200, 3), rate(demo.Aligned, 199, 200, 200), rate(demo.Yielding, 20, 20, 20)}},
		{Way: &d.Fixes[0], Role: provoke.Right, Rates: []provoke.Rate{rate(demo.Aligned, 0, 200, 200)}},
		{Way: &d.Wrong[0], Role: provoke.Wrong, Rates: []provoke.Rate{rate(demo.Aligned, 150, 200, 200)}},
	}
	return s
}

func madeUp() *Races {
	one, two := study("lost", demo.DataRace), study("two-steps", demo.LogicBug)
	stack := func(line int) []race.Frame {
		return []race.Frame{{Func: "example.com/x.run", File: "example.com/x/x.go", Line: line}}
	}
	one.Ways[0].Reports = &provoke.Detection{Runs: 20, Reported: 20, Races: []race.Report{{Accesses: [2]race.Access{
		{Op: "write", Goroutine: 8, State: "running", Stack: stack(8), Created: stack(3)},
		{Op: "read", Previous: true, Goroutine: 7, State: "finished", Stack: stack(8)},
	}}}}
	one.Vet = []provoke.Finding{{Analyzer: "copylocks", File: "x.go", Line: 8, Message: "x passes lock by value"}}
	two.Ways[0].Reports = &provoke.Detection{Runs: 20}
	two.Ways[0].Rates = two.Ways[0].Rates[:1]
	two.Visible, two.Why = false, "one core"
	two.Runtime = provoke.End{Kind: provoke.Hung, Text: "sync.Mutex.Lock, sync.Mutex.Lock"}
	r := &Races{Settings: []record.Setting{{Key: "goos", Value: "plan9"}}, Studies: []*provoke.Study{one, two}}
	for _, n := range provoke.FixWorkers {
		r.Priced("lost:mutex", n, stats.Interval{Value: 10.5 * float64(n), Lo: 9, Hi: 50, N: 6})
	}
	return r
}

func TestRacesGolden(t *testing.T) {
	r := madeUp()
	var text strings.Builder
	if err := r.Text(&text); err != nil {
		t.Fatal(err)
	}
	single := *r
	single.Studies = r.Studies[:1]
	if err := single.Text(&text); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(text.String(), "\n") {
		if n := utf8.RuneCountInString(line); n > 80 {
			t.Errorf("a line has %d columns: %s", n, line)
		}
	}
	md, err := r.MarkdownBytes()
	if err != nil {
		t.Fatal(err)
	}
	data, err := r.JSON()
	if err != nil || !json.Valid(data) {
		t.Fatal("no valid JSON", err)
	}
	for name, got := range map[string]string{"races.txt": text.String(), "races.md": string(md), "races.json": string(data)} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs (go test -update rewrites it); got\n%s", path, got)
		}
	}
}

// What must not be is found, and nothing else is.
func TestRacesFindings(t *testing.T) {
	r := madeUp()
	if got := r.Findings(); len(got) > 0 {
		t.Errorf("findings %+v", got)
	}
	if got := r.Unseen(); len(got) != 1 || got[0] != "two-steps" {
		t.Errorf("unseen: %v", got)
	}
	for _, tt := range []struct {
		spoil  func(*provoke.WayStudy)
		want   string
		broken bool
	}{
		{func(w *provoke.WayStudy) { w.Rates[0].Anomalies = 1 }, "lost, way mutex: this fix went wrong in 1 of 200 trials", false},
		{func(w *provoke.WayStudy) { w.Rates[0].Ends = []provoke.End{{Kind: provoke.Silent}} }, "a child ended as it should not", true},
		{func(w *provoke.WayStudy) {
			w.Reports = &provoke.Detection{Runs: 1, Reported: 1, Races: make([]race.Report, 1)}
		}, "the race detector objects to this fix", false},
		{func(w *provoke.WayStudy) { w.Reports = &provoke.Detection{Ends: []provoke.End{{Kind: provoke.Exited}}} }, "(detector): a child ended", true},
	} {
		r := madeUp()
		tt.spoil(&r.Studies[0].Ways[1])
		got := r.Findings()
		if len(got) != 1 || !strings.Contains(got[0].Text, tt.want) || got[0].Broken != tt.broken {
			t.Errorf("findings %+v, want %q", got, tt.want)
		}
	}
}

// Both charts come out, for all and for one.
func TestRacesCharts(t *testing.T) {
	r := madeUp()
	dir := t.TempDir()
	if err := r.Draw(dir); err != nil {
		t.Fatal(err)
	}
	r.Studies = r.Studies[:1]
	if err := r.Draw(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"race-rates", "race-prices", "race-lost-rates", "race-lost-prices"} {
		for _, ext := range []string{".svg", ".png"} {
			if _, err := os.Stat(filepath.Join(dir, name+ext)); err != nil {
				t.Error(err)
			}
		}
	}
}

// blank is a study before anything is found out.
func blank(name string, kind demo.Kind) *provoke.Study {
	s := study(name, kind)
	s.Vet, s.Runtime = nil, provoke.End{}
	for i := range s.Ways {
		s.Ways[i].Rates, s.Ways[i].Reports, s.Ways[i].Prices = nil, nil, nil
	}
	return s
}

// A run of one demonstration keeps what an earlier run found out about others.
func TestRacesWith(t *testing.T) {
	earlier := madeUp()
	earlier.When = "2026-01-01T12:00:00Z"
	data, err := earlier.JSON()
	if err != nil {
		t.Fatal(err)
	}
	all := []*provoke.Study{blank("lost", demo.DataRace), blank("two-steps", demo.LogicBug), blank("new", demo.DataRace)}
	now := &Races{Settings: earlier.Settings, Studies: []*provoke.Study{study("two-steps", demo.LogicBug)}, When: "2026-02-01T12:00:00Z"}
	both, err := now.With(data, all)
	if err != nil {
		t.Fatal(err)
	}
	again, err := both.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var old, got racesJSON
	if err := errors.Join(json.Unmarshal(data, &old), json.Unmarshal(again, &got)); err != nil {
		t.Fatal(err)
	}
	if len(got.Demos) != 2 || !reflect.DeepEqual(got.Demos[0], old.Demos[0]) {
		t.Errorf("%d demonstrations; the first\n%+v\nwas\n%+v", len(got.Demos), got.Demos[0], old.Demos[0])
	}
	if d := got.Demos[1]; d.When != now.When || len(d.Ways[0].Levels) != len(now.Studies[0].Ways[0].Rates) {
		t.Errorf("the second is of %s, with %d levels", d.When, len(d.Ways[0].Levels))
	}
	if lines := both.heading(); lines[len(lines)-1] != "1 of 2 demonstrations are from earlier runs on this machine, the oldest of "+earlier.When {
		t.Errorf("%q", lines)
	}
	if got, want := both.page1(t, 0), earlier.page1(t, 0); got != want {
		t.Errorf("the page differs:\n%s\nwas\n%s", got, want)
	}
	now.Settings = []record.Setting{{Key: "goos", Value: "linux"}}
	if _, err := now.With(data, all); !errors.Is(err, ErrElsewhere) {
		t.Errorf("of another machine: %v", err)
	}
	if _, err := now.With([]byte("{"), all); err == nil {
		t.Error("half a file was read")
	}
}

// page1 returns the page of one demonstration.
func (r *Races) page1(t *testing.T, i int) string {
	t.Helper()
	var b strings.Builder
	p := printer{w: &b, md: true}
	r.page(&p, r.Studies[i])
	if p.err != nil {
		t.Fatal(p.err)
	}
	return b.String()
}
