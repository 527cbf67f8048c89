package main_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A badInput is something that a check may be given, and that must not pass.
type badInput struct {
	name  string
	files map[string]string // by path; "DIR" makes a directory
	env   string
	args  []string
	code  int
	want  string // in what it prints
}

const (
	goodRule      = "rules:\n  - cases: sleep/goroutines/workers=2$\n    speedup: \">= 1.5\"\n"
	referenceRule = "rules:\n  - cases: sleep/goroutines/workers=2$\n    regression: {against: reference, tolerance: 5%}\n    portable: true\n"
	selftestRule  = "rules:\n  - cases: selftest/new\n    ratio: \"<= 1.33\"\n    versus: selftest/old\n"

	runHead   = "#il {\"run\":{\"format\":1,\"id\":\"x\"}}\ngoos: linux\n"
	trialLine = "#il {\"trial\":{\"fork\":1,\"round\":1,\"order\":1}}\nBenchmarkSleep/variant=goroutines/workers=2-2 1 50000000 ns/op\n"
	reference = "results/reference/check/1.txt"
)

// ofRule is a budgets file of one rule, written with the given lines.
func ofRule(lines ...string) map[string]string {
	return map[string]string{"scripts/budgets.yaml": "rules:\n  - " + strings.Join(lines, "\n    ") + "\n"}
}

func budgets(text string) map[string]string {
	return map[string]string{"scripts/budgets.yaml": text}
}

// withReference is a rule about a reference, and what stands in its place.
func withReference(text string) map[string]string {
	return map[string]string{"scripts/budgets.yaml": referenceRule, reference: text}
}

var badInputs = []badInput{
	{name: "no budgets file", code: 2, want: "there is no such budgets file: write one with check -init"},
	{name: "no budgets file of a name", args: []string{"-budgets", "mine.yaml"}, code: 2, want: "mine.yaml: there is no such budgets file"},
	{name: "a directory in place of the file", files: map[string]string{"scripts/budgets.yaml": "DIR"}, code: 2, want: "this is a directory"},
	{name: "empty", files: budgets(""), code: 2, want: "the budgets file is empty"},
	{name: "bad YAML", files: budgets("rules:\n  - cases: [sleep\n"), code: 2, want: "this is not YAML"},
	{name: "binary", files: budgets("\x00\x01\xff"), code: 2, want: "scripts/budgets.yaml"},
	{name: "no rules", files: budgets("rules: []\n"), code: 2, want: "rules is empty"},
	{name: "unknown key", files: ofRule("cases: sleep", "speedupp: \">= 1.9\""), code: 2, want: "budgets.yaml:3: unknown key \"speedupp\""},
	{name: "selects nothing", files: ofRule("cases: slep", "lost: 0"), code: 2, want: "budgets.yaml:2: the pattern \"slep\" matches no case"},
	{name: "no rule that asks", files: ofRule("cases: sleep"), code: 2, want: "budgets.yaml:2: the rule asks nothing"},
	{name: "bound without an operator", files: ofRule("cases: sleep/goroutines", "speedup: 1.9"), code: 2, want: "write a bound in quotes"},
	{name: "bound of NaN", files: ofRule("cases: sleep/goroutines", "speedup: \">= NaN\""), code: 2, want: "must be a positive number"},
	{name: "negative bound", files: ofRule("cases: sleep/goroutines", "speedup: \">= -1\""), code: 2, want: "must be a positive number"},
	{name: "percentage without a sign", files: ofRule("cases: sleep/goroutines", "regression: {against: reference, tolerance: 5}"), code: 2, want: "write the percent sign"},
	{name: "contradicting rules", files: budgets(goodRule + "  - cases: sleep/goroutines/workers=2$\n    speedup: \"<= 1.4\"\n"), code: 2, want: "contradicts speedup >= 1.5 on line 3"},
	{name: "versus too many", files: ofRule("cases: counter/atomic/workers=1$", "ratio: \"<= 1\"", "versus: counter/mutex"), code: 2, want: "matches 8 cases"},
	{name: "missing reference", files: budgets(referenceRule), code: 2, want: "there is none: measure one with check -update-reference"},
	{name: "empty reference", files: withReference(""), code: 2, want: "the run file is empty"},
	{name: "truncated reference", files: withReference(runHead + trialLine), code: 2, want: "the reference"},
	{name: "reference of another format", files: withReference(strings.Replace(runHead, ":1,", ":9,", 1) + trialLine), code: 2, want: "9"},
	{name: "NaN in the reference", files: withReference(runHead + strings.Replace(trialLine, "50000000", "NaN", 1)), code: 2, want: "1.txt:"},
	{name: "zero in the reference", files: withReference(runHead + strings.Replace(trialLine, "50000000", "0", 1)), code: 2, want: "1.txt:"},
	{name: "a negative time in the reference", files: withReference(runHead + strings.Replace(trialLine, "50000000", "-1", 1)), code: 2, want: "1.txt:"},
	{name: "an interrupted run as reference", files: withReference(runHead + trialLine + "#il {\"interrupted\":{\"why\":\"interrupted\"}}\n"), code: 2, want: "1.txt"},
	{name: "go test output as reference", files: withReference("goos: linux\nBenchmarkSleep/variant=goroutines/workers=2-2 1 50000000 ns/op\nPASS\n"), code: 2, want: "the output of go test"},
	{name: "a directory as reference", files: withReference("DIR"), code: 2, want: "this is a directory"},
	{name: "every rule skipped", files: ofRule("cases: sleep/goroutines/workers=2$", "speedup: \">= 1.9\"", "needs: {cpus: 9999}"), code: 3, want: "UNCLEAR: nothing was decided: of 1 rule 0 unclear, 1 skipped"},
	{name: "no time", files: budgets(goodRule), args: []string{"-for", "0s"}, code: 2, want: "the time must be positive"},
	{name: "too little time", files: budgets(goodRule), args: []string{"-for", "10ms"}, code: 2, want: "too short for any decision"},
	{name: "an argument", files: budgets(goodRule), args: []string{"sleep"}, code: 2, want: "check takes no argument"},
	{name: "unclear perhaps", files: budgets(goodRule), args: []string{"-on-unclear", "perhaps"}, code: 2, want: "write warn or fail"},
	{name: "an unknown flag", files: budgets(goodRule), args: []string{"-fail"}, code: 2, want: "there is no flag -fail"},
	{name: "a start where there is a file", files: budgets(goodRule), args: []string{"-init"}, code: 2, want: "exists: remove it"},
	{name: "a directory that cannot be written", files: map[string]string{"scripts/budgets.yaml": goodRule, "here": ""}, args: []string{"-o", "here/it/is"}, code: 2, want: "cannot write results to here/it/is"},
	{name: "a failing verification", files: budgets(selftestRule), env: "wrong", code: 1, want: "FAIL: 1 of 1 rule does not hold"},
	{name: "a panic", files: budgets(selftestRule), env: "panic", code: 2, want: "Run panicked"},
	{name: "a crash", files: budgets(selftestRule), env: "crash", code: 2, want: "BROKEN: 1 of 1 rule could not be measured"},
	{name: "a case that is gone", files: budgets(selftestRule), env: "missing", code: 2, want: "matches no case"},
}

