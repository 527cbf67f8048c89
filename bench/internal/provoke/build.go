package provoke

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/tempdir"
)

// demoPackage is the import path of package demo.
const demoPackage = "github.com/interleave-go/interleave/bench/demo"

// A Built is a program with the race detector, in a directory that its logs go
// to as well.
type Built struct {
	Program
	Dir string
}

// Sources is a module that is made of what catalogues carry with them: package
// demo, the catalogues, and a main. It is all that go build and go vet need.
type Sources struct {
	Dir      string
	packages []string // of the catalogues
}

// Unpack writes the module into a new temporary directory, to be removed by
// the caller.
func Unpack(catalogues []demo.Catalogue) (*Sources, error) {
	dir, err := tempdir.New("race")
	if err != nil {
		return nil, fmt.Errorf("no temporary directory to build in: %w: set TMPDIR to one that can be written to", err)
	}
	s := &Sources{Dir: dir}
	if err := s.unpack(catalogues); err != nil {
		tempdir.Remove(dir)
		return nil, fmt.Errorf("cannot write the sources of the demonstrations: %w", err)
	}
	return s, nil
}

// Each package is a module of its own in the temporary directory, as its
// import path need not be that of a module.
func (s *Sources) unpack(catalogues []demo.Catalogue) error {
	const version = "go 1.26.0\n"
	packages := []demo.Catalogue{{Package: demoPackage, Sources: demo.Sources}}
	packages = append(packages, catalogues...)
	var mod, imports, lists strings.Builder
	fmt.Fprintf(&mod, "module interleave.race\n\n%s", version)
	for i, c := range packages {
		place := fmt.Sprintf("p%d", i)
		fmt.Fprintf(&mod, "require %s v0.0.0\nreplace %s => ./%s\n", c.Package, c.Package, place)
		own := fmt.Sprintf("module %s\n\n%s", c.Package, version)
		if i > 0 {
			s.packages = append(s.packages, c.Package)
			own += fmt.Sprintf("require %s v0.0.0\n", demoPackage)
			fmt.Fprintf(&imports, "\tc%d %q\n", i, c.Package)
			fmt.Fprintf(&lists, "\tall = append(all, c%d.All().Demos...)\n", i)
		}
		if err := unpackOne(filepath.Join(s.Dir, place), c.Sources); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(s.Dir, place, "go.mod"), []byte(own), 0o600); err != nil {
			return err
		}
	}
	main := fmt.Sprintf(`package main

import (
	%q
%s)

func main() {
	var all []demo.Demo
%s	demo.Serve(all, nil)
}
`, demoPackage, imports.String(), lists.String())
	return errors.Join(
		os.WriteFile(filepath.Join(s.Dir, "go.mod"), []byte(mod.String()), 0o600),
		os.WriteFile(filepath.Join(s.Dir, "main.go"), []byte(main), 0o600))
}

// unpackOne copies the Go files of a package and of those below it, but no
// tests: they import more.
func unpackOne(dir string, sources fs.FS) error {
	return fs.WalkDir(sources, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(sources, name)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o600)
	})
}

// Close removes the directory.
func (s *Sources) Close() { tempdir.Remove(s.Dir) }

// GoThere reports whether there is a go command at all.
func GoThere() bool {
	_, err := exec.LookPath("go")
	return err == nil
}

// Detector says why the race detector cannot be built here, with the remedy,
// or "". It asks for the compiler itself: what go build says when there is
// none misleads.
func Detector(ctx context.Context) (why string) {
	const install = "install gcc or clang, or set CC"
	if !GoThere() {
		return "there is no go command on PATH: install Go"
	}
	out, err := exec.CommandContext(ctx, "go", "env", "CGO_ENABLED", "CC", "GOOS", "GOARCH").Output()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(lines) < 4 {
		return "go env failed: check the installation of Go"
	}
	cgo, cc, goos, goarch := lines[0], lines[1], lines[2], lines[3]
	if goos == "darwin" {
		return "" // the only system on which it needs no C
	}
	compiler, _, _ := strings.Cut(cc, " ")
	_, missing := exec.LookPath(compiler)
	switch {
	case missing != nil:
		return fmt.Sprintf("there is no C compiler on PATH (go build -race needs cgo on %s): %s", goos, install)
	case cgo != "1" && os.Getenv("CGO_ENABLED") == "0":
		return fmt.Sprintf("CGO_ENABLED=0 is set, and go build -race needs cgo on %s: unset it", goos)
	case cgo != "1":
		return fmt.Sprintf("go build -race needs cgo on %s/%s: set CGO_ENABLED=1", goos, goarch)
	}
	return ""
}

// goCommand is a go command in the module that never asks the network.
func (s *Sources) goCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = s.Dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOFLAGS=", "GOTOOLCHAIN=local")
	return cmd
}

// Build builds the module with the race detector.
func (s *Sources) Build(ctx context.Context) (*Built, error) {
	path := filepath.Join(s.Dir, "demos-race")
	out, err := s.goCommand(ctx, "build", "-race", "-trimpath", "-buildvcs=false", "-o", path, ".").CombinedOutput()
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("go build -race of the demonstrations failed (%v): %s", err, firstLines(string(out)))
	}
	return &Built{Program{Path: path}, s.Dir}, nil
}

// firstLines makes one line of the first lines of a command's output.
func firstLines(text string) string {
	const most = 300
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
