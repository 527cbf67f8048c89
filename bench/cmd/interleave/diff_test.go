package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/interleave-go/interleave/bench/internal/scripttest"
)

// TestDiff runs the scripts that compare revisions of repositories. Each has a
// repository of its own, no network, and a directory for temporary files at
// which it can look.
func TestDiff(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds modules")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	out, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	caches := strings.Fields(string(out))
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "diff"),
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			for name, value := range map[string]string{
				"PATH": binDir + string(os.PathListSeparator) + e.Getenv("PATH"), "GOCACHE": caches[0], "GOMODCACHE": caches[1],
				"GOPROXY": "off", "GOFLAGS": "", "GOWORK": "", "GOENV": "off", "GOTOOLCHAIN": "local", "GIT_CONFIG_NOSYSTEM": "1", "TMPDIR": filepath.Join(e.WorkDir, "tmp"),
				"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
				"GITHUB_STEP_SUMMARY": "",
			} {
				e.Setenv(name, value)
			}
			return os.Mkdir(filepath.Join(e.WorkDir, "tmp"), 0o700)
		},
		Cmds: scripttest.Commands(),
	})
}

// The command that the documents give for the run file of a comparison.
func TestBenchstatReadsDiff(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	t.Setenv("TMPDIR", t.TempDir())
	dir, out := smallRepository(t), t.TempDir()
	write(t, filepath.Join(dir, "m_test.go"), "package m\n\nimport \"testing\"\n\nfunc BenchmarkSort(b *testing.B) {\n\tfor i := 0; i < b.N; i++ {\n\t}\n}\n")
	cmd := exec.Command(filepath.Join(binDir, "interleave"), "diff", "-for", "2s", "-benchtime", "1000x", "-o", out, "HEAD")
	cmd.Dir = dir
	text, err := cmd.CombinedOutput() // whatever the verdict
	table, err2 := exec.Command("go", "tool", "benchstat", "-col", "revision", filepath.Join(out, "run.txt")).CombinedOutput()
	if err2 != nil {
		t.Fatalf("benchstat: %v\n%s\n%v\n%s", err2, table, err, text)
	}
	head, _, _ := strings.Cut(string(table), "sec/op")
	for _, side := range []string{" base ", " head "} {
		if !strings.Contains(head, side) {
			t.Errorf("no column for%sin\n%s", side, table)
		}
	}
	if !strings.Contains(string(table), "\nSort") {
		t.Errorf("no row for the benchmark in\n%s", table)
	}
}
