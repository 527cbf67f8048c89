package units

import (
	"testing"

	"golang.org/x/perf/benchunit"
)

func TestUnits(t *testing.T) {
	for _, test := range []struct {
		unit   string
		better int
		timed  bool
	}{
		{"ns/op", -1, true}, {"sec/op", -1, true}, {"ns", -1, true}, {"ns/GC", -1, true}, {"p99-ns", -1, true}, {"p50-latency-sec", -1, true},
		{"B/op", -1, false}, {"allocs/op", -1, false}, {"errs/op", -1, false}, {"peak-RSS-bytes", -1, false},
		{"MB/s", 1, true}, {"jobs/s", 1, true}, {"jobs/sec", 1, true}, {"jobs/ns", 1, true},
		{"nsolved", 0, false}, {"nsamples", 0, false}, {"things", 0, false}, {"secrets", 0, false}, {"bytes", 0, false}, {"", 0, false},
	} {
		if got := Better(test.unit); got != test.better {
			t.Errorf("%q is better in direction %d, want %d", test.unit, got, test.better)
		}
		if got := Timed(test.unit); got != test.timed {
			t.Errorf("%q is a time: %v, want %v", test.unit, got, test.timed)
		}
		// What is said of a unit does not hang on whether it was tidied.
		if _, tidy := benchunit.Tidy(1, test.unit); Better(tidy) != test.better || Timed(tidy) != test.timed {
			t.Errorf("%q, tidied to %q: %d and %v", test.unit, tidy, Better(tidy), Timed(tidy))
		}
	}
}
