package served

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/interleave-go/interleave/bench/internal/child"
)

const (
	serveEnv = "INTERLEAVE_SERVE" // the file for what package testing prints
	protocol = "2"
)

// HelloWithin is how long a test binary may take before it serves: its TestMain
// may have much to do.
var HelloWithin = 60 * time.Second

// A Binary is a test binary that serves benchmarks.
type Binary struct {
	Path    string // of the binary
	Dir     string // of the package's sources: tests expect to run there
	Scratch string // a directory for a file of each process
	Holds   bool   // it can keep a benchmark set up
}

// A Request asks for one run of a benchmark.
type Request struct {
	Benchmark string // the function
	Pattern   string // as for -test.bench: which of its sub-benchmarks
	N         int    // iterations, or
	Time      string `json:",omitempty"` // how long package testing is to run it for, as for -test.benchtime

	// Hold keeps the benchmark set up as long as requests are for it: an answer
	// holds a Run then, and takes no more than the iterations and the collection
	// of garbage before them. The pattern must select a single benchmark, and
	// the binary must be able to.
	Hold bool `json:",omitempty"`

	// Keep keeps the goroutine of a held benchmark on one thread while it runs.
	// It makes the processor time of runs vary less. With Own, Used is the time
	// of that thread alone, where the system can tell: without the runtime's
	// monitor, which wakes up every 20 µs in the first milliseconds of a run. It
	// is for benchmarks for which nothing else works.
	Keep bool `json:",omitempty"`
	Own  bool `json:",omitempty"`
}

// An Answer says what the run showed.
type Answer struct {
	Protocol string
	Output   string        // what package testing printed
	Skipped  bool          // by itself
	Spent    time.Duration // all of it: set-up, the run of one iteration, the iterations
	Started  int           // goroutines, those of package testing included; 0 where the runtime does not say
	Problem  string        // of the server itself
	Held     bool          // there is a Run in the place of Output
	Run      *Run
}

// A Run is what a benchmark that is held says of its iterations.
type Run struct {
	N        int
	Timed    time.Duration // by the benchmark's own timer
	Used     time.Duration // processor time of the process while that timer ran
	Parallel int           // goroutines that RunParallel started
	Others   int           // goroutines that are alive beside those of package testing
	Metrics  map[string]float64

	Collections int // of garbage, while it ran; each run begins with another one
}

// A Launch says how to start a process.
type Launch struct {
	Test   string // that serves the benchmarks
	Procs  int    // GOMAXPROCS
	Pinned bool   // to one CPU:
	CPU    int
}

// A Process serves the benchmarks of one test.
type Process struct {
	cmd      *exec.Cmd
	requests *os.File
	answers  *os.File
	in       *json.Decoder
	words    child.Tail
	output   string
	ended    chan struct{} // closed when the process is gone
	state    error         // how it ended
}

// Start starts a process for the benchmarks that a test serves and waits until
// it is ready.
func (b *Binary) Start(ctx context.Context, l Launch) (*Process, error) {
	p, err := b.launch(l)
	if err != nil {
		return nil, err
	}
	greet, cancel := context.WithTimeout(ctx, HelloWithin)
	defer cancel()
	var hello Answer
	err = p.receive(greet, &hello)
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("the test binary did not come to its tests within %v: look at its TestMain", HelloWithin)
	case err != nil:
		err = fmt.Errorf("the test binary did not come to its tests: %w", err)
	case hello.Protocol != protocol:
		err = errors.New("the test binary does not speak as expected: does it use descriptors 3 and 4 itself?")
	}
	if err != nil {
		child.Kill(p.cmd)
		p.Close()
		return nil, err
	}
	return p, nil
}

