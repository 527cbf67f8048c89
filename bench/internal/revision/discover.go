package revision

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// discoverWithin bounds one iteration of a benchmark with all its
// sub-benchmarks; less of it when the budget is small, of which what takes
// longer than a quarter could not be measured anyway.
var discoverWithin = 60 * time.Second

// leastDiscovery is what finding benchmarks may take, however small the budget.
var leastDiscovery = 10 * time.Second

// limit returns how long a benchmark may take to be found: 0 when there is no
// time left.
func (t *Trees) limit() time.Duration {
	if t.Budget == 0 {
		return discoverWithin
	}
	left := max(t.Budget, leastDiscovery) - t.discovery
	if left < 10*time.Millisecond {
		return 0
	}
	return min(discoverWithin, max(t.Budget/4, leastDiscovery/2), left)
}

// discover runs every benchmark of a package once: sub-benchmarks are made by
// running, so there is no other way to know them. With before it runs only
// those that failed there.
func (t *Trees) discover(ctx context.Context, both [2]built, before *found) (*found, error) {
	f := &found{both: both}
	for i := range both {
		names := t.wanted(both[i].Benchmarks())
		if before != nil {
			names = before.failing(i)
		}
		v := visitor{Trees: t, built: &both[i]}
		for _, name := range names {
			began := time.Now()
			s, err := v.visit(ctx, name)
			t.discovery += time.Since(began)
			if err != nil {
				v.close()
				return nil, err
			}
			f.sides[i] = append(f.sides[i], s)
		}
		v.close()
	}
	return f, nil
}

// A visitor keeps a process for one benchmark after the other, as long as it
// lives.
type visitor struct {
	*Trees
	built   *built
	process *served.Process
	test    string
}

func (v *visitor) close() {
	if v.process != nil {
		v.process.Close()
		v.process = nil
	}
}

func (v *visitor) visit(ctx context.Context, function string) (seen, error) {
	s := seen{function: function}
	if v.limit() == 0 {
		s.slow = true
		s.failed = []served.Failure{{Name: function, Text: fmt.Sprintf("not run: finding the others took all of the %v that -for allows: a longer -for, or choose with -bench", v.Budget)}}
		return s, nil
	}
	procs := runtime.GOMAXPROCS(0)
	if len(v.Procs) > 0 {
		procs = v.Procs[0]
	}
	a, err := v.ask(ctx, function, procs)
	if err != nil {
		if s.slow = errors.Is(err, errSlow); s.slow { // the parts that came before can be measured
			s.results, _ = served.Parse(v.process.Printed(), procs)
		}
		v.close() // the others deserve a new one
		s.failed = []served.Failure{{Name: function, Text: err.Error()}}
		return s, ctx.Err()
	}
	s.results, s.failed = served.Parse(a.Output, procs)
	s.skipped = a.Skipped
	return s, nil
}

func (v *visitor) ask(ctx context.Context, function string, procs int) (served.Answer, error) {
	if test := v.built.Test(function); v.process == nil || v.test != test {
		v.close()
		p, err := v.built.binaries[0].Start(ctx, served.Launch{Test: test, Procs: procs})
		if err != nil {
			return served.Answer{}, err
		}
		v.process, v.test = p, test
	}
	limit := v.limit()
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	a, err := v.process.Ask(limited, served.Request{Benchmark: function, Pattern: v.pattern(function), N: 1})
	if limited.Err() != nil && ctx.Err() == nil {
		err = fmt.Errorf("one iteration of it, or of all its parts, %w within %v: choose others with -bench", errSlow, limit.Round(100*time.Millisecond))
	}
	return a, err
}

var errSlow = errors.New("did not end")

// pattern returns the user's -bench, narrowed to one function.
func (t *Trees) pattern(function string) string {
	_, rest, deeper := cutPattern(t.Bench)
	if !deeper {
		return served.Pattern(function)
	}
	return served.Pattern(function) + "/" + rest
}

// matches reports whether the first part of -bench matches a function.
func (t *Trees) matches(function string) bool {
	first, _, _ := cutPattern(t.Bench)
	ok, err := regexp.MatchString(first, function)
	return ok && err == nil
}

