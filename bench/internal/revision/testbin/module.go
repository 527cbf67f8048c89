// Package testbin makes test binaries of a revision of a Go module that can
// serve its benchmarks.
//
// The module's sources stay as they are: go build -overlay adds one small test
// file to each package that has benchmarks, and one package to the module that
// it calls (see package served). What points out of the repository by a
// relative path is made to point to the same place from the exported tree;
// that is written into the go.mod and go.work of the tree, which is ours. A
// -modfile would do the same for one module, but is refused together with
// go.work.
package testbin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Side is one revision's files, ready to be built.
type Side struct {
	Name  string   // "base", "head": in file names
	Title string   // for messages: "1a2b3c4 (main)"
	Tree  string   // the root of the exported files
	Dir   string   // where the user stands, below Tree
	Flags []string // for go list and go build: -tags

	env  []string
	root string // GOROOT of the toolchain that builds it
}

// A Place is where the user's own files are.
type Place struct {
	Top     string                // the root of the repository
	Prefix  string                // the current directory below it
	Tracked func(rel string) bool // whether the repository has a file
}

// NewSide makes a side of an exported tree. scratch is a directory for files
// of the side's own.
func NewSide(ctx context.Context, name, title, tree string, at Place, scratch string, flags []string) (*Side, error) {
	s := &Side{Name: name, Title: title, Tree: tree, Dir: filepath.Join(tree, at.Prefix), Flags: flags}
	if _, err := exec.LookPath("go"); err != nil {
		return nil, errors.New("the go command is not in PATH: install Go")
	}
	own, err := goEnv(ctx, filepath.Join(at.Top, at.Prefix))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(s.Dir); errors.Is(err, fs.ErrNotExist) {
		return s, nil // the directory is new, or gone: the side has no packages
	}
	work, err := s.workFile(ctx, own.GOWORK, at, scratch)
	if err != nil {
		return nil, err
	}
	// What go build leaves when it is killed is removed with the rest.
	s.env = append(os.Environ(), "GOWORK="+work, "GOTMPDIR="+scratch)
	if work == "off" {
		mod := upwards(s.Dir, s.Tree, "go.mod")
		if mod == "" {
			return nil, fmt.Errorf("%s has no go.mod in %s or above it: interleave diff compares Go modules, run it in one", title, filepath.Join(".", at.Prefix))
		}
		if err := s.repair(ctx, mod, at); err != nil {
			return nil, err
		}
	}
	if e, err := goEnv(ctx, s.Dir, s.env...); err == nil { // otherwise go list will say what is wrong
		s.root = e.GOROOT
	}
	return s, nil
}

type environment struct{ GOMOD, GOWORK, GOROOT string }

func goEnv(ctx context.Context, dir string, env ...string) (environment, error) {
	var e environment
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOMOD", "GOWORK", "GOROOT")
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.Output()
	if err != nil {
		return e, fmt.Errorf("go env: %w", words(err))
	}
	return e, json.Unmarshal(out, &e)
}

// words returns the error of a command with the first lines of what it said.
func words(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return errors.New(FirstLines(string(exit.Stderr)))
	}
	return err
}

// FirstLines returns the beginning of what a tool said, on one line.
func FirstLines(text string) string {
	const most = 4
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	more := ""
	if len(lines) > most {
		lines, more = lines[:most], " | …"
	}
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, " | ") + more
}

// workFile returns the value of GOWORK for the side. The temporary directory
// must not have a say in it, so that it is never empty.
func (s *Side) workFile(ctx context.Context, users string, at Place, scratch string) (string, error) {
	if users == "off" || os.Getenv("GOWORK") == "off" {
		return "off", nil
	}
	if in := upwards(s.Dir, s.Tree, "go.work"); in != "" {
		rel, err := filepath.Rel(s.Tree, in)
		if err != nil {
			return "", err
		}
		return in, s.repairWork(ctx, in, filepath.Join(at.Top, rel), at)
	}
	if users == "" {
		return "off", nil
	}
	if rel, inside := below(users, at.Top); inside && at.Tracked(rel) {
		return "off", nil // it is part of the other side
	}
	dir := filepath.Join(scratch, s.Name+"-work")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	to := filepath.Join(dir, "go.work")
	for _, ext := range []string{"", ".sum"} {
		data, err := os.ReadFile(users + ext)
		if err != nil {
			if ext != "" && errors.Is(err, fs.ErrNotExist) {
				continue
			}
			return "", err
		}
		if err := os.WriteFile(to+ext, data, 0o600); err != nil {
			return "", err
		}
	}
	return to, s.repairWork(ctx, to, users, at)
}

