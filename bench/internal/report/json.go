package report

import (
	"math"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// JSON is the report as data. Times are nanoseconds of one operation; an
// interval without ends has neither lo nor hi.
type JSON struct {
	Settings map[string]string `json:"settings"`
	Partial  bool              `json:"partial"`
	Warnings []string          `json:"warnings"`

	Disturbance *jsonDisturbance `json:"disturbance,omitempty"`

	Claims   []jsonClaim      `json:"claims,omitempty"`
	Sections []jsonSection    `json:"sections"`
	Void     []record.Void    `json:"void"`
	Omitted  []record.Omitted `json:"omitted"`
}

type jsonSection struct {
	Scenario string     `json:"scenario"`
	Params   string     `json:"params,omitempty"`
	Procs    int        `json:"gomaxprocs"`
	Sentence string     `json:"sentence"`
	Fastest  []string   `json:"fastest,omitempty"`
	Cases    []jsonCase `json:"cases"`
	Racy     []jsonRacy `json:"racy,omitempty"`
}

type jsonCase struct {
	Name    string        `json:"name"`
	Variant string        `json:"variant"`
	Workers int           `json:"workers"`
	Trials  int           `json:"trials"`
	Time    *jsonInterval `json:"ns_per_op"`
	Speedup *jsonInterval `json:"speedup,omitempty"`
	Scaling *jsonInterval `json:"scaling,omitempty"`
	Allocs  *float64      `json:"allocs_per_op,omitempty"`
	Overlap *jsonOverlap  `json:"overlap,omitempty"` // of contended cases
	Unclear string        `json:"unclear,omitempty"` // why the speedup says nothing
}

type jsonOverlap struct {
	Trials   int     `json:"trials"`
	Together int     `json:"together"`
	Cores    float64 `json:"cores,omitempty"`
	Turns    bool    `json:"takes_turns,omitempty"`
}

type jsonRacy struct {
	Variant    string   `json:"variant"`
	Workers    int      `json:"workers"`
	Trials     int      `json:"trials"`
	Wrong      int      `json:"wrong"`
	Overlapped int      `json:"overlapped"`
	Lost       *float64 `json:"lost,omitempty"`
}

type jsonInterval struct {
	Value float64  `json:"value"`
	Lo    *float64 `json:"lo,omitempty"`
	Hi    *float64 `json:"hi,omitempty"`
	Forks int      `json:"forks"`
}

// JSON returns the report as data.
func (r *Report) JSON() JSON {
	out := JSON{
		Settings: make(map[string]string), Partial: r.Run.Partial, Warnings: append([]string{}, r.Run.Warnings...),
		Disturbance: disturbance(r.Run),
		Sections:    []jsonSection{}, Void: append([]record.Void{}, r.Run.Voids...), Omitted: append([]record.Omitted{}, r.Run.Omitted...),
	}
	for _, s := range r.Run.Settings {
		out.Settings[s.Key] = s.Value
	}
	for i := range r.Claims {
		out.Claims = append(out.Claims, r.jsonClaim(i))
	}
	for i := range r.Sections {
		out.Sections = append(out.Sections, r.Sections[i].json())
	}
	return out
}

func (s *Section) json() jsonSection {
	out := jsonSection{Scenario: s.Scenario.Name, Params: s.Params, Procs: s.Procs, Sentence: s.Sentence(), Fastest: s.Best.Names}
	for _, row := range s.Rows {
		for _, c := range row.Cells {
			if c.Measured() {
				jc := jsonCase{
					Name: c.Case.Name(), Variant: c.Case.Variant, Workers: c.Case.Workers, Trials: len(c.Samples),
					Time: interval(c.Time), Speedup: interval(c.Speedup), Scaling: interval(c.Scaling),
				}
				if c.Allocs >= 0 {
					jc.Allocs = &c.Allocs
				}
				if o := c.Overlap; o.Known() {
					jc.Overlap = &jsonOverlap{o.Trials, o.Together, o.Cores, o.Turns}
				}
				if c.Unclear {
					jc.Unclear = s.whyUnclear(&c)
				}
				out.Cases = append(out.Cases, jc)
			}
		}
	}
	for _, r := range s.Racy {
		racy := jsonRacy{Variant: r.Variant.Name, Workers: r.Workers, Trials: r.Trials, Wrong: r.Wrong, Overlapped: r.Overlapped}
		if r.Lost >= 0 {
			racy.Lost = &r.Lost
		}
		out.Racy = append(out.Racy, racy)
	}
	return out
}

// interval leaves out what JSON cannot hold.
func interval(i stats.Interval) *jsonInterval {
	if !i.Known() {
		return nil
	}
	out := &jsonInterval{Value: i.Value, Forks: i.N}
	if i.Bounded() && !math.IsNaN(i.Lo) {
		out.Lo, out.Hi = &i.Lo, &i.Hi
	}
	return out
}
