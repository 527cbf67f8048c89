package gate

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/joshdk/go-junit"

	"github.com/interleave-go/interleave/bench/internal/stats"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample is a report with something of everything.
func sample() *Report {
	const file = "scripts/budgets.yaml"
	return &Report{
		Results: []Result{
			{Rule: "waiting overlaps", Subject: "Sleep/variant=goroutines/workers=2-2", Outcome: Pass, Bound: "speedup >= 1.9", Estimate: stats.Interval{Value: 1.991, Lo: 1.98, Hi: 2.003, N: 6}, File: file, Line: 3},
			{Rule: "downloads overlap", Subject: "Download/net=latency/variant=parallel/workers=3-2", Bound: "speedup >= 2.7", Estimate: stats.Interval{Value: 2.71, Lo: 2.62, Hi: 2.81, N: 8}, Reason: "the interval from 2.6 to 2.83 contains the bound", More: 12300 * time.Millisecond, File: file, Line: 7},
			{Rule: "no allocations", Subject: "Counter/variant=atomic/workers=1-2", Unit: "allocs/op", Outcome: Pass, Bound: "allocs <= 0", Estimate: stats.Interval{Value: 0, N: 6}, File: file, Line: 11},
			{Rule: "no allocations", Subject: "Counter/variant=mutex/workers=1-2", Unit: "allocs/op", Outcome: Fail, Bound: "allocs <= 0", Estimate: stats.Interval{Value: 2, Lo: 2, Hi: 2, N: 6}, Reason: "2 allocations an operation, in 12 of 12 trials | with a bar, a <tag> and 100 %\nand a second line", File: file, Line: 11},
			{Rule: "scaling", Subject: "Poolmap/grain=1us/variant=chunked/workers=2", Outcome: Skipped, Bound: "scaling >= 1.5", Reason: "it needs 2 CPUs and there is 1", File: file, Line: 15},
			{Rule: "counts", Subject: "Counter/variant=cas/workers=8-2", Outcome: Broken, Bound: "lost 0", Reason: "3 processes failed, the last so: exit status 7\x00", File: file, Line: 19},
		},
		Header:   []string{"level 1 % over 3 statistical rules, each 0.33 %"},
		Warnings: []string{"the load of the last minute is 3.1 on 2 CPUs: close other programs and measure again"},
		Listed:   []string{"not comparable: Counter/variant=mutex/workers=1-2: the reference was measured on another machine (cpu: AMD EPYC, now Intel Xeon)"},
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got; rewrite with -update):\n%s", path, diff)
	}
}

func TestForms(t *testing.T) {
	forms := map[string]func(*bytes.Buffer) error{
		"report.txt":      func(b *bytes.Buffer) error { return sample().Text(b) },
		"report.md":       func(b *bytes.Buffer) error { return sample().Markdown(b) },
		"annotations.txt": func(b *bytes.Buffer) error { return sample().Annotations(b, false) },
		"junit.xml":       func(b *bytes.Buffer) error { return sample().JUnit(b, false) },
		"report.json":     func(b *bytes.Buffer) error { return sample().JSON(b, false) },
	}
	for name, write := range forms {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		golden(t, name, b.Bytes())
	}
}

