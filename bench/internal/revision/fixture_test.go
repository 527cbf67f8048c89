package revision

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A repository is one made for a test.
type repository struct {
	*testing.T
	dir string
}

// newRepository makes a repository with one commit of the given files and sees
// to it that ours has its temporary files where the test can look at them.
func newRepository(t *testing.T, files map[string]string) *repository {
	t.Helper()
	if testing.Short() {
		t.Skip("it builds modules")
	}
	for _, tool := range []string{"git", "go"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &repository{t, filepath.Join(dir, "repo")}
	for _, d := range []string{"repo", "home", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	cache, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	caches := strings.Fields(string(cache))
	for name, value := range map[string]string{
		"HOME": filepath.Join(dir, "home"), "TMPDIR": filepath.Join(dir, "tmp"), "GOCACHE": caches[0], "GOMODCACHE": caches[1],
		"GOPROXY": "off", "GOFLAGS": "", "GOWORK": "", "GOENV": "off", "GOTOOLCHAIN": "local", "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
	} {
		t.Setenv(name, value)
	}
	r.git("init", "-q", "-b", "main")
	r.write(files)
	r.commit("first")
	return r
}

func (r *repository) git(args ...string) string {
	r.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r *repository) commit(message string) string {
	r.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", message)
	return r.git("rev-parse", "HEAD")
}

func (r *repository) write(files map[string]string) {
	r.Helper()
	for name, text := range files {
		path := filepath.Join(r.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			r.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			r.Fatal(err)
		}
	}
}

// found prepares and finds, and closes at the end of the test.
func (r *repository) found(q Question) (*Comparison, error) {
	r.Helper()
	if q.Dir == "" {
		q.Dir = r.dir
	}
	if q.Bench == "" {
		q.Bench = "."
	}
	trees, err := Prepare(r.Context(), q)
	if err != nil {
		return nil, err
	}
	r.Cleanup(func() {
		if err := trees.Close(); err != nil {
			r.Error(err)
		}
		if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
			r.Errorf("temporary files are left: %v %v", left, err)
		}
	})
	return trees.Find(r.Context(), func(string) {})
}
