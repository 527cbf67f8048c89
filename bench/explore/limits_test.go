package explore_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/explore"
)

// TestFaults has bodies that cannot be explored.
func TestFaults(t *testing.T) {
	called := 0
	for _, tt := range []struct {
		name string
		body explore.Body
		want string
	}{
		{"other in every run", func(t *explore.T) string {
			called++
			n := explore.NewInt(t, "n", 0)
			for range 1 + called%2 {
				t.Go("A", func(th *explore.Thread) { n.Add(th, 1); n.Add(th, 1) })
			}
			t.Go("B", func(th *explore.Thread) { n.Add(th, 1) })
			t.Wait()
			return ""
		}, "not the same in every run"},
		{"no wait", func(t *explore.T) string {
			t.Go("A", func(th *explore.Thread) {})
			return ""
		}, "without a call of Wait"},
		{"two waits", func(t *explore.T) string {
			t.Wait()
			t.Wait()
			return ""
		}, "waits twice"},
		{"late thread", func(t *explore.T) string {
			t.Wait()
			t.Go("late", func(th *explore.Thread) {})
			return ""
		}, `thread "late" is started after Wait`},
		{"too many threads", func(t *explore.T) string {
			for range 53 {
				t.Go("many", func(th *explore.Thread) {})
			}
			t.Wait()
			return ""
		}, "more than 52 threads"},
		{"other thread", func(t *explore.T) string {
			n := explore.NewInt(t, "n", 0)
			var first *explore.Thread
			t.Go("A", func(th *explore.Thread) { first = th; n.Load(th); n.Load(th) })
			t.Go("B", func(th *explore.Thread) { n.Load(first) })
			t.Wait()
			return ""
		}, `step "load n" of thread A was called by another thread`},
		{"no thread", func(t *explore.T) string {
			n := explore.NewInt(t, "n", 0)
			var first *explore.Thread
			t.Go("A", func(th *explore.Thread) { first = th })
			t.Wait()
			n.Load(first)
			return ""
		}, "outside of any"},
		{"no fingerprint", func(t *explore.T) string {
			n := explore.NewInt(t, "n", 0)
			t.Go("A", func(th *explore.Thread) { n.Load(th) })
			t.Wait()
			return ""
		}, "must call T.Fingerprint"},
		{"fingerprint of a slice", func(t *explore.T) string {
			n := explore.NewInt(t, "n", 0)
			t.Go("A", func(th *explore.Thread) { n.Load(th) })
			t.Fingerprint(func() any { return []int{1} })
			t.Wait()
			return ""
		}, "the fingerprint is a []int"},
		{"fingerprint of a pointer", func(t *explore.T) string {
			n := explore.NewInt(t, "n", 0)
			t.Go("A", func(th *explore.Thread) { n.Load(th) })
			t.Fingerprint(func() any { return n })
			t.Wait()
			return ""
		}, "the fingerprint is a *explore.Int"},
		{"variable with a pointer", func(t *explore.T) string {
			v := explore.NewVar(t, "v", struct{ p []*int }{})
			t.Go("A", func(th *explore.Thread) { v.Load(th) })
			t.Fingerprint(func() any { return nil })
			t.Wait()
			return ""
		}, "a shared value holds a struct { p []*int }"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := explore.Exhaustive
			if strings.Contains(tt.name, "fingerprint") || strings.Contains(tt.name, "pointer") {
				s = explore.Merged
			}
			r, err := explore.Run(t.Context(), tt.body, explore.Config{Strategy: s})
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") || r != nil {
				t.Errorf("result %v, error %v; want an error with %q", r, err, tt.want)
			}
		})
	}
	for _, cfg := range []explore.Config{{Strategy: 9}, {Time: -1}, {Memory: -1}, {Steps: -1}, {Steps: 1 << 30}, {Preemptions: -1}} {
		if r, err := explore.Run(t.Context(), counter(2, 1), cfg); err == nil || r != nil {
			t.Errorf("%+v: no error", cfg)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		cfg  explore.Config
		want string
	}{
		{explore.Config{Runs: 100}, "runs"},
		{explore.Config{Strategy: explore.Exhaustive, Runs: 923}, "runs"},
		{explore.Config{Strategy: explore.Exhaustive, Runs: 925}, ""},
		{explore.Config{Strategy: explore.Exhaustive, Time: 1}, "time"},
		{explore.Config{Strategy: explore.Merged, Memory: 1000}, "memory"},
		{explore.Config{Strategy: explore.Merged, Runs: 20}, "runs"},
		{explore.Config{Strategy: explore.Bounded, Preemptions: 2}, "pre-emptions"},
		{explore.Config{Strategy: explore.Bounded, Runs: 10}, "runs"},
		{explore.Config{Strategy: explore.Bounded, Preemptions: 10}, ""},
		{explore.Config{Strategy: explore.Bounded, Preemptions: 9}, "pre-emptions"},
		{explore.Config{Strategy: explore.Random}, "random"},
		{explore.Config{Strategy: explore.Random, Time: 1}, "time"},
		{explore.Config{Steps: 11}, "steps"},
	} {
		r := mustRun(t, counter(2, 3), tt.cfg)
		if r.Limit != tt.want || r.Exhaustive != (tt.want == "") {
			t.Errorf("%+v: limit %q, exhaustive %t; want %q", tt.cfg, r.Limit, r.Exhaustive, tt.want)
		}
		if tt.cfg.Strategy != explore.Bounded && tt.cfg.Runs > 0 && r.Runs > tt.cfg.Runs {
			t.Errorf("%+v: %d runs", tt.cfg, r.Runs)
		}
		if err := explore.Check(t.Context(), counter(2, 3), tt.cfg); (err != nil) != (tt.want != "" && tt.want != "random" && tt.want != "pre-emptions") {
			t.Errorf("%+v: Check says %v", tt.cfg, err)
		}
	}
}

