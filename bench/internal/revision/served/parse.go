package served

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Result is the result line of one benchmark.
type Result struct {
	Name    string // without GOMAXPROCS: "BenchmarkSort/size=10"
	N       int
	Elapsed time.Duration      // of all iterations; 0 when the benchmark reports no time
	Metrics map[string]float64 // the others, as they were printed
}

// A Complaint is a benchmark that said that it failed, or was skipped.
type Complaint struct {
	Name    string
	Skipped bool
	Text    string
}

// Parse reads what package testing printed at one value of GOMAXPROCS. It
// prints a result with one call, so that lines are whole; only what a benchmark
// logs stands between them, indented.
func Parse(output string, procs int) (results []Result, complaints []Complaint) {
	suffix := ""
	if procs > 1 {
		suffix = "-" + strconv.Itoa(procs)
	}
	complaining := false
	for line := range strings.SplitSeq(output, "\n") {
		if at := strings.Index(line, "--- "); at >= 0 && !strings.HasPrefix(line, " ") {
			kind, name, ok := strings.Cut(line[at+len("--- "):], ": ")
			if complaining = ok && (kind == "FAIL" || kind == "SKIP"); complaining {
				name, _ = strings.CutSuffix(name, suffix)
				complaints = append(complaints, Complaint{Name: name, Skipped: kind == "SKIP"})
				continue
			}
		}
		if strings.HasPrefix(line, "Benchmark") {
			complaining = false
			if r, ok := result(line, suffix); ok {
				results = append(results, r)
			}
			continue
		}
		if complaining {
			last := &complaints[len(complaints)-1]
			last.Text = oneLine(last.Text + "\n" + line)
		}
	}
	return results, complaints
}

// result parses a result line. A name may hold anything but spaces.
func result(line, suffix string) (Result, bool) {
	fields := strings.Fields(line)
	if len(fields) < 2 || len(fields)%2 != 0 {
		return Result{}, false
	}
	name, ok := strings.CutSuffix(fields[0], suffix)
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
