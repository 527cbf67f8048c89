package measure

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// steps makes a scenario of one variant whose trials note their phases. Tests
// replace what they try.
type steps struct {
	log   []string
	racy  bool
	fixed int
	now   time.Duration
	trial bench.Trial
	new   func(context.Context, bench.Setup) error
}

func newSteps() *steps {
	s := &steps{}
	s.trial = bench.Trial{
		Run:     func(context.Context) error { s.note("Run"); s.now += 1234567; return nil },
		Verify:  func() error { s.note("Verify"); return nil },
		Metrics: func() map[string]float64 { s.note("Metrics"); return map[string]float64{"lost": 2} },
		Close:   func() error { s.note("Close"); return nil },
	}
	return s
}

func (s *steps) note(phase string) { s.log = append(s.log, phase) }

// clock moves by a step of its own at every reading.
func (s *steps) clock() time.Duration { s.now += 10; return s.now }

func (s *steps) scenario() *bench.Scenario {
	return &bench.Scenario{Name: "toy", Fixed: s.fixed, Variants: []bench.Variant{{
		Name: "v", Racy: s.racy,
		New: func(ctx context.Context, setup bench.Setup) (*bench.Trial, error) {
			s.note("New")
			if s.new != nil {
				if err := s.new(ctx, setup); err != nil {
					return nil, err
				}
			}
			return &s.trial, nil
		},
	}}}
}

func (s *steps) do(t *testing.T, n int) Answer {
	t.Helper()
	dir := t.TempDir()
	a := Trial(t.Context(), s.scenario(), Request{Case: bench.Case{Scenario: "toy", Variant: "v", Workers: 3, Procs: 2}, N: n}, s.clock, dir)
	if entries, err := os.ReadDir(filepath.Join(dir, "trial")); err == nil && len(entries) > 0 {
		t.Errorf("the trial left %v in its directory", entries)
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 1 {
		t.Errorf("the trial left %v beside its directory", entries)
	}
	return a
}

// A trial goes through its phases in order, and its time is between the two
// readings of the clock around Run.
func TestTrial(t *testing.T) {
	s := newSteps()
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "here")
	dir := t.TempDir()
	s.new = func(ctx context.Context, setup bench.Setup) error {
		if ctx.Value(key{}) != "here" || setup.Workers != 3 || setup.Procs != 2 || setup.N != 7 || setup.Clock == nil || setup.Timeline != nil || setup.Param("x") != "" {
			t.Errorf("setup %+v", setup)
		}
		if entries, err := os.ReadDir(setup.Dir); err != nil || len(entries) > 0 {
			t.Errorf("the directory of the trial: %v %v", entries, err)
		}
		return os.WriteFile(filepath.Join(setup.Dir, "file"), []byte("x"), 0o600)
	}
	run := s.trial.Run
	s.trial.Run = func(ctx context.Context) error {
		if ctx.Value(key{}) != "here" {
			t.Error("Run has another context")
		}
		return run(ctx)
	}
	for range 2 { // the second finds the directory empty again
		s.log = nil
		a := Trial(ctx, s.scenario(), Request{Case: bench.Case{Variant: "v", Workers: 3, Procs: 2}, N: 7}, s.clock, dir)
		if got := fmt.Sprint(s.log); got != "[New Run Verify Metrics Close]" {
			t.Errorf("phases %s", got)
		}
		if a.Elapsed != 1234567+10 || a.Problem != nil || a.Anomaly != "" || a.Spans != nil {
			t.Errorf("answer %+v", a)
		}
		got := slices.Sorted(maps.Keys(a.Metrics))
		got = slices.DeleteFunc(got, func(unit string) bool { return unit == "cpus" || unit == "nivcsw" }) // unknown on some systems, or too short to see
		if fmt.Sprint(got) != "[B/op allocs/op lost]" || a.Metrics["lost"] != 2 {
			t.Errorf("metrics %v", a.Metrics)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "trial")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the directory that was used is still there: %v", err)
	}
}

