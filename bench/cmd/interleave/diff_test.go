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
