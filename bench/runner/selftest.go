package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/tempdir"
)

// A selfCase is a run of the check that must end in one way.
type selfCase struct {
	fault, what string
	want        int // the exit code; -1: any but 0
	recipe      func(program string, args []string) []string
}

var selfCases = []selfCase{
	{fault: selfSlow, what: "code that became twice as slow", want: exitFinding},
	{fault: selfSame, what: "code that did not change", want: exitOK},
	{fault: selfWrong, what: "a wrong result", want: exitFinding},
	{fault: selfCrash, what: "a crash", want: exitFailed},
	{fault: selfMissing, what: "a case that is gone", want: exitFailed},
	{fault: selfKill, what: "the check killed, from a shell", want: -1, recipe: shellRecipe},
	{fault: selfKill, what: "the check killed, from make", want: -1, recipe: makeRecipe},
}

// selfLimit bounds one run: some seconds are enough for each.
const selfLimit = 30 * time.Second

// selftest starts the running program's check on code with a known fault, and
// says whether it found it. A gate that has never failed may be one that
// cannot.
func (p *program) selftest(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cannot find the program to start it: %w", err)
	}
	dir, err := tempdir.New("selftest")
	if err != nil {
		return fmt.Errorf("no temporary directory for the self-test: %w", err)
	}
	defer tempdir.Remove(dir)
	if err := os.WriteFile(filepath.Join(dir, "budgets.yaml"), []byte(selfBudgets), 0o644); err != nil {
		return err
	}
	failed := 0
	for _, c := range selfCases {
		line, ok := c.run(ctx, self, dir)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !ok {
			failed++
		}
		fmt.Fprintln(p.stdout, line)
	}
	if failed > 0 {
		fmt.Fprintf(p.stdout, "SELF-TEST FAILED: %d of %d went otherwise than they must; do not trust this check\n", failed, len(selfCases))
		return &finding{exitFailed}
	}
	fmt.Fprintf(p.stdout, "self-test passed: the check fails when it must, and only then\n")
	return nil
}

// run makes one run and says what came of it.
func (c *selfCase) run(ctx context.Context, self, dir string) (line string, ok bool) {
	args := []string{"check", "-budgets", "budgets.yaml", "-for", "6s", "-o", "results"}
	command := append([]string{self}, args...)
	if c.recipe != nil {
		if command = c.recipe(self, args); command == nil {
			return fmt.Sprintf("skipped  %s: it is not installed here", c.what), true
		}
	}
	ctx, cancel := context.WithTimeout(ctx, selfLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), selfEnv+"="+c.fault, "GITHUB_ACTIONS=", "GITHUB_STEP_SUMMARY=", "MAKEFLAGS=", "MAKELEVEL=")
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	code := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		return fmt.Sprintf("FAILED   %s: %v", c.what, err), false
	}
	want := fmt.Sprint("exit ", c.want)
	if ok = code == c.want; c.want < 0 {
		want = "an exit other than 0"
		ok = code != 0 && ctx.Err() == nil && !strings.Contains(string(out), selfPassed)
	}
	mark := "ok      "
	if !ok {
		mark = "FAILED  "
	}
	return fmt.Sprintf("%s %s: exit %d, must be %s; it said: %s", mark, c.what, code, strings.TrimPrefix(want, "exit "), said(string(out))), ok
}

// said returns the line of an output that tells the answer.
func said(out string) string {
	last := ""
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		for _, prefix := range []string{"PASS:", "FAIL:", "BROKEN:", "UNCLEAR:", "interleave:"} {
			if strings.HasPrefix(line, prefix) {
				return line
			}
		}
		last = cmp.Or(line, last)
	}
	return cmp.Or(last, "nothing")
}

// selfPassed is what a recipe prints behind the check, if it gets there.
const selfPassed = "the job went on"

// shellRecipe is the check in a shell script, as the README shows it.
func shellRecipe(program string, args []string) []string {
	shell, err := exec.LookPath("sh")
	if err != nil {
		return nil
	}
	return append([]string{shell, "-ec", `"$0" "$@"; echo ` + selfPassed, program}, args...)
}

// makeRecipe is the check in a makefile, as ours is.
func makeRecipe(program string, args []string) []string {
	tool, err := exec.LookPath("make")
	if err != nil {
		return nil
	}
	const rule = "check: ; @$(PROGRAM) $(ARGS) && echo " + selfPassed
	return []string{tool, "-f", "/dev/null", "--eval", rule, "check", "PROGRAM=" + program, "ARGS=" + strings.Join(args, " ")}
}
