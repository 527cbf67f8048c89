package beside

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/child"
)

// A limited buffer refuses what is beyond mostOutput, which ends the process
// that prints so much: nobody reads its output any more.
type limited struct {
	b    bytes.Buffer // not embedded: its ReadFrom would pass Write by
	over bool
}

var errTalks = fmt.Errorf("it prints more than %d bytes", mostOutput)

func (l *limited) Write(p []byte) (int, error) {
	if l.over = l.over || l.b.Len()+len(p) > mostOutput; l.over {
		return 0, errTalks
	}
	return l.b.Write(p)
}

// output runs a program in dir and returns what it printed. After the limit it
// is killed, with all that it started. The error is one line.
func output(ctx context.Context, limit time.Duration, dir, path string, args ...string) ([]byte, error) {
	// Not with a deadline of ctx: whether it was the user or the limit that
	// ended the process is told apart below.
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var out limited
	var words child.Tail
	cmd := exec.CommandContext(within, path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &words
	cmd.Cancel = func() error { child.Kill(cmd); return nil }
	cmd.WaitDelay = time.Second // for what it started itself and that holds on to the pipes
	child.DieWithParent(cmd)

	ended := make(chan error)
	go func() {
		// Linux kills the child when the thread that started it ends.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		ended <- cmd.Run()
	}()
	err := <-ended
	child.Kill(cmd) // whatever it left running
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case within.Err() != nil:
		err = fmt.Errorf("not done after %v, and killed", limit)
	case out.over:
		err = errTalks
	case err != nil:
		if last := lastLine(words.String()); last != "" {
			err = fmt.Errorf("%w: %s", err, last)
		}
	}
	return out.b.Bytes(), err
}

// lastLine returns the end of what a process said, which is where a traceback
// says what the matter was.
func lastLine(words string) string {
	words = strings.Join(strings.Fields(strings.ToValidUTF8(words, "?")), " ")
	if i := strings.LastIndex(words, " | "); i >= 0 {
		words = words[i+len(" | "):]
	}
	const most = 300
	return strings.ToValidUTF8(words[max(0, len(words)-most):], "")
}
