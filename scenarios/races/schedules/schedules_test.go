package schedules

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/explore"
	"github.com/interleave-go/interleave/scenarios/races"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestOutcomes lists what can come of every way of every pattern, in a file to
// be read, and holds what each declares to it.
func TestOutcomes(t *testing.T) {
	var list strings.Builder
	for _, p := range All() {
		for _, w := range p.Ways {
			all, err := explore.Run(t.Context(), w.Body, explore.Config{Strategy: explore.Exhaustive})
			if err != nil {
				t.Fatalf("%s %s: %v", p.Name, w.Name, err)
			}
			fmt.Fprintf(&list, "%s %s\n%s\n", p.Name, w.Name, all)
			if wrong := len(all.Wrong()) > 0; wrong != w.Wrong || !all.Exhaustive {
				t.Errorf("%s %s: a wrong outcome: %t, declared: %t; exhaustive: %t", p.Name, w.Name, wrong, w.Wrong, all.Exhaustive)
			}
			pruned, err := explore.Run(t.Context(), w.Body, explore.Config{})
			if err != nil {
				t.Fatalf("%s %s: %v", p.Name, w.Name, err)
			}
			if a, b := texts(all), texts(pruned); !slices.Equal(a, b) {
				t.Errorf("%s %s: pruned search finds %q, want %q", p.Name, w.Name, b, a)
			}
			for _, o := range all.Outcomes {
				trace, err := explore.Replay(w.Body, o.Witness)
				if err != nil || trace.Outcome != o.Text || !o.Fewest {
					t.Errorf("%s %s: outcome %q replays as %+v, error %v", p.Name, w.Name, o.Text, trace, err)
				}
			}
		}
		if racy := p.Ways[0]; racy.Wrong == (racy.Hidden != "") {
			t.Errorf("%s: the racy way is wrong: %t, and hidden because of %q", p.Name, racy.Wrong, racy.Hidden)
		}
	}
	path := filepath.Join("testdata", "outcomes.txt")
	if *update {
		if err := os.WriteFile(path, []byte(list.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if list.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", list.String(), want)
	}
}

func texts(r *explore.Result) []string {
	var list []string
	for _, o := range r.Outcomes {
		list = append(list, o.Text)
	}
	return list
}

// TestNames holds the names to those of the catalogue.
func TestNames(t *testing.T) {
	demos := make(map[string]demo.Demo)
	for _, d := range races.All().Demos {
		demos[d.Name] = d
	}
	names := make(map[string]bool)
	for _, p := range All() {
		for _, w := range p.Ways {
			if name := p.Name + " " + w.Name; names[name] || w.Body == nil || p.Way(w.Name).Name != w.Name {
				t.Errorf("%s: twice, or without a body", name)
			} else {
				names[name] = true
			}
		}
		if d, ok := demos[p.Name]; ok {
			for _, w := range p.Ways {
				if d.Way(w.Name) == nil {
					t.Errorf("%s has no way %s in the catalogue", p.Name, w.Name)
				}
			}
			if p.Ways[0].Name != d.Racy.Name {
				t.Errorf("%s: the first way is %s, and the racy one %s", p.Name, p.Ways[0].Name, d.Racy.Name)
			}
		} else if p.Name != Sleep.Name {
			t.Errorf("%s is not in the catalogue", p.Name)
		}
		if p.Way("no such way") != nil {
			t.Errorf("%s: found what is not there", p.Name)
		}
	}
}

// TestSleepOrder counts the orders of two tasks that sleep equally long, and
// has goroutines in a bubble of virtual time confirm that these are seen, all
// of them and no others.
func TestSleepOrder(t *testing.T) {
	for steps := 1; steps <= 4; steps++ {
		r, err := explore.Run(t.Context(), SleepOrder(steps), explore.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if want := 1 << steps; len(r.Outcomes) != want || !r.Exhaustive {
			t.Errorf("%d steps: %d orders, want %d", steps, len(r.Outcomes), want)
		}
		for _, o := range r.Outcomes {
			for i := 0; i < len(o.Text); i += 2 {
				if o.Text[i] == o.Text[i+1] {
					t.Errorf("%d steps: in %s a task is a whole step ahead", steps, o.Text)
				}
			}
		}
		synctest.Test(t, func(t *testing.T) {
			// That one of 16 orders is not among 2000 has odds of 1 in 10^55.
			seen, err := ObserveSleepOrder(t.Context(), steps, 2000, time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			var orders []string
			for order := range seen {
				orders = append(orders, order)
			}
			if slices.Sort(orders); !slices.Equal(orders, texts(r)) {
				t.Errorf("%d steps: in the bubble %q, want %q", steps, orders, texts(r))
			}
		})
	}
}

// What is observed on real cores is among what is possible.
func TestObserve(t *testing.T) {
	seen, err := observeLoadStore(t.Context(), 200)
	if err != nil {
		t.Fatal(err)
	}
	r, err := explore.Run(t.Context(), LostUpdate.Way("load-store").Body, explore.Config{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for outcome, k := range seen {
		if n += k; r.Outcome(outcome) == nil {
			t.Errorf("%s was seen, and is not possible", outcome)
		}
	}
	if n != 200 {
		t.Errorf("%d trials, want 200", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := observeLoadStore(ctx, 200); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after the context has ended", err)
	}
}

func TestObserveStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		seen, err := ObserveSleepOrder(ctx, 1, 100, 2*time.Second)
		if !errors.Is(err, context.DeadlineExceeded) || len(seen) != 1 {
			t.Errorf("seen %v, error %v; want one order, and the context's error", seen, err)
		}
	})
}
