package gate

import (
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

func TestRegressions(t *testing.T) {
	const (
		portable = "  - cases: nap/many/workers=2$\n    regression: {against: reference, tolerance: 5%}\n    portable: true\n"
		local    = "  - cases: nap/many/workers=2$\n    regression: {against: reference, tolerance: 5%}\n"
		required = local + "    required: true\n"
		eight    = "  - cases: nap/many/workers=8$\n    regression: {against: reference, tolerance: 5%}\n    portable: true\n"
	)
	slow := usual()
	before := slow.cost
	slow.cost = func(c bench.Case, fork int) time.Duration {
		if c.Variant == "many" {
			return before(c, fork) * 3 / 2
		}
		return before(c, fork)
	}
	slightly := usual()
	slightly.cost = func(c bench.Case, fork int) time.Duration {
		if c.Variant == "many" {
			return before(c, fork) * 21 / 20
		}
		return before(c, fork)
	}
	for _, tt := range []struct {
		name, rules string
		world       *world
		runs        int
		speedup     float64
		cpu         string
		want        Outcome
		reason      string
	}{
		{"as before", portable, usual(), 5, 2, "abacus", Pass, ""},
		{"faster", portable, usual(), 5, 1.5, "abacus", Pass, ""},
		{"slower", portable, slow, 5, 2, "abacus", Fail, "with the variance between 5 reference runs, is beyond the tolerance; measured again"},
		{"slower by the tolerance", portable, slightly, 5, 2, "abacus", Undecided, "contains the tolerance"},
		{"few references", portable, usual(), 1, 2, "abacus", Pass, ""},
		{"few references, slightly slower", portable, slightly, 2, 2, "abacus", Undecided, "widened by 3 % since fewer than 3 reference runs"},
		{"few references, much slower", portable, slow, 1, 2, "abacus", Fail, "is beyond the tolerance"},
		{"another machine, portable", portable, slow, 5, 2, "slide rule", Fail, "is beyond the tolerance"},
		{"another machine", local, slow, 5, 2, "slide rule", Skipped, "not comparable: the reference was measured on another machine (CPU slide rule, here abacus)"},
		{"another machine, required", required, slow, 5, 2, "slide rule", Undecided, "not comparable: the reference was measured on another machine"},
		{"time as before", local, usual(), 5, 2, "abacus", Pass, ""},
		{"time", local, slow, 5, 2, "abacus", Fail, "is beyond the tolerance"},
		{"a new case", eight, usual(), 5, 2, "abacus", Skipped, "new: the reference has no measurements of it"},
	} {
		r, err := tt.world.check(t, tt.rules, func(c *Check) { c.Reference = references(t, tt.runs, tt.speedup, tt.cpu) })
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := r.Results[0]
		if got.Outcome != tt.want || !strings.Contains(got.Reason, tt.reason) {
			t.Errorf("%s: %v (%s), want %v (%s)", tt.name, got.Outcome, got.Reason, tt.want, tt.reason)
		}
		if told := strings.Contains(r.Advice(), "if it was meant, remove the files in "); told != (tt.want == Fail) {
			t.Errorf("%s: the advice is %q", tt.name, r.Advice())
		}
		if listed := len(r.Listed) > 0; listed != strings.Contains(got.Reason, "not comparable") && listed != (tt.want == Skipped) {
			t.Errorf("%s: listed are %q", tt.name, r.Listed)
		}
	}
}

// Runs of different code make a reference that decides nothing: that is said,
// with what to do.
func TestMixedReference(t *testing.T) {
	mixed := references(t, 4, 2, "abacus")
	mixed.runs[3] = references(t, 1, 4, "abacus").runs[0]
	r, err := usual().check(t, "  - cases: nap/many/workers=2$\n    regression: {against: reference, tolerance: 5%}\n    portable: true\n", func(c *Check) { c.Reference = mixed })
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Results[0]; got.Outcome != Undecided || !strings.Contains(got.Reason, "the reference runs themselves differ by +") || !strings.Contains(got.Reason, "remove their files in "+mixed.Dir) {
		t.Errorf("%v (%s)", got.Outcome, got.Reason)
	}
}

func TestNoReference(t *testing.T) {
	const rule = "  - cases: nap/many/workers=2$\n    regression: {against: reference, tolerance: 5%}\n    portable: true\n"
	if _, err := usual().check(t, rule); err == nil || !strings.Contains(err.Error(), "budgets.yaml:3: the rule compares with a reference, and there is none") {
		t.Errorf("error %v", err)
	}
	measured := 0
	r, err := usual().check(t, rule, func(c *Check) {
		c.Updating = true
		c.Sink = func(e record.Event) error {
			if e.Measurement != nil {
				measured++
			}
			return nil
		}
	})
	if err != nil || r.Results[0].Outcome != Skipped || measured < 2*referenceForks {
		t.Errorf("the first run: %+v, %d measurements, error %v", r, measured, err)
	}
}

// TestGone holds that a case which the reference has and the program has not
// breaks the check, unless the reference is being renewed.
func TestGone(t *testing.T) {
	const rule = "  - cases: nap/many/workers=2$\n    regression: {against: reference, tolerance: 5%}\n    portable: true\n"
	gone := func(c *Check) {
		c.Reference = references(t, 1, 2, "abacus")
		m := &c.Reference.runs[0].Measurements[0]
		m.Case.Variant = "renamed"
	}
	r, err := usual().check(t, rule, gone)
	if err != nil {
		t.Fatal(err)
	}
	if code := r.ExitCode(false); code != exitFailed || !strings.Contains(strings.Join(r.Listed, "\n"), "missing: the reference has it") {
		t.Errorf("exit code %d, listed %q", code, r.Listed)
	}
	r, err = usual().check(t, rule, gone, func(c *Check) { c.Updating = true })
	if err != nil {
		t.Fatal(err)
	}
	if code := r.ExitCode(false); code != exitOK || len(r.Listed) == 0 {
		t.Errorf("when updating: exit code %d, listed %q", code, r.Listed)
	}
}
