package benchtest

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench"
)

// A fate is what goes wrong in the life of a toy trial: the name of a part to
// fail in, or to panic in.
type fate struct {
	fail, panic    string
	noTrial, noRun bool
	noVerify       bool
}

// toy returns a scenario of one case, which notes in calls what is called.
func toy(calls *[]string, f fate) (*bench.Scenario, bench.Case) {
	call := func(part string) error {
		*calls = append(*calls, part)
		if f.panic == part {
			panic("boom")
		}
		if f.fail == part {
			return errors.New("it failed")
		}
		return nil
	}
	s := &bench.Scenario{Name: "toy", Variants: []bench.Variant{{
		Name: "base",
		New: func(context.Context, bench.Setup) (*bench.Trial, error) {
			if err := call("New"); err != nil || f.noTrial {
				return nil, err
			}
			trial := &bench.Trial{
				Run:    func(context.Context) error { return call("Run") },
				Verify: func() error { return call("Verify") },
				Metrics: func() map[string]float64 {
					_ = call("Metrics")
					return map[string]float64{"apples": 3}
				},
				Close: func() error { return call("Close") },
			}
			if f.noRun {
				trial.Run = nil
			}
			if f.noVerify {
				trial.Verify = nil
			}
			return trial, nil
		},
	}}}
	return s, s.Cases("", 1)[0]
}

func TestOnce(t *testing.T) {
	const all = "New Run Verify Metrics Close"
	for _, tt := range []struct {
		name  string
		fate  fate
		calls string
		err   string // part of the error; "" for none
		wrong string // part of what is wrong with the result; "" for nothing
	}{
		{"right", fate{}, all, "", ""},
		{"New fails", fate{fail: "New"}, "New", "New: it failed", ""},
		{"New panics", fate{panic: "New"}, "New", "New panicked: boom", ""},
		{"no trial", fate{noTrial: true}, "New", "New returned no trial", ""},
		{"no Run", fate{noRun: true}, "New Close", "without Run", ""},
		{"no Verify", fate{noVerify: true}, "New Close", "without Verify", ""},
		{"Run fails", fate{fail: "Run"}, "New Run Close", "Run: it failed", ""},
		{"Run panics", fate{panic: "Run"}, "New Run Close", "Run panicked: boom", ""},
		{"Verify fails", fate{fail: "Verify"}, all, "", "Verify: it failed"},
		{"Verify panics", fate{panic: "Verify"}, all, "", "Verify panicked: boom"},
		{"Metrics panics", fate{panic: "Metrics"}, all, "Metrics panicked: boom", ""},
		{"Close fails", fate{fail: "Close"}, all, "Close: it failed", ""},
		{"Close panics", fate{panic: "Close"}, all, "Close panicked: boom", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var calls []string
			s, c := toy(&calls, tt.fate)
			result, err := once(t, s, c, 1, untimed)
			if got := strings.Join(calls, " "); got != tt.calls {
				t.Errorf("called %s, want %s", got, tt.calls)
			}
			checkError(t, "error", err, tt.err)
			checkError(t, "wrong", result.wrong, tt.wrong)
			if slices.Contains(calls, "Metrics") && tt.fate.panic != "Metrics" && result.metrics["apples"] != 3 {
				t.Errorf("metrics %v", result.metrics)
			}
		})
	}
}

func checkError(t *testing.T, what string, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v, want none", what, err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

// Only Run stands between the beginning and the end of the timed part.
func TestOnceTimesRunAlone(t *testing.T) {
	var calls []string
	s, c := toy(&calls, fate{})
	_, err := once(t, s, c, 1, func(run func() error) error {
		calls = append(calls, "start")
		defer func() { calls = append(calls, "stop") }()
		return run()
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(calls, " "), "New start Run stop Verify Metrics Close"; got != want {
		t.Errorf("called %s, want %s", got, want)
	}
}

func TestOnceSetup(t *testing.T) {
	var got bench.Setup
	s, _ := toy(new([]string), fate{})
	s.Params = []bench.Param{{Name: "size", Values: []string{"1", "2"}}}
	s.Variants[0].New = func(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
		got = setup
		if files, err := os.ReadDir(setup.Dir); err != nil || len(files) > 0 {
			t.Errorf("the trial's directory has %d files: %v", len(files), err)
		}
		return &bench.Trial{
			Run: func(context.Context) error {
				return os.WriteFile(setup.Dir+"/left", nil, 0o600)
			},
			Verify: func() error { return nil },
			Close: func() error {
				_, err := os.Stat(setup.Dir + "/left")
				return err // the directory outlives Close
			},
		}, nil
	}
	dirs := make(map[string]bool)
	for _, c := range s.Cases("size=2", 4) {
		for range 3 {
			if _, err := once(t, s, c, 7, untimed); err != nil {
				t.Fatal(err)
			}
			dirs[got.Dir] = true
			if _, err := os.Stat(got.Dir); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the trial's directory is still there: %v", err)
			}
		}
	}
	if len(dirs) != 3 {
		t.Errorf("3 trials had %d directories", len(dirs))
	}
	if got.Workers != 1 || got.N != 7 || got.Procs != 4 || got.Param("size") != "2" {
		t.Errorf("setup %+v", got)
	}
	if got.Clock == nil || got.Clock() < 0 {
		t.Error("no clock in the setup")
	}
}
