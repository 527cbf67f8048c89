package runner

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/provoke"
)

// chosen returns the demonstrations that an argument names, each with its
// catalogue: the one of this name, or those whose name it matches.
func (p *program) chosen(pattern string) (catalogues []demo.Catalogue, err error) {
	if len(p.demos()) == 0 {
		return nil, errors.New("there are no demonstrations of races in this program: set Demos in runner.Program")
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("the pattern %q is not a regular expression: %w", pattern, err)
	}
	var names []string
	exact := slices.ContainsFunc(p.demos(), func(d demo.Demo) bool { return d.Name == pattern })
	for _, c := range p.Demos {
		some := c
		some.Demos = nil
		for _, d := range c.Demos {
			names = append(names, d.Name)
			if d.Name == pattern || !exact && re.MatchString(d.Name) {
				some.Demos = append(some.Demos, d)
			}
		}
		if len(some.Demos) > 0 {
			catalogues = append(catalogues, some)
		}
	}
	if len(catalogues) == 0 {
		return nil, fmt.Errorf("no demonstration is called %q; there are: %s", pattern, strings.Join(names, ", "))
	}
	return catalogues, nil
}

// studies begins a study of each demonstration.
func studies(catalogues []demo.Catalogue) (all []*provoke.Study, err error) {
	for _, c := range catalogues {
		for i := range c.Demos {
			s, err := provoke.New(c, &c.Demos[i])
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
	}
	return all, nil
}

// listDemos prints the demonstrations, and runs nothing.
func (p *program) listDemos(catalogues []demo.Catalogue) error {
	for _, c := range catalogues {
		for i := range c.Demos {
			d := &c.Demos[i]
			var ways []string
			for _, w := range d.Fixes {
				ways = append(ways, w.Name)
			}
			if _, err := fmt.Fprintf(p.stdout, "%s (%v): %s\n  fixes: %s\n", d.Name, d.Expect.Kind, d.Doc, strings.Join(ways, ", ")); err != nil {
				return err
			}
		}
	}
	return nil
}
