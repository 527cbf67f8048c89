package explore_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/explore"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A schedule leads to the same outcome each time, whatever the processors do.
func TestReplayThousandTimes(t *testing.T) {
	two := mustRun(t, counter(2, 3), explore.Config{}).Outcome("2")
	if two == nil || two.Preemptions != 4 {
		t.Fatalf("outcome 2: %+v", two)
	}
	for _, procs := range []int{1, 2} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		for range 1000 {
			replays(t, counter(2, 3), *two)
		}
	}
}

func TestReplayErrors(t *testing.T) {
	locked := func(t *explore.T) string {
		mu := explore.NewMutex(t, "mu")
		for _, name := range []string{"ann", "bob"} {
			t.Go(name, func(th *explore.Thread) {
				mu.Lock(th)
				mu.Unlock(th)
			})
		}
		t.Wait()
		return ""
	}
	for _, tt := range []struct {
		schedule explore.Schedule
		step     int
		want     string
		next     explore.Schedule
	}{
		{"", 1, `step 1 (after ""): the schedule ends, but there are steps left of A (ann) and B (bob)`, "AB"},
		{"A", 2, `step 2 (after "A"): the schedule ends, but there are steps left of A (ann)`, "A"},
		{"AAB", 4, `step 4 (after "AAB"): the schedule ends, but there are steps left of B (bob)`, "B"},
		{"AABBB", 5, `step 5 (after "AABB"): the run is over after 4 steps: every thread has come to its end`, ""},
		{"AAAB", 3, `step 3 (after "AA"): thread A (ann) has come to its end; there are steps left of B (bob)`, ""},
		{"ABAB", 2, `step 2 (after "A"): thread B (bob) waits to lock mu, held by ann`, ""},
		{"AACB", 3, `step 3 (after "AA"): there is no thread C; the last is B (bob)`, ""},
	} {
		trace, err := explore.Replay(locked, tt.schedule)
		var left *explore.ReplayError
		if !errors.As(err, &left) || trace != nil {
			t.Errorf("%q: trace %v, error %v", tt.schedule, trace, err)
			continue
		}
		if left.Step != tt.step || !strings.HasSuffix(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: step %d, error %q, want step %d, %q", tt.schedule, left.Step, err, tt.step, tt.want)
		}
		if left.Next != tt.next {
			t.Errorf("%q: %q can go on, want %q", tt.schedule, left.Next, tt.next)
		}
		if len(left.Trace.Steps) != tt.step-1 {
			t.Errorf("%q: %d steps in the trace, want those before step %d", tt.schedule, len(left.Trace.Steps), tt.step)
		}
	}
	if _, err := explore.Replay(locked, "A2B2"); err == nil || !strings.Contains(err.Error(), "use ParseSchedule") {
		t.Errorf("a schedule that was not parsed: %v", err)
	}
	if _, err := explore.Replay(func(t *explore.T) string { t.Wait(); t.Wait(); return "" }, ""); err == nil || !strings.Contains(err.Error(), "waits twice") {
		t.Errorf("a faulty body: %v", err)
	}
	if _, err := explore.Replay(func(t *explore.T) string {
		t.Go("A", func(th *explore.Thread) { th.Step("s", func() { panic("oops") }) })
		t.Wait()
		return ""
	}, "AA"); err == nil || !strings.HasSuffix(err.Error(), "the run is over after 1 step: panic: oops") {
		t.Errorf("a schedule that goes on after the end: %v", err)
	}
}

var lineNumber = regexp.MustCompile(`_test\.go:\d+`)

func TestTrace(t *testing.T) {
	sell := func(t *explore.T) string {
		n := explore.NewInt(t, "tickets", 1)
		for _, name := range []string{"A", "B"} {
			t.Go(name, func(th *explore.Thread) {
				if n.Load(th) > 0 {
					n.Add(th, -1)
				}
			})
		}
		t.Wait()
		if n.Value() < 0 {
			t.Errorf("sold twice")
		}
		return "sold"
	}
	wide := func(name string) explore.Body {
		return func(t *explore.T) string {
			mu := explore.NewMutex(t, "lock")
			n := explore.NewInt(t, name, 0)
			for _, name := range []string{"first customer", "second customer"} {
				t.Go(name, func(th *explore.Thread) {
					mu.Lock(th)
					n.Store(th, 1)
				})
			}
			t.Wait()
			return ""
		}
	}
	every := func(t *explore.T) string {
		v, c, o := explore.NewVar(t, "v", "a"), explore.NewChan[int](t, "c", 0), explore.NewOnce(t, "o")
		g, rw, plain := explore.NewWaitGroup(t, "g"), explore.NewRWMutex(t, "rw"), explore.NewObject(t, "plain")
		t.Go("A", func(th *explore.Thread) {
			explore.CompareAndSwap(th, v, "b", "c")
			g.Go(th, "C", func(th *explore.Thread) { plain.Write(th, "write", func() {}) })
			rw.Lock(th)
			c.Send(th, 1)
			rw.Unlock(th)
		})
		t.Go("B", func(th *explore.Thread) {
			c.Receive(th)
			o.Do(th, func() { v.Update(th, "double", func(s string) string { return s + s }) })
			th.Sleep(time.Second)
			c.Close(th)
			g.Wait(th)
		})
		t.Wait()
		return v.Value()
	}
	// A stores what it has not made from anything; a swap that fails is no
	// write; and B adds to what it has just added to.
	blind := func(t *explore.T) string {
		n := explore.NewInt(t, "n", 0)
		t.Go("A", func(th *explore.Thread) {
			n.Store(th, n.Load(th)+1)
			n.Store(th, 7)
			n.Add(th, 1)
		})
		t.Go("B", func(th *explore.Thread) {
			n.CompareAndSwap(th, 5, 6)
			n.Add(th, 1)
			n.Add(th, 1)
		})
		t.Wait()
		return ""
	}
	for _, tt := range []struct {
		name     string
		body     explore.Body
		schedule explore.Schedule
	}{
		{"lost", counter(2, 3), "ABBBBAABAAAB"},
		{"stale", sell, "ABBA"},
		{"changes", wide("the balance"), "AA"},
		{"list", wide("balance"), "AA"},
		{"every", every, "AAAAABABBBCACBBB"},
		{"blind", blind, "ABBAAAB"},
		{"empty", func(*explore.T) string { return "nothing" }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			trace, err := explore.Replay(tt.body, tt.schedule)
			if err != nil {
				t.Fatal(err)
			}
			got := lineNumber.ReplaceAllString(trace.String(), "_test.go")
			path := filepath.Join("testdata", tt.name+".txt")
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
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			for _, line := range strings.Split(got, "\n") {
				if len(line) > 80 && !strings.HasPrefix(line, "outcome") {
					t.Errorf("%d characters: %s", len(line), line)
				}
			}
		})
	}
}
