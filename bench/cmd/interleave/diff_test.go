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

// No room, and no right to write: one line that names the place and the remedy,
// and nothing left. A file system of a given size, or one that is read only,
// takes a name space of our own, which not every machine allows.
func TestDiffNoRoom(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	if out, err := exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=8k", "none", t.TempDir()).CombinedOutput(); err != nil {
		t.Skipf("no file system of our own: %v %s", err, out)
	}
	dir := smallRepository(t)
	write(t, filepath.Join(dir, "m_test.go"), "package m\n\nimport \"testing\"\n\nfunc BenchmarkM(b *testing.B) {\n\tfor i := 0; i < b.N; i++ {\n\t}\n}\n")
	const temporary = "no room for temporary files in PLACE: make room, or set TMPDIR to another place ("
	for _, test := range []struct{ options, variables, flags, want string }{
		{"size=4k", "TMPDIR=$0", "", temporary},   // git
		{"size=200k", "TMPDIR=$0", "", temporary}, // the compiler
		{"size=1m", "TMPDIR=$0", "", temporary},   // the linker
		{"ro", "TMPDIR=$0", "", "read-only file system: set TMPDIR to another place"},
		{"ro", "", "-o $0/out", "cannot write results to PLACE/out: read-only file system: choose another directory with -o"},
		{"size=4k", "", "-o $0/out", "make room"},
	} {
		place := t.TempDir()
		script := "mount -t tmpfs -o " + test.options + " none $0 && { " + test.variables + " $1 diff -for 1s " + test.flags + " HEAD; code=$?; ls -A $0 | grep -v ^out$; exit $code; }"
		cmd := exec.Command("unshare", "-rm", "sh", "-c", script, place, filepath.Join(binDir, "interleave"))
		cmd.Dir = dir
		var out, words strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &words
		err := cmd.Run()
		if cmd.ProcessState.ExitCode() != 2 {
			t.Errorf("%s %s: %v, want exit code 2\n%s%s", test.options, test.flags, err, out.String(), words.String())
		}
		last := strings.TrimSpace(words.String())
		last = strings.ReplaceAll(last[strings.LastIndex(last, "\n")+1:], place, "PLACE")
		if !strings.HasPrefix(last, "interleave: ") || !strings.Contains(last, test.want) {
			t.Errorf("%s %s: %q, want %q", test.options, test.flags, last, test.want)
		}
		if left := out.String(); test.variables != "" && left != "" {
			t.Errorf("%s: left or printed:\n%s", test.options, left)
		}
	}
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
