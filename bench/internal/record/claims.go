package record

import "github.com/interleave-go/interleave/bench"

// Schedules are what all schedules of one way of writing a pattern come to, as
// far as a claim needs it.
type Schedules struct {
	Pattern    string `json:"pattern"`
	Way        string `json:"way"`
	Exhaustive bool   `json:"exhaustive"` // there are no others
	Count      uint64 `json:"count"`
	Wrong      uint64 `json:"wrong"` // of them that end with a wrong outcome

	// Outcome is one that is wrong, and Witness the schedule with the fewest
	// pre-emptions that leads to it. Both are empty when nothing is wrong.
	Outcome string `json:"outcome,omitempty"`
	Witness string `json:"witness,omitempty"`
}

// An Added section was measured for the claims alone: one scenario at one set of
// parameters and one GOMAXPROCS that the run was not asked for.
type Added struct {
	Scenario string   `json:"scenario"`
	Params   string   `json:"params,omitempty"`
	Procs    int      `json:"procs"`
	For      []string `json:"for"` // the names of the claims
}

// ScheduleOf returns what is known of a way of a pattern, or nil.
func (r *Run) ScheduleOf(pattern, way string) *Schedules {
	for i := range r.Schedules {
		if s := &r.Schedules[i]; s.Pattern == pattern && s.Way == way {
			return s
		}
	}
	return nil
}

// AddedFor returns the names of the claims for which alone a section was
// measured; none if it was asked for.
func (r *Run) AddedFor(scenario, params string, procs int) []string {
	for _, a := range r.Added {
		if a.Scenario == scenario && a.Params == params && a.Procs == procs {
			return a.For
		}
	}
	return nil
}

// claim returns the claim of the given name, or nil.
func (r *Run) claim(name string) *bench.Claim {
	for i := range r.Claims {
		if r.Claims[i].Name == name {
			return &r.Claims[i]
		}
	}
	return nil
}
