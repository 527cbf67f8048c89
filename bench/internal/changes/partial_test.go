package changes

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench/internal/revision"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// interrupted is a comparison that was stopped before most of it was measured.
func interrupted() *Result {
	r := &Result{Base: "a", Head: "b", Tolerance: "5%", Level: 0.01, Partial: "interrupted", Found: &revision.Comparison{}}
	for i := range 12 {
		p := &revision.Pair{Package: "example.com/m", Name: fmt.Sprintf("BenchmarkB%d", i), Procs: 1}
		r.Found.Pairs = append(r.Found.Pairs, p)
		if i == 0 {
			r.Rows = append(r.Rows, revision.Row{Pair: p, Unit: revision.TimeUnit, Base: 1, Head: 1, Verdict: stats.Same, Change: stats.Interval{Value: 1, Lo: 1, Hi: 1, N: 8}})
		}
	}
	return r
}

// What an interrupted run did not come to is in every form, and none looks
// whole.
func TestPartial(t *testing.T) {
	r := interrupted()
	var data, junit, text bytes.Buffer
	if err := r.JSON(&data); err != nil {
		t.Fatal(err)
	}
	var j jsonResult
	if err := json.Unmarshal(data.Bytes(), &j); err != nil {
		t.Fatal(err)
	}
	unclear := 0
	for _, row := range j.Rows {
		if row.Verdict == "unclear" && row.Reason == "not measured, as the comparison was stopped early (interrupted)" && row.Base == nil {
			unclear++
		}
	}
	if unclear != 11 || j.Tally.Unclear != 11 || j.Partial == "" {
		t.Errorf("JSON: %d rows say why, and %d are unclear: %s", unclear, j.Tally.Unclear, data.String())
	}
	if err := r.JUnit(&junit); err != nil {
		t.Fatal(err)
	}
	var s junitSuite
	if err := xml.Unmarshal(junit.Bytes(), &s); err != nil || s.Skipped != 11 || s.Errors != 1 || s.Cases[0].Error == nil || !strings.HasPrefix(s.Cases[0].Error.Message, "partial: ") {
		t.Errorf("JUnit: %v %s", err, junit.String())
	}
	if err := r.Text(&text); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text.String(), ": not measured, as the comparison was stopped early"); n != mostReasons || !strings.Contains(text.String(), "\nunclear: and 3 more; -json has all reasons\n") {
		t.Errorf("%d benchmarks are listed that were not measured:\n%s", n, text.String())
	}
}

// With -strict a metric of one side is an error, once, and no remark.
func TestStrictMetrics(t *testing.T) {
	r := sample()
	r.Strict = true
	var junit, text bytes.Buffer
	if err := r.JUnit(&junit); err != nil {
		t.Fatal(err)
	}
	var s junitSuite
	if err := xml.Unmarshal(junit.Bytes(), &s); err != nil || s.Errors != 5 || strings.Contains(junit.String(), "only head reports it") {
		t.Errorf("%v %s", err, junit.String())
	}
	if err := r.Text(&text); err != nil {
		t.Fatal(err)
	}
	const want = "\nFAILED: example.com/m/sort.BenchmarkSort-2: only head reports errs/op, n, which -strict does not allow\n"
	if !strings.Contains(text.String(), want) || strings.Contains(text.String(), "note: sort.BenchmarkSort-2: only") {
		t.Errorf("%s", text.String())
	}
}

// What has no ratio is written without one.
func TestChangeWithoutRatio(t *testing.T) {
	inf := stats.Interval{Value: math.Inf(1), Lo: math.Inf(1), Hi: math.Inf(1), N: 8}
	for _, test := range []struct {
		row  revision.Row
		want string
	}{
		{revision.Row{Head: 24.9, Change: inf}, "from 0"},
		{revision.Row{Head: 2, Exact: true, Change: inf}, "from 0"},
		{revision.Row{Base: 24.9, Change: stats.Interval{N: 8}}, "−100%"},
		{revision.Row{Base: -1, Change: inf}, "?"},
		{revision.Row{Base: -1, Exact: true, Change: inf}, "?"},
		{revision.Row{Base: -1, Head: -1, Exact: true, Change: stats.Interval{Value: 1, Lo: 1, Hi: 1, N: 1}}, "0%"},
		{revision.Row{Base: -1, Head: -2}, "?"},
	} {
		if got := change(&test.row); got != test.want {
			t.Errorf("%+v: %s, want %s", test.row, got, test.want)
		}
	}
}