// Whatever fails in a trial is a problem that names scenario, variant and
// phase, and the trial is closed if it was made.
func TestTrialProblems(t *testing.T) {
	bad := errors.New("bad")
	long := errors.New(strings.Repeat("µ\n", 3000))
	for _, tt := range []struct {
		name   string
		change func(*steps)
		want   string
		phases string
	}{
		{"New fails", func(s *steps) { s.new = func(context.Context, bench.Setup) error { return bad } }, "New failed: bad", "New"},
		{"New panics", func(s *steps) { s.new = func(context.Context, bench.Setup) error { panic("bad") } }, "New panicked: bad", "New"},
		{"no Run", func(s *steps) { s.trial.Run = nil }, "its New returned a trial without Run", "New"},
		{"no Verify", func(s *steps) { s.trial.Verify = nil }, "its New returned a trial without Verify: a result that nobody checks has no speed", "New"},
		{"Run fails", func(s *steps) { s.trial.Run = func(context.Context) error { return bad } }, "Run failed: bad", "New Close"},
		{"Run panics", func(s *steps) { s.trial.Run = func(context.Context) error { panic(bad) } }, "Run panicked: bad", "New Close"},
		{"Run panics at length", func(s *steps) { s.trial.Run = func(context.Context) error { panic(long) } }, "Run panicked: " + strings.Repeat("µ ", 100), "New Close"},
		{"Verify fails", func(s *steps) { s.trial.Verify = func() error { return bad } }, "wrong result: bad", "New Run Close"},
		{"Verify panics", func(s *steps) { s.trial.Verify = func() error { panic("bad\nworse") } }, "Verify panicked: bad worse", "New Run Close"},
		{"racy Verify panics", func(s *steps) { s.racy = true; s.trial.Verify = func() error { panic("bad") } }, "Verify panicked: bad", "New Run Close"},
		{"Metrics panics", func(s *steps) { s.trial.Metrics = func() map[string]float64 { panic("bad") } }, "Metrics panicked: bad", "New Run Verify Close"},
		{"metric NaN", func(s *steps) {
			s.trial.Metrics = func() map[string]float64 { return map[string]float64{"x": math.NaN()} }
		}, `Metrics failed: the metric "x" is NaN: leave it out when there is no number`, "New Run Verify Close"},
		{"metric of two words", func(s *steps) {
			s.trial.Metrics = func() map[string]float64 { return map[string]float64{"bytes lost": 1} }
		}, `Metrics failed: the metric "bytes lost" has no unit of one word: rename it`, "New Run Verify Close"},
		{"Close fails", func(s *steps) { s.trial.Close = func() error { return bad } }, "Close failed: bad", "New Run Verify Metrics"},
		{"Close panics", func(s *steps) { s.trial.Close = func() error { panic("bad") } }, "Close panicked: bad", "New Run Verify Metrics"},
		{"Close fails, too", func(s *steps) {
			s.trial.Run = func(context.Context) error { return bad }
			s.trial.Close = func() error { return errors.New("worse") }
		}, "Run failed: bad", "New"},
		{"Close panics, too", func(s *steps) {
			s.trial.Run = func(context.Context) error { panic("bad") }
			s.trial.Close = func() error { panic("worse") }
		}, "Run panicked: bad", "New"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSteps()
			tt.change(s)
			a := s.do(t, 1)
			if a.Problem == nil {
				t.Fatalf("answer %+v", a)
			}
			want := `scenario "toy", variant "v": ` + tt.want
			if got := a.Problem.Text; !strings.HasPrefix(got, want) || len(got) > len(want) && !strings.HasSuffix(got, "…") || len(got) > 500 {
				t.Errorf("the problem is\n%s, want\n%s", got, want)
			}
			if wrong := strings.HasPrefix(tt.want, "wrong"); a.Problem.Wrong != wrong {
				t.Errorf("wrong is %v", a.Problem.Wrong)
			}
			if got := strings.Join(s.log, " "); got != tt.phases {
				t.Errorf("phases %s, want %s", got, tt.phases)
			}
		})
	}
	nothing := &bench.Scenario{Name: "toy", Variants: []bench.Variant{{Name: "v", New: func(context.Context, bench.Setup) (*bench.Trial, error) { return nil, nil }}}}
	a := Trial(t.Context(), nothing, Request{Case: bench.Case{Variant: "v"}}, newSteps().clock, t.TempDir())
	if a.Problem == nil || a.Problem.Text != `scenario "toy", variant "v": its New returned no trial and no error` {
		t.Errorf("no trial: %+v", a.Problem)
	}
	a = Trial(t.Context(), newSteps().scenario(), Request{Case: bench.Case{Variant: "v"}}, newSteps().clock, filepath.Join(t.TempDir(), "no\x00thing"))
	if a.Problem == nil || !strings.HasPrefix(a.Problem.Text, `scenario "toy", variant "v": mkdir`) {
		t.Errorf("no directory: %+v", a.Problem)
	}
}

