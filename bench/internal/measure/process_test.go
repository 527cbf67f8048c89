//go:build unix

package measure

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// start starts a fork that behaves as mode says. When the test ends, neither
// its process nor its directory may be left.
func start(t *testing.T, mode string, procs int) (*process, error) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv(modeEnv, mode)
	p, err := NewProcesses(processScenarios())
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.Start(t.Context(), procs)
	checkEmpty := func() {
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
			t.Errorf("%v is left behind: %v", entries, err)
		}
	}
	if err != nil {
		checkEmpty()
		return nil, err
	}
	own := f.(*process)
	t.Cleanup(func() {
		f.Close()
		checkEmpty()
		// A zombie would still be there.
		if err := syscall.Kill(own.cmd.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("process %d is still there: %v", own.cmd.Process.Pid, err)
		}
	})
	return own, nil
}

func mustStart(t *testing.T, procs int) *process {
	t.Helper()
	f, err := start(t, "", procs)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// listen makes processes connect when they reach the interesting point. life
// waits for one, and dead for its end.
func listen(t *testing.T) (life func() (dead func())) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	t.Setenv(lifeEnv, l.Addr().String())
	return func() func() {
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return func() {
			conn.Read(make([]byte, 1)) // ends with the process
			conn.Close()
		}
	}
}

func TestProcess(t *testing.T) {
	for _, procs := range []int{1, 3} {
		f := mustStart(t, procs)
		c := processCase("works")
		for n := 1; n <= 3; n++ {
			a, err := f.Trial(t.Context(), Request{Case: c, N: n})
			if err != nil || a.Problem != nil {
				t.Fatalf("answer %+v, %v", a.Problem, err)
			}
			pid := float64(f.cmd.Process.Pid)
			if a.Elapsed < 20*time.Microsecond*time.Duration(n) || a.Metrics["procs"] != float64(procs) || a.Metrics["pid"] != pid || a.Metrics["n"] != float64(n) {
				t.Errorf("answer %+v of process %v", a, pid)
			}
		}
		if a, err := f.Trial(t.Context(), Request{Case: processCase("none")}); err != nil || a.Problem == nil {
			t.Errorf("unknown variant: %+v, %v", a, err)
		}
		if a, err := f.Trial(t.Context(), Request{Case: processCase("wrong")}); err != nil || a.Problem == nil || !strings.HasSuffix(a.Problem.Text, "Run failed: on purpose") {
			t.Errorf("a trial that fails: %+v, %v", a, err)
		}
	}
}

// What a scenario prints is kept from our descriptors, however much it is.
func TestProcessTalks(t *testing.T) {
	f := mustStart(t, 2)
	for range 2 {
		if a, err := f.Trial(t.Context(), Request{Case: processCase("talks"), N: 1}); err != nil || a.Problem != nil {
			t.Fatalf("answer %+v, %v", a.Problem, err)
		}
	}
}

// A program that does not answer, or answers as another program would, is
// told what to do.
func TestProcessNoHello(t *testing.T) {
	const first = ": call runner.Main first in main, before anything is printed or flags are parsed"
	for mode, want := range map[string]string{
		"silent":   "the measuring process did not say hello within 50ms" + first,
		"exit":     "the measuring process did not say hello: the measuring process died (exit status 2); its last words: flag provided but not defined: -x" + first,
		"nonsense": "the measuring process did not say hello: the measuring process answered nonsense (invalid character 'h' looking for beginning of value)" + first,
		"version":  "the measuring process did not say hello: the measuring process died (exit status 2); its last words: INTERLEAVE_CHILD is set in the environment, but not by this program: unset it" + first,
		"old":      `the measuring process speaks protocol "0", not "1": build one program of one version`,
		"other":    "the measuring process has other scenarios than its parent: pass runner.Main the same list in every process",
	} {
		t.Run(mode, func(t *testing.T) {
			if mode == "silent" {
				defer func(was time.Duration) { helloWithin = was }(helloWithin)
				helloWithin = 50 * time.Millisecond
			}
			if _, err := start(t, mode, 1); message(err) != want {
				t.Errorf("got %v\nwant %s", err, want)
			}
		})
	}
}

