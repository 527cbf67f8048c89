package hunt

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A fake runs tests by sleeping, in the time of a bubble.
type fake struct {
	mu      sync.Mutex
	running map[*pkg]int
	ways    map[*job][]Way
	spent   map[*job]time.Duration
	show    func(j *job, w Way, turn int) Outcome
}

func (f *fake) run(ctx context.Context, j *job, w Way, limit time.Duration) (*Outcome, error) {
	f.mu.Lock()
	f.running[j.pkg]++
	if f.running[j.pkg] > 1 {
		panic("two processes of one package")
	}
	o := f.show(j, w, len(f.ways[j]))
	f.ways[j] = append(f.ways[j], w)
	f.mu.Unlock()
	if o.Took > limit {
		o.Took, o.Late, o.Exit, o.Output = limit, true, 2, "SIGQUIT: quit\n\ngoroutine 8 [sleep]:\nexample.com/shop.TestA()\n\t/src/a_test.go:3 +0x1\n"
	}
	select {
	case <-time.After(o.Took):
	case <-ctx.Done():
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running[j.pkg]--
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	f.spent[j] += o.Took
	return &o, nil
}

// start makes a hunter of packages with these tests, for a fake.
func start(f *fake, forTime time.Duration, packages ...*pkg) *hunter {
	f.running, f.ways, f.spent = map[*pkg]int{}, map[*job][]Way{}, map[*job]time.Duration{}
	h := &hunter{
		Options: Options{For: forTime}, random: rand.New(rand.NewPCG(1, 1)), runner: f, ledger: newLedger(""), packages: packages,
		classify: classifier{goroot: "/go", base: "/src"},
	}
	for _, p := range packages {
		h.addJobs(p)
	}
	return h
}

// each is a process that needs 50 ms, and so much for each run of a test.
func each(d time.Duration, j *job, w Way) Outcome {
	return Outcome{Took: 50*ms + d*time.Duration(w.Count*len(j.tests))}
}

// Time is dealt out evenly, whatever a run costs, every test comes through all
// settings, and processes are as long as they are meant to be.
func TestLoopShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cost := map[string]time.Duration{"TestFast": 100 * time.Microsecond, "TestSlow": 20 * ms, "TestMiddle": ms, "TestTiny": 0}
		f := &fake{show: func(j *job, w Way, _ int) Outcome {
			d := time.Duration(0)
			for _, name := range j.tests {
				d += cost[name]
			}
			return each(d/time.Duration(len(j.tests)), j, w)
		}}
		h := start(f, 200*time.Second, shop("TestFast", "TestSlow", "TestMiddle", "TestTiny"))
		if err := h.loop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if h.elapsed != 200*time.Second {
			t.Errorf("took %v, want all of the time", h.elapsed)
		}
		for _, j := range h.jobs {
			share := 200 * time.Second / 8 // four tests, and as much for the group
			if j.group {
				share *= 4
			}
			if got := f.spent[j]; got < share*8/10 || got > share*12/10 {
				t.Errorf("%v got %v, want about %v", j.tests, got, share)
			}
			met := map[Setting]bool{}
			for i, w := range f.ways[j] {
				w.Setting.Group = false
				met[w.Setting] = true
				if took := each(cost[j.tests[0]], j, w).Took; !j.group && took > 2*h.target() {
					t.Errorf("%v: process %d of %v takes %v", j.tests, i, w, took)
				}
			}
			all := map[Setting]bool{}
			for _, s := range j.settings {
				all[s] = true
			}
			if len(met) != len(all) {
				t.Errorf("%v met %d settings, want %d", j.tests, len(met), len(all))
			}
		}
	})
}

