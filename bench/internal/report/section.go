// Package report turns a run into what people read: tables for the terminal,
// Markdown and HTML, sentences drawn from the data, and charts.
//
// [New] does all the reckoning once, into sections of rows and cells; the
// renderers only write down what stands there. Everything comes from the run
// itself, so a report can be made again from its file, without the scenarios.
package report

import (
	"cmp"
	"slices"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/claim"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A Report is a run, reckoned up.
type Report struct {
	Run      *record.Run
	Sections []Section
	Claims   []Claim
	Beside   *Beside             // nil when no other language was measured
	Charts   map[string][]string // file names of the charts drawn, by section name
	Summary  []string            // those of the chart of all scenarios

	judged    []claim.Result          // as many as Claims
	timelines map[string][]bench.Span // by the benchmark name of the case
}

// A Section is what was measured of one scenario at one set of parameters and
// one GOMAXPROCS.
type Section struct {
	Scenario *record.Scenario
	Params   string
	Procs    int
	Workers  []int // the columns: worker counts, ascending
	At       int   // the column that is shown in detail: about as many workers as cores
	Rows     []Row // without racy variants: the baseline, headline variants, the others by time
	Racy     []Racy
	Best     Ranking
	GoTest   bool     // go test output: a fork is a repetition in one process
	For      []string // the claims that alone it was measured for; none if the run was asked for it

	file  string         // begins the names of its files
	index map[string]int // variant → its row
}

// A Row is one variant.
type Row struct {
	Variant *record.Variant
	Cells   []Cell // one for each column
}

// A Cell is what one case came to. The zero value was not measured.
type Cell struct {
	Case    bench.Case
	Time    stats.Interval     // of one operation, in nanoseconds
	Speedup stats.Interval     // over the baseline; unknown without one to compare with
	Versus  stats.Interval     // time over that of the scenario's second variant to compare with
	Scaling stats.Interval     // over the same variant at one worker
	Allocs  float64            // median, per operation; -1 if not measured
	Metrics map[string]float64 // medians of the scenario's own metrics
	Samples []float64          // nanoseconds per operation, every trial
	Overlap Overlap
	Unclear bool // Overlap is lacking, here or in the baseline: the speedup may be no more than luck

	versusUnclear bool // the same of Versus
}

// Measured reports whether there is anything in the cell.
func (c *Cell) Measured() bool { return c.Time.Known() }

// A Ranking names the fastest variants at the column of Section.At, among those
// that give up nothing. With one name it is the best; with more, their
// intervals do not tell them apart.
type Ranking struct {
	Names []string

	among map[string]bool // the same
}

func (r *Ranking) has(variant string) bool { return r.among[variant] }

// New reckons up a run.
func New(run *record.Run) *Report {
	r := &Report{Run: run, Charts: make(map[string][]string), timelines: make(map[string][]bench.Span, len(run.Timelines))}
	for _, t := range run.Timelines {
		r.timelines[t.Case] = t.Spans
	}
	type key struct {
		scenario, params string
		procs            int
	}
	var order []key
	groups := make(map[key]arms)
	for _, a := range newArms(run.Measurements) {
		c := a.trials[0].Case
		k := key{c.Scenario, c.Params, c.Procs}
		if groups[k] == nil {
			order = append(order, k)
			groups[k] = make(arms)
		}
		groups[k][c] = a
	}
	scenarios := make(map[string]*record.Scenario, len(run.Scenarios))
	for i := range run.Scenarios {
		scenarios[run.Scenarios[i].Name] = &run.Scenarios[i]
	}
	for _, k := range order {
		r.Sections = append(r.Sections, newSection(scenarios[k.scenario], k.params, k.procs, groups[k]))
	}
	r.nameFiles()
	r.Beside = r.beside()
	r.judgeClaims()
	return r
}

func newSection(s *record.Scenario, params string, procs int, cases arms) Section {
	sec := Section{Scenario: s, Params: params, Procs: procs}
	for c := range cases {
		if !slices.Contains(sec.Workers, c.Workers) {
			sec.Workers = append(sec.Workers, c.Workers)
		}
	}
	slices.Sort(sec.Workers)
	sec.At = sec.column(procs)
	rows := make([]Row, len(s.Variants))
	onAllCores(len(rows), 16, func(i int) {
		if v := &s.Variants[i]; !v.Racy {
			rows[i] = sec.row(v, cases)
		}
	})
	for i := range rows {
		if v := &s.Variants[i]; v.Racy {
			sec.addRacy(v, cases)
		} else if rows[i].measured() {
			sec.Rows = append(sec.Rows, rows[i])
		}
	}
	sec.sort()
	sec.index = make(map[string]int, len(sec.Rows))
	for i := range sec.Rows {
		sec.index[sec.Rows[i].Variant.Name] = i
	}
	sec.judgeOverlap(cases)
	sec.Best = sec.rank()
	return sec
}

func (s *Section) row(v *record.Variant, cases arms) Row {
	row := Row{Variant: v}
	for _, w := range s.Workers {
		row.Cells = append(row.Cells, s.cell(v, w, cases))
	}
	return row
}

func (r *Row) measured() bool {
	return slices.ContainsFunc(r.Cells, func(c Cell) bool { return c.Measured() })
}

// column returns the worker count that a reader wants to see in detail: the
// smallest of at least two that keeps all cores in use, or the largest there
// is.
func (s *Section) column(procs int) int {
	for _, w := range s.Workers {
		if w >= max(procs, 2) {
			return w
		}
	}
	return s.Workers[len(s.Workers)-1]
}

// BaseCase returns the case that a variant's case is compared with: the
// baseline at as many workers, or its only case. ok is false when there is
// none.
func (s *Section) BaseCase(workers int) (c bench.Case, ok bool) {
	base := s.Scenario.Variants[0]
	switch {
	case slices.Contains(base.Workers, workers):
	case len(base.Workers) == 1:
		workers = base.Workers[0]
	default:
		return bench.Case{}, false
	}
	return s.caseOf(base.Name, workers), true
}

func (s *Section) caseOf(variant string, workers int) bench.Case {
	return bench.Case{Scenario: s.Scenario.Name, Params: s.Params, Variant: variant, Workers: workers, Procs: s.Procs}
}

// sort puts the baseline first, then headline variants, each kind by its time
// at the column that counts.
func (s *Section) sort() {
	base := s.Scenario.Variants[0].Name
	class := func(r Row) int {
		switch {
		case r.Variant.Name == base:
			return 0
		case r.Variant.Headline:
			return 1
		}
		return 2
	}
	time := func(r Row) float64 {
		if c := s.cellOf(&r, s.At); c != nil {
			return c.Time.Value
		}
		return 0
	}
	slices.SortStableFunc(s.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(class(a), class(b)), cmp.Compare(time(a), time(b)))
	})
}

// rank finds the fastest variants among those that give up nothing.
func (s *Section) rank() Ranking {
	if s.Scenario.Conditions {
		return Ranking{}
	}
	return s.fastest(func(v *record.Variant) bool { return v.GivesUp == "" })
}

// fastest finds the fastest of some variants at the column that counts, as far
// as they were measured there. Where overlap is lacking a contended variant
// looks faster than it is.
func (s *Section) fastest(of func(*record.Variant) bool) Ranking {
	j := slices.Index(s.Workers, s.At)
	var cells []*Cell
	for i := range s.Rows {
		if c := &s.Rows[i].Cells[j]; of(s.Rows[i].Variant) && c.Time.Bounded() && !c.Overlap.Lacking() {
			cells = append(cells, c)
		}
	}
	if len(cells) < 2 {
		return Ranking{}
	}
	slices.SortStableFunc(cells, func(a, b *Cell) int { return cmp.Compare(a.Time.Value, b.Time.Value) })
	best := Ranking{among: make(map[string]bool)}
	for _, c := range cells {
		if c.Time.Lo <= cells[0].Time.Hi {
			best.Names = append(best.Names, c.Case.Variant)
			best.among[c.Case.Variant] = true
		}
	}
	return best
}