// A bound that keeps nothing out is no limit, also where a thread is the last
// one and has more than one step to go.
func TestBoundIsNoLimit(t *testing.T) {
	body := func(t *explore.T) string {
		n := explore.NewInt(t, "n", 0)
		t.Go("A", func(th *explore.Thread) { n.Add(th, 1) })
		t.Go("B", func(th *explore.Thread) { n.Add(th, 1); n.Add(th, 1); n.Add(th, 1) })
		t.Wait()
		return ""
	}
	r := mustRun(t, body, explore.Config{Strategy: explore.Bounded, Preemptions: 1})
	if !r.Exhaustive || r.Limit != "" || r.Schedules != 4 {
		t.Errorf("%d schedules, limit %q; want all 4", r.Schedules, r.Limit)
	}
}

// With a bound of three, as is often advised, the famous 2 is never seen.
func TestBoundHidesTwo(t *testing.T) {
	for bound, want := range map[int]bool{1: false, 2: false, 3: false, 4: true} {
		r := mustRun(t, counter(2, 3), explore.Config{Strategy: explore.Bounded, Preemptions: bound})
		if got := r.Outcome("2") != nil; got != want {
			t.Errorf("at most %d pre-emptions: 2 is seen: %t", bound, got)
		}
	}
}

func TestSeed(t *testing.T) {
	run := func(seed uint64) string {
		return mustRun(t, counter(2, 4), explore.Config{Strategy: explore.Random, Runs: 1000, Seed: seed}).String()
	}
	first, again, other := run(1), run(1), run(2)
	if first != again {
		t.Error("the same seed gives other schedules")
	}
	if first == other {
		t.Error("another seed gives the same schedules")
	}
}

func TestUnreached(t *testing.T) {
	body := func(t *explore.T) string {
		n := explore.NewInt(t, "n", 0)
		t.Declare("load n", "store n", "lost")
		t.Go("A", func(th *explore.Thread) {
			if n.Load(th) == 1 {
				th.Step("lost", func() {})
			}
			n.Store(th, 2)
		})
		t.Go("B", func(th *explore.Thread) { n.Store(th, 2) })
		t.Wait()
		return ""
	}
	if r := mustRun(t, body, explore.Config{}); fmt.Sprint(r.Unreached) != "[lost]" {
		t.Errorf("unreached: %v", r.Unreached)
	}
	if err := explore.Check(t.Context(), body, explore.Config{}); err == nil || !strings.Contains(err.Error(), `"lost"`) {
		t.Errorf("Check says %v", err)
	}
}

// A body goes on after Wait only if all threads came to their end: what it would
// see otherwise is not final.
func TestNothingAfterDeath(t *testing.T) {
	body := func(tt *explore.T) string {
		mu := explore.NewMutex(tt, "mu")
		tt.Go("A", func(th *explore.Thread) { mu.Lock(th); mu.Lock(th) })
		tt.Wait()
		t.Error("Wait has returned after a deadlock")
		return ""
	}
	mustRun(t, body, explore.Config{})
}

// However an exploration ends, no goroutine is left, and no deferred call of a
// thread that was under way is left out.
func TestNothingLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	check := func(how string, open int) {
		t.Helper()
		// One that has nothing left to do may still be leaving.
		for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		if n := runtime.NumGoroutine(); n > before {
			t.Errorf("%s: %d goroutines, before there were %d", how, n, before)
		}
		if open != 0 {
			t.Errorf("%s: %d threads have not left", how, open)
		}
	}
	for _, strategy := range []explore.Strategy{explore.Pruned, explore.Exhaustive, explore.Bounded, explore.Random} {
		ctx, cancel := context.WithCancel(t.Context())
		runs, open := 0, 0
		body := func(t *explore.T) string {
			if runs++; runs == 100 {
				cancel()
			}
			n := explore.NewInt(t, "n", 0)
			for range 3 {
				t.Go("thread", func(th *explore.Thread) {
					open++
					defer func() { open-- }()
					for range 3 {
						n.Store(th, n.Load(th)+1)
					}
				})
			}
			t.Wait()
			return fmt.Sprint(n.Value())
		}
		r, err := explore.Run(ctx, body, explore.Config{Strategy: strategy})
		if !errors.Is(err, context.Canceled) || r == nil || r.Exhaustive || r.Limit != "context" || r.Runs < 100 || r.Runs > 200 || len(r.Outcomes) == 0 {
			t.Errorf("%v, stopped half-way: %v, error %v", strategy, r, err)
		}
		check(strategy.String(), open)
		_, err = explore.Replay(body, "ABBC")
		if re := (*explore.ReplayError)(nil); !errors.As(err, &re) {
			t.Errorf("a schedule that stops half-way: %v", err)
		}
		check("replay", open)
	}
	done := make(chan bool)
	go func() {
		defer close(done)
		_, _ = explore.Run(context.Background(), func(t *explore.T) string {
			mu := explore.NewMutex(t, "mu")
			t.Go("A", func(th *explore.Thread) { mu.Lock(th); mu.Lock(th) })
			t.Go("B", func(th *explore.Thread) { th.Step("exit", runtime.Goexit) })
			t.Wait()
			return ""
		}, explore.Config{})
	}()
	<-done
	check("Goexit", 0)
}
