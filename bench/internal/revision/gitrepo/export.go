package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Export writes the files of a revision below dst, which must be empty or new.
// scratch is a directory for what git needs meanwhile.
func (r *Repo) Export(ctx context.Context, rev Revision, dst, scratch string) error {
	if err := os.MkdirAll(dst, 0o700); err != nil {
		return err
	}
	index := filepath.Join(scratch, "index-"+filepath.Base(dst))
	defer os.Remove(index)
	env := []string{"GIT_INDEX_FILE=" + index}
	if rev.Work {
		if err := r.copyIndex(ctx, index); err != nil {
			return err
		}
	} else if _, err := git(ctx, r.Top, env, "read-tree", rev.Commit); err != nil {
		return fmt.Errorf("cannot read the files of %v: %w", rev, err)
	}
	if err := r.refuse(ctx, rev, env); err != nil {
		return err
	}
	prefix := "--prefix=" + filepath.ToSlash(dst) + "/"
	if _, err := git(ctx, r.Top, env, "checkout-index", "--all", "--quiet", "--ignore-skip-worktree-bits", prefix); err != nil {
		return fmt.Errorf("cannot write the files of %v to %s: %w", rev, dst, err)
	}
	if rev.Work {
		if err := r.copyChanges(ctx, dst, env); err != nil {
			return err
		}
	}
	return largeFiles(rev, dst)
}

// copyIndex makes a copy of the user's index: git may want to write it. The
// copy keeps its time, from which git knows which files may have been changed
// within the same tick of the clock, so that it must compare their content.
func (r *Repo) copyIndex(ctx context.Context, to string) error {
	out, err := git(ctx, r.Top, nil, "rev-parse", "--path-format=absolute", "--git-path", "index")
	if err != nil {
		return err
	}
	from := strings.TrimSuffix(out, "\n")
	info, err := os.Stat(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // nothing is tracked
	}
	if err != nil {
		return err
	}
	if err := copyFile(from, to, 0o600); err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}

// refuse returns an error for what a tree of files alone cannot show.
func (r *Repo) refuse(ctx context.Context, rev Revision, env []string) error {
	out, err := git(ctx, r.Top, env, "ls-files", "--stage", "-z")
	if err != nil {
		return err
	}
	for entry := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		facts, path, _ := strings.Cut(entry, "\t")
		switch fields := strings.Fields(facts); {
		case len(fields) < 3:
		case fields[0] == "160000":
			return fmt.Errorf("%v has the submodule %s, which interleave diff cannot check out: compare in a repository that holds its files, such as one with the submodule vendored", rev, path)
		case fields[2] != "0":
			return fmt.Errorf("%s has a merge conflict: resolve it, or name a revision instead of the work tree", path)
		}
	}
	return nil
}

// copyChanges brings a tree of the index to the state of the work tree. What
// git ignores is left out: the other side cannot have it either.
func (r *Repo) copyChanges(ctx context.Context, dst string, env []string) error {
	gone, err := r.list(ctx, env, "--deleted")
	if err != nil {
		return err
	}
	for _, path := range gone {
		if err := os.RemoveAll(filepath.Join(dst, path)); err != nil {
			return err
		}
	}
	changed, err := r.list(ctx, env, "--modified", "--others", "--exclude-standard")
	if err != nil {
		return err
	}
	for _, path := range changed {
		if strings.HasSuffix(path, string(filepath.Separator)) || slices.Contains(gone, path) {
			continue // a repository of its own; deleted, which counts as modified
		}
		if err := copyAny(filepath.Join(r.Top, path), filepath.Join(dst, path)); err != nil {
			return fmt.Errorf("cannot copy %s of the work tree: %w", path, err)
		}
	}
	return nil
}

func (r *Repo) list(ctx context.Context, env []string, what ...string) ([]string, error) {
	out, err := git(ctx, r.Top, env, append([]string{"ls-files", "-z"}, what...)...)
	if err != nil || out == "" {
		return nil, err
	}
	paths := strings.Split(strings.TrimSuffix(out, "\x00"), "\x00")
	for i := range paths {
		paths[i] = filepath.FromSlash(paths[i])
	}
	return paths, nil
}

// copyAny copies a file or a symbolic link over whatever is there.
func copyAny(from, to string) error {
	info, err := os.Lstat(from)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	switch {
	case info.Mode().IsRegular():
		return copyFile(from, to, info.Mode().Perm()|0o600)
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	}
	return nil // a socket, a pipe: no source of anything
}

func copyFile(from, to string, perm fs.FileMode) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// pointer begins a file that git LFS has left in the place of a large one.
const pointer = "version https://git-lfs.github.com/spec/"

// largeFiles returns an error when a tree that uses git LFS holds pointers.
func largeFiles(rev Revision, dir string) error {
	uses := false
	var small []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		const most = 1024 // of a pointer, as its specification says
		if d.Name() == ".gitattributes" {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			uses = uses || strings.Contains(string(data), "filter=lfs")
		} else if info.Size() < most {
			small = append(small, path)
		}
		return nil
	})
	if err != nil || !uses {
		return err
	}
	for _, path := range small {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if rel, err := filepath.Rel(dir, path); err == nil && strings.HasPrefix(string(data), pointer) {
			return fmt.Errorf("%v: %s is a git LFS pointer and not the file: install git-lfs and run git lfs fetch --all", rev, filepath.ToSlash(rel))
		}
	}
	return nil
}