// Packages run beside each other, and a package never beside itself: the fake
// panics then.
func TestLoopPackages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{show: func(j *job, w Way, _ int) Outcome { return each(ms, j, w) }}
		a, b := shop("TestA"), shop("TestB")
		b.ImportPath = "example.com/other"
		h := start(f, 20*time.Second, a, b)
		if err := h.loop(t.Context()); err != nil {
			t.Fatal(err)
		}
		r, err := h.result(false)
		if err != nil || r.Processes != len(f.ways[h.jobs[0]])+len(f.ways[h.jobs[1]])-len(h.jobs) && r.Processes < 20 {
			t.Errorf("%v, %v", r, err)
		}
	})
}

// What has shown its fault often gets less time.
func TestLoopEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{show: func(j *job, w Way, _ int) Outcome {
			o := each(ms, j, w)
			if j.tests[0] == "TestBad" && !j.group {
				o.Exit, o.Output = 1, "--- FAIL: TestBad (0.00s)\n    a_test.go:3: bad\nFAIL\n"
			}
			return o
		}}
		h := start(f, 100*time.Second, shop("TestBad", "TestGood"))
		if err := h.loop(t.Context()); err != nil {
			t.Fatal(err)
		}
		bad, good := f.spent[h.jobs[0]], f.spent[h.jobs[1]]
		if bad*6 > good || bad*10 < good {
			t.Errorf("the bad test got %v, the good one %v: want an eighth", bad, good)
		}
		r, _ := h.result(false)
		if len(r.Findings) != 1 || r.Findings[0].Kind != Failure || r.Findings[0].Seen != len(f.ways[h.jobs[0]]) && r.Findings[0].Seen != len(f.ways[h.jobs[0]])-1 {
			t.Errorf("findings: %+v", r.Findings)
		}
	})
}

// A test that ends processes does not keep the others of its group from
// running, and what is seen in it alone is not counted of a group without it.
func TestLoopDeadly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{show: func(j *job, w Way, _ int) Outcome {
			o := each(ms, j, w)
			if slices.Contains(j.tests, "TestDies") {
				o.Exit, o.Output = 2, "panic: no stock\n\ngoroutine 7 [running]:\nexample.com/shop.TestDies(0x1)\n\t/src/a_test.go:8 +0x28\n"
			}
			return o
		}}
		h := start(f, 100*time.Second, shop("TestA", "TestB", "TestDies"))
		if err := h.loop(t.Context()); err != nil {
			t.Fatal(err)
		}
		group := h.jobs[len(h.jobs)-1]
		if !group.group || !slices.Equal(group.tests, []string{"TestA", "TestB"}) || len(f.ways[group]) < 10 {
			t.Errorf("the group is %v and had %d processes", group.tests, len(f.ways[group]))
		}
		r, _ := h.result(false)
		if len(r.Findings) != 1 || r.Findings[0].Seen != r.Findings[0].Of || len(r.Findings[0].Tests) != 1 {
			t.Errorf("findings: %+v", r.Findings)
		}
	})
}

// A test that fails at its second run in a process, always, is run once in
// each, and is no finding. One that fails seldom, is.
func TestLoopSecondRun(t *testing.T) {
	const pass, fail = "=== RUN   TestA\n--- PASS: TestA (0.00s)\n", "=== RUN   TestA\n    a_test.go:3: used\n--- FAIL: TestA (0.00s)\n"
	for _, c := range []struct {
		name     string
		always   bool
		findings int
	}{{"always", true, 0}, {"once", false, 1}} {
		synctest.Test(t, func(t *testing.T) {
			failed := false
			f := &fake{show: func(j *job, w Way, _ int) Outcome {
				o := each(ms, j, w)
				if w.Count > 1 && (c.always || !failed) {
					failed = true
					o.Exit, o.Output = 1, pass+fail+"FAIL\n"
				}
				return o
			}}
			h := start(f, 20*time.Second, shop("TestA"))
			if err := h.loop(t.Context()); err != nil {
				t.Fatal(err)
			}
			r, err := h.result(false)
			if err != nil || len(r.Findings) != c.findings {
				t.Errorf("%s: %d findings (%v), want %d: %+v", c.name, len(r.Findings), err, c.findings, r.Findings)
			}
			many := slices.ContainsFunc(f.ways[h.jobs[0]], func(w Way) bool { return w.Count > 2 })
			if many == c.always {
				t.Errorf("%s: run many times in a process: %t", c.name, many)
			}
			if noted := len(r.Notes) == 1; noted != c.always {
				t.Errorf("%s: notes %q", c.name, r.Notes)
			}
		})
	}
}

