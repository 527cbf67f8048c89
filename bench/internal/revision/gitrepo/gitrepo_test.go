package gitrepo

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A fixture is a repository made for a test.
type fixture struct {
	*testing.T
	dir string
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"HOME": dir, "XDG_CONFIG_HOME": dir, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com",
		"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
	} {
		t.Setenv(name, value)
	}
	f := &fixture{t, filepath.Join(dir, "repo")}
	if err := os.Mkdir(f.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f.git("init", "-q", "-b", "main")
	return f
}

func (f *fixture) git(args ...string) string {
	f.Helper()
	cmd := exec.Command("git", append([]string{"-c", "protocol.file.allow=always"}, args...)...)
	cmd.Dir = f.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		f.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (f *fixture) write(name, text string) {
	f.Helper()
	path := filepath.Join(f.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		f.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) commit(message string) string {
	f.Helper()
	f.git("add", "-A")
	f.git("commit", "-q", "--allow-empty", "-m", message)
	return f.git("rev-parse", "HEAD")
}

func (f *fixture) open() *Repo {
	f.Helper()
	r, err := Open(f.Context(), f.dir)
	if err != nil {
		f.Fatal(err)
	}
	return r
}

// state is everything that a user could miss: every file below the
// repository, the git directory included, with its content and its time.
func (f *fixture) state() map[string]string {
	f.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		all[path] = fmt.Sprint(info.Mode(), info.ModTime())
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			all[path] += string(data)
			return err
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
	return all
}

// files returns what is below a directory: file → content.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if d.Type()&fs.ModeSymlink != 0 {
			target, err := os.Readlink(path)
			all[rel] = "-> " + target
			return err
		}
		data, err := os.ReadFile(path)
		all[rel] = string(data)
		if info, _ := d.Info(); info != nil && info.Mode()&0o100 != 0 {
			all[rel] += " x"
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A hook that would leave a trace.
func (f *fixture) hooks() {
	for _, name := range []string{"post-checkout", "post-index-change", "reference-transaction"} {
		path := filepath.Join(f.dir, ".git", "hooks", name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\necho hook >> "+f.dir+"/trace\n"), 0o755); err != nil {
			f.Fatal(err)
		}
	}
}

func TestExport(t *testing.T) {
	f := newFixture(t)
	f.write("kept", "1")
	f.write("changed", "1")
	f.write("staged", "1")
	f.write("deleted", "1")
	f.write("removed", "1")
	f.write("dir/turned", "1")
	f.write(".gitignore", "ignored\n")
	base := f.commit("one")
	f.write("staged", "2")
	f.git("add", "staged")
	f.write("staged", "3")
	os.Remove(filepath.Join(f.dir, "deleted"))
	f.git("rm", "-q", "removed")
	os.RemoveAll(filepath.Join(f.dir, "dir"))
	f.write("dir", "a file now")
	f.write("new/untracked name", "2")
	f.write("ignored", "2")
	f.write("changed", "2")
	os.Chmod(filepath.Join(f.dir, "new", "untracked name"), 0o755)
	os.Symlink("kept", filepath.Join(f.dir, "link"))
	f.hooks()

	before := f.state()
	r := f.open()
	ctx := t.Context()
	rev, err := r.Resolve(ctx, "main")
	if err != nil || rev.Commit != base {
		t.Fatalf("%v %v", rev, err)
	}
	work, err := r.WorkTree(ctx)
	if err != nil || !work.Dirty || !strings.HasSuffix(work.String(), " with uncommitted changes") {
		t.Fatalf("%v %v", work, err)
	}
	tmp := t.TempDir()
	for name, want := range map[string]map[string]string{
		"base": {"kept": "1", "changed": "1", "staged": "1", "deleted": "1", "removed": "1", "dir/turned": "1", ".gitignore": "ignored\n"},
		"work": {"kept": "1", "changed": "2", "staged": "3", "dir": "a file now", "new/untracked name": "2 x", "link": "-> kept", ".gitignore": "ignored\n"},
	} {
		rev := rev
		if name == "work" {
			rev = work
		}
		if err := r.Export(ctx, rev, filepath.Join(tmp, name), tmp); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, files(t, filepath.Join(tmp, name))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(tmp, "index*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	if diff := cmp.Diff(before, f.state()); diff != "" {
		t.Errorf("the repository was touched:\n%s", diff)
	}
}

func TestResolve(t *testing.T) {
	f := newFixture(t)
	f.write("a", "1")
	first := f.commit("one")
	f.git("tag", "v1")
	f.git("checkout", "-q", "-b", "topic")
	f.write("a", "2")
	topic := f.commit("two")
	f.git("checkout", "-q", "main")
	f.write("b", "3")
	f.commit("three")
	clone := &fixture{t, filepath.Join(filepath.Dir(f.dir), "clone")}
	f.git("clone", "-q", f.dir, clone.dir)
	clone.git("checkout", "-q", "origin/topic")
	clone.git("branch", "-qD", "main")
	r := clone.open()
	head, err := r.WorkTree(t.Context())
	if err != nil || head.Commit != topic || head.Dirty || !strings.HasSuffix(head.String(), " (work tree)") {
		t.Errorf("%v %v", head, err)
	}
	for name, want := range map[string]string{
		"v1": first, "topic": topic, "HEAD": topic, "HEAD~1": first, topic[:8]: topic, "merge-base:main": first, "merge-base:HEAD": topic,
	} {
		if rev, err := r.Base(t.Context(), name, head); err != nil || rev.Commit != want {
			t.Errorf("%s is %v (%v), want %s", name, rev, err, want)
		}
	}
	if rev, _ := r.Base(t.Context(), "main", head); rev.String() != rev.Short+" (origin/main)" {
		t.Errorf("main is %v", rev)
	}

	shallow := &fixture{t, filepath.Join(filepath.Dir(f.dir), "shallow")}
	f.git("clone", "-q", "--depth", "1", "file://"+f.dir, shallow.dir)
	_, err = shallow.open().Resolve(t.Context(), first)
	if err == nil || !strings.Contains(err.Error(), "set fetch-depth: 0, or git fetch --unshallow") {
		t.Errorf("shallow: %v", err)
	}
}

// A file that was changed within the tick of the clock in which git looked at
// it, to something of the same size, looks unchanged by its facts alone.
func TestExportRacy(t *testing.T) {
	f := newFixture(t)
	f.git("config", "core.trustctime", "false")
	then := time.Now().Add(-time.Hour).Truncate(time.Second)
	set := func(name string) {
		if err := os.Chtimes(filepath.Join(f.dir, name), then, then); err != nil {
			t.Fatal(err)
		}
	}
	f.write("file", "1")
	set("file")
	f.commit("one")
	f.write("file", "2")
	set("file")
	set(".git/index")
	r := f.open()
	work, err := r.WorkTree(t.Context())
	if err != nil || !work.Dirty {
		t.Fatalf("%v %v", work, err)
	}
	dst := filepath.Join(t.TempDir(), "work")
	if err := r.Export(t.Context(), work, dst, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"file": "2"}, files(t, dst)); diff != "" {
		t.Error(diff)
	}
}
