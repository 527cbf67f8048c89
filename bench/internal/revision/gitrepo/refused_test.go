package gitrepo

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What a tree of files cannot show is refused by name.
func TestRefused(t *testing.T) {
	f := newFixture(t)
	f.write("a", "1")
	f.commit("one")
	export := func() error {
		r := f.open()
		work, err := r.WorkTree(t.Context())
		if err != nil {
			return err
		}
		return r.Export(t.Context(), work, filepath.Join(t.TempDir(), "tree"), t.TempDir())
	}
	want := func(text string) {
		t.Helper()
		if err := export(); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("got %v, want %s", err, text)
		}
	}
	f.write(".gitattributes", "*.bin filter=lfs diff=lfs\n")
	f.git("config", "filter.lfs.smudge", "cat")
	f.git("config", "filter.lfs.clean", "cat")
	f.write("deep/large.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n")
	f.commit("large")
	want("deep/large.bin is a git LFS pointer")
	f.git("rm", "-q", ".gitattributes")
	if err := export(); err != nil {
		t.Errorf("a file that looks like a pointer: %v", err)
	}
	f.git("commit", "-qm", "no longer")

	f.git("checkout", "-qb", "other")
	f.write("a", "2")
	f.commit("two")
	f.git("checkout", "-q", "main")
	f.write("a", "3")
	f.commit("three")
	cmd := exec.Command("git", "merge", "other")
	cmd.Dir = f.dir
	cmd.Run()
	want("a has a merge conflict")
	f.git("merge", "--abort")

	sub := &fixture{t, filepath.Join(filepath.Dir(f.dir), "sub")}
	f.git("clone", "-q", f.dir, sub.dir)
	f.git("submodule", "--quiet", "add", sub.dir, "third/party")
	f.git("commit", "-qm", "submodule")
	want("has the submodule third/party")
}

func TestOpenMistakes(t *testing.T) {
	f := newFixture(t)
	if _, err := f.open().WorkTree(t.Context()); err == nil || !strings.Contains(err.Error(), "no commit yet") {
		t.Errorf("an empty repository: %v", err)
	}
	if _, err := Open(t.Context(), filepath.Dir(f.dir)); err == nil || !strings.Contains(err.Error(), "is not in the work tree of a git repository") {
		t.Errorf("no repository: %v", err)
	}
	t.Setenv("GIT_DIR", "/nowhere") // as within a hook of another repository
	f.write("below/x", "1")
	r, err := Open(t.Context(), filepath.Join(f.dir, "below"))
	if err != nil || r.Prefix != "below" || r.Top != f.dir {
		t.Errorf("%+v %v", r, err)
	}
}