// CheckPattern returns an error for a -bench that is no regular expression.
func CheckPattern(pattern string) error {
	for rest, more := pattern, true; more; {
		var part string
		part, rest, more = cutPattern(rest)
		if _, err := regexp.Compile(part); err != nil {
			return fmt.Errorf("-bench %s: %q is not a regular expression: %w", pattern, part, err)
		}
	}
	return nil
}

// cutPattern cuts a pattern at its first slash that does not stand in brackets,
// as go test does.
func cutPattern(pattern string) (first, rest string, ok bool) {
	depth, class := 0, false
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '(' && !class:
			depth++
		case c == ')' && !class:
			depth--
		case c == '/' && !class && depth == 0:
			return pattern[:i], pattern[i+1:], true
		}
	}
	return pattern, "", false
}

// match makes pairs of what both sides have.
func (c *Comparison) match(f *found) {
	path := f.both[base].Path
	results := [2]map[string]served.Result{{}, {}}
	var order []string
	add := func(name string) {
		if !slices.Contains(order, name) {
			order = append(order, name)
		}
	}
	failed := make(map[string]bool)
	skips := [2]map[string]bool{{}, {}}
	for i, side := range f.sides {
		for _, s := range side {
			for _, r := range s.results {
				results[i][r.Name] = r
				add(r.Name)
			}
			for _, bad := range s.failed {
				failed[bad.Name] = true
				c.Problems = append(c.Problems, Problem{path + "." + bad.Name, sideNames[i], bad.Text})
			}
			if s.skipped {
				skips[i][s.function] = true
				add(s.function)
			}
		}
	}
	c.ran(f, order)
	for _, name := range order {
		_, inBase := results[base][name]
		_, inHead := results[head][name]
		title := path + "." + name
		switch skipBase, skipHead := skips[base][name], skips[head][name]; {
		case failed[name]:
		case inBase && inHead:
			c.pair(f, name, results)
		case skipBase && skipHead:
			c.Skipped = append(c.Skipped, title+": it skips itself")
		case skipBase && inHead, skipHead && inBase:
			c.Skipped = append(c.Skipped, title+": it skips itself on one side")
		case inBase || skipBase:
			c.OneSided = append(c.OneSided, OneSided{title, sideNames[base]})
		default:
			c.OneSided = append(c.OneSided, OneSided{title, sideNames[head]})
		}
	}
}

// ran notes the names of what was run. A function all of which was seen has no
// other parts than those.
func (c *Comparison) ran(f *found, names []string) {
	c.Names = append(c.Names, names...)
	for _, side := range f.sides {
		for _, s := range side {
			if i := slices.Index(c.Functions, s.function); i >= 0 && len(s.failed) == 0 && !s.skipped {
				c.Functions = slices.Delete(c.Functions, i, i+1) // another package may have one of that name
			}
		}
	}
}

// pair takes up a benchmark that both sides have, for every GOMAXPROCS.
func (c *Comparison) pair(f *found, name string, results [2]map[string]served.Result) {
	function, _, _ := strings.Cut(name, "/")
	path := f.both[base].Path
	if results[base][name].Elapsed == 0 || results[head][name].Elapsed == 0 {
		if results[base][name].Elapsed == 0 && results[head][name].Elapsed == 0 {
			c.Skipped = append(c.Skipped, path+"."+name+": it reports no ns/op, so that its slices cannot be sized")
			return
		}
	}
	procs := c.trees.Procs
	if len(procs) == 0 {
		procs = []int{runtime.GOMAXPROCS(0)}
	}
	for _, n := range procs {
		p := &Pair{Package: path, Name: name, Procs: n, function: function, once: max(results[base][name].Elapsed, results[head][name].Elapsed)}
		for i := range p.arms {
			p.arms[i] = arm{&f.both[i], f.both[i].Test(function)}
			p.holds = f.both[i].binaries[0].Holds // both sides do, or neither
		}
		p.units, p.OneSided = matchUnits(results[base][name].Metrics, results[head][name].Metrics)
		c.Pairs = append(c.Pairs, p)
	}
}
