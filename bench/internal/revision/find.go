package revision

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
	"github.com/interleave-go/interleave/bench/internal/revision/testbin"
	"github.com/interleave-go/interleave/bench/internal/verdict"
)

// A Comparison is what there is to compare, and, once measured, what came of
// it.
type Comparison struct {
	Pairs     []*Pair    // on both sides, in the order of packages and names; controls last
	Identical []string   // packages whose binaries are equal on both sides
	OneSided  []OneSided // benchmarks that only one side has
	Skipped   []string   // benchmarks that skip themselves, and why
	Problems  []Problem  // what could not be measured
	Notes     []string   // what the reader of the numbers should know

	// Names are all benchmarks that were found by running, on either side, and
	// Functions those of the packages that were not run: packages whose
	// binaries are equal, or what -bench leaves out. Packages do not count.
	Names, Functions []string

	trees *Trees
	watch *verdict.Watch
}

// OneSided is a benchmark, or a metric of one, without a counterpart.
type OneSided struct {
	Name string // with its package; of a metric, its unit
	Side string // the side that has it: "base" or "head"
}

// A Problem is the reason why something could not be measured.
type Problem struct {
	Name string // a benchmark with its package, or a package
	Side string // "base", "head", or "" for both
	Text string
}

// A built is a package of one side with its binaries.
type built struct {
	*testbin.Package
	number   int // of the package
	options  testbin.Options
	placed   *bool           // its functions lie where those of the other side do
	binaries []served.Binary // by layout; the first is the usual one
	err      error
}

// Find builds the packages of both sides and finds their benchmarks. told is
// called with what is being done.
func (t *Trees) Find(ctx context.Context, told func(string)) (*Comparison, error) {
	c := &Comparison{trees: t}
	packages, order, err := c.list(ctx)
	if err != nil {
		return nil, err
	}
	matched := 0
	for n, path := range order {
		told(fmt.Sprintf("building %s (%d of %d)", path, n+1, len(order)))
		before := c.size()
		if err := c.one(ctx, n, packages[path]); err != nil {
			return nil, err
		}
		matched += c.size() - before
	}
	if matched == 0 {
		return nil, fmt.Errorf("no benchmark matches -bench %s: its parts between slashes are regular expressions for the parts of the name", t.Bench)
	}
	return c, nil
}

// Finding returns how long it took to run the benchmarks in order to find them.
// It is part of the budget; building is not.
func (c *Comparison) Finding() time.Duration { return c.trees.discovery }

// size counts everything that was found.
func (c *Comparison) size() int {
	return len(c.Pairs) + len(c.Identical) + len(c.OneSided) + len(c.Skipped) + len(c.Problems)
}

// one takes up one package.
func (c *Comparison) one(ctx context.Context, n int, sides *[2]*testbin.Package) error {
	for _, p := range sides {
		if p != nil {
			c.Functions = append(c.Functions, p.Benchmarks()...)
		}
	}
	if sides[base] == nil || sides[head] == nil {
		for i, p := range sides {
			if p != nil {
				for _, name := range c.trees.wanted(p.Benchmarks()) {
					c.OneSided = append(c.OneSided, OneSided{p.Path + "." + name, sideNames[i]})
				}
			}
		}
		return nil
	}
	if len(c.trees.wanted(sides[base].Benchmarks())) == 0 && len(c.trees.wanted(sides[head].Benchmarks())) == 0 && sides[base].Unreadable+sides[head].Unreadable == "" {
		return nil
	}
	both, err := c.trees.build(ctx, n, sides, testbin.Options{})
	if err != nil {
		return err
	}
	if c.broken(both) {
		return nil
	}
	same, err := testbin.Same(sides[base], sides[head], both[base].binaries[0].Path, both[head].binaries[0].Path)
	if err != nil {
		return err
	}
	if same {
		c.Identical = append(c.Identical, sides[base].Path)
		return nil
	}
	found, err := c.trees.discover(ctx, both, nil)
	if err != nil {
		return err
	}
	if len(found.failing(base))+len(found.failing(head)) > 0 {
		// Some tests look for their data beside their source, whose path
		// -trimpath has taken away.
		if both, err = c.trees.build(ctx, n, sides, testbin.Options{Paths: true}); err != nil {
			return err
		}
		if both[base].err == nil && both[head].err == nil {
			again, err := c.trees.discover(ctx, both, found)
			if err != nil {
				return err
			}
			if found.improve(again) {
				c.Notes = append(c.Notes, sides[base].Path+" was built without -trimpath: a benchmark of it fails with it")
			}
		}
	}
	c.match(found)
	return nil
}

// broken records why a package does not build.
func (c *Comparison) broken(both [2]built) bool {
	for i, b := range both {
		if b.err != nil {
			c.Problems = append(c.Problems, Problem{b.Path, sideNames[i], b.err.Error()})
		}
	}
	return both[base].err != nil || both[head].err != nil
}

// wanted returns the benchmark functions that the first part of -bench
// matches. What the other parts match is found by running them.
func (t *Trees) wanted(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !t.matches(name) })
}
