package hunt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/interleave-go/interleave/bench/internal/child"
)

// An Outcome is how a process ended, and what it said.
type Outcome struct {
	Took    time.Duration
	Exit    int    // exit code; -1: killed by a signal
	Status  string // "exit status 3", "signal: killed"
	Late    bool   // did not end within its limit, and was killed
	Output  string // both streams
	Races   string // what the detector wrote
	Watched bool   // leaks were looked for, up to the end
	Leaks   string // stacks of goroutines that were left
}

// whole reports whether the process ran to its end, whatever its tests say: a
// panic, a fatal error or an end by os.Exit gives another code.
func (o *Outcome) whole() bool { return !o.Late && (o.Exit == 0 || o.Exit == 1) }

// A runner runs the tests of one job in a process. It returns an error only if
// there was no process, or the context ended.
type runner interface {
	run(ctx context.Context, j *job, w Way, limit time.Duration) (*Outcome, error)
}

// processes runs them for real.
type processes struct {
	dir  string // temporary
	rest string // of -run, below the tests
	mu   sync.Mutex
	n    int // processes so far
}

// run implements runner.
func (p *processes) run(ctx context.Context, j *job, w Way, limit time.Duration) (*Outcome, error) {
	p.mu.Lock()
	p.n++
	n := p.n
	p.mu.Unlock()
	dir := filepath.Join(p.dir, strconv.Itoa(n))
	tmp := filepath.Join(dir, "t")
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return nil, fmt.Errorf("no temporary directory for a test: %w", err)
	}
	defer os.RemoveAll(dir)

	cmd := exec.Command(j.pkg.binary[w.Race], arguments(j, w, p.rest)...)
	cmd.Dir = j.pkg.Dir
	leaks := filepath.Join(dir, "leaks")
	cmd.Env = append(os.Environ(), "PWD="+cmd.Dir, "TMPDIR="+tmp,
		"GORACE="+strings.TrimSpace(os.Getenv("GORACE")+" halt_on_error=0 atexit_sleep_ms=0 history_size=7 log_path="+filepath.Join(dir, "race")))
	if w.Watch {
		cmd.Env = append(cmd.Env, leaksEnv+"="+leaks)
	}
	out := &ends{}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = 500 * time.Millisecond // for what a test started and left
	child.DieWithParent(cmd)

	o := &Outcome{}
	began := time.Now()
	err := onOwnThread(func() error {
		start := cmd.Start
		if w.Core {
			start = func() error { return onOneCore(n, cmd.Start) }
		}
		if err := start(); err != nil {
			return err
		}
		ended, watcher := make(chan struct{}), make(chan bool)
		go func() { watcher <- watchOver(ctx, cmd, limit, ended) }()
		err := cmd.Wait()
		o.Took = time.Since(began)
		close(ended)
		o.Late = <-watcher
		child.Kill(cmd)
		return err
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if cmd.ProcessState == nil {
		return nil, fmt.Errorf("cannot run the tests of %s: %w", j.pkg.ImportPath, err)
	}
	o.Exit, o.Status, o.Output = cmd.ProcessState.ExitCode(), cmd.ProcessState.String(), out.String()
	logs, _ := filepath.Glob(filepath.Join(dir, "race.*"))
	for _, file := range logs {
		text, _ := os.ReadFile(file)
		o.Races += string(text)
	}
	if text, err := os.ReadFile(leaks); err == nil {
		o.Watched, o.Leaks = true, string(text)
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return o, nil
}

// arguments are those that go test passes, too. No -test.timeout: the timer
// behind it would keep the runtime from noticing that all goroutines sleep.
func arguments(j *job, w Way, rest string) []string {
	args := []string{
		"-test.paniconexit0", "-test.run=" + exactly(j.tests) + rest,
		fmt.Sprintf("-test.count=%d", w.Count), fmt.Sprintf("-test.cpu=%d", w.Procs),
	}
	if w.Group {
		args = append(args, fmt.Sprintf("-test.shuffle=%d", w.Seed))
	}
	// Printing what passes takes time that could go into runs, and its locks
	// order goroutines that nothing else orders: only where it is needed, to
	// tell the first round from the second.
	if w.Count == 2 {
		args = append(args, "-test.v=true")
	}
	return args
}

// watchOver ends a process that is still there after its limit, and reports
// whether it was. It asks the process for its stacks first, and kills it if it
// does not end of that.
func watchOver(ctx context.Context, cmd *exec.Cmd, limit time.Duration, ended <-chan struct{}) (late bool) {
	const grace = 3 * time.Second
	wait := time.NewTimer(limit)
	defer wait.Stop()
	for {
		select {
		case <-ended:
			return late
		case <-ctx.Done():
			child.Kill(cmd)
			return late
		case <-wait.C:
			if late || cmd.Process.Signal(syscall.SIGQUIT) != nil {
				child.Kill(cmd)
				return true
			}
			late = true
			wait.Reset(grace)
		}
	}
}

// ends keeps the beginning and the end of what a process says: a failure
// stands near the beginning, a reason of death at the end.
type ends struct {
	mu          sync.Mutex
	first, last []byte
}

const keep = 512 << 10

// Write implements io.Writer.
func (e *ends) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := len(p)
	if room := keep - len(e.first); room > 0 {
		take := min(room, len(p))
		e.first, p = append(e.first, p[:take]...), p[take:]
	}
	if e.last = append(e.last, p...); len(e.last) > 2*keep {
		e.last = append(e.last[:0], e.last[len(e.last)-keep:]...)
	}
	return n, nil
}

// String returns what is kept.
func (e *ends) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.last) > keep {
		return string(e.first) + "\n[…]\n" + string(e.last[len(e.last)-keep:])
	}
	return string(e.first) + string(e.last)
}
