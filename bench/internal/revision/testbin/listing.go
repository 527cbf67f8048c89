package testbin

import (
	"path"
	"slices"
	"strings"
)

// A Listing is what the package patterns stand for on one side.
type Listing struct {
	Packages []Package

	said map[string]string // pattern → why go list found nothing, or not all
}

// Matches reports whether a pattern stands for a package with benchmarks.
func (l *Listing) Matches(pattern string) bool {
	pattern = canonical(pattern)
	return slices.ContainsFunc(l.Packages, func(p Package) bool { return slices.Contains(p.patterns, pattern) })
}

// Said returns go's own words about a pattern, on one line: "" where it has
// none, since the packages are there and have no benchmark.
func (l *Listing) Said(pattern string) string { return l.said[canonical(pattern)] }

// warnings takes up what go list says of patterns that match no package at
// all, for which there is no entry.
func (l *Listing) warnings(text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "go: warning: ")
		if pattern, ok := strings.CutPrefix(line, `"`); ok {
			if pattern, _, ok = strings.Cut(pattern, `"`); ok {
				l.said[pattern] = line
			}
		}
	}
}

// canonical returns a pattern as go list repeats it.
func canonical(pattern string) string {
	pattern = strings.ReplaceAll(pattern, `\`, "/")
	clean := path.Clean(pattern)
	if strings.HasPrefix(pattern, "./") && clean != "." {
		return "./" + clean
	}
	return clean
}