func TestTextFitsATerminal(t *testing.T) {
	var b strings.Builder
	if err := sample().Text(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > width {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestAnswers(t *testing.T) {
	of := func(outcomes ...Outcome) *Report {
		r := &Report{}
		for i, o := range outcomes {
			r.Results = append(r.Results, Result{Rule: string(rune('a' + i)), Subject: "case", Outcome: o})
		}
		return r
	}
	required := of(Pass, Undecided)
	required.Results[1].Required = true
	one := of(Pass, Undecided)
	one.Results[1].Rule = one.Results[0].Rule
	for _, tt := range []struct {
		name       string
		report     *Report
		answer     string
		code, fail int // without and with failOnUnclear
	}{
		{"empty", of(), "UNCLEAR: nothing was decided, since there are no rules to check", 3, 3},
		{"one", of(Pass), "PASS: 1 of 1 rule holds", 0, 0},
		{"all", of(Pass, Pass), "PASS: all 2 rules hold", 0, 0},
		{"skipped", of(Pass, Skipped), "PASS: 1 of 2 rules holds, 1 skipped", 0, 0},
		{"unclear", of(Pass, Undecided, Pass), "UNCLEAR: 1 of 3 rules not decided", 0, 3},
		{"required", required, "UNCLEAR: 1 of 2 rules not decided", 3, 3},
		{"cases of one rule", one, "UNCLEAR: nothing was decided: of 1 rule 1 unclear, 0 skipped", 3, 3},
		{"all unclear", of(Undecided, Undecided), "UNCLEAR: nothing was decided: of 2 rules 2 unclear, 0 skipped", 3, 3},
		{"all skipped", of(Skipped, Skipped), "UNCLEAR: nothing was decided: of 2 rules 0 unclear, 2 skipped", 3, 3},
		{"fail", of(Pass, Fail, Undecided), "FAIL: 1 of 3 rules does not hold, 1 unclear", 1, 1},
		{"fails", of(Fail, Fail), "FAIL: 2 of 2 rules do not hold", 1, 1},
		{"broken before failed", of(Fail, Broken, Undecided), "BROKEN: 1 of 3 rules could not be measured, 1 fail, 1 unclear", 2, 2},
	} {
		if got := tt.report.Answer(); got != tt.answer {
			t.Errorf("%s: answer %q, want %q", tt.name, got, tt.answer)
		}
		if got := tt.report.ExitCode(false); got != tt.code {
			t.Errorf("%s: exit code %d, want %d", tt.name, got, tt.code)
		}
		if got := tt.report.ExitCode(true); got != tt.fail {
			t.Errorf("%s: exit code with -on-unclear=fail %d, want %d", tt.name, got, tt.fail)
		}
		if advice := tt.report.Advice(); !strings.HasPrefix(advice, "what to do: ") {
			t.Errorf("%s: advice %q", tt.name, advice)
		}
	}
}

// TestZeroResult holds that a result nobody has judged is no pass.
// What was written is known again, and nothing else is.
func TestIsReport(t *testing.T) {
	var markdown, junit, text bytes.Buffer
	if err := errors.Join(sample().Markdown(&markdown), sample().JUnit(&junit, false), sample().Text(&text)); err != nil {
		t.Fatal(err)
	}
	if !IsReport(markdown.Bytes()) || !IsReport(junit.Bytes()) {
		t.Error("a report is not known")
	}
	for _, other := range []string{"", text.String(), "**bold**\n", "rules:\n  - cases: a\n    lost: 0\n", `<testsuites><testsuite name="mine"></testsuite></testsuites>`} {
		if IsReport([]byte(other)) {
			t.Errorf("this is no report:\n%s", other)
		}
	}
}

// A first reference is an end in itself, whatever there is to compare.
func TestFirstReference(t *testing.T) {
	r := &Report{Results: []Result{{Rule: "a", Outcome: Skipped}}, Kept: "reference/1.txt"}
	if r.Answer() != "PASS: the first reference of 1 rule" || r.Advice() != "what to do: keep reference/1.txt in the repository" || r.ExitCode(true) != exitOK {
		t.Errorf("%s; %s; exit code %d", r.Answer(), r.Advice(), r.ExitCode(true))
	}
	if r.Kept = ""; r.ExitCode(false) != exitUndecided {
		t.Errorf("nothing was kept: %s", r.Answer())
	}
	r.Kept, r.Results[0].Outcome = "reference/1.txt", Undecided
	if r.ExitCode(false) != exitUndecided {
		t.Errorf("undecided: %s", r.Answer())
	}
}

func TestZeroResult(t *testing.T) {
	r := &Report{Results: make([]Result, 1)}
	if code := r.ExitCode(false); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
}

// TestJUnit reads the file back with a reader that is not ours.
func TestJUnit(t *testing.T) {
	for _, fail := range []bool{false, true} {
		var b bytes.Buffer
		if err := sample().JUnit(&b, fail); err != nil {
			t.Fatal(err)
		}
		suites, err := junit.Ingest(b.Bytes())
		if err != nil || len(suites) != 1 {
			t.Fatalf("%d suites, error %v", len(suites), err)
		}
		var got []junit.Status
		for _, c := range suites[0].Tests {
			got = append(got, c.Status)
		}
		want := []junit.Status{junit.StatusPassed, junit.StatusSkipped, junit.StatusPassed, junit.StatusFailed, junit.StatusSkipped, junit.StatusError}
		totals := junit.Totals{Tests: 6, Passed: 2, Skipped: 2, Failed: 1, Error: 1}
		if fail {
			want[1] = junit.StatusFailed
			totals.Skipped, totals.Failed = 1, 2
		}
		if !slices.Equal(got, want) {
			t.Errorf("statuses %v, want %v", got, want)
		}
		if suites[0].Totals != totals {
			t.Errorf("totals %+v, want %+v", suites[0].Totals, totals)
		}
		if m := suites[0].Tests[1].Message; !fail && !strings.Contains(m, "contains the bound") {
			t.Errorf("the reason of what is undecided is %q", m)
		}
	}
}

// TestSchema holds schema.json to the fields that are written.
func TestSchema(t *testing.T) {
	data, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Required   []string          `json:"required"`
		Properties map[string]object `json:"properties"`
		Items      *object           `json:"items"`
	}
	var schema object
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	compare := func(o object, v any) {
		var all, always []string
		for i := range reflect.TypeOf(v).NumField() {
			name, option, _ := strings.Cut(reflect.TypeOf(v).Field(i).Tag.Get("json"), ",")
			all = append(all, name)
			if option == "" {
				always = append(always, name)
			}
		}
		slices.Sort(all)
		slices.Sort(always)
		if got := slices.Sorted(maps.Keys(o.Properties)); !slices.Equal(got, all) {
			t.Errorf("schema.json describes %v, %T has %v", got, v, all)
		}
		if got := slices.Sorted(slices.Values(o.Required)); !slices.Equal(got, always) {
			t.Errorf("schema.json requires %v, %T always has %v", got, v, always)
		}
	}
	compare(schema, jsonReport{})
	compare(*schema.Properties["results"].Items, jsonResult{})
	compare(schema.Properties["results"].Items.Properties["estimate"], jsonInterval{})
}

func TestAppendMarkdown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "summary.md")
	if err := os.WriteFile(path, []byte("of another step\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := sample().AppendMarkdown(path); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(path)
	if !bytes.HasPrefix(got, []byte("of another step\n")) || !bytes.Contains(got, []byte("**BROKEN: ")) {
		t.Errorf("the summary is now:\n%s", got)
	}
}
