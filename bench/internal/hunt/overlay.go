package hunt

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// A goroutine that a test leaves behind is seen only from inside its process,
// after the tests and before the end: in TestMain. A package without one gets
// ours, through go build's -overlay, which shows the compiler files that are
// not there. In a package that has its own, the call of m.Run in it is replaced
// by ours, on the same line. A TestMain that hands m to somebody else, as to
// goleak.VerifyTestMain, stays as it is: there, leaks are not looked for.
//
// Rewriting the testing package in the same way would even show which test
// leaked, but depends on the inside of every release of Go.

//go:embed watch.go.txt
var watchSource string

// watchFile is the name of the file that the compiler finds in every package.
// It sorts last, and nobody's own is called so.
const watchFile = "zz_interleave_hunt_test.go"

// leaksEnv names the file that a process writes the stacks to.
const leaksEnv = "INTERLEAVE_HUNT_LEAKS"

// watch adds a package to the overlay, whose files are kept in dir, and says
// why that is not possible, or nothing.
func watch(p *pkg, n int, dir, goroot string, replace map[string]string) (why string, err error) {
	if p.Standard {
		return "its package is part of Go", nil
	}
	name, main, why, err := testMain(p)
	if err != nil || why != "" {
		return why, err
	}
	own := filepath.Join(dir, fmt.Sprintf("watch%d.go", n))
	source := strings.Replace(watchSource, "package watch", "package "+name, 1)
	source = strings.Replace(source, "GOROOT", filepath.ToSlash(goroot), 1)
	if main != nil {
		// Their TestMain calls our run.
		source, _, _ = strings.Cut(source, "// TestMain is")
		edited := filepath.Join(dir, fmt.Sprintf("main%d.go", n))
		if err := os.WriteFile(edited, main.text, 0o644); err != nil {
			return "", err
		}
		replace[main.path] = edited
	}
	if err := os.WriteFile(own, []byte(source), 0o644); err != nil {
		return "", err
	}
	replace[filepath.Join(p.Dir, watchFile)] = own
	p.watched = true
	return "", nil
}

// writeOverlay writes the file for go build's -overlay.
func writeOverlay(file string, replace map[string]string) error {
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

// An edited is a file with the calls of m.Run replaced.
type edited struct {
	path string
	text []byte
}

// testMain looks for the TestMain of a package. It returns the name of the
// package that ours belongs to, and the edited file if there is a TestMain.
func testMain(p *pkg) (name string, main *edited, why string, err error) {
	for _, file := range append(append([]string{}, p.TestGoFiles...), p.XTestGoFiles...) {
		path := filepath.Join(p.Dir, file)
		text, err := os.ReadFile(path)
		if err != nil {
			return "", nil, "", err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
		if err != nil {
			return "", nil, "", err
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || fn.Name.Name != "TestMain" {
				continue
			}
			calls := runCalls(fn)
			if calls == nil {
				return "", nil, "its TestMain does not call m.Run itself", nil
			}
			return f.Name.Name, &edited{path, rewrite(text, set, fn, calls)}, "", nil
		}
	}
	if len(p.TestGoFiles) == 0 {
		return p.Name + "_test", nil, "", nil
	}
	return p.Name, nil, "", nil
}

// runCalls returns the calls of m.Run() in a TestMain(m), if m is used for
// nothing else.
func runCalls(fn *ast.FuncDecl) (calls []*ast.CallExpr) {
	fields := fn.Type.Params.List
	if len(fields) != 1 || len(fields[0].Names) != 1 || fn.Body == nil {
		return nil
	}
	m := fields[0].Names[0].Name
	uses := 0
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) == 0 && s.Sel.Name == "Run" {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == m {
					calls = append(calls, n)
				}
			}
		case *ast.Ident:
			if n.Name == m {
				uses++
			}
		}
		return true
	})
	if uses != len(calls) {
		return nil
	}
	return calls
}

// rewrite replaces the calls, from the last to the first, and keeps the lines.
func rewrite(text []byte, set *token.FileSet, fn *ast.FuncDecl, calls []*ast.CallExpr) []byte {
	m := fn.Type.Params.List[0].Names[0].Name
	for i := len(calls) - 1; i >= 0; i-- {
		from, to := set.Position(calls[i].Pos()).Offset, set.Position(calls[i].End()).Offset
		ours := "interleaveHuntRun(" + strings.Repeat("\n", strings.Count(string(text[from:to]), "\n")) + m + ")"
		text = append(text[:from:from], append([]byte(ours), text[to:]...)...)
	}
	return text
}
