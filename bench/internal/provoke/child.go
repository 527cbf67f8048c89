package provoke

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/child"
)

// A Program can run as a child: this program, or one built with the detector.
type Program struct {
	Path string
	Env  []string // added to the environment
}

// Self is the running program.
func Self() (Program, error) {
	path, err := os.Executable()
	if err != nil {
		return Program{}, fmt.Errorf("cannot find the program to start it again as a child: %w", err)
	}
	return Program{Path: path}, nil
}

// Silence is how long a child may say nothing before it is killed. A trial that
// hangs says so itself, long before.
const Silence = 20 * time.Second

// wordsKept bounds what is kept of a child's output.
const wordsKept = 64 << 10

// An Outcome is what became of one child.
type Outcome struct {
	Hello   bool // it came as far as the first trial
	Results []demo.Result
	Hung    *demo.Hung
	Done    *demo.Summary
	End     End
	Words   string // the first part of what it printed, and the last
}

// Run runs one child and waits for it to be gone. Whatever the child does, Run
// returns after the silence that is allowed at the latest, and nothing of the
// child is left. The error is for what is not the child's doing: it could not
// be started, or the context ended.
func (p Program) Run(ctx context.Context, job demo.Job, silence time.Duration) (*Outcome, error) {
	job.Protocol = demo.Protocol
	text, err := json.Marshal(job)
	if err != nil {
		return nil, err
	}
	events, theirs, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("no pipe to the child: %w", err)
	}
	defer events.Close()
	words := new(keep)
	cmd := exec.Command(p.Path)
	cmd.Env = append(append(os.Environ(), p.Env...), demo.ChildEnv+"="+string(text))
	cmd.ExtraFiles = []*os.File{theirs}
	cmd.Stdout, cmd.Stderr = words, words
	cmd.WaitDelay = 300 * time.Millisecond // for what the child started itself
	child.DieWithParent(cmd)
	ended := make(chan error, 1)
	started := make(chan error)
	go func() {
		// Linux kills the child when the thread that started it ends, so this
		// goroutine keeps its thread until the child is gone.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		theirs.Close()
		started <- err
		if err == nil {
			ended <- cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("cannot start the child: %w", err)
	}
	o := new(Outcome)
	killed := false
	timer := time.NewTimer(silence)
	defer timer.Stop()
	for messages := read(events); ; {
		select {
		case e, open := <-messages:
			if open {
				timer.Reset(silence)
				o.take(e)
				continue
			}
			// It is gone, or has closed its end and goes on.
			select {
			case err = <-ended:
			case <-time.After(min(silence, 2*time.Second)):
				killed = true
				child.Kill(cmd)
				err = <-ended
			}
		case <-timer.C:
			killed = true
			child.Kill(cmd)
			err = <-ended
			for e := range messages {
				o.take(e)
			}
		case <-ctx.Done():
			child.Kill(cmd)
			<-ended
			events.Close()
			for range messages {
			}
			return nil, ctx.Err()
		}
		break
	}
	child.Kill(cmd) // what it has started and left behind
	o.Words = words.String()
	o.End = classify(cmd.ProcessState, err, o, killed)
	return o, nil
}

func (o *Outcome) take(e demo.Event) {
	switch {
	case e.Hello != "":
		o.Hello = true
	case e.Result != nil:
		o.Results = append(o.Results, *e.Result)
	case e.Hung != nil:
		o.Hung = e.Hung
	case e.Done != nil:
		o.Done = e.Done
	case e.Failed != "":
		o.End = End{Kind: Failed, Text: e.Failed}
	}
}

// read passes on the events of a child until its end of the pipe is closed.
// A line that is no event is nothing that we sent: it is passed over.
func read(r io.Reader) <-chan demo.Event {
	messages := make(chan demo.Event, 64)
	go func() {
		defer close(messages)
		lines := bufio.NewReader(io.LimitReader(r, 64<<20))
		for {
			line, err := lines.ReadBytes('\n')
			var e demo.Event
			if json.Unmarshal(line, &e) == nil {
				messages <- e
			}
			if err != nil {
				return
			}
		}
	}()
	return messages
}

// A keep holds the first and the last part of what is written to it: a child
// that prints megabytes says at the beginning or the end what is wrong.
type keep struct {
	mu          sync.Mutex
	first, last bytes.Buffer
}

func (k *keep) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := len(p)
	if room := wordsKept - k.first.Len(); room > 0 {
		part := min(room, len(p))
		k.first.Write(p[:part])
		p = p[part:]
	}
	k.last.Write(p)
	if extra := k.last.Len() - wordsKept; extra > 0 {
		k.last.Next(extra)
	}
	return n, nil
}

func (k *keep) String() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return strings.ToValidUTF8(k.first.String()+k.last.String(), "?")
}
