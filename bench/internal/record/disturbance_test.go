package record

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A void fork takes the trials of all its variants with it, and no others:
// whether the event comes behind them, as when it is made, or before, as when
// a file is read.
func TestVoidFork(t *testing.T) {
	trial := func(fork int) Event {
		return Event{Measurement: &Measurement{Case: mutex, Place: Place{Fork: fork, Round: 1, Order: 1}, Ops: 5, Elapsed: 50}}
	}
	racing := plain
	racing.Procs = mutex.Procs
	race := Event{Measurement: &Measurement{Case: racing, Place: Place{Fork: 2, Round: 1, Order: 1}, Racy: true, Ops: 5, Elapsed: 50}}
	events := []Event{{Run: &Header{Format: Format}}}
	for i := range sampleScenarios {
		events = append(events, Describe(&sampleScenarios[i], "")...)
	}
	other := mutex
	other.Procs = 2
	elsewhere := Event{Measurement: &Measurement{Case: other, Place: Place{Fork: 2, Round: 1, Order: 1}, Ops: 5, Elapsed: 50}}
	events = append(events, trial(1), trial(2), trial(3), race, elsewhere,
		Event{Fork: &Fork{Scenario: "counter", Procs: 1, Fork: 1}},
		Event{Fork: &Fork{Scenario: "counter", Procs: 1, Fork: 2, Void: "the clock jumped"}},
		Event{Fork: &Fork{Scenario: "counter", Params: "a=b", Procs: 1, Fork: 3, Void: "the clock jumped"}})
	made := new(Run)
	for _, e := range events {
		made.Add(e)
	}
	b, w := written(t, events...)
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	read, err := Read("run.txt", bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(made, read); diff != "" {
		t.Errorf("read differs from what was made (-made +read):\n%s", diff)
	}
	var got []string
	for _, m := range read.Measurements {
		got = append(got, fmt.Sprintf("%s-%d fork %d", m.Case.Variant, m.Case.Procs, m.Fork))
	}
	if fmt.Sprint(got) != "[mutex-1 fork 1 mutex-1 fork 3 plain-1 fork 2 mutex-2 fork 2]" {
		t.Errorf("measurements %v", got)
	}
}

// A file whose forks are all void can be read: it says why there is nothing.
func TestVoidForksOnly(t *testing.T) {
	void := `#il {"fork":{"scenario":"counter","procs":1,"fork":1,"void":"the clock jumped"}}` + "\n"
	run, err := Read("run.txt", bytes.NewReader([]byte(ended(head+trialOf(1, 1, "1 5 ns/op")+void, 1))))
	if err != nil || len(run.Measurements) != 0 || len(run.Forks) != 1 || run.Partial {
		t.Errorf("run %+v, error %v", run, err)
	}
}

// Steal is weighed by the length of the forks, of those that were asked for.
func TestSteal(t *testing.T) {
	fork := func(scenario, params string, procs int, racy bool, processor, stolen time.Duration, void string) Fork {
		return Fork{Scenario: scenario, Params: params, Procs: procs, Racy: racy, Fork: 1, Processor: processor, Stolen: stolen, Void: void}
	}
	run := &Run{Forks: []Fork{
		fork("a", "", 2, false, 100, 10, ""),
		fork("a", "", 2, false, 300, 10, ""),
		fork("a", "", 2, false, 0, 0, ""), // not known
		fork("a", "", 2, true, 100, 90, ""),
		fork("a", "", 2, false, 100, 100, "the clock jumped"),
		fork("a", "x=1", 2, false, 100, 0, ""),
		fork("a", "", 1, false, 100, 50, ""),
		fork("b", "", 2, false, 0, 0, ""),
	}}
	for _, tt := range []struct {
		scenario, params string
		procs            int
		part             float64
		known            bool
	}{
		{"a", "", 2, 0.05, true}, {"a", "x=1", 2, 0, true}, {"a", "", 1, 0.5, true},
		{"b", "", 2, 0, false}, {"c", "", 2, 0, false}, {"a", "", 4, 0, false},
	} {
		if part, known := run.Steal(tt.scenario, tt.params, tt.procs); part != tt.part || known != tt.known {
			t.Errorf("%s %s %d: %v %v, want %v %v", tt.scenario, tt.params, tt.procs, part, known, tt.part, tt.known)
		}
	}
	if part, worst, known := run.Stolen(); part != 160.0/700 || worst != 0.9 || !known {
		t.Errorf("in all %v, worst %v, %v", part, worst, known)
	}
}
