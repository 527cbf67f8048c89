package chart

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestExtremes(t *testing.T) {
	slowUnderRace(t)
	rows := func(n int, at func(i int) Point) (rows []Row) {
		for i := range n {
			rows = append(rows, Row{fmt.Sprint("row ", i), []Point{at(i)}})
		}
		return rows
	}
	flat := func(i int) Point { return Point{X: 3, Lo: 3, Hi: 3, Label: "3"} }
	words := strings.Repeat("many words ", 30)
	series := make([]string, 30)
	many := Row{Label: strings.Repeat("W", 60)}
	lines := Lines{Title: "many", IdealFrom: 1}
	for i := range series {
		series[i] = fmt.Sprint("series ", i)
		many.Points = append(many.Points, Point{X: float64(i), Label: words})
		lines.Series = append(lines.Series, Line{series[i], []XY{{X: float64(i + 1), Y: 1}}})
	}
	crowd := Lane{Name: words}
	for i := range 500 {
		at := float64(i) * 1e-9
		crowd.Spans = append(crowd.Spans, Span{at, at + 2e-9, "k" + fmt.Sprint(i%12), words}, Span{at, at, "note", "n"})
	}
	for name, c := range map[string]figurer{
		"one row":        Dots{Rows: rows(1, flat)},
		"marks":          Dots{Title: "t", Rows: rows(3, flat), Marks: []float64{0, 1e6, 5}, MarkLabel: words},
		"forty rows":     Dots{Title: "t", Rows: rows(40, flat), Reference: -5, ReferenceLabel: words},
		"six decades":    Dots{Log: true, Rows: rows(7, func(i int) Point { v := math.Pow10(i - 3); return Point{X: v, Lo: v / 3, Hi: v * 3} })},
		"forty decades":  Dots{Log: true, Rows: rows(41, func(i int) Point { return Point{X: math.Pow10(i - 20)} })},
		"hardly apart":   Dots{Rows: rows(2, func(i int) Point { return Point{X: 1 + float64(i)*1e-15} })},
		"hardly apart 2": Dots{Log: true, Rows: rows(2, func(i int) Point { return Point{X: 1 + float64(i)*1e-6} })},
		"zero":           Dots{Rows: rows(1, func(int) Point { return Point{} })},
		"huge":           Dots{Rows: rows(2, func(i int) Point { return Point{X: 1e299 * float64(1-2*i)} })},
		"tiny":           Dots{Rows: rows(2, func(i int) Point { return Point{X: 1e-299 * float64(1+i)} })},
		"missing":        Dots{Rows: append(rows(1, flat), Row{"gone", []Point{{X: math.NaN(), Missing: true}}})},
		"long labels":    Dots{Title: words, Subtitle: words, Series: series, Rows: []Row{many}, XLabel: words},
		"long word":      Strips{Title: strings.Repeat("x", 300), Rows: []Strip{{"one", []float64{1}}, {"none", nil}}},
		"single point":   Lines{Series: []Line{{"only", []XY{{4, 3, 2.9, 3.2}}}, {"empty", nil}}, IdealFrom: 1, Mark: 2, MarkLabel: words, YLabel: words},
		"thirty lines":   lines,
		"no names":       Timeline{Groups: []Group{{Lanes: []Lane{{Spans: []Span{{1, 1, "", ""}}}}}}},
		"one step":       Schedule{Lanes: []string{""}, Steps: []Step{{}}},
		"wide steps":     Schedule{Title: words, Lanes: []string{words, "b"}, Steps: []Step{{0, words, words, words}, {1, "b", "", "k"}}, State: []StateRow{{words, words, []string{words, "1"}}}, Arrows: []Arrow{{0, 1}}},
		"crowd":          Timeline{Groups: []Group{{Name: words, Lanes: []Lane{crowd, {}}}, {}}, Unit: 1e-9, Kinds: []string{"unused"}},
	} {
		t.Run(name, func(t *testing.T) {
			parse(t, mustSVG(t, c))
			keep(t, strings.ReplaceAll(name, " ", "-"), c)
		})
	}
}

func TestErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	dots := func(log bool, p Point) Dots {
		return Dots{Log: log, Series: []string{"2 workers"}, Rows: []Row{{"Mutex", []Point{p}}}}
	}
	line := func(p XY) Lines { return Lines{LogY: true, Series: []Line{{"Mutex", []XY{p}}}} }
	lane := func(s Span) Timeline {
		return Timeline{Groups: []Group{{"g", []Lane{{"worker 1", []Span{s}}}}}}
	}
	for _, c := range []struct {
		chart figurer
		want  []string
	}{
		{Dots{}, []string{"nothing to draw"}},
		{Dots{Rows: []Row{{"a", []Point{{Missing: true}}}}}, []string{"nothing to draw"}},
		{Lines{Series: []Line{{Name: "a"}}}, []string{"nothing to draw"}},
		{Timeline{Groups: []Group{{"a", []Lane{{"b", nil}}}}}, []string{"nothing to draw"}},
		{Strips{Rows: []Strip{{"a", nil}}}, []string{"nothing to draw"}},
		{dots(false, Point{X: nan}), []string{`"Mutex"`, `"2 workers"`, "not a number"}},
		{dots(false, Point{X: inf}), []string{`"Mutex"`, "not finite"}},
		{dots(true, Point{X: 0}), []string{`"Mutex"`, "log axis"}},
		{dots(true, Point{X: 1, Lo: -1, Hi: 2}), []string{`"Mutex"`, "interval -1 to 2", "log axis"}},
		{dots(false, Point{X: 1, Lo: -inf, Hi: inf}), []string{`"Mutex"`, "interval", "not finite"}},
		{dots(false, Point{X: 1, Lo: 2, Hi: 0}), []string{`"Mutex"`, "ends before"}},
		{Dots{Series: []string{"a", "b"}, Rows: []Row{{"Mutex", make([]Point, 1)}}}, []string{`"Mutex"`, "1 points for 2 series"}},
		{Dots{Marks: []float64{1, 2}, Rows: []Row{{"a", []Point{{X: 1}}}}}, []string{"2 marks for 1 rows"}},
		{Dots{Marks: []float64{-1}, Log: true, Rows: []Row{{"a", []Point{{X: 1}}}}}, []string{`mark of row "a"`, "log axis"}},
		{Dots{Reference: -1, Log: true, Rows: []Row{{"a", []Point{{X: 1}}}}}, []string{"reference", "log axis"}},
		{line(XY{X: 0, Y: 1}), []string{`"Mutex"`, "x: ", "log axis"}},
		{line(XY{X: 1, Y: 0}), []string{`"Mutex"`, "log axis"}},
		{line(XY{X: 1, Y: 1, Lo: nan, Hi: 1}), []string{`"Mutex"`, "not a number"}},
		{Lines{Mark: -2, Series: []Line{{"a", []XY{{X: 1}}}}}, []string{"mark", "log axis"}},
		{Lines{Ticks: []float64{0}, Series: []Line{{"a", []XY{{X: 1}}}}}, []string{"tick", "log axis"}},
		{lane(Span{Start: 2, End: 1, Label: "step"}), []string{`"worker 1"`, `"step"`, "before it starts"}},
		{lane(Span{Start: nan}), []string{`"worker 1"`, "not a number"}},
		{Timeline{Unit: -1}, []string{"unit"}},
		{Schedule{}, []string{"nothing to draw"}},
		{Schedule{Lanes: []string{"A"}, Steps: []Step{{Lane: 1, Label: "load"}}}, []string{`"load"`, "lane 1 of 1"}},
		{Schedule{Lanes: []string{"A"}, Steps: []Step{{}}, State: []StateRow{{Name: "n"}}}, []string{`"n"`, "0 values for 1 steps"}},
		{Schedule{Lanes: []string{"A"}, Steps: []Step{{}, {}}, Arrows: []Arrow{{0, 1}}}, []string{"step 1 to step 2", "two lanes"}},
		{Schedule{Lanes: []string{"A"}, Steps: []Step{{}}, Arrows: []Arrow{{0, 1}}}, []string{"step 1 to step 2 of 1"}},
		{Strips{Log: true, Rows: []Strip{{"Mutex", []float64{1, -1}}}}, []string{`"Mutex"`, "sample 2", "log axis"}},
	} {
		_, err := c.chart.Figure()
		if err == nil {
			t.Errorf("%+v: no error, want %q", c.chart, c.want)
			continue
		}
		for _, want := range append(c.want, "chart: ") {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error %q does not say %q", err, want)
			}
		}
	}
}

// TestOpenIgnoresInterval: an unknown interval is often given as infinite.
func TestOpenIgnoresInterval(t *testing.T) {
	p := Point{X: 1, Lo: math.Inf(-1), Hi: math.Inf(1), Open: true}
	mustSVG(t, Dots{Rows: []Row{{"a", []Point{p}}}})
}