// What a racy variant gets wrong is an anomaly, and no problem.
func TestTrialAnomaly(t *testing.T) {
	for text, want := range map[string]string{"2\nlost": "2 lost", "": "wrong result"} {
		s := newSteps()
		s.racy = true
		s.trial.Verify = func() error { return errors.New(text) }
		if a := s.do(t, 1); a.Anomaly != want || a.Problem != nil || a.Elapsed == 0 || a.Metrics["lost"] != 2 {
			t.Errorf("answer %+v", a)
		}
	}
}

// Garbage of what came before is not collected on the time of a trial.
func TestTrialCollectsGarbage(t *testing.T) {
	collections := func() uint32 {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.NumGC
	}
	s, before := newSteps(), uint32(0)
	s.new = func(context.Context, bench.Setup) error { before = collections(); return nil }
	s.trial.Run = func(context.Context) error {
		if collections() == before {
			t.Error("there was no collection between New and Run")
		}
		return nil
	}
	s.do(t, 1)
}

// A timeline is recorded when it is asked for, and reads the same clock.
func TestTrialTimeline(t *testing.T) {
	s := newSteps()
	var timeline *bench.Timeline
	s.new = func(_ context.Context, setup bench.Setup) error { timeline = setup.Timeline; return nil }
	s.trial.Run = func(context.Context) error {
		timeline.Span(1, bench.Work, strings.Repeat("x", 5000))()
		return nil
	}
	a := Trial(t.Context(), s.scenario(), Request{Case: bench.Case{Variant: "v"}, N: 1, Timeline: true}, s.clock, t.TempDir())
	if len(a.Spans) != 1 || a.Spans[0].End-a.Spans[0].Start != 10 || a.Elapsed != 30 || len(a.Spans[0].Label) > 500 {
		t.Errorf("answer %+v", a)
	}
}

var sink [10]*[64]byte

// Allocations are those of Run, per operation; a fixed job is one operation. The
// runtime may start a thread meanwhile, which allocates: one time in hundreds.
func TestTrialAllocations(t *testing.T) {
	for _, tt := range []struct {
		fixed         int
		allocs, bytes float64
	}{{0, 1, 64}, {5, 10, 640}} {
		s := newSteps()
		s.fixed = tt.fixed
		s.trial.Run = func(context.Context) error {
			for i := range sink {
				sink[i] = new([64]byte)
			}
			return nil
		}
		allocs, bytes := math.Inf(1), math.Inf(1)
		for range 5 {
			a := s.do(t, 10)
			allocs, bytes = min(allocs, a.Metrics["allocs/op"]), min(bytes, a.Metrics["B/op"])
		}
		if allocs != tt.allocs || bytes != tt.bytes {
			t.Errorf("%v allocs/op and %v B/op, want %v and %v", allocs, bytes, tt.allocs, tt.bytes)
		}
	}
}

// What an empty trial measures is what every trial measures too much.
func BenchmarkEmptyTrial(b *testing.B) {
	empty := &bench.Scenario{Name: "empty", Variants: []bench.Variant{{Name: "v", New: func(context.Context, bench.Setup) (*bench.Trial, error) {
		return &bench.Trial{Run: func(context.Context) error { return nil }, Verify: func() error { return nil }}, nil
	}}}}
	dir, clock, total := b.TempDir(), RealClock(), time.Duration(0)
	for b.Loop() {
		a := Trial(b.Context(), empty, Request{Case: bench.Case{Variant: "v", Workers: 1}, N: 1}, clock, dir)
		if a.Problem != nil {
			b.Fatal(a.Problem.Text)
		}
		total += a.Elapsed
	}
	b.ReportMetric(float64(total)/float64(b.N), "ns/empty-trial")
}
