package record

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever stands in a file, reading it ends with one line of error, or with
// measurements that can be, and that come back when they are written again.
func FuzzRead(f *testing.F) {
	data, err := os.ReadFile(golden)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	for _, bad := range badFiles {
		if len(bad.text) < maxEvent { // the fuzzer spends its time shortening long ones
			f.Add([]byte(bad.text))
		}
	}
	for _, good := range goBenchFiles {
		f.Add([]byte(good.text))
	}
	for _, bad := range badGoBenchFiles {
		f.Add([]byte(bad.text))
	}
	void := `#il {"fork":{"scenario":"counter","procs":1,"fork":2,"void":"the clock jumped"}}` + "\n"
	f.Add([]byte(ended(head+trialOf(1, 1, "3 5 ns/op")+trialOf(2, 1, "3 5 ns/op")+void, 2)))
	f.Add([]byte(ended(head+`#il {"claim":{"name":"waiting","text":"%","rules":[{"label":"","quantity":{"of":"time"},"is":">=","bound":-0,"yes":"","no":""}]}}`+"\n"+trialOf(1, 1, "3 5 ns/op"), 1)))
	f.Add([]byte(ended(head+trialOf(1, 1, "3 1e-1 ns/op 0 B/op")+trialOf(2, 1, "3 5 ns/op 1e-9 MB/s -0 ns"), 2)))
	f.Fuzz(func(t *testing.T, data []byte) {
		run, err := Read("run.txt", bytes.NewReader(data))
		if err != nil {
			checkMessage(t, err)
			return
		}
		for _, m := range run.Measurements {
			if m.Elapsed <= 0 || m.Elapsed > MaxElapsed || m.Ops < 1 || m.Fork < 1 || m.Round < 1 || m.Order < 1 {
				t.Errorf("measurement %+v", m)
			}
		}
		if run.GoTest {
			checkGoBench(t, run)
			return
		}
		if len(run.Measurements) == 0 {
			return
		}
		again, ok := rewritten(t, run, len(data))
		if !ok {
			return
		}
		if diff := cmp.Diff([]any{run.Claims, run.Schedules, run.Added}, []any{again.Claims, again.Schedules, again.Added}); diff != "" {
			t.Errorf("the claims differ after writing and reading (-first +second):\n%s", diff)
		}
		if diff := cmp.Diff(run.Forks, again.Forks); diff != "" {
			t.Errorf("the forks differ after writing and reading (-first +second):\n%s", diff)
		}
		if part, worst, known := run.Stolen(); known && !(part >= 0 && part <= worst+1e-9 && worst <= 1) {
			t.Errorf("%v of the time was stolen, and %v in the worst fork", part, worst)
		}
		if diff := cmp.Diff(run.Measurements, again.Measurements); diff != "" {
			t.Errorf("the measurements differ after writing and reading (-first +second):\n%s", diff)
		}
		if again.Partial {
			t.Error("a complete file is read as a partial one")
		}
	})
}

// rewritten writes the measurements of a run and reads them. ok is false when
// an event of a file that we have not written is too long for us to write.
func rewritten(t *testing.T, run *Run, size int) (again *Run, ok bool) {
	var b bytes.Buffer
	w := NewWriter(&b)
	events := []Event{{Run: &Header{Format: Format}}}
	for _, s := range run.Scenarios {
		events = append(events, Event{Scenario: &Scenario{Name: s.Name}})
		for _, v := range s.Variants {
			events = append(events, Event{Variant: &Variant{Scenario: s.Name, Name: v.Name, Racy: v.Racy}})
		}
	}
	for i := range run.Claims {
		events = append(events, Event{Claim: &run.Claims[i]})
	}
	for i := range run.Schedules {
		events = append(events, Event{Schedules: &run.Schedules[i]})
	}
	for i := range run.Added {
		events = append(events, Event{Added: &run.Added[i]})
	}
	for i := range run.Measurements {
		events = append(events, Event{Measurement: &run.Measurements[i]})
	}
	for i := range run.Forks {
		events = append(events, Event{Fork: &run.Forks[i]})
	}
	for _, e := range events {
		if err := w.Write(e); err != nil {
			if size < maxEvent/6 { // a byte takes at most 6 in JSON
				t.Errorf("what was read cannot be written: %v", err)
			}
			return nil, false
		}
	}
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	again, err := Read("again.txt", &b)
	if err != nil {
		t.Fatalf("what was written cannot be read: %v", err)
	}
	return again, true
}
