package revision

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/interleave-go/interleave/bench/internal/stats"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// sides gives each side its own values.
func sides(old, new func(fork, round int) float64) values {
	return func(side, fork, round int) float64 {
		if side == head {
			return new(fork, round)
		}
		return old(fork, round)
	}
}

func always(x float64) func(int, int) float64 { return func(int, int) float64 { return x } }

// many varies, and is never zero.
func many(fork, round int) float64 { return float64(10 + (7*fork+5*round)%30) }

// seldom is zero but in one slice of one process in twelve; often in every second process.
func seldom(fork, round int) float64 {
	if fork == 5 && round == 2 {
		return 1
	}
	return 0
}

func often(fork, _ int) float64 { return float64(fork % 2) }

// What has no ratio is decided where every value says the same, and unclear
// otherwise.
func TestMetricsWithoutRatio(t *testing.T) {
	late := func(fork, round int) float64 { // zero once
		if fork == 12 && round == 3 {
			return 0
		}
		return many(fork, round)
	}
	for _, test := range []struct {
		name               string
		unit               string
		values             values
		verdict            stats.Verdict
		changed, uncertain bool
	}{
		{"from nothing to a varying number", "allocs/op", sides(always(0), many), stats.Regressed, false, false},
		{"to nothing", "B/op", sides(many, always(0)), stats.Improved, false, false},
		{"throughput from nothing", "jobs/s", sides(always(0), many), stats.Improved, false, false},
		{"throughput to nothing", "jobs/s", sides(many, always(0)), stats.Regressed, false, false},
		{"nobody knows", "things", sides(always(0), many), stats.Unclear, true, false},
		{"zero once", "allocs/op", sides(always(0), late), stats.Unclear, false, true},
		{"zero in every second process", "allocs/op", sides(always(0), often), stats.Unclear, false, true},
		{"zero in every second process, nobody knows", "things", sides(always(0), often), stats.Unclear, false, false},
		{"a stray allocation", "allocs/op", sides(always(0), seldom), stats.Unclear, false, false},
		{"negative", "B/op", sides(always(-10), always(-20)), stats.Unclear, false, true},
		{"negative, and less so", "errs/op", sides(always(-20), always(-10)), stats.Unclear, false, true},
		{"negative, and equal", "B/op", sides(always(-10), always(-10)), stats.Same, false, false},
		{"from nothing to negative", "jobs/s", sides(always(0), always(-1)), stats.Unclear, false, true},
		{"from negative to nothing", "B/op", sides(always(-1), always(0)), stats.Unclear, false, true},
		{"negative, nobody knows", "score", sides(always(-10), always(-20)), stats.Unclear, true, false},
		{"negative at times", "B/op", sides(many, func(fork, round int) float64 { return many(fork, round) - 12 }), stats.Unclear, false, true},
		{"solved", "nsolved", sides(always(10), always(20)), stats.Unclear, true, false},
	} {
		c := &Comparison{Pairs: []*Pair{pairOf(test.unit, test.values)}}
		row := c.Judge(rules(0.05))[1]
		if row.Verdict != test.verdict || row.Changed != test.changed || row.Uncertain != test.uncertain || row.Reason == "" {
			t.Errorf("%s: %v (%s), changed %v, uncertain %v", test.name, row.Verdict, row.Reason, row.Changed, row.Uncertain)
		}
		if negative := strings.Contains(test.name, "negative") && row.Verdict == stats.Unclear; negative != (row.Reason == "negative values have no ratio") {
			t.Errorf("%s: %s", test.name, row.Reason)
		}
		if math.IsNaN(row.Change.Value) || math.IsInf(row.Base, 0) || math.IsInf(row.Head, 0) || row.Head == row.Base && row.Verdict == stats.Regressed {
			t.Errorf("%s: %+v", test.name, row)
		}
	}
}

// Where a pair was measured in too few processes its time is unclear, and its
// metrics need no word of their own.
func TestUncertainOfFewForks(t *testing.T) {
	for forks, want := range map[int]bool{verdict.FirstLook - 1: false, verdict.FirstLook: true} {
		p := pairOf("B/op", sides(always(0), often))
		p.Slices = p.Slices[:forks*6] // both sides in three rounds
		row := p.metricRow("B/op", 0.01, 0.05)
		if got := p.uncertain(&row); got != want || strings.HasPrefix(row.Reason, "it varies and is sometimes zero") != want {
			t.Errorf("%d forks: uncertain %v (%s)", forks, got, row.Reason)
		}
	}
}

// A metric that only one side reports is compared with nothing, and known.
func TestMatchUnits(t *testing.T) {
	metrics := func(units ...string) map[string]float64 {
		m := make(map[string]float64)
		for _, u := range units {
			m[u] = 1
		}
		return m
	}
	both, single := matchUnits(metrics("MB/s", "lost", "allocs/op", "B/op"), metrics("errs/op", "B/op", "again", "allocs/op"))
	if diff := cmp.Diff([]string{"B/op", "allocs/op"}, both); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]OneSided{{"lost", "base"}, {"again", "head"}, {"errs/op", "head"}}, single); diff != "" {
		t.Error(diff)
	}
}

// Bytes without an allocation are the runtime's.
func TestBytesOfTheRuntime(t *testing.T) {
	for allocs, want := range map[float64]bool{0: false, 1: true} {
		p := pairOf("B/op", sides(always(0), often))
		for i := range p.Slices {
			p.Slices[i].Metrics["allocs/op"] = allocs
		}
		row := p.metricRow("B/op", 0.01, 0.05)
		if got := p.uncertain(&row); got != want {
			t.Errorf("with %v allocations: uncertain %v (%s)", allocs, got, row.Reason)
		}
	}
}

// One that ends on a side while it is measured is as uncertain as any.
func TestMetricEnds(t *testing.T) {
	p := pairOf("errs/op", sides(always(1), always(1)))
	for i := range p.Slices {
		if s := &p.Slices[i]; s.Side == "head" {
			s.Metrics = nil
		}
	}
	row := p.metricRow("errs/op", 0.01, 0.05)
	if row.Verdict != stats.Unclear || row.Reason != "only base reported it while it was measured" || !p.uncertain(&row) {
		t.Errorf("%v (%s)", row.Verdict, row.Reason)
	}
}
