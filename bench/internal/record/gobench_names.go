package record

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/interleave-go/interleave/bench"
)

// caseOf returns the case of a benchmark, and describes its scenario and its
// variant when they are new.
func (g *goBench) caseOf(pkg, name string) bench.Case {
	full := goBenchName{pkg, name}
	if c, ok := g.cases[full]; ok {
		return c
	}
	c, key, worker := splitGoBench(pkg, name)
	c.Scenario = g.scenario(key, c.Scenario, worker)
	// Different names stay different cases.
	for variant, n := c.Variant, 2; g.taken[c]; n++ {
		c.Variant = fmt.Sprintf("%s:%d", variant, n)
	}
	g.cases[full], g.taken[c] = c, true
	if g.known.variant(c.Scenario, c.Variant) == nil {
		g.known.add(Event{Variant: &Variant{Scenario: c.Scenario, Name: c.Variant}})
	}
	if v := g.known.variant(c.Scenario, c.Variant); !slices.Contains(v.Workers, c.Workers) {
		v.Workers = append(v.Workers, c.Workers)
		slices.Sort(v.Workers)
	}
	if worker != "" {
		g.known.scenario(c.Scenario).Worker = worker
	}
	return c
}

// scenario returns the name of the scenario of a key: the wanted one, unless
// another package has it.
func (g *goBench) scenario(key goBenchKey, want, worker string) string {
	if name, ok := g.names[key]; ok {
		return name
	}
	name := want
	if _, taken := g.owners[name]; taken && key.pkg != "" {
		want = goBenchScenario(want + "_" + lastElement(key.pkg))
		name = want
	}
	for n := 2; ; n++ {
		if _, taken := g.owners[name]; !taken {
			break
		}
		name = fmt.Sprintf("%s_%d", want, n)
	}
	g.names[key], g.owners[name] = name, key
	doc := "go test -bench"
	if key.pkg != "" {
		doc = "go test -bench in " + OneLine(key.pkg)
	}
	g.known.add(Event{Scenario: &Scenario{Name: name, Doc: doc, Unit: "op", Worker: "worker"}})
	return name
}

// lastElement returns the last element of a package's path.
func lastElement(pkg string) string { return pkg[strings.LastIndexByte(pkg, '/')+1:] }

// splitGoBench makes a case of a benchmark name. worker is what the name calls
// "workers", or "" when it does not.
func splitGoBench(pkg, name string) (c bench.Case, key goBenchKey, worker string) {
	rest := strings.TrimPrefix(name, "Benchmark")
	base, _, _ := strings.Cut(rest, "/")
	key = goBenchKey{pkg: pkg, base: base}
	if c, err := bench.ParseCase(name); err == nil {
		return c, key, "goroutine"
	}
	c = bench.Case{Workers: 1, Procs: 1}
	if i := strings.LastIndexByte(rest, '-'); i >= 0 {
		if n, ok := goBenchCount(rest[i+1:]); ok && n > 1 {
			rest, c.Procs = rest[:i], n
		}
	}
	parts := strings.Split(rest, "/")
	var variant, params []string
	seen := make(map[string]bool)
	for _, part := range parts[1:] {
		k, value, ok := strings.Cut(part, "=")
		n, isCount := goBenchCount(value)
		ok = ok && bench.CheckName(k) == nil && bench.CheckName(value) == nil && !seen[k] && (k != "workers" || isCount)
		switch {
		case !ok:
			variant = append(variant, goBenchPart(part))
			continue
		case k == "workers":
			c.Workers, worker = n, "goroutine"
		case k == "variant":
			variant = append(variant, value)
		default:
			params = append(params, part)
		}
		seen[k] = true
	}
	c.Params = strings.Join(params, "/")
	key.base = parts[0]
	if len(variant) > 0 {
		c.Scenario = goBenchScenario(parts[0])
		c.Variant = strings.Join(variant, ":")
		return c, key, worker
	}
	// Without a variant it is compared with its like in the package.
	key = goBenchKey{pkg: pkg, plain: true}
	c.Scenario = "benchmarks"
	if pkg != "" {
		c.Scenario = goBenchScenario(lastElement(pkg))
	}
	c.Variant = goBenchPart(parts[0])
	if parts[0] == "" {
		c.Variant = "Benchmark"
	}
	return c, key, worker
}

// goBenchCount parses a positive number as Itoa prints it, of a size that a
// number of workers or processors may have.
func goBenchCount(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n > 0 && n <= 1<<20 && strconv.Itoa(n) == s
}

// goBenchPart makes a part of a variant's name of any text.
func goBenchPart(text string) string {
	if text == "" {
		return "_"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '/' || r == '=':
			return ':'
		case unicode.IsSpace(r) || !unicode.IsPrint(r):
			return '_'
		}
		return r
	}, text)
}

// goBenchScenario makes the name of a scenario of any text.
func goBenchScenario(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsPrint(r) && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, text)
	if text == "" {
		return "benchmark"
	}
	switch first := text[0]; {
	case first >= 'A' && first <= 'Z':
		return strings.ToLower(text[:1]) + text[1:]
	case first < 'a' || first > 'z':
		return "b" + text
	}
	return text
}
