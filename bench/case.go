package bench

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Case is one cell of the experiment: a variant of a scenario at given
// parameters, worker count and GOMAXPROCS. It is comparable, and has exactly
// one benchmark name.
type Case struct {
	Scenario string
	Params   string // "net=latency/size=64", in the order of the scenario; "" for none
	Variant  string
	Workers  int
	Procs    int // GOMAXPROCS
}

// Name returns the benchmark name of the case as go test prints it:
//
//	BenchmarkDownload/net=latency/variant=parallel/workers=3-2
//
// The suffix is GOMAXPROCS, left out when it is 1, as go test does.
func (c Case) Name() string { return "Benchmark" + c.Short() }

// Short returns the name without the leading "Benchmark", which is what
// patterns are matched against and what benchstat shows.
func (c Case) Short() string {
	name := TestName(c.Scenario) + "/" + c.SubName()
	if c.Procs != 1 {
		name += "-" + strconv.Itoa(c.Procs)
	}
	return name
}

// SubName returns the part of the name behind the scenario's and before the
// suffix: the name of the sub-benchmark.
func (c Case) SubName() string {
	name := "variant=" + c.Variant + "/workers=" + strconv.Itoa(c.Workers)
	if c.Params != "" {
		name = c.Params + "/" + name
	}
	return name
}

// TestName returns a scenario's name as part of a Go identifier: "counter"
// becomes "Counter".
func TestName(scenario string) string {
	if scenario == "" {
		return ""
	}
	return strings.ToUpper(scenario[:1]) + scenario[1:]
}

// ParseCase is the inverse of [Case.Name]. It accepts exactly the names that
// Name returns for cases with well-formed names.
func ParseCase(name string) (Case, error) {
	fail := func(why string) (Case, error) {
		return Case{}, fmt.Errorf("benchmark name %q is not of the form BenchmarkScenario/param=value/variant=name/workers=n-procs: %s", name, why)
	}
	rest, ok := strings.CutPrefix(name, "Benchmark")
	if !ok {
		return fail("it does not begin with Benchmark")
	}
	parts := strings.Split(rest, "/")
	if len(parts) < 3 {
		return fail("variant or workers is missing")
	}
	var c Case
	c.Scenario = strings.ToLower(rest[:min(1, len(rest))]) + parts[0][min(1, len(parts[0])):]
	if TestName(c.Scenario) != parts[0] {
		return fail("the scenario does not begin with a capital letter")
	}
	if err := checkScenarioName(c.Scenario); err != nil {
		return fail(err.Error())
	}
	workers, ok := strings.CutPrefix(parts[len(parts)-1], "workers=")
	if !ok {
		return fail("workers is not last")
	}
	workers, procs, suffixed := strings.Cut(workers, "-")
	if c.Workers, ok = parseCount(workers); !ok {
		return fail("the number of workers is not a positive number")
	}
	c.Procs = 1
	if suffixed {
		if c.Procs, ok = parseCount(procs); !ok || c.Procs == 1 {
			return fail("the suffix is not a number above 1")
		}
	}
	if c.Variant, ok = strings.CutPrefix(parts[len(parts)-2], "variant="); !ok {
		return fail("variant does not stand before workers")
	}
	if err := CheckName(c.Variant); err != nil {
		return fail(err.Error())
	}
	params := parts[1 : len(parts)-2]
	seen := map[string]bool{"variant": true, "workers": true}
	for _, p := range params {
		key, value, ok := strings.Cut(p, "=")
		if !ok || CheckName(key) != nil || CheckName(value) != nil || seen[key] {
			return fail(fmt.Sprintf("%q is not a parameter, or stands twice", p))
		}
		seen[key] = true
	}
	c.Params = strings.Join(params, "/")
	return c, nil
}

// parseCount parses a positive number as Itoa prints it.
func parseCount(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n > 0 && strconv.Itoa(n) == s
}

// Param returns the value of one parameter of the case, "" if it has none of
// that name.
func (c Case) Param(name string) string {
	for p := range strings.SplitSeq(c.Params, "/") {
		if key, value, _ := strings.Cut(p, "="); key == name {
			return value
		}
	}
	return ""
}

// CheckName reports whether name can be part of a benchmark name: what is
// wrong with it, or nil. Benchmark names are split at slashes, parameters at
// equals signs, and benchmark lines at spaces.
func CheckName(name string) error {
	if name == "" {
		return fmt.Errorf("a name is empty")
	}
	if !utf8.ValidString(name) {
		return fmt.Errorf("the name %q is not valid UTF-8", name)
	}
	for _, r := range name {
		switch {
		case r == '/' || r == '=':
			return fmt.Errorf("the name %q contains %q, which separates the parts of a benchmark name", name, r)
		case unicode.IsSpace(r) || !unicode.IsPrint(r):
			return fmt.Errorf("the name %q contains a space or a control character, which ends a benchmark name", name)
		}
	}
	return nil
}

// checkScenarioName adds what Go asks of the name of a benchmark function, and
// what makes its first letter come back after it was put in upper case.
func checkScenarioName(name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	if name[0] < 'a' || name[0] > 'z' {
		return fmt.Errorf("the scenario name %q does not begin with a letter from a to z", name)
	}
	for _, r := range name {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return fmt.Errorf("the scenario name %q contains %q, which cannot be part of a Go function's name", name, r)
		}
	}
	return nil
}
