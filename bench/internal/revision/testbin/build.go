package testbin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// Options are the ways in which a binary can be built.
type Options struct {
	Paths  bool // with the paths of the sources in it
	Layout int  // seed of the order of functions in memory; 0: as they come
	Plain  bool // with the ordinary package testing, so that no benchmark can be held
}

// Build builds the test binary of a package at out, with the server in it.
func (s *Side) Build(ctx context.Context, p *Package, out string, o Options) error {
	if p.Unreadable != "" {
		return fmt.Errorf("it does not build: %s", p.Unreadable)
	}
	overlay, err := s.overlay(p, filepath.Dir(out), o.Plain)
	if err != nil {
		return err
	}
	flags := "-buildid="
	if o.Layout != 0 {
		flags += " -randlayout=" + strconv.Itoa(o.Layout)
	}
	args := []string{"test", "-c", "-vet=off", "-o", out, "-overlay=" + overlay, "-buildvcs=false", "-ldflags=" + flags, "-trimpath=" + strconv.FormatBool(!o.Paths)}
	cmd := exec.CommandContext(ctx, "go", append(append(args, s.Flags...), p.Path)...)
	cmd.Dir, cmd.Env = s.Dir, s.env
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it has children to end
	cmd.WaitDelay = 5 * time.Second
	if text, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !o.Plain && strings.Contains("\n"+string(text), "\n# testing\n") {
			return fmt.Errorf("%w: %s", served.ErrNoHook, FirstLines(s.messages(string(text))))
		}
		return fmt.Errorf("it does not build: %s", FirstLines(s.messages(string(text))))
	}
	if !isFile(out) {
		return errors.New("go test -c gave no test binary")
	}
	return nil
}

// messages returns what the compiler said, without what go test says around it
// and with the paths of the user's own tree.
func (s *Side) messages(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "# ") && !strings.HasPrefix(line, "FAIL") {
			kept = append(kept, line)
		}
	}
	if len(kept) == 0 {
		return text
	}
	return strings.ReplaceAll(strings.Join(kept, ""), s.Tree+string(filepath.Separator), "")
}

// Test returns the name of the test that serves a benchmark.
func (p *Package) Test(benchmark string) string {
	for _, name := range p.Internal {
		if name == benchmark {
			return served.InternalTest
		}
	}
	return served.ExternalTest
}

// Same reports whether two packages would do the same: their binaries are
// equal, and so are the files beside their sources that they may read.
func Same(base, head *Package, baseBinary, headBinary string) (bool, error) {
	for _, pair := range [][2]string{{baseBinary, headBinary}} {
		a, err := hashFile(pair[0])
		if err != nil {
			return false, err
		}
		b, err := hashFile(pair[1])
		if err != nil || a != b {
			return false, err
		}
	}
	a, err := hashData(base.Dir)
	if err != nil {
		return false, err
	}
	b, err := hashData(head.Dir)
	return a == b, err
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}

// hashData hashes the files of a package's directory that are not in its
// binary: not Go, and not documentation.
func hashData(dir string) (string, error) {
	all := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data := strings.Contains(filepath.ToSlash(path), "/testdata/")
		switch filepath.Ext(path) {
		case ".go", ".md", ".mod", ".sum", ".work":
			if !data {
				return nil
			}
		}
		sum, err := hashFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		fmt.Fprintln(all, rel, sum)
		return err
	})
	return hex.EncodeToString(all.Sum(nil)), err
}
