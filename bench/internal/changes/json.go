package changes

import (
	"encoding/json"
	"io"
	"math"

	"github.com/interleave-go/interleave/bench/internal/revision"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// jsonResult is the documented form of a result.
type jsonResult struct {
	Base      string        `json:"base"`
	Head      string        `json:"head"`
	Machine   string        `json:"machine"`
	Tolerance string        `json:"tolerance"`
	Level     float64       `json:"level"` // of all verdicts together
	Seconds   float64       `json:"seconds"`
	Partial   string        `json:"partial,omitempty"`
	Summary   string        `json:"summary"`
	Tally     jsonTally     `json:"tally"`
	GeoMean   *jsonInterval `json:"geomean,omitempty"` // of the ratios head/base of times
	Suite     *jsonSuite    `json:"suite,omitempty"`   // what the geometric mean says
	Control   *jsonControl  `json:"control,omitempty"`
	Rows      []jsonRow     `json:"rows"`
	Identical []string      `json:"identical"`
	OneSided  []jsonSide    `json:"one-sided"`
	Skipped   []string      `json:"skipped"`
	Failed    []jsonFailure `json:"failed"`
	Notes     []string      `json:"notes"`
	Warnings  []string      `json:"warnings"` // about the machine
}

type jsonTally struct {
	Regressed int `json:"regressed"`
	Improved  int `json:"improved"`
	Same      int `json:"same"`
	Unclear   int `json:"unclear"`
	Failed    int `json:"failed"`          // on the head alone
	Broken    int `json:"broken"`          // on the base, too
	Metrics   int `json:"unclear-metrics"` // that may have become worse, not counted above
}

type jsonSuite struct {
	Verdict string `json:"verdict"`
	Reason  string `json:"reason"`
}

type jsonInterval struct {
	Value float64  `json:"value"`
	Lo    *float64 `json:"lo,omitempty"` // of the 95 % interval
	Hi    *float64 `json:"hi,omitempty"`
	Forks int      `json:"forks"`
}

type jsonControl struct {
	Pairs   int     `json:"pairs"`
	Typical float64 `json:"typical"` // log ratios
	Most    float64 `json:"most"`
	Floor   float64 `json:"floor"`
}

type jsonRow struct {
	Package   string        `json:"package"`
	Benchmark string        `json:"benchmark"`
	Unit      string        `json:"unit"`
	Base      *float64      `json:"base,omitempty"` // left out of what was not measured
	Head      *float64      `json:"head,omitempty"`
	Ratio     *jsonInterval `json:"ratio,omitempty"` // head/base
	Verdict   string        `json:"verdict"`
	Design    string        `json:"design,omitempty"` // how the sides were measured: in turn, pinned, shared core
	Layout    bool          `json:"layout,omitempty"` // the change is gone when functions lie in another order
	More      *float64      `json:"more,omitempty"`   // processes that would probably decide it; left out where none would
	Exact     bool          `json:"exact,omitempty"`
	Reason    string        `json:"reason"`
	Tolerance *float64      `json:"tolerance,omitempty"`
	Level     *float64      `json:"level,omitempty"`
	Seconds   float64       `json:"seconds"`
	Notes     []string      `json:"notes,omitempty"` // on the benchmark, beside its time
}

type jsonSide struct {
	Benchmark string `json:"benchmark"`
	Unit      string `json:"unit,omitempty"` // of a metric that only this side reports
	Side      string `json:"side"`
}

type jsonFailure struct {
	Name  string   `json:"name"`
	Why   string   `json:"why"`
	Notes []string `json:"notes,omitempty"`
	New   bool     `json:"new"` // the base does not fail
}

// JSON writes the result as JSON.
func (r *Result) JSON(w io.Writer) error {
	t := r.Tally()
	out := jsonResult{
		Base: r.Base, Head: r.Head, Machine: r.Machine, Tolerance: r.Tolerance, Level: r.Level, Seconds: r.Took.Seconds(),
		Partial: r.Partial, Summary: r.Sentence(), Tally: jsonTally{t.Regressed, t.Improved, t.Same, t.Unclear, t.Failed, t.Broken, t.Metrics},
		Rows: []jsonRow{}, Identical: append([]string{}, r.Found.Identical...), OneSided: []jsonSide{},
		Skipped: append([]string{}, r.Found.Skipped...), Failed: []jsonFailure{}, Notes: append([]string{}, r.Found.Notes...),
		Warnings: append([]string{}, r.Warnings...),
	}
	if g := r.Suite.Ratio; g.Known() {
		out.GeoMean = &jsonInterval{g.Value, finite(g.Lo), finite(g.Hi), g.N}
		out.Suite = &jsonSuite{r.Suite.Verdict.String(), r.Suite.Reason}
	}
	if c := r.Control; c.Pairs > 0 {
		out.Control = &jsonControl{c.Pairs, c.Typical, c.Most, c.Floor}
	}
	for i := range r.Rows {
		out.Rows = append(out.Rows, rowJSON(&r.Rows[i]))
	}
	for _, p := range r.Found.Pairs {
		if why := r.unmeasured(p); why != "" {
			out.Rows = append(out.Rows, jsonRow{
				Package: p.Package, Benchmark: p.FullName(), Unit: revision.TimeUnit, Verdict: stats.Unclear.String(),
				Reason: why, Seconds: p.Spent.Seconds(), Notes: p.Notes,
			})
		}
		for _, o := range p.OneSided {
			out.OneSided = append(out.OneSided, jsonSide{p.Title(), o.Name, o.Side})
		}
	}
	for _, o := range r.Found.OneSided {
		out.OneSided = append(out.OneSided, jsonSide{Benchmark: o.Name, Side: o.Side})
	}
	for _, f := range r.failures() {
		out.Failed = append(out.Failed, jsonFailure{f.name, f.text, f.notes, f.new})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func rowJSON(row *revision.Row) jsonRow {
	j := jsonRow{
		Package: row.Package, Benchmark: row.FullName(), Unit: row.Unit, Base: finite(row.Base), Head: finite(row.Head),
		Verdict: word(row), Exact: row.Exact, Reason: row.Reason, Tolerance: finite(row.Tolerance), Level: finite(row.Level), Seconds: row.Spent.Seconds(),
	}
	if row.Unit == revision.TimeUnit {
		j.Notes, j.Design, j.Layout = row.Notes, row.Design.String(), row.Layout
		if row.Verdict == stats.Unclear {
			j.More = finite(row.More)
		}
	}
	if i := row.Change; i.Known() && finite(i.Value) != nil {
		j.Ratio = &jsonInterval{Value: i.Value, Lo: finite(i.Lo), Hi: finite(i.Hi), Forks: i.N}
	}
	return j
}

// finite returns a number that JSON can hold, or nil.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}
