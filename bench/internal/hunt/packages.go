package hunt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/child"
)

// A pkg is a package whose tests are run.
type pkg struct {
	ImportPath, Dir, Name     string
	Standard                  bool
	TestGoFiles, XTestGoFiles []string

	watched bool                // leaks can be seen
	binary  map[bool]string     // the built tests, by race
	tests   []string            // in the order of the source
	again   map[string]struct{} // tests that do not stand being run twice in a process
	shown   map[string]int      // how often a test has shown a fault
}

// A toolchain calls go in the directory of the module.
type toolchain struct {
	dir  string // of the module, or below
	tags string
}

// environment is what go env says.
type environment struct{ GOROOT, GOOS, GOARCH, CGO_ENABLED, CC string }

// run runs go and returns its output. An error holds the first lines of what it
// said.
func (t toolchain) run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = t.dir
	child.DieWithParent(cmd)
	cmd.Cancel = func() error { child.Kill(cmd); return nil }
	cmd.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := onOwnThread(cmd.Run)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("hunt needs the go command to build tests: install Go, or put it on PATH")
	case err != nil:
		return nil, &toolError{firstLines(stderr.String()+stdout.String(), err)}
	}
	return stdout.Bytes(), nil
}

// A toolError is what go said when it failed.
type toolError struct{ text string }

func (e *toolError) Error() string { return e.text }

// firstLines returns what matters of a compiler's output: the beginning.
func firstLines(text string, err error) string {
	const most = 10
	var kept []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			kept = append(kept, line)
		}
	}
	if len(kept) == 0 {
		return err.Error()
	}
	if more := len(kept) - most; more > 0 {
		kept = append(kept[:most], fmt.Sprintf("(%d more lines)", more))
	}
	return strings.Join(kept, "\n")
}

func (t toolchain) environment(ctx context.Context) (environment, error) {
	var env environment
	out, err := t.run(ctx, "env", "-json", "GOROOT", "GOOS", "GOARCH", "CGO_ENABLED", "CC")
	if err == nil {
		err = json.Unmarshal(out, &env)
	}
	return env, err
}

// list returns the packages that have tests, and the import paths of those that
// have none.
func (t toolchain) list(ctx context.Context, patterns []string) (with []*pkg, without []string, err error) {
	args := append([]string{"list", "-json=ImportPath,Dir,Name,Standard,TestGoFiles,XTestGoFiles"}, t.tagFlags()...)
	out, err := t.run(ctx, append(append(args, "--"), patterns...)...)
	if err != nil {
		return nil, nil, err
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := &pkg{binary: map[bool]string{}, again: map[string]struct{}{}, shown: map[string]int{}}
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, nil, fmt.Errorf("go list: %w", err)
		}
		if len(p.TestGoFiles)+len(p.XTestGoFiles) == 0 {
			without = append(without, p.ImportPath)
			continue
		}
		with = append(with, p)
	}
	return with, without, nil
}

func (t toolchain) tagFlags() []string {
	if t.tags == "" {
		return nil
	}
	return []string{"-tags=" + t.tags}
}

// build builds the tests of a package into a file.
func (t toolchain) build(ctx context.Context, p *pkg, race bool, overlay, file string) error {
	args := []string{"test", "-c", "-vet=off", "-trimpath=false", "-o", file}
	if race {
		args = append(args, "-race")
	}
	if overlay != "" {
		args = append(args, "-overlay="+overlay)
	}
	if _, err := t.run(ctx, append(append(args, t.tagFlags()...), p.ImportPath)...); err != nil {
		return err
	}
	if _, err := os.Stat(file); err != nil {
		return &toolError{fmt.Sprintf("go test -c built nothing for %s", p.ImportPath)}
	}
	p.binary[race] = file
	return nil
}

// tests lists the tests of a built package that an expression chooses: tests,
// examples, and fuzz targets with their stored inputs, in the order of the
// source. Benchmarks are left alone.
func (t toolchain) tests(ctx context.Context, p *pkg, expr string) ([]string, error) {
	const within = 20 * time.Second
	first, _ := split(expr)
	if first == "" {
		first = "."
	}
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	cmd := exec.Command(p.binary[false], "-test.list="+first)
	cmd.Dir = p.Dir
	child.DieWithParent(cmd)
	cmd.WaitDelay = time.Second
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := onOwnThread(func() error {
		if err := cmd.Start(); err != nil {
			return err
		}
		defer context.AfterFunc(limited, func() { child.Kill(cmd) })()
		return cmd.Wait()
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, fmt.Errorf("the test binary of %s did not list its tests within %v: look at its TestMain and init functions", p.ImportPath, within)
	case err != nil:
		return nil, fmt.Errorf("the test binary of %s cannot list its tests:\n%w", p.ImportPath, &toolError{firstLines(errs.String()+out.String(), err)})
	}
	var list []string
	for line := range strings.Lines(out.String()) {
		if line = strings.TrimSpace(line); testName.MatchString(line) {
			list = append(list, line)
		}
	}
	return list, nil
}

var testName = regexp.MustCompile(`^(?:Test|Fuzz|Example)\w*$`)

// detector says why there can be no race detector, or nothing.
func (e environment) detector() string {
	if e.GOOS == "darwin" {
		return ""
	}
	compiler, _, _ := strings.Cut(e.CC, " ")
	_, err := exec.LookPath(compiler)
	switch {
	case err != nil:
		return fmt.Sprintf("no C compiler (%s) on PATH: install gcc or clang, or set CC", filepath.Base(compiler))
	case e.CGO_ENABLED != "1":
		return "cgo is off: set CGO_ENABLED=1"
	}
	return ""
}
