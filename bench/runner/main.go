// Package runner is the command line of Interleave, for this repository's
// scenarios and for anyone's.
//
// A program of one statement gets every command, table and chart:
//
//	func main() { runner.Main(mine.All()...) }
//
// With demonstrations of races it is
//
//	func main() {
//		runner.Program{Scenarios: mine.All(), Demos: []demo.Catalogue{races.All()}}.Main()
//	}
//
// and Claims adds sentences that a run puts to the test.
//
// Main must come first in main: the runner starts the program again to
// measure in fresh processes, and these answer before anything else happens.
package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/explore"
	"github.com/interleave-go/interleave/bench/internal/calibrate"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/provoke"
)

// The exit codes. When several apply, the first of 130, 2, 1, 4, 3 wins.
const (
	exitOK          = 0
	exitFinding     = 1   // a wrong result, or a budget that does not hold
	exitFailed      = 2   // could not measure: usage, input, crash, void case
	exitUndecided   = 3   // nothing was decided, or something not that should have been
	exitRefused     = 4   // the environment, by -strict-environment
	exitInterrupted = 130 // as a shell reports a program that Ctrl-C ended
)

// A Program is what the command line is for.
type Program struct {
	Scenarios []bench.Scenario
	Demos     []demo.Catalogue  // demonstrations of races, for the command race
	Schedules []explore.Pattern // the same under every schedule, by the same names
	Beside    Beside            // the same jobs in another language, for the end of a full run
	Claims    []bench.Claim     // about the scenarios and the schedules: run puts them to the test
}

// Main runs the command line for the given scenarios and exits. It reads
// os.Args: a main with flags of its own takes them out of there before.
func Main(scenarios ...bench.Scenario) { Program{Scenarios: scenarios}.Main() }

// Main is the function Main for all that a program is for.
func (own Program) Main() {
	own.Scenarios = slices.Concat(own.Scenarios, selfScenario())
	demos := own.demos()
	provoke.Serve(demos)
	if measure.IsChild() {
		os.Exit(measure.ServeChild(own.known()))
	}
	os.Exit(own.Run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// demos returns the demonstrations of all catalogues.
func (own Program) demos() (all []demo.Demo) {
	for _, c := range own.Demos {
		all = append(all, c.Demos...)
	}
	return all
}

// known returns every scenario that a measuring process may be asked for.
func (own Program) known() []bench.Scenario {
	all := slices.Concat(own.Scenarios, calibrate.Scenarios())
	if fixes, ok := provoke.Fixes(own.demos()); ok {
		all = append(all, fixes)
	}
	return all
}

// Run runs one command line, its first argument being the program's name, and
// returns the exit code.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer, scenarios ...bench.Scenario) int {
	return Program{Scenarios: scenarios}.Run(args, stdin, stdout, stderr)
}

// Run is the function Run for all that a program is for.
func (own Program) Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := interruptible()
	defer stop()
	out := &wary{w: stdout}
	p := &program{Program: own, scenarios: own.Scenarios, stdin: stdin, stdout: out, stderr: stderr}
	err := bench.Check(own.Scenarios)
	if err == nil {
		err = demo.Validate(own.demos())
	}
	if err == nil {
		err = errors.Join(own.Beside.Check(), bench.CheckClaims(own.Claims, own.Scenarios))
	}
	if err == nil {
		err = p.command().Run(ctx, args)
	}
	var f *finding
	switch {
	case ctx.Err() != nil && err != nil:
		return exitInterrupted // what is left has been said
	case out.err != nil && (err == nil || errors.As(err, &f)):
		err = fmt.Errorf("cannot write to standard output: %w", reason(out.err))
	case err == nil:
		return exitOK
	case errors.As(err, &f):
		return f.code
	}
	fmt.Fprintf(stderr, "interleave: %v\n", err)
	return exitFailed
}

// A program is one call of the command line.
type program struct {
	Program
	scenarios []bench.Scenario
	stdin     io.Reader
	stdout    io.Writer // data
	stderr    io.Writer // everything else
}

// A finding ends a command that has done its work and reported something bad.
type finding struct{ code int }

func (f *finding) Error() string { return fmt.Sprintf("exit code %d", f.code) }

// interruptible returns a context that the first interrupt cancels. The second
// ends the program at once, but only after a moment: some tools deliver one
// Ctrl-C twice.
func interruptible() (context.Context, func()) {
	const echo = 200 * time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		var first time.Time
		for range signals {
			switch {
			case first.IsZero():
				first = time.Now()
				cancel()
			case time.Since(first) > echo:
				os.Exit(exitInterrupted)
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel()
	}
}
