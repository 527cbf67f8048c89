package gitrepo

import (
	"context"
	"fmt"
	"strings"
)

// A Revision is a commit and what it was asked for as.
type Revision struct {
	Name   string // as typed: "main", "merge-base:main"; "work tree"
	Commit string // the full hash; that of HEAD for the work tree
	Short  string // as people write it
	Work   bool   // the work tree, with what is not committed
	Dirty  bool   // something is not committed
}

// String returns the revision as it is printed: "1a2b3c4 (main)".
func (r Revision) String() string {
	switch {
	case r.Work && r.Dirty:
		return r.Short + " with uncommitted changes"
	case r.Work:
		return r.Short + " (work tree)"
	case strings.HasPrefix(r.Commit, r.Name):
		return r.Short
	}
	return r.Short + " (" + r.Name + ")"
}

// mergeBase asks for the commit at which a branch and the other side parted.
const mergeBase = "merge-base:"

// Base resolves the revision to compare with. head is the other side.
func (r *Repo) Base(ctx context.Context, name string, head Revision) (Revision, error) {
	branch, parted := strings.CutPrefix(name, mergeBase)
	base, err := r.Resolve(ctx, branch)
	if err != nil || !parted {
		return base, err
	}
	out, err := git(ctx, r.Top, nil, "merge-base", base.Commit, head.Commit)
	if err != nil {
		if shallow := r.shallow(ctx); shallow != "" {
			return base, fmt.Errorf("%s and %s have no common commit here, since %s", branch, head.Short, shallow)
		}
		return base, fmt.Errorf("%s and %s have no common commit: name a revision instead of %s", branch, head.Short, name)
	}
	return r.revision(ctx, name, strings.TrimSpace(out))
}

// Resolve returns the commit that a name stands for. A branch that exists only
// at the remote is found there, as in a fresh clone of CI.
func (r *Repo) Resolve(ctx context.Context, name string) (Revision, error) {
	if name == "" || strings.HasPrefix(name, "-") {
		return Revision{}, fmt.Errorf("%q is not a revision: name a commit, a branch or a tag", name)
	}
	for _, try := range []string{name, "origin/" + name} {
		out, err := git(ctx, r.Top, nil, "rev-parse", "--verify", "--quiet", try+"^{commit}")
		if err == nil {
			return r.revision(ctx, try, strings.TrimSpace(out))
		}
		if ctx.Err() != nil {
			return Revision{}, ctx.Err()
		}
	}
	if shallow := r.shallow(ctx); shallow != "" {
		return Revision{}, fmt.Errorf("the revision %q is not here, since %s", name, shallow)
	}
	return Revision{}, fmt.Errorf("there is no revision %q in this repository: see git branch -a, git tag, or git fetch it", name)
}

func (r *Repo) revision(ctx context.Context, name, commit string) (Revision, error) {
	short, err := git(ctx, r.Top, nil, "rev-parse", "--short", commit)
	if err != nil {
		return Revision{}, err
	}
	return Revision{Name: name, Commit: commit, Short: strings.TrimSpace(short)}, nil
}

// shallow says why commits are missing, or "".
func (r *Repo) shallow(ctx context.Context) string {
	out, err := git(ctx, r.Top, nil, "rev-parse", "--is-shallow-repository")
	if err != nil || strings.TrimSpace(out) != "true" {
		return ""
	}
	return "the clone is shallow: set fetch-depth: 0, or git fetch --unshallow"
}

// WorkTree returns the work tree as a revision.
func (r *Repo) WorkTree(ctx context.Context) (Revision, error) {
	head, err := r.Resolve(ctx, "HEAD")
	if err != nil {
		return head, fmt.Errorf("the repository has no commit yet, or HEAD is broken: commit first (%w)", err)
	}
	out, err := git(ctx, r.Top, nil, "status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=all")
	if err != nil {
		return head, err
	}
	head.Name, head.Work, head.Dirty = "work tree", true, out != ""
	return head, nil
}