func (b *Binary) launch(l Launch) (*Process, error) {
	output, err := os.CreateTemp(b.Scratch, "output-")
	if err != nil {
		return nil, fmt.Errorf("no temporary file for a test binary: %w", err)
	}
	output.Close()
	p := &Process{output: output.Name(), ended: make(chan struct{})}
	theirs, err := p.pipes()
	if err != nil {
		p.Close()
		return nil, err
	}
	defer theirs[0].Close()
	defer theirs[1].Close()
	p.in = json.NewDecoder(p.answers)
	n := strconv.Itoa(l.Procs)
	p.cmd = exec.Command(b.Path, "-test.run=^"+l.Test+"$", "-test.cpu="+n)
	p.cmd.Dir = b.Dir
	p.cmd.Env = append(os.Environ(), serveEnv+"="+p.output, "GOMAXPROCS="+n, "PWD="+b.Dir)
	p.cmd.ExtraFiles = theirs[:]
	p.cmd.Stdout, p.cmd.Stderr = &p.words, &p.words
	p.cmd.WaitDelay = 500 * time.Millisecond // for what the tests started themselves
	child.DieWithParent(p.cmd)
	if err := p.run(l); err != nil {
		p.cmd = nil
		p.Close()
		return nil, fmt.Errorf("cannot start %s: %w", filepath.Base(b.Path), err)
	}
	return p, nil
}

// pipes makes the pipes and returns the child's ends.
func (p *Process) pipes() (theirs [2]*os.File, err error) {
	if theirs[0], p.requests, err = os.Pipe(); err != nil {
		return theirs, fmt.Errorf("no pipe to a test binary: %w", err)
	}
	if p.answers, theirs[1], err = os.Pipe(); err != nil {
		theirs[0].Close()
		return theirs, fmt.Errorf("no pipe to a test binary: %w", err)
	}
	return theirs, nil
}

// run starts the process on a thread of its own: Linux kills the child when the
// thread that started it ends.
func (p *Process) run(l Launch) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.start(l)
		started <- err
		if err == nil {
			p.state = p.cmd.Wait()
		}
		close(p.ended)
	}()
	return <-started
}

// start starts the process from the thread at hand, whose CPUs it inherits.
func (p *Process) start(l Launch) error {
	if l.Pinned {
		return child.OnCore(l.CPU, p.cmd.Start)
	}
	return p.cmd.Start()
}

// Ask makes a request and waits for the answer. An error means that the process
// is of no more use.
func (p *Process) Ask(ctx context.Context, r Request) (Answer, error) {
	if err := json.NewEncoder(p.requests).Encode(r); err != nil {
		return Answer{}, p.lost(err)
	}
	var a Answer
	if err := p.receive(ctx, &a); err != nil {
		return a, err
	}
	if a.Problem != "" {
		return a, errors.New(a.Problem)
	}
	return a, nil
}

// receive waits for a message. A context that ends kills the process, whatever
// it is doing.
func (p *Process) receive(ctx context.Context, message any) error {
	stop := context.AfterFunc(ctx, func() { child.Kill(p.cmd) })
	defer stop()
	if err := p.in.Decode(message); err != nil {
		defer child.Kill(p.cmd)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return p.lost(err)
	}
	return nil
}

// lost explains why a process no longer answers.
func (p *Process) lost(err error) error {
	text := "it answered nonsense on descriptor 4, which is ours"
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.EPIPE) {
		text, err = "the process closed its end of the pipe", nil
		select {
		case <-p.ended:
			text = "the process ended"
			if err = p.state; err == nil {
				err = errors.New("exit status 0")
			}
		case <-time.After(2 * time.Second):
		}
	}
	if err != nil {
		text += " (" + err.Error() + ")"
	}
	if words := lastWords(&p.words); words != "" {
		text += "; its last words: " + words
	}
	return errors.New(text)
}

// Printed returns what package testing has printed for the request at hand, or
// for the last one, also when there is no answer.
func (p *Process) Printed() string {
	data, err := os.ReadFile(p.output)
	if err != nil {
		return ""
	}
	return string(data)
}

// Close ends the process.
func (p *Process) Close() {
	if p.requests != nil {
		p.requests.Close()
	}
	if p.cmd != nil && p.cmd.Process != nil {
		select {
		case <-p.ended:
		case <-time.After(2 * time.Second):
			child.Kill(p.cmd)
			<-p.ended
		}
	}
	if p.answers != nil {
		p.answers.Close()
	}
	os.Remove(p.output)
}
