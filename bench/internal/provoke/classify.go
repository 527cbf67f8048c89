package provoke

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/interleave-go/interleave/bench/internal/race"
)

// An EndKind says how a child ended.
type EndKind string

const (
	Done     EndKind = "done"     // all trials made
	Hung     EndKind = "hung"     // a trial did not end, and heartbeats prove that it could have
	Panicked EndKind = "panic"    // exit code 2, after "panic:"
	Fatal    EndKind = "fatal"    // exit code 2, after "fatal error:", or a memory fault
	Reported EndKind = "reported" // exit code 66: the race detector has ended it
	Exited   EndKind = "exited"   // it ended itself before its trials were made
	Signal   EndKind = "signal"   // a signal that is not ours
	Silent   EndKind = "silent"   // it said nothing, and was killed
	Failed   EndKind = "failed"   // it could not do the job
)

// exitReported is what GORACE makes of a clean exit after a report.
const exitReported = 66

// An End is how a child ended.
type End struct {
	Kind EndKind `json:"kind"`
	Code int     `json:"code,omitempty"` // exit code
	Text string  `json:"text,omitempty"` // one line
}

// Crash reports whether the runtime ended the process for something that the
// code did. A process that ended itself, was killed or could not do its job
// says nothing about the code.
func (e End) Crash() bool { return e.Kind == Panicked || e.Kind == Fatal }

func (e End) String() string {
	if e.Text == "" {
		return string(e.Kind)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.Text)
}

// classify says how a child ended. What it said for itself comes first: the
// exit code of a program under the race detector is no verdict, since 66 takes
// the place of 0 only.
func classify(state *os.ProcessState, err error, o *Outcome, killed bool) End {
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return End{Kind: Failed, Text: err.Error()}
	}
	code := state.ExitCode()
	switch {
	case o.End.Kind == Failed:
		return End{Failed, code, o.End.Text}
	case killed:
		return End{Silent, code, "it said nothing for too long and was killed"}
	case o.Hung != nil:
		return End{Kind: Hung, Text: strings.Join(o.Hung.States, ", ")}
	case o.Done != nil && code == 0:
		return End{Kind: Done}
	case o.Done != nil && code == exitReported:
		return End{Kind: Reported, Code: code}
	}
	var verdict race.Verdict
	if all := race.Verdicts(o.Words); len(all) > 0 {
		verdict = all[0]
	}
	switch {
	case code == -1:
		return End{Signal, code, state.String()}
	case code == 2 && (verdict.Kind == race.Panic || verdict.Kind == race.Channel):
		return End{Panicked, code, "panic: " + verdict.Message}
	case code == 2 && verdict.Kind != "":
		return End{Fatal, code, "fatal error: " + verdict.Message}
	case code == exitReported:
		return End{Reported, code, "before its trials were made"}
	}
	return End{Exited, code, fmt.Sprintf("it ended itself with exit code %d before its trials were made", code)}
}
