package gate

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
)

// How much is run under the race detector: enough operations for every
// goroutine to meet every other, and few enough for a tenth of the speed.
const (
	raceOps    = 10_000
	raceTrials = 2 // in each process
	raceForks  = 2 // to be clean
	raceTries  = 5 // to find something
	raceLimit  = time.Minute
)

// A RaceBuild is the running program, built once more with the race detector.
type RaceBuild struct {
	Processes *measure.Processes // of the running program
	Dir       string             // for the binary

	once    sync.Once
	binary  string
	missing string
	err     error
}

// Detect is a [Detector]. The first call builds the program.
func (b *RaceBuild) Detect(ctx context.Context, c bench.Case, found bool) (Detection, error) {
	b.once.Do(func() { b.binary, b.missing, b.err = b.build(ctx) })
	if b.err != nil || b.missing != "" {
		return Detection{Missing: b.missing}, b.err
	}
	var d Detection
	forks := raceForks
	if found {
		forks = raceTries
	}
	for range forks {
		if err := b.fork(ctx, c, &d); err != nil {
			return d, err
		}
		if d.Failed != "" || d.Reports > 0 {
			break
		}
	}
	return d, nil
}

// fork makes some trials in a process.
func (b *RaceBuild) fork(ctx context.Context, c bench.Case, d *Detection) error {
	reports := &reportCounter{}
	f, err := b.Processes.Built(b.binary, reports).Start(ctx, c.Procs)
	if err != nil {
		return fmt.Errorf("cannot run the program under the race detector: %w", err)
	}
	for range raceTrials {
		a, err := raceTrial(ctx, f, c)
		if ctx.Err() != nil {
			f.Close()
			return ctx.Err()
		}
		if err != nil {
			d.Failed = err.Error()
			break
		}
		if a.Problem != nil {
			d.Failed, d.Wrong = a.Problem.Text, a.Problem.Wrong
			break
		}
		d.Trials++
	}
	f.Close() // what it wrote is all there now
	d.Reports += reports.count()
	return nil
}

// raceTrial makes a trial, and gives it up when it takes far too long.
func raceTrial(ctx context.Context, f measure.Fork, c bench.Case) (measure.Answer, error) {
	limited, cancel := context.WithTimeout(ctx, raceLimit)
	defer cancel()
	a, err := f.Trial(limited, measure.Request{Case: c, N: raceOps})
	if err != nil && limited.Err() != nil {
		err = fmt.Errorf("the trial did not end within %v: look for a deadlock", raceLimit)
	}
	return a, err
}

// build builds the program with the race detector. missing says what is not
// here that it takes; an error is the compiler's.
func (b *RaceBuild) build(ctx context.Context) (binary, missing string, err error) {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Path == "" || info.Path == "command-line-arguments" || strings.HasSuffix(info.Path, ".test") {
		return "", "the program does not know which package it was built from: build it by its path", nil
	}
	if missing := NoCgo(); missing != "" {
		return "", missing, nil
	}
	if out, err := exec.CommandContext(ctx, "go", "list", info.Path).CombinedOutput(); err != nil {
		return "", fmt.Sprintf("the sources of %s are not here (%s)", info.Path, firstLine(out)), ctx.Err()
	}
	binary = filepath.Join(b.Dir, "race.exe")
	args := []string{"build", "-race", "-o", binary}
	for _, s := range info.Settings {
		if s.Key == "-tags" {
			args = append(args, "-tags", s.Value)
		}
	}
	cmd := exec.CommandContext(ctx, "go", append(args, info.Path)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return "", "", ctx.Err()
		}
		return "", "", fmt.Errorf("cannot build %s with the race detector: %w: %s", info.Path, err, firstLine(out))
	}
	return binary, "", nil
}

func firstLine(out []byte) string {
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return "it said nothing"
}

// NoCgo says why nothing can be built with cgo here, "" if it can.
func NoCgo() string {
	if _, err := exec.LookPath("go"); err != nil {
		return "there is no go command in PATH"
	}
	out, err := exec.Command("go", "env", "CGO_ENABLED", "CC").Output()
	enabled, compiler, ok := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if err != nil || !ok {
		return "go env does not answer"
	}
	if os.Getenv("CGO_ENABLED") == "0" {
		return "CGO_ENABLED=0 is set"
	}
	// go env says 0 when it finds no compiler, so that is looked at first.
	command, _, _ := strings.Cut(compiler, " ")
	if _, err := exec.LookPath(command); err != nil {
		return fmt.Sprintf("there is no C compiler %q", command)
	}
	if enabled != "1" {
		return "go env says CGO_ENABLED=" + enabled
	}
	return ""
}

// A reportCounter counts the reports of the race detector in what is written to
// it.
type reportCounter struct {
	mu    sync.Mutex
	n     int
	carry []byte // the end of what came before: a report may be cut anywhere
}

var raceReport = []byte("WARNING: DATA RACE")

func (r *reportCounter) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := append(r.carry, p...)
	r.n += bytes.Count(text, raceReport)
	r.carry = bytes.Clone(text[max(0, len(text)-len(raceReport)+1):])
	return len(p), nil
}

func (r *reportCounter) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}