// A process that dies in a trial is explained by its last words.
func TestProcessDies(t *testing.T) {
	for variant, want := range map[string]string{
		"panics": "the measuring process died (exit status 2); its last words: panic: out of luck | goroutine ",
		"exits":  "the measuring process died (exit status 7)",
	} {
		f := mustStart(t, 1)
		_, err := f.Trial(t.Context(), Request{Case: processCase(variant), N: 1})
		if !strings.HasPrefix(message(err), want) || strings.Contains(message(err), "\n") {
			t.Errorf("%s: got %v, want %s", variant, err, want)
		}
		// It stays dead.
		if _, err := f.Trial(t.Context(), Request{Case: processCase("works"), N: 1}); !strings.HasPrefix(message(err), "the measuring process died") {
			t.Errorf("%s: afterwards %v", variant, err)
		}
	}
}

// What a scenario started itself neither keeps the death of its process from
// us, nor outlives it.
func TestProcessLeavesAnother(t *testing.T) {
	life := listen(t)
	f := mustStart(t, 1)
	_, err := f.Trial(t.Context(), Request{Case: processCase("leaves"), N: 1})
	if want := "the measuring process died (exit status 7)"; message(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
	life()()
}

// A trial that hangs ends with the context, and the process with it.
func TestProcessHangs(t *testing.T) {
	life := listen(t)
	f := mustStart(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		dead := life()
		cancel()
		dead()
	}()
	if _, err := f.Trial(ctx, Request{Case: processCase("hangs"), N: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	<-f.ended
}

// Start ends with its context, too.
func TestProcessStartCancelled(t *testing.T) {
	life := listen(t)
	t.Setenv(modeEnv, "silent")
	t.Setenv("TMPDIR", t.TempDir())
	p, err := NewProcesses(nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() {
		dead := life()
		cancel()
		dead()
		close(over)
	}()
	if _, err := p.Start(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	<-over
	if _, err := p.Start(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("started with a context that has ended: %v", err)
	}
	p.path += "-none"
	if _, err := p.Start(t.Context(), 1); !strings.HasPrefix(message(err), "cannot start the measuring process: ") {
		t.Errorf("a program that is not there: %v", err)
	}
}

// Children die with their parent, even in the middle of a trial that hangs.
func TestProcessOrphan(t *testing.T) {
	life := listen(t)
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path)
	cmd.Env = append(os.Environ(), modeEnv+"=parent", "TMPDIR="+t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	dead := life()
	cmd.Process.Kill()
	cmd.Wait()
	dead()
}

// A run with real processes: what works is measured, what dies is void.
func TestRunProcesses(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	all := processScenarios()
	blocks, _, err := Select(all, Selection{Pattern: "process/works|exits|wrong", Procs: []int{runtime.NumCPU()}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewProcesses(all)
	if err != nil {
		t.Fatal(err)
	}
	config, run := new(world).config()
	config.Starter, config.Clock = p, RealClock()
	plan := NewPlan(blocks, Options{All: true, Forks: 2, Rounds: 2, Target: 200 * time.Microsecond})
	if err := plan.Run(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	works := bench.Case{Scenario: "process", Variant: "works", Workers: 1, Procs: runtime.NumCPU()}
	if forks, n := forksOf(run, works); len(forks) < 2 || n < 4 || len(run.Measurements) != n {
		t.Errorf("%d measurements in forks %v", n, forks)
	}
	if len(run.Voids) != 2 || !strings.Contains(run.Voids[0].Why, "the measuring process died (exit status 7)") {
		t.Errorf("voids %+v", run.Voids)
	}
}
