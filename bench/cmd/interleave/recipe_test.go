package main_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// recipes returns the shell recipes of the README as they stand there: the
// fenced blocks of the section for CI.
func recipes(t *testing.T) []string {
	_, section, _ := strings.Cut(read(t, filepath.Join(root, "README.md")), "\n## In your CI\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var all []string
	for _, m := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```").FindAllStringSubmatch(section, -1) {
		all = append(all, m[1])
	}
	if len(all) != 2 {
		t.Fatalf("the README has %d shell recipes for CI, want one for budgets and one for files:\n%s", len(all), section)
	}
	return all
}

// The budgets that the README shows are read, and select something.
func TestShownBudgets(t *testing.T) {
	shown := regexp.MustCompile("(?ms)^```yaml\n(rules:\n.*?)^```").FindAllStringSubmatch(read(t, filepath.Join(root, "README.md")), -1)
	if len(shown) < 3 {
		t.Fatalf("the README shows %d budgets files: they are not read as they should be", len(shown))
	}
	for _, m := range shown {
		file := filepath.Join(t.TempDir(), "budgets.yaml")
		write(t, file, m[1])
		if out, err := exec.Command(filepath.Join(binDir, "interleave"), "check", "-explain", "-budgets", file).CombinedOutput(); err != nil {
			t.Errorf("%v: %s\n%s", err, out, m[1])
		}
	}
}

// stubGo stands for the go command in recipes: it builds by copying the program
// that is there, and tests by printing what a test wants.
const stubGo = `#!/bin/sh
case $1 in
build) mkdir -p "$(dirname "$3")" && cp "$STUB_PROGRAM" "$3" ;;
test) cat "$STUB_OUTPUT"; exit "$STUB_CODE" ;;
*) echo "unexpected: go $*" >&2; exit 99 ;;
esac
`

const killed = "#!/bin/sh\nkill -9 $$\n"

// wentOn is printed behind a recipe, if the shell gets there.
const wentOn = "the job went on"

// The shell recipes of the README let no failure pass: neither one of the gate,
// however it ends, nor one of what comes before it.
func TestRecipes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it needs a shell")
	}
	all := recipes(t)
	const (
		holds = "rules:\n  - cases: sleep/goroutines/workers=2$\n    lost: 0\n"
		fails = "rules:\n  - cases: sleep/goroutines/workers=2$\n    allocs: \"<= 0\"\n"
		head  = "pkg: example.com/codec\n"
		line  = "BenchmarkEncode-2 100 0 allocs/op\n"
		more  = "BenchmarkEncode-2 100 1 allocs/op\n"
		end   = "PASS\n"
	)
	for _, tt := range []struct {
		name    string
		recipe  int
		budgets string
		output  string // of go test
		code    int    // of go test
		program string // in the place of interleave
		want    int
	}{
		{name: "budgets hold", budgets: holds, want: 0},
		{name: "a budget does not hold", budgets: fails, want: 1},
		{name: "the budgets are wrong", budgets: "rules: 3\n", want: 2},
		{name: "the check is killed", budgets: holds, program: killed, want: 128 + 9},
		{name: "nothing is worse", recipe: 1, output: line + line, want: 0},
		{name: "something is worse", recipe: 1, output: more + more, want: 1},
		{name: "nothing was measured", recipe: 1, output: "", want: 2},
		{name: "one sample", recipe: 1, output: line, want: 3},
		{name: "go test fails", recipe: 1, output: line + line, code: 7, want: 7},
		{name: "the check of files is killed", recipe: 1, output: line + line, program: killed, want: 128 + 9},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			put := func(name, text string, mode os.FileMode) string {
				path := filepath.Join(dir, name)
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), mode)); err != nil {
					t.Fatal(err)
				}
				return path
			}
			put("stub/go", stubGo, 0o755)
			put("scripts/budgets.yaml", tt.budgets, 0o644)
			put("old.txt", head+line+line+end, 0o644)
			program := filepath.Join(binDir, "interleave")
			if tt.program != "" {
				program = put("program", tt.program, 0o755)
			}
			cmd := exec.Command("sh", "-c", all[tt.recipe]+"echo "+wentOn+"\n")
			cmd.Dir = dir
			cmd.Env = append(os.Environ(),
				"PATH="+filepath.Join(dir, "stub")+string(os.PathListSeparator)+os.Getenv("PATH"),
				"STUB_PROGRAM="+program, "STUB_CODE="+strconv.Itoa(tt.code),
				"STUB_OUTPUT="+put("output.txt", head+tt.output+end, 0o644))
			out, err := cmd.CombinedOutput()
			if got := exitCode(err); got != tt.want {
				t.Errorf("exit code %d, want %d:\n%s", got, tt.want, out)
			}
			if went := strings.Contains(string(out), wentOn); went != (tt.want == 0) {
				t.Errorf("the job went on: %v\n%s", went, out)
			}
		})
	}
}

// exitCode returns the exit code of a command as a shell does.
func exitCode(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	return -1
}
