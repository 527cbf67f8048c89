package outcomes

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench/explore"
	"github.com/interleave-go/interleave/bench/internal/chart"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// counter is two threads that add one to a number three times each.
func counter(t *explore.T) string {
	n := explore.NewInt(t, "n", 0)
	for _, name := range []string{"A", "B"} {
		t.Go(name, func(th *explore.Thread) {
			for range 3 {
				v := n.Load(th)
				n.Store(th, v+1)
			}
		})
	}
	t.Wait()
	if n.Value() != 6 {
		t.Errorf("6 were added")
	}
	return fmt.Sprint(n.Value())
}

// tickets checks that there is a ticket, and then takes one.
func tickets(t *explore.T) string {
	n := explore.NewInt(t, "tickets", 1)
	explore.NewInt(t, "unused", 7) // and so not in the picture
	for _, name := range []string{"ann", "bob"} {
		t.Go(name, func(th *explore.Thread) {
			if n.Load(th) > 0 {
				n.Add(th, -1)
			}
		})
	}
	t.Wait()
	return fmt.Sprint(n.Value())
}

func run(t *testing.T, body explore.Body, cfg explore.Config) *explore.Result {
	t.Helper()
	r, err := explore.Run(context.Background(), body, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
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
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func TestCompare(t *testing.T) {
	all := run(t, counter, explore.Config{Strategy: explore.Exhaustive})
	pruned := run(t, counter, explore.Config{})
	some := run(t, counter, explore.Config{Strategy: explore.Bounded, Preemptions: 1})
	for _, tt := range []struct {
		name     string
		possible *explore.Result
		seen     map[string]int
		sentence string
	}{
		{"none", all, nil, "seen 0 of 5 possible outcomes in 0 trials"},
		{"one", all, map[string]int{"6": 1}, "seen 1 of 5 possible outcomes in 1 trial"},
		{"two", all, map[string]int{"6": 190, "3": 10, "4": 0}, "seen 2 of 5 possible outcomes in 200 trials"},
		{"pruned", pruned, map[string]int{"6": 200}, "seen 1 of 5 possible outcomes in 200 trials"},
		{"impossible", all, map[string]int{"6": 190, "1": 10}, "seen 1 of 5 possible outcomes in 200 trials; and 1 outcome that no order of the steps explains"},
		{"early", some, map[string]int{"6": 190, "5": 10}, "seen 1 of 2 possible outcomes in 200 trials; the search for others ended early; and 1 outcome that the search has not found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Compare(tt.possible, tt.seen)
			if got := c.Sentence(); got != tt.sentence {
				t.Errorf("%q, want %q", got, tt.sentence)
			}
			golden(t, "compare-"+tt.name+".txt", c.String())
			for _, line := range strings.Split(c.String(), "\n")[1:] {
				if len([]rune(line)) > 80 {
					t.Errorf("more than 80 characters: %s", line)
				}
			}
			draw(t, c.Chart("Two goroutines that add three times can end with 2", ""))
		})
	}
}

func TestCompareLongOutcome(t *testing.T) {
	long := strings.Repeat("a long outcome ", 4)
	r := run(t, func(t *explore.T) string { return long }, explore.Config{})
	if got := Compare(r, map[string]int{long: 3}).String(); !strings.Contains(got, "seen 1 of 1 possible outcome in 3 trials\n") || !strings.Contains(got, long[:33]+"…") {
		t.Error(got)
	}
}

func TestTimeline(t *testing.T) {
	for _, tt := range []struct {
		name     string
		body     explore.Body
		schedule explore.Schedule
		kinds    string // of the steps, "." for none
		arrows   string
		state    string
	}{
		{"lost", counter, "ABBBBAABAAAB", "stale read,.,write that is lost,.,write that is lost,store that overwrites it,.,stale read,write that is lost,.,write that is lost,store that overwrites it", "[{0 2} {0 4} {7 8} {7 10}]", "[{n 0 [0 0 1 1 2 1 1 1 2 2 3 2]}]"},
		{"fine", counter, "AAAAAABBBBBB", ".,.,.,.,.,.,.,.,.,.,.,.", "[]", "[{n 0 [0 1 1 2 2 3 3 4 4 5 5 6]}]"},
		{"stale", tickets, "ABBA", "stale read,.,write that is not known,step that relies on the read", "[{0 2}]", "[{tickets 1 [1 1 0 -1]}]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			trace, err := explore.Replay(tt.body, tt.schedule)
			if err != nil {
				t.Fatal(err)
			}
			s := Timeline(trace, "A title")
			var kinds []string
			for _, step := range s.Steps {
				if step.Kind == "" {
					step.Kind = "."
				}
				kinds = append(kinds, step.Kind)
			}
			if got := strings.Join(kinds, ","); got != tt.kinds {
				t.Errorf("kinds %s, want %s", got, tt.kinds)
			}
			if got := fmt.Sprint(s.Arrows); got != tt.arrows {
				t.Errorf("arrows %s, want %s", got, tt.arrows)
			}
			if got := fmt.Sprint(s.State); got != tt.state {
				t.Errorf("state %s, want %s", got, tt.state)
			}
			draw(t, s)
		})
	}
	if s := Timeline(&explore.Trace{}, "t"); s.State != nil || s.Steps != nil {
		t.Errorf("of nothing: %+v", s)
	}
}

// draw requires that a chart can be drawn, and leaves it where go test
// -artifacts finds it.
func draw(t *testing.T, c Figurer) {
	t.Helper()
	f, err := c.Figure()
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() { // under the race detector a PNG takes seconds
		if _, err := f.SVG(); err != nil {
			t.Fatal(err)
		}
		return
	}
	if _, err := chart.Write(t.ArtifactDir(), "chart", f); err != nil {
		t.Fatal(err)
	}
}
