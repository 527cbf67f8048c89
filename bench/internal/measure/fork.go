package measure

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/child"
	"github.com/interleave-go/interleave/bench/internal/tempdir"
)

// A Fork is a process that measures.
type Fork interface {
	// Trial asks for one trial and waits for its answer. An error means that
	// the process is of no more use.
	Trial(context.Context, Request) (Answer, error)
	Close()
}

// A Starter starts forks.
type Starter interface {
	Start(ctx context.Context, procs int) (Fork, error)
}

// helloWithin is how long a child may take to say hello. Tests shorten it.
var helloWithin = 5 * time.Second

const mainFirst = "call runner.Main first in main, before anything is printed or flags are parsed"

// Processes starts forks as fresh processes of the running program.
type Processes struct {
	path  string
	hash  string
	words io.Writer // gets what the forks write to standard error, if not nil
}

// NewProcesses returns a starter of forks that know the given scenarios.
func NewProcesses(all []bench.Scenario) (*Processes, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find the program to start it again for measuring: %w", err)
	}
	return &Processes{path: path, hash: listHash(all)}, nil
}

// Built returns a starter of forks of another build of the same program, with
// the race detector, for example. What they write to standard error goes to
// words as well; all of it is there when a fork is closed.
func (p *Processes) Built(path string, words io.Writer) *Processes {
	return &Processes{path: path, hash: p.hash, words: words}
}

// A process is a fork in a process of its own.
type process struct {
	cmd      *exec.Cmd
	requests *os.File
	answers  *os.File
	in       *json.Decoder
	words    child.Tail // what it printed last
	dir      string
	ended    chan struct{} // closed when the process is gone
	state    error         // how it ended
}

// Start starts a fork with the given GOMAXPROCS and waits for its hello.
func (p *Processes) Start(ctx context.Context, procs int) (Fork, error) {
	nonce := rand.Text()
	f, err := p.launch(procs, nonce)
	if err != nil {
		return nil, err
	}
	var h hello
	greet, cancel := context.WithTimeout(ctx, helloWithin)
	defer cancel()
	err = f.receive(greet, &h)
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("the measuring process did not say hello within %v: %s", helloWithin, mainFirst)
	case err != nil:
		err = fmt.Errorf("the measuring process did not say hello: %w: %s", err, mainFirst)
	case h.Nonce != nonce || h.Protocol != protocol:
		err = fmt.Errorf("the measuring process speaks protocol %q, not %q: build one program of one version", h.Protocol, protocol)
	case h.Hash != p.hash:
		err = errors.New("the measuring process has other scenarios than its parent: pass runner.Main the same list in every process")
	}
	if err != nil {
		child.Kill(f.cmd)
		f.Close()
		return nil, err
	}
	return f, nil
}

func (p *Processes) launch(procs int, nonce string) (*process, error) {
	dir, err := tempdir.New("fork")
	if err != nil {
		return nil, fmt.Errorf("no temporary directory for the measuring process: %w", err)
	}
	theirRequests, requests, err := os.Pipe()
	if err != nil {
		tempdir.Remove(dir)
		return nil, fmt.Errorf("no pipe to the measuring process: %w", err)
	}
	defer theirRequests.Close()
	answers, theirAnswers, err := os.Pipe()
	if err != nil {
		requests.Close()
		tempdir.Remove(dir)
		return nil, fmt.Errorf("no pipe to the measuring process: %w", err)
	}
	defer theirAnswers.Close()
	f := &process{requests: requests, answers: answers, in: json.NewDecoder(answers), dir: dir, ended: make(chan struct{})}
	f.cmd = exec.Command(p.path)
	f.cmd.Env = append(os.Environ(), childEnv+"="+protocol+":"+nonce, "GOMAXPROCS="+strconv.Itoa(procs))
	f.cmd.ExtraFiles = []*os.File{theirRequests, theirAnswers}
	f.cmd.Stdout, f.cmd.Stderr = &f.words, &f.words
	if p.words != nil {
		f.cmd.Stderr = io.MultiWriter(&f.words, p.words)
		f.cmd.Env = append(f.cmd.Env, "GORACE=halt_on_error=0") // the user's may send reports elsewhere
	}
	f.cmd.WaitDelay = 500 * time.Millisecond // for what the scenario started itself
	child.DieWithParent(f.cmd)

	started := make(chan error)
	go func() {
		// Linux kills the child when the *thread* that started it ends, so
		// this goroutine keeps its thread until the child is gone.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := f.cmd.Start()
		started <- err
		if err == nil {
			f.state = f.cmd.Wait()
		}
		close(f.ended)
	}()
	if err := <-started; err != nil {
		f.Close()
		return nil, fmt.Errorf("cannot start the measuring process: %w", err)
	}
	return f, nil
}

// Trial implements Fork.
func (f *process) Trial(ctx context.Context, r Request) (Answer, error) {
	if err := json.NewEncoder(f.requests).Encode(order{Request: r, Dir: f.dir}); err != nil {
		return Answer{}, f.lost(err)
	}
	var a Answer
	return a, f.receive(ctx, &a)
}

// receive waits for a message. A context that ends kills the process, whatever
// it is doing.
func (f *process) receive(ctx context.Context, message any) error {
	stop := context.AfterFunc(ctx, func() { child.Kill(f.cmd) })
	defer stop()
	if err := f.in.Decode(message); err != nil {
		defer child.Kill(f.cmd)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return f.lost(err)
	}
	return nil
}

// lost explains why a process no longer answers: it died, or what came from it
// is no answer.
func (f *process) lost(err error) error {
	text := "the measuring process answered nonsense"
	if silent := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.EPIPE); silent {
		text = "the measuring process closed its end"
		select {
		case <-f.ended:
			text, err = "the measuring process died", f.state
			if err == nil {
				err = errors.New("exit status 0")
			}
		case <-time.After(2 * time.Second):
		}
	}
	if words := brief(f.words.String()); words != "" {
		return fmt.Errorf("%s (%v); its last words: %s", text, err, words)
	}
	return fmt.Errorf("%s (%v)", text, err)
}

// Close ends the process and removes its directory.
func (f *process) Close() {
	f.requests.Close()
	if f.cmd.Process != nil {
		select {
		case <-f.ended:
		case <-time.After(time.Second):
			child.Kill(f.cmd)
			<-f.ended
		}
	}
	f.answers.Close()
	tempdir.Remove(f.dir)
}
