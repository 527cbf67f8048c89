package provoke

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/interleave-go/interleave/bench/demo"
)

// A Source is the code of one way, as it stands in its file.
type Source struct {
	File  string // path in the catalogue's sources: "lostupdate.go"
	First int    // line of the file on which Lines begins
	Lines []string
}

// mark is the comment on a line that conflicts with another.
var mark = regexp.MustCompile(`\s*// race(?:: (.*))?$`)

// Marked reports whether line i of the source, counted from 0, is one of those
// that conflict.
func (s *Source) Marked(i int) bool { return mark.MatchString(s.Lines[i]) }

// Bare returns line i without its mark.
func (s *Source) Bare(i int) string { return mark.ReplaceAllString(s.Lines[i], "") }

// At returns the line of the source that is line n of the file, counted from 1.
func (s *Source) At(n int) (i int, ok bool) {
	i = n - s.First
	return i, i >= 0 && i < len(s.Lines)
}

// Code finds the code of a way in the sources of its catalogue: the function
// that sets up a trial.
func Code(sources fs.FS, w *demo.Way) (*Source, error) {
	file, line, name := w.Source()
	base := path.Base(strings.ReplaceAll(file, `\`, "/"))
	var found *Source
	err := fs.WalkDir(sources, ".", func(p string, entry fs.DirEntry, err error) error {
		if err != nil || found != nil || entry.IsDir() || path.Base(p) != base {
			return err
		}
		text, err := fs.ReadFile(sources, p)
		if err != nil {
			return err
		}
		found, err = function(p, string(text), line)
		return err
	})
	if err == nil && found == nil {
		err = fmt.Errorf("the source of %s is not in the catalogue's Sources: embed %s", name, base)
	}
	return found, err
}

// function returns the function declared around a line of a file, or nil.
func function(name, text string, line int) (*Source, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		first, last := set.Position(f.Pos()).Line, set.Position(f.End()).Line
		if line >= first && line <= last {
			return &Source{File: name, First: first, Lines: strings.Split(text, "\n")[first-1 : last]}, nil
		}
	}
	return nil, nil
}

// MarkedLines returns the lines of a file, counted from 1, that carry a mark.
func MarkedLines(text string) (lines []int) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if mark.MatchString(strings.TrimRight(line, "\r\n")) {
			lines = append(lines, n)
		}
	}
	return lines
}
