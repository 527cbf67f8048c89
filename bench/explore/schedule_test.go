package explore_test

import (
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench/explore"
)

func TestSchedule(t *testing.T) {
	for _, tt := range []struct {
		text, want, short string
		err               string
	}{
		{"", "", "", ""},
		{"ABBA", "ABBA", "ABBA", ""},
		{" A BB\tA", "", "", `character 6 is '\t'`},
		{"A BB A", "ABBA", "ABBA", ""},
		{"A2B3a1", "AABBBa", "AABBBa", ""},
		{"A40B", strings.Repeat("A", 40) + "B", "A40B", ""},
		{"A31BB", strings.Repeat("A", 31) + "BB", "A31B2", ""},
		{"A0", "", "", "character 2: no steps of A"},
		{"2A", "", "", "character 1 is '2'"},
		{"A-1", "", "", "character 2 is '-'"},
		{"Aé", "", "", "character 2"},
		{"A1048576", strings.Repeat("A", 1<<20), "A1048576", ""},
		{"A1048577", "", "", "more than 1048576 steps"},
		{"A99999999999999999999999", "", "", "more than 1048576 steps"},
	} {
		s, err := explore.ParseSchedule(tt.text)
		switch {
		case tt.err != "":
			if err == nil || !strings.Contains(err.Error(), tt.err) || s != "" {
				t.Errorf("%q: %.20q, error %v; want %q", tt.text, s, err, tt.err)
			}
		case err != nil || string(s) != tt.want || s.String() != tt.short:
			t.Errorf("%q: %.60q (%s), error %v; want %.60q (%s)", tt.text, string(s), s, err, tt.want, tt.short)
		}
	}
}

// FuzzParseSchedule: whatever can be read is written so that it can be read
// again, and replaying it gives a trace or an error, whatever it says.
func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{"", "ABBA", "ABBBBAABAAAB", "A3B2", "A40B40", "A0", "C", "z9", "A 1", "é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := explore.ParseSchedule(text)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of several lines: %q", err)
			}
			return
		}
		if again, err := explore.ParseSchedule(s.String()); err != nil || again != s {
			t.Errorf("%q is read as %q, written as %q and read as %q, error %v", text, string(s), s, string(again), err)
		}
		if len(s) > 1000 {
			return
		}
		if trace, err := explore.Replay(counter(2, 2), s); err == nil && trace.Schedule != s {
			t.Errorf("the trace of %v is of %v", s, trace.Schedule)
		}
	})
}
