package calibrate

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// benchmarks are of the kinds of work that have noise of their own. They are Go
// benchmarks, since that is what interleave diff measures.
//
//go:embed module_test.go.txt
var benchmarks string

// A module is a git repository with revisions that are known to be equal, or to
// do so much more work.
type module struct{ dir string }

// base is the revision that all others are compared with.
const baseRevision = "base"

// newModule makes a module in an empty directory, with a revision for each number
// of percent that it is slower by. The revisions differ in a word
// and in a number, so that the code of all is the same and lies at the same
// places; equal binaries would not be measured.
func newModule(ctx context.Context, dir string, slower []int) (*module, error) {
	m := &module{dir}
	if err := m.write("go.mod", "module calibrated\n\ngo 1.24\n"); err != nil {
		return nil, err
	}
	if err := m.write("calibrated_test.go", benchmarks); err != nil {
		return nil, err
	}
	if err := m.git(ctx, "init", "-q"); err != nil {
		return nil, err
	}
	if err := m.commit(ctx, baseRevision, 0, "hello"); err != nil {
		return nil, err
	}
	for _, percent := range slower {
		if err := m.commit(ctx, revisionOf(percent), percent, "hullo"); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// revisionOf names the revision that does so many percent more work.
func revisionOf(percent int) string { return fmt.Sprintf("slower-%d", percent) }

func (m *module) commit(ctx context.Context, name string, extra int, words string) error {
	text := fmt.Sprintf("// Package calibrated does some work.\npackage calibrated\n\n// Extra is how many percent of the work are done again.\nvar Extra = %d\n\n// Words are what a server says.\nvar Words = %q\n", extra, words)
	if err := m.write("calibrated.go", text); err != nil {
		return err
	}
	if err := m.git(ctx, "add", "-A"); err != nil {
		return err
	}
	if err := m.git(ctx, "-c", "user.name=interleave", "-c", "user.email=interleave@localhost", "-c", "commit.gpgsign=false", "commit", "-q", "-m", name); err != nil {
		return err
	}
	return m.git(ctx, "tag", name)
}

func (m *module) write(name, text string) error {
	return os.WriteFile(filepath.Join(m.dir, name), []byte(text), 0o600)
}

func (m *module) git(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = m.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(string(out)))
	}
	return nil
}
