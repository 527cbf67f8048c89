// Package gitrepo reads revisions out of a git repository without leaving a
// trace in it.
//
// A revision is written to a directory of the caller's from an index of the
// caller's (git read-tree, git checkout-index). git worktree was the first
// idea and was rejected: it registers each tree in the repository, runs its
// hooks, and a run that is killed leaves entries in the user's list. This way
// the list, the index, the stash and the work tree are only ever read, and
// what a killed run leaves is files in a temporary directory.
package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A Repo is a git repository with a work tree.
type Repo struct {
	Top    string // the root of the work tree
	Prefix string // where we are below it, "" at the root
	Common string // the git directory, shared by all its work trees
}

// Open finds the repository that dir is in.
func Open(ctx context.Context, dir string) (*Repo, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("git is not installed, or not in PATH: install it")
	}
	out, err := git(ctx, dir, nil, "rev-parse", "--show-toplevel", "--path-format=absolute", "--git-common-dir")
	if err != nil {
		return nil, fmt.Errorf("%s is not in the work tree of a git repository: change to your project's directory (git: %w)", dir, err)
	}
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != 2 {
		return nil, fmt.Errorf("%s: git rev-parse printed %q, which is not a root and a git directory", dir, out)
	}
	prefix, err := git(ctx, dir, nil, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	return &Repo{
		Top:    filepath.FromSlash(lines[0]),
		Prefix: filepath.FromSlash(strings.TrimSuffix(strings.TrimSuffix(prefix, "\n"), "/")),
		Common: filepath.FromSlash(lines[1]),
	}, nil
}

// local are the variables by which a surrounding git command, such as a hook,
// would make ours work on something else.
var local = []string{
	"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR",
	"GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE",
}

// git runs a command without hooks, without a file system monitor and without
// refreshing the index, and returns what it printed.
func git(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	args = append([]string{"-c", "core.hooksPath=" + os.DevNull, "-c", "core.fsmonitor=false", "-c", "core.sparseCheckout=false"}, args...)
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if !slices.Contains(local, name) {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(append(cmd.Env, "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C"), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if text := lastLines(stderr.String()); text != "" {
			err = errors.New(text)
		}
		return "", err
	}
	return stdout.String(), nil
}

// lastLines puts the end of what git said into one line.
func lastLines(text string) string {
	const most = 3
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	return strings.Join(lines[max(0, len(lines)-most):], " | ")
}

// Tracked reports whether a file of the work tree is under git's control.
func (r *Repo) Tracked(ctx context.Context, rel string) bool {
	_, err := git(ctx, r.Top, nil, "ls-files", "--error-unmatch", "--", rel)
	return err == nil
}
