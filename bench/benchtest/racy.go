package benchtest

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
)

const (
	// racyEnv names the case that a child process is to run.
	racyEnv = "INTERLEAVE_RACY"

	// objection is what the race detector prints above every report.
	objection = "WARNING: DATA RACE"

	// childDeadline is when a child is killed: a race can end in a deadlock
	// or in an endless loop.
	childDeadline = time.Minute
)

// testRacy checks that the race detector objects to a racy case.
func testRacy(t *testing.T, s *bench.Scenario, c bench.Case) {
	if !raceDetector {
		t.Skipf("%s has a data race: it runs only under the race detector (go test -race), in a process of its own", c.Variant)
	}
	switch os.Getenv(racyEnv) {
	case "":
		out := runChild(t, c)
		if !strings.Contains(out, objection) {
			t.Errorf("the race detector did not object to the racy variant %s; the child process said:\n%s", c.Variant, out)
		}
	case c.Name():
		result, err := once(t, s, c, testN, untimed)
		if err != nil {
			t.Errorf("variant %s: %v", c.Variant, err)
		}
		if result.wrong != nil {
			t.Logf("anomaly: %v", result.wrong) // what a race may do, and need not
		}
	default:
		t.Skip("this process runs another case") // and no child may have children
	}
}

// runChild runs the present subtest in a process of its own, as the racy case,
// and returns what it printed.
func runChild(t *testing.T, c bench.Case) string {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), childDeadline)
	defer cancel()
	child := exec.CommandContext(ctx, binary,
		"-test.run="+exactly(t.Name()),
		"-test.count=1",
		"-test.cpu="+strconv.Itoa(c.Procs), // part of the case's name
	)
	child.Env = append(os.Environ(),
		racyEnv+"="+c.Name(),
		"GORACE=atexit_sleep_ms=0 halt_on_error=0 exitcode=66 history_size=7",
	)
	child.WaitDelay = 5 * time.Second
	// That the child fails is as it should be: the detector makes it fail.
	// What counts is what it says.
	out, err := child.CombinedOutput()
	if child.ProcessState == nil {
		t.Fatalf("the racy variant %s has no process to run in: %v", c.Variant, err)
	}
	if ctx.Err() != nil {
		t.Fatalf("the racy variant %s did not end within %v; the child process said:\n%s", c.Variant, childDeadline, out)
	}
	return string(out)
}

// exactly returns the pattern for -test.run that matches one subtest only.
func exactly(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}
