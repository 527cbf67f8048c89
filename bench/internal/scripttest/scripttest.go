// Package scripttest holds the commands that our scripts for testscript share.
// Only tests import it.
package scripttest

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// Commands returns the commands: exits, oneline and await.
func Commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"exits": exits, "oneline": oneLine, "await": await,
	}
}

// exits runs a command and requires its exit code: exits 2 interleave report.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code command [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// oneLine requires that the last command wrote exactly one line to standard
// error, and nothing to standard output.
func oneLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: oneline")
	}
	stdout, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	if stdout != "" || strings.Count(stderr, "\n") != 1 {
		ts.Fatalf("want one line on standard error and nothing else, got stdout %q, stderr %q", stdout, stderr)
	}
}

// await waits until a run file has at least so many benchmark lines: await
// run.txt 3. It gives up after a minute, which no run that works comes near.
func await(ts *testscript.TestScript, neg bool, args []string) {
	const step, steps = 20 * time.Millisecond, 60 * 50
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await file benchmarks")
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	for range steps {
		data, _ := os.ReadFile(ts.MkAbs(args[0]))
		if strings.Count(string(data), "\nBenchmark") >= want {
			return
		}
		time.Sleep(step)
	}
	ts.Fatalf("%s did not get %d benchmark lines", args[0], want)
}
