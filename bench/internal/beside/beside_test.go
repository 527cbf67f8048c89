package beside

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// fakeSet is a job that goes well and one that does as mode says.
func fakeSet(t *testing.T, mode string) *Set {
	t.Setenv(fakeEnv, mode)
	t.Setenv("FAKE", os.Args[0])
	job := func(name string) Job {
		return Job{
			Name: name, Program: name + ".py", Units: 5, PerOp: 1,
			Ways: []Way{
				{Name: "loop", Workers: 1, Case: bench.Case{Scenario: name, Variant: "sequential", Workers: 1}},
				{Name: "locked", Workers: 2, Case: bench.Case{Scenario: name, Variant: "mutex", Workers: 2}},
				{Name: "racy", Workers: 2, Case: bench.Case{Scenario: name, Variant: "plain", Workers: 2}, Racy: true},
			},
		}
	}
	return &Set{
		Language: "Fake", Command: "fake", Variable: "FAKE", Least: "3.8", Hello: "hello.py", Args: []string{"-flag"},
		Files: fstest.MapFS{"hello.py": {}, "good.py": {}, "bad.py": {}, "served.py": {}},
		Jobs:  []Job{job("good"), job("bad")},
	}
}

// measured runs a set with a clock that stands still, and returns what it
// recorded.
func measured(t *testing.T, s *Set) record.Peers {
	t.Helper()
	var run record.Run
	err := s.Run(t.Context(), Config{
		Procs: 2, Seed: 7, Clock: func() time.Duration { return 0 },
		Sink: func(e record.Event) error { run.Add(e); return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return run.Peers
}

// forks returns how many processes of a job were measured.
func forks(p record.Peers, job string) (n int) {
	for _, trial := range p.Trials {
		if trial.Job == job {
			n = max(n, trial.Fork)
		}
	}
	return n
}

func TestRun(t *testing.T) {
	s := fakeSet(t, "loses")
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	p := measured(t, s)
	lock := true
	if diff := cmp.Diff(&record.Interpreter{Language: "Fake", Version: "3.11.7", Implementation: "CPython", Lock: &lock}, p.Interpreter); diff != "" {
		t.Errorf("interpreter (-want +got):\n%s", diff)
	}
	if len(p.Ways) != 6 || p.Ways[1].Case != "BenchmarkGood/variant=mutex/workers=2-2" || !p.Ways[2].Racy {
		t.Errorf("ways %+v", p.Ways)
	}
	if len(p.Voids) > 0 || len(p.Trials) != mostRounds*6 {
		t.Errorf("%d trials, voids %v", len(p.Trials), p.Voids)
	}
	orders := make(map[string]bool) // of ways, and of jobs
	jobs := make(map[string]bool)
	for i, trial := range p.Trials {
		want := int64(10)
		if trial.Job == "bad" && trial.Way == "racy" {
			want = 7
		}
		if trial.Total != want || trial.Expected != 10 || trial.Elapsed != 250*time.Millisecond || trial.Units != 5 || trial.PerUnit() != 5e7 {
			t.Errorf("trial %+v", trial)
		}
		if trial.Order != i%3+1 || trial.Fork != i/6+1 {
			t.Errorf("trial %d has fork %d and order %d", i, trial.Fork, trial.Order)
		}
		if trial.Order == 1 {
			orders[p.Trials[i].Way+p.Trials[i+1].Way] = true
		}
		if i%6 == 0 {
			jobs[trial.Job] = true
		}
	}
	if len(orders) < 3 || len(jobs) < 2 {
		t.Errorf("the ways come in the orders %v, the jobs begin with %v", orders, jobs)
	}
	if again := measured(t, s); !slices.Equal(p.Trials, again.Trials) {
		t.Error("the same seed gives another order")
	}
}

// Whatever goes wrong with a job ends that job and no other.
func TestRunFailures(t *testing.T) {
	defer func(d time.Duration) { jobWithin = d }(jobWithin)
	for _, tt := range []struct {
		mode, want string
		wrong      bool
	}{
		{"garbage", `bad.py, line 1 of its output: it is not the JSON that was agreed on: "Traceback"`, false},
		{"exits", "bad.py: exit status 1: OSError: [Errno 28] no space", false},
		{"late", "bad.py: exit status 5: too late", false},
		{"talks", "bad.py: it prints more than 262144 bytes", false},
		{"few", "bad.py did 1 of 3 ways", false},
		{"other", "which is not what was asked for", false},
		{"wrong", "bad.py: locked with 2 workers came to 7, expected 10", true},
		{"hangs", "bad.py: not done after 100ms, and killed", false},
	} {
		t.Run(tt.mode, func(t *testing.T) {
			s := fakeSet(t, tt.mode)
			if tt.mode == "hangs" {
				s.Jobs = s.Jobs[1:]
				jobWithin = 100 * time.Millisecond
			}
			p := measured(t, s)
			if len(p.Voids) != 1 || p.Voids[0].Job != "bad" || p.Voids[0].Wrong != tt.wrong || !strings.Contains(p.Voids[0].Why, tt.want) {
				t.Errorf("voids %+v, want %s", p.Voids, tt.want)
			}
			if tt.mode != "hangs" && (forks(p, "good") != mostRounds || forks(p, "bad") != 0) {
				t.Errorf("%d processes of the good job, %d of the bad one", forks(p, "good"), forks(p, "bad"))
			}
		})
	}
}

// Without an interpreter there is nothing but the reason.
func TestRunAbsent(t *testing.T) {
	whole := helloWithin
	defer func() { helloWithin = whole }()
	for _, tt := range []struct{ mode, named, want string }{
		{"fine", "", "no-such-interpreter not found"},
		{"fine", "/no/such/thing", "/no/such/thing not found"},
		{"mute", os.Args[0], "does not say what it is"},
		{"broken", os.Args[0], "does not run: exit status 9: no such thing here"},
		{"silent", os.Args[0], "does not run: not done after 100ms, and killed"},
		{"old", os.Args[0], "is 3.7.16, the programs need 3.8"},
	} {
		t.Run(tt.mode+tt.named, func(t *testing.T) {
			s := fakeSet(t, tt.mode)
			s.Command = "no-such-interpreter"
			t.Setenv("FAKE", tt.named)
			helloWithin = whole
			if tt.mode == "silent" {
				helloWithin = 100 * time.Millisecond
			}
			p := measured(t, s)
			if !strings.Contains(p.Interpreter.Absent, tt.want) || p.Interpreter.Language != "Fake" {
				t.Errorf("%+v, want %s", p.Interpreter, tt.want)
			}
			if len(p.Ways) != 6 || len(p.Trials)+len(p.Voids) > 0 {
				t.Errorf("%d ways, %d trials, %d voids", len(p.Ways), len(p.Trials), len(p.Voids))
			}
		})
	}
}

// An interpreter that says that it stands where nothing is, is started as it
// was found.
func TestRunElsewhere(t *testing.T) {
	if p := measured(t, fakeSet(t, "elsewhere")); len(p.Voids) > 0 || forks(p, "good") == 0 {
		t.Errorf("voids %v", p.Voids)
	}
}

func TestRunServed(t *testing.T) {
	for _, fails := range []bool{false, true} {
		s := fakeSet(t, "fine")
		s.Jobs[1].Name, s.Jobs[1].Program, s.Jobs[1].Served = "served", "served.py", true
		stopped := 0
		s.Serve = func() ([]string, func() error, error) {
			if fails {
				return nil, nil, errors.New("no loopback")
			}
			return []string{"--served"}, func() error { stopped++; return nil }, nil
		}
		p := measured(t, s)
		switch {
		case fails && (len(p.Voids) != 1 || p.Voids[0].Job != "served" || p.Voids[0].Why != "no loopback"):
			t.Errorf("voids %v", p.Voids)
		case !fails && (len(p.Voids) != 0 || stopped != 1):
			t.Errorf("stopped %d times, voids %v", stopped, p.Voids)
		case forks(p, "good") != mostRounds || !fails && forks(p, "served") != mostRounds:
			t.Errorf("%d and %d processes", forks(p, "good"), forks(p, "served"))
		}
	}
}

// Rounds end when another would not fit into the budget, but for the fewest
// that an interval needs.
func TestRunBudget(t *testing.T) {
	for _, tt := range []struct {
		budget time.Duration
		want   int
	}{{0, 2}, {10 * time.Second, 2}, {11 * time.Second, 3}, {time.Hour, mostRounds}} {
		s := fakeSet(t, "fine")
		s.Jobs = s.Jobs[:1]
		var run record.Run
		now := time.Duration(0)
		round := 0
		err := s.Run(t.Context(), Config{
			Budget: tt.budget, Clock: func() time.Duration { return now },
			Sink: func(e record.Event) error {
				run.Add(e)
				if e.Peer.Trial != nil && e.Peer.Trial.Order == 3 {
					now += 3 * time.Second
					if round++; round == 1 {
						now += time.Second // the first is the longest
					}
				}
				return nil
			},
		})
		if got := forks(run.Peers, "good"); err != nil || got != tt.want {
			t.Errorf("with a budget of %v there are %d rounds, want %d; error %v", tt.budget, got, tt.want, err)
		}
	}
}

func TestRunInterrupted(t *testing.T) {
	s := fakeSet(t, "hangs")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := s.Run(ctx, Config{Clock: func() time.Duration { return 0 }, Sink: func(e record.Event) error {
		if e.Peer.Trial != nil {
			cancel()
		}
		if e.Peer.Void != nil {
			t.Errorf("an interrupted job is void: %v", e.Peer.Void)
		}
		return nil
	}, Found: func(record.Interpreter) { time.AfterFunc(200*time.Millisecond, cancel) }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestRunSinkFails(t *testing.T) {
	s, full := fakeSet(t, "exits"), errors.New("full")
	for _, at := range []int{1, 3, 8, 9, 10} {
		n := 0
		err := s.Run(t.Context(), Config{Clock: func() time.Duration { return 0 }, Sink: func(record.Event) error {
			if n++; n == at {
				return full
			}
			return nil
		}})
		if !errors.Is(err, full) || n != at {
			t.Errorf("failing at event %d: error %v after %d", at, err, n)
		}
	}
}

func TestCheck(t *testing.T) {
	for want, spoil := range map[string]func(*Set){
		"it needs units":          func(s *Set) { s.Jobs[0].Units = 0 },
		"a first way that is":     func(s *Set) { s.Jobs[1].Ways = nil },
		"first way that is right": func(s *Set) { s.Jobs[1].Ways[0].Racy = true },
		"needs units, and":        func(s *Set) { s.Jobs[1].PerOp = 0 },
		"file does not exist":     func(s *Set) { s.Jobs[1].Program = "none.py" },
		`"good": nothing serves`:  func(s *Set) { s.Jobs[0].Served = true },
		"the greeting: ":          func(s *Set) { s.Hello = "none.py" },
	} {
		s := fakeSet(t, "fine")
		spoil(s)
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	if err := new(Set).Check(); err != nil {
		t.Errorf("nothing: %v", err)
	}
}

func TestOf(t *testing.T) {
	s := fakeSet(t, "fine")
	only := s.Of(func(name string) bool { return name == "bad" })
	if len(only.Jobs) != 1 || only.Jobs[0].Name != "bad" || len(s.Jobs) != 2 {
		t.Errorf("jobs %v", only.Jobs)
	}
}

func TestOlder(t *testing.T) {
	for _, tt := range []struct {
		version string
		want    bool
	}{{"3.8.0", false}, {"3.8", false}, {"3.10.2", false}, {"4.0", false}, {"3.7.9", true}, {"2.7.18", true}, {"3", true}, {"", true}, {"x.y", true}, {"3.13.0rc1", false}} {
		if got := older(tt.version, "3.8"); got != tt.want {
			t.Errorf("%q older than 3.8: %v", tt.version, got)
		}
	}
}
