package scenarios

import (
	"encoding/json"
	"testing"

	"github.com/interleave-go/interleave/bench"
)

// A line of a run file has at most so many bytes, and a claim must fit.
const longestClaim = 4000

func TestClaims(t *testing.T) {
	claims, all := Claims(), All()
	if err := bench.CheckClaims(claims, all); err != nil {
		t.Fatal(err)
	}
	if len(claims) < 13 {
		t.Errorf("%d claims, want 13 at least", len(claims))
	}
	for _, c := range claims {
		data, err := json.Marshal(c.Resolve(all, 128))
		if err != nil || len(data) > longestClaim {
			t.Errorf("claim %s takes %d bytes of a run file, want at most %d (%v)", c.Name, len(data), longestClaim, err)
		}
		for _, r := range c.Rules {
			// The table of a terminal has room for so much beside the bound.
			if n := len([]rune(r.Label)); n > 32 {
				t.Errorf("claim %s: the label %q is %d characters long, want at most 32", c.Name, r.Label, n)
			}
		}
	}
}

// A claim that is about more than one core must say so: on one its cases would
// be compared with themselves, or have nobody to race with.
func TestClaimsNeedTheirCores(t *testing.T) {
	for _, c := range Claims() {
		resolved := c.Resolve(All(), 1)
		for i, r := range resolved.Rules {
			q := r.Quantity
			if c.Cores < 2 && (q.Over == q.Case && q.Over != (bench.Case{}) || r.Is == bench.Some) {
				t.Errorf("claim %s, rule %d: on one core it compares %s with itself, or wants a race: set Cores", c.Name, i+1, q.Case.Short())
			}
		}
	}
}