// upwards returns the file of a name in dir or a directory above it, up to
// top, or "".
func upwards(dir, top, name string) string {
	for {
		if path := filepath.Join(dir, name); isFile(path) {
			return path
		}
		if dir == top || dir == filepath.Dir(dir) {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// below returns path relative to top, if it is top or below it.
func below(path, top string) (rel string, ok bool) {
	rel, err := filepath.Rel(top, path)
	return rel, err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// edited runs a go command that reads or changes a file.
func (s *Side) edited(ctx context.Context, into any, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = s.Tree
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s: %w", s.Title, words(err))
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(bytes.NewReader(out)).Decode(into)
}

type replacement struct {
	Old, New struct{ Path, Version string }
}

// moved returns where a path that a file of the user's tree names has to point
// to from the exported tree. from is the directory of the user's file, copied
// says that the new file stands somewhere else.
func (s *Side) moved(path, from string, at Place, copied bool) (string, bool) {
	absolute := filepath.IsAbs(path)
	whole := filepath.FromSlash(path)
	if !absolute {
		whole = filepath.Join(from, whole)
	}
	rel, inside := below(whole, at.Top)
	switch {
	case inside && (absolute || copied):
		return filepath.Join(s.Tree, rel), true
	case !inside && !absolute:
		return whole, true
	}
	return path, false
}

// repair makes the replacements of a go.mod of the tree point to where they
// pointed in the user's tree. A module with a vendor directory does not need
// them, and go insists that both agree.
func (s *Side) repair(ctx context.Context, file string, at Place) error {
	dir := filepath.Dir(file)
	if isFile(filepath.Join(dir, "vendor", "modules.txt")) {
		return nil
	}
	var mod struct{ Replace []replacement }
	if err := s.edited(ctx, &mod, "mod", "edit", "-json", file); err != nil {
		return err
	}
	rel, err := filepath.Rel(s.Tree, dir)
	if err != nil {
		return err
	}
	return s.rewrite(ctx, "mod", file, mod.Replace, filepath.Join(at.Top, rel), at, false, nil)
}

// rewrite applies what is to be changed in a go.mod or go.work.
func (s *Side) rewrite(ctx context.Context, kind, file string, replace []replacement, from string, at Place, copied bool, edits []string) error {
	for _, r := range replace {
		if r.New.Version != "" {
			continue // a module, not a directory
		}
		if to, changed := s.moved(r.New.Path, from, at, copied); changed {
			old := r.Old.Path
			if r.Old.Version != "" {
				old += "@" + r.Old.Version
			}
			edits = append(edits, "-replace="+old+"="+to)
		}
	}
	if len(edits) == 0 {
		return nil
	}
	return s.edited(ctx, nil, append(append([]string{kind, "edit"}, edits...), file)...)
}

// repairWork does for a go.work, which was at users, what repair does, and
// repairs the modules that it uses.
func (s *Side) repairWork(ctx context.Context, file, users string, at Place) error {
	var work struct {
		Use     []struct{ DiskPath string }
		Replace []replacement
	}
	if err := s.edited(ctx, &work, "work", "edit", "-json", file); err != nil {
		return err
	}
	_, inTree := below(file, s.Tree)
	vendored := isFile(filepath.Join(filepath.Dir(file), "vendor", "modules.txt"))
	var edits []string
	for _, use := range work.Use {
		to, changed := s.moved(use.DiskPath, filepath.Dir(users), at, !inTree)
		dir := to
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(file), filepath.FromSlash(dir))
		}
		mod := filepath.Join(dir, "go.mod")
		_, ours := below(dir, s.Tree)
		if changed {
			edits = append(edits, "-dropuse="+use.DiskPath)
			if isFile(mod) {
				edits = append(edits, "-use="+to)
			}
		}
		if ours && !vendored && isFile(mod) {
			if err := s.repair(ctx, mod, at); err != nil {
				return err
			}
		}
	}
	if vendored {
		return nil
	}
	return s.rewrite(ctx, "work", file, work.Replace, filepath.Dir(users), at, !inTree, edits)
}
