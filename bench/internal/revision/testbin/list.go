package testbin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Package is one that has benchmarks.
type Package struct {
	Path       string // import path
	Dir        string // of its sources, below the side's tree
	Internal   []string
	External   []string // benchmarks of the package's _test package
	module     module
	patterns   []string // that match it, as go list writes them
	name       string   // of the package clause
	Unreadable string   // why it cannot be built, if go list knows that
}

type module struct{ Path, Dir string }

// Benchmarks returns the names of the package's benchmark functions.
func (p *Package) Benchmarks() []string {
	return append(append([]string(nil), p.Internal...), p.External...)
}

// listed is what is used of the output of go list.
type listed struct {
	ImportPath, Dir, Name     string
	Module                    *module
	TestGoFiles, XTestGoFiles []string
	Match                     []string
	Error                     *struct{ Err string }
}

// List returns the packages that match and have benchmarks, those that cannot
// be read included.
func (s *Side) List(ctx context.Context, patterns []string) (*Listing, error) {
	list := &Listing{said: make(map[string]string)}
	if s.env == nil {
		for _, p := range patterns {
			list.said[canonical(p)] = "the directory is not there"
		}
		return list, nil
	}
	args := []string{"list", "-e", "-json=ImportPath,Dir,Name,Module,TestGoFiles,XTestGoFiles,Match,Error"}
	args = append(append(args, s.Flags...), "--")
	cmd := exec.CommandContext(ctx, "go", append(args, patterns...)...)
	cmd.Dir, cmd.Env = s.Dir, s.env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%s: go list failed: %s", s.Title, FirstLines(stderr.String()))
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := dec.Decode(&l); errors.Is(err, io.EOF) {
			list.warnings(stderr.String())
			return list, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: go list printed what is no JSON: %w", s.Title, err)
		}
		if p, ok := inspect(&l); ok {
			list.Packages = append(list.Packages, p)
		} else if l.Error != nil {
			for _, pattern := range l.Match {
				list.said[pattern] = FirstLines(strings.ReplaceAll(l.Error.Err, s.Tree+string(filepath.Separator), ""))
			}
		}
	}
}

// inspect looks for benchmarks in the test files of a package. What does not
// parse is left for the compiler to explain.
func inspect(l *listed) (Package, bool) {
	p := Package{Path: l.ImportPath, Dir: l.Dir, patterns: l.Match, name: l.Name}
	if l.Module != nil {
		p.module = *l.Module
	}
	broken := false
	read := func(names []string) (found []string) {
		for _, name := range names {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(l.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				broken = true
				continue
			}
			if l.Name == "" { // a package of external tests alone
				p.name = strings.TrimSuffix(file.Name.Name, "_test")
			}
			found = append(found, benchmarks(file)...)
		}
		return found
	}
	p.Internal, p.External = read(l.TestGoFiles), read(l.XTestGoFiles)
	if l.Error != nil && len(l.TestGoFiles)+len(l.XTestGoFiles) > 0 {
		p.Unreadable = FirstLines(l.Error.Err)
	}
	return p, len(p.Internal)+len(p.External) > 0 || broken
}

// benchmarks returns the benchmark functions of a file, by the rule by which
// go test finds them.
func benchmarks(file *ast.File) []string {
	testing := ""
	for _, spec := range file.Imports {
		if path, _ := strconv.Unquote(spec.Path.Value); path == "testing" {
			testing = "testing"
			if spec.Name != nil {
				testing = spec.Name.Name
			}
		}
	}
	var names []string
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if ok && f.Recv == nil && isBenchmark(f.Name.Name) && takesB(f.Type, testing) {
			names = append(names, f.Name.Name)
		}
	}
	return names
}

func isBenchmark(name string) bool {
	rest, ok := strings.CutPrefix(name, "Benchmark")
	first, _ := utf8.DecodeRuneInString(rest)
	return ok && (rest == "" || !unicode.IsLower(first))
}

// takesB reports whether a function has the one parameter *testing.B. testing
// is what the file calls that package.
func takesB(f *ast.FuncType, testing string) bool {
	if f.TypeParams != nil || f.Results != nil && len(f.Results.List) > 0 || len(f.Params.List) != 1 || len(f.Params.List[0].Names) > 1 {
		return false
	}
	star, ok := f.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	switch x := star.X.(type) {
	case *ast.Ident:
		return testing == "." && x.Name == "B"
	case *ast.SelectorExpr:
		pkg, ok := x.X.(*ast.Ident)
		return ok && pkg.Name == testing && x.Sel.Name == "B"
	}
	return false
}
