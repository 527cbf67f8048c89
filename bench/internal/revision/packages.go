package revision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/revision/testbin"
)

// list returns the packages with benchmarks, by their paths, and these in
// order. A pattern that stands for none is a mistake; one that does on one
// side only may be meant, and is noted.
func (c *Comparison) list(ctx context.Context) (packages map[string]*[2]*testbin.Package, order []string, err error) {
	packages = make(map[string]*[2]*testbin.Package)
	var lists [2]*testbin.Listing
	for i, side := range c.trees.sides {
		if lists[i], err = side.List(ctx, c.trees.Packages); err != nil {
			return nil, nil, noRoom(err)
		}
		for _, p := range lists[i].Packages {
			if packages[p.Path] == nil {
				packages[p.Path] = new([2]*testbin.Package)
				order = append(order, p.Path)
			}
			packages[p.Path][i] = &p
		}
	}
	slices.Sort(order)
	var nothing, words []string
	for _, pattern := range c.trees.Packages {
		switch inBase, inHead := lists[base].Matches(pattern), lists[head].Matches(pattern); {
		case !inBase && !inHead:
			nothing, words = append(nothing, pattern), append(words, said(pattern, lists)...)
		case inBase != inHead && pattern != everything:
			c.Notes = append(c.Notes, oneSided(pattern, lists))
		}
	}
	if len(nothing) > 0 {
		return nil, nil, fmt.Errorf("no package of %s has a benchmark in either revision: %s", strings.Join(nothing, " "), remedy(nothing, words))
	}
	return packages, order, nil
}

// everything is the pattern without which there is nothing to look at. Where
// only one side has benchmarks, they are listed one by one.
const everything = "./..."

// remedy says what to do about patterns that stand for nothing, and why go
// finds nothing.
func remedy(patterns, words []string) string {
	if len(words) == 0 {
		return "name other packages"
	}
	why := strings.Join(slices.Compact(words), "; ")
	if strings.Contains(why, " is not in std ") && len(patterns) == 1 {
		return fmt.Sprintf("write a directory as ./%s (go list: %s)", patterns[0], why)
	}
	return fmt.Sprintf("name other packages (go list: %s)", why)
}

// said returns go's words about a pattern on both sides, once if they are the
// same.
func said(pattern string, lists [2]*testbin.Listing) (words []string) {
	for _, l := range lists {
		if s := l.Said(pattern); s != "" && !slices.Contains(words, s) {
			words = append(words, s)
		}
	}
	return words
}

// oneSided says which side lacks what a pattern stands for.
func oneSided(pattern string, lists [2]*testbin.Listing) string {
	has, lacks := base, head
	if lists[head].Matches(pattern) {
		has, lacks = head, base
	}
	why := ""
	if s := lists[lacks].Said(pattern); s != "" {
		why = " (go list: " + s + ")"
	}
	return fmt.Sprintf("%s has benchmarks in the %s only, so that none of them is compared%s", pattern, sideNames[has], why)
}
