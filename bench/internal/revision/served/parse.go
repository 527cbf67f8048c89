package served

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/child"
)

// A Result is the result line of one benchmark.
type Result struct {
	Name    string // without GOMAXPROCS: "BenchmarkSort/size=10"
	N       int
	Elapsed time.Duration      // of all iterations; 0 when the benchmark reports no time
	Metrics map[string]float64 // the others, as they were printed
}

// A Failure is a benchmark that said that it failed.
type Failure struct {
	Name string
	Text string
}

// Parse reads what package testing printed at one value of GOMAXPROCS. Only
// what a benchmark logs stands between its lines, indented.
func Parse(output string, procs int) (results []Result, failures []Failure) {
	suffix := ""
	if procs > 1 {
		suffix = "-" + strconv.Itoa(procs)
	}
	failing := false
	for line := range strings.SplitSeq(output, "\n") {
		_, name, failed := strings.Cut(line, "--- FAIL: ")
		logged := strings.HasPrefix(line, " ")
		switch {
		case failed && !logged: // maybe behind the name that announced a result
			name, _ = strings.CutSuffix(name, suffix)
			failures = append(failures, Failure{Name: name})
			failing = true
		case failing && logged:
			last := &failures[len(failures)-1]
			last.Text = oneLine(last.Text + "\n" + line)
		case !logged:
			failing = false
			if r, ok := result(line, suffix); ok {
				results = append(results, r)
			}
		}
	}
	return results, withoutParents(failures)
}

// withoutParents drops the benchmarks that failed only since one of their
// sub-benchmarks did.
func withoutParents(failures []Failure) []Failure {
	return slices.DeleteFunc(failures, func(f Failure) bool {
		return f.Text == "" && slices.ContainsFunc(failures, func(g Failure) bool { return strings.HasPrefix(g.Name, f.Name+"/") })
	})
}

// result parses a result line. A name may hold anything but spaces.
func result(line, suffix string) (Result, bool) {
	fields := strings.Fields(line)
	if len(fields) < 2 || len(fields)%2 != 0 {
		return Result{}, false
	}
	name, ok := strings.CutSuffix(fields[0], suffix)
	ok = ok && strings.HasPrefix(name, "Benchmark")
	n, err := strconv.Atoi(fields[1])
	if !ok || err != nil || n < 1 {
		return Result{}, false
	}
	r := Result{Name: name, N: n, Metrics: make(map[string]float64)}
	for i := 2; i < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
			return Result{}, false
		}
		if fields[i+1] != "ns/op" {
			r.Metrics[fields[i+1]] = value
			continue
		}
		elapsed := math.Round(value * float64(n))
		if !(elapsed >= 0 && elapsed < math.MaxInt64/2) {
			return Result{}, false
		}
		r.Elapsed = time.Duration(elapsed)
	}
	return r, true
}

// Pattern returns the pattern for -test.bench that selects exactly one
// benchmark.
func Pattern(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

// lastWords returns the reason for which a process died, without the traces of
// its goroutines, or what it said last.
func lastWords(t *child.Tail) string {
	text, _, _ := strings.Cut(t.String(), " | goroutine ")
	return oneLine(text)
}

// oneLine makes text of a foreign program fit for a line of a table or a file.
func oneLine(text string) string {
	const limit = 400
	lines := strings.FieldsFunc(strings.ToValidUTF8(text, "?"), func(r rune) bool { return r == '\n' || r == '\r' })
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	line := strings.Join(lines, " | ")
	if len(line) > limit {
		line = strings.ToValidUTF8(line[:limit], "") + "…"
	}
	return line
}