// A hang costs its limit. While nothing is known, a slow test is no finding, and
// where no other ended, nothing can be said; one that has ended before, is.
func TestLoopLimits(t *testing.T) {
	for _, known := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{show: func(j *job, w Way, turn int) Outcome {
				if !known || turn == 7 {
					return Outcome{Took: time.Hour}
				}
				return each(ms, j, w)
			}}
			h := start(f, 60*time.Second, shop("TestA"))
			if err := h.loop(t.Context()); err != nil {
				t.Fatal(err)
			}
			r, err := h.result(false)
			if !known {
				if err == nil {
					t.Errorf("no test came to its end, and what was found is %+v", r.Findings)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Findings) != 1 || r.Findings[0].Kind != Timeout {
				t.Errorf("%+v", r.Findings)
			}
		})
	}
}

// An interrupt ends the hunt at once, a process that cannot be started, too.
func TestLoopEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{show: func(j *job, w Way, _ int) Outcome { return each(ms, j, w) }}
		h := start(f, time.Hour, shop("TestA"))
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if err := h.loop(ctx); err != nil || h.elapsed != 3*time.Second {
			t.Errorf("%v after %v", err, h.elapsed)
		}
		if r, err := h.result(true); err != nil || !r.Interrupted || r.Processes == 0 {
			t.Errorf("%+v, %v", r, err)
		}

		h = start(f, time.Hour, shop("TestA"))
		h.runner = broken{}
		if err := h.loop(t.Context()); err == nil || h.elapsed > time.Second {
			t.Errorf("%v after %v", err, h.elapsed)
		}
		if _, err := h.result(false); err == nil {
			t.Error("a hunt without a single process is no result")
		}
	})
}

type broken struct{}

func (broken) run(context.Context, *job, Way, time.Duration) (*Outcome, error) {
	return nil, errors.New("fork/exec: no such file")
}

func TestSettings(t *testing.T) {
	for _, c := range []struct {
		cores     int
		race, pin bool
		want      int
	}{{1, true, false, 5}, {2, true, true, 10}, {2, false, true, 3}, {8, true, true, 18}, {8, true, false, 9}} {
		all := settings(procsList(c.cores), c.race, c.pin)
		if len(all) != c.want {
			t.Errorf("%+v: %d settings: %v", c, len(all), all)
		}
		first := shuffled(all, rand.New(rand.NewPCG(3, 4)))[0]
		if first.Race != c.race || first.Procs != max(2, c.cores) || first.Core {
			t.Errorf("%+v: begins with %v", c, first)
		}
	}
}

func TestSplit(t *testing.T) {
	for expr, want := range map[string]string{
		"": "|", "TestA": "TestA|", "TestA/sub": "TestA|/sub", "A/b/c": "A|/b/c", "[/]x/y": "[/]x|/y", "(a/b)": "(a/b)|", `a\/b`: `a\/b|`,
	} {
		first, rest := split(expr)
		if got := fmt.Sprintf("%s|%s", first, rest); got != want {
			t.Errorf("%q: %s, want %s", expr, got, want)
		}
	}
	for expr, ok := range map[string]bool{"": true, "TestA/x": true, "(": false, "A/(": false, "[/]": true, "A/b[/]": true} {
		if err := CheckRun(expr); (err == nil) != ok {
			t.Errorf("%q: %v", expr, err)
		}
	}
}