// TestBadInputs is the table of bad inputs: whatever a check is given, it does
// not pass for it, and says in words what is wrong.
func TestBadInputs(t *testing.T) {
	for _, in := range badInputs {
		t.Run(in.name, func(t *testing.T) {
			dir := t.TempDir()
			for path, text := range in.files {
				path = filepath.Join(dir, path)
				made := os.MkdirAll(filepath.Dir(path), 0o755)
				if text == "DIR" {
					made = errors.Join(made, os.Mkdir(path, 0o755))
				} else {
					made = errors.Join(made, os.WriteFile(path, []byte(text), 0o644))
				}
				if made != nil {
					t.Fatal(made)
				}
			}
			args := append([]string{"check", "-for", "10s"}, in.args...)
			cmd := exec.Command(filepath.Join(binDir, "interleave"), args...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "INTERLEAVE_SELFTEST="+in.env, "GITHUB_ACTIONS=", "GITHUB_STEP_SUMMARY=")
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState == nil {
				t.Fatal(err)
			}
			if code := cmd.ProcessState.ExitCode(); code != in.code || code == 0 || !strings.Contains(string(out), in.want) {
				t.Errorf("exit code %d, want %d; it printed, without %q:\n%s", code, in.code, in.want, out)
			}
		})
	}
}

// TestUnreadable is apart, since root may read everything.
func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "budgets.yaml")
	if err := os.WriteFile(path, []byte(goodRule), 0o000); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(path); err == nil {
		t.Skip("this user may read everything")
	}
	cmd := exec.Command(filepath.Join(binDir, "interleave"), "check", "-budgets", path)
	if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), "cannot read the budgets file") {
		t.Errorf("exit code %d: %s", cmd.ProcessState.ExitCode(), out)
	}
}
