package provoke_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/provoke"
)

// faulty makes a demonstration whose code ends in some special way.
func faulty(name string, body func()) demo.Demo {
	fix := demo.Way{Name: "fix", Doc: "nothing happens", New: func(demo.Setup) demo.Trial {
		return demo.Trial{Body: func(int) {}, Check: func() string { return "" }}
	}}
	return demo.Demo{
		Name: name, Doc: "for tests", Alone: true, Fixes: []demo.Way{fix},
		Racy: demo.Way{Name: "racy", New: func(demo.Setup) demo.Trial {
			return demo.Trial{Body: func(int) { body() }, Check: func() string { return "" }}
		}},
	}
}

// raw writes to the descriptor of the events, as a child must not.
func raw(text string) { os.NewFile(demo.EventFD, "events").WriteString(text) }

var faults = []demo.Demo{
	faulty("fine", func() {}),
	faulty("nil", func() {
		var p *int
		go func() { *p = 1 }()
		select {}
	}),
	faulty("throw", func() {
		m := make(map[int]int)
		for range 4 {
			go func() {
				for {
					m[1]++
				}
			}()
		}
		select {}
	}),
	faulty("panic", func() { panic("out of luck") }),
	faulty("exit0", func() { os.Exit(0) }),
	faulty("exit1", func() { os.Exit(1) }),
	faulty("exit2", func() { os.Exit(2) }),
	faulty("exit3", func() { os.Exit(3) }),
	faulty("exit66", func() { os.Exit(66) }),
	faulty("blocked", func() { <-make(chan int) }),
	faulty("spinning", func() {
		for {
		}
	}),
	faulty("deaf", func() {
		signal.Ignore(syscall.SIGTERM, os.Interrupt)
		raw(strings.Repeat("x", 10)) // and no line end: no event
		select {}
	}),
	faulty("megabytes", func() {
		line := strings.Repeat("noise ", 1000) + "\n"
		for range 1000 {
			os.Stdout.WriteString(line)
		}
		panic("after all that")
	}),
	faulty("nonsense", func() { raw("no event\n{\"x\":1}\n\x00\n") }),
	faulty("forks", func() {
		// It holds our standard output and outlives us.
		cmd := exec.Command("sleep", "60")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if cmd.Start() == nil {
			os.Stdout.WriteString("child " + strconv.Itoa(cmd.Process.Pid) + "\n")
		}
	}),
	faulty("killed", func() {
		self, _ := os.FindProcess(os.Getpid())
		self.Kill()
		select {}
	}),
}

func TestFaults(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("children do not inherit descriptors there")
	}
	for _, tt := range []struct {
		name  string
		bare  bool
		kind  provoke.EndKind
		text  string // part of it
		crash bool
	}{
		{"fine", false, provoke.Done, "", false},
		{"nil", false, provoke.Panicked, "nil pointer dereference", true},
		{"throw", false, provoke.Fatal, "concurrent map", true},
		{"panic", false, provoke.Done, "", false}, // recovered, and counted as an anomaly
		{"panic", true, provoke.Panicked, "out of luck", true},
		{"exit0", false, provoke.Exited, "exit code 0", false},
		{"exit1", false, provoke.Exited, "exit code 1", false},
		{"exit2", false, provoke.Exited, "exit code 2", false}, // without a panic it says nothing
		{"exit3", false, provoke.Exited, "exit code 3", false},
		{"exit66", false, provoke.Reported, "before its trials", false},
		{"blocked", false, provoke.Hung, "chan receive", false},
		{"spinning", false, provoke.Hung, "running", false},
		{"megabytes", true, provoke.Panicked, "after all that", true},
		{"nonsense", false, provoke.Done, "", false},
		{"forks", false, provoke.Done, "", false},
		{"killed", false, provoke.Signal, "killed", false},
		{"unknown", false, provoke.Failed, "does not know unknown", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := demo.Demo{Name: tt.name, Racy: demo.Way{Name: "racy"}, Alone: true, Small: 1}
			job := provoke.JobFor(&d, &d.Racy, demo.Written, 1)
			if job.Bare = tt.bare; tt.kind == provoke.Hung {
				job.Beats = 5
			}
			o, err := self(t).Run(t.Context(), job, 30*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			if o.End.Kind != tt.kind || !strings.Contains(o.End.Text, tt.text) || o.End.Crash() != tt.crash {
				t.Errorf("it ended as %v (crash %v), want %s with %q (crash %v); it printed %.500s", o.End, o.End.Crash(), tt.kind, tt.text, tt.crash, o.Words)
			}
			if tt.name == "forks" {
				gone(t, o.Words)
			}
		})
	}
}

// gone wants the process whose number a child has printed to be gone.
func gone(t *testing.T, words string) {
	_, number, _ := strings.Cut(strings.TrimSpace(words), "child ")
	pid, err := strconv.Atoi(number)
	if err != nil {
		t.Skipf("it could not fork: %q", words)
	}
	if runtime.GOOS != "linux" {
		return
	}
	for range 1000 {
		state, err := os.ReadFile("/proc/" + number + "/stat")
		if err != nil || strings.Contains(string(state), ") Z ") {
			return // gone, or dead and only not yet buried
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("process %d, which a child has started, is still there", pid)
}

// A child that says nothing is killed, though it ignores polite signals.
func TestSilentChild(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("children do not inherit descriptors there")
	}
	d := demo.Demo{Name: "deaf", Racy: demo.Way{Name: "racy"}, Alone: true}
	job := provoke.JobFor(&d, &d.Racy, demo.Written, 1)
	job.Beats = 1 << 30 // it never says that it hangs
	o, err := self(t).Run(t.Context(), job, 200*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if o.End.Kind != provoke.Silent || o.End.Crash() {
		t.Errorf("it ended as %v", o.End)
	}
}

// A context that ends takes the child with it.
func TestCancelledChild(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("children do not inherit descriptors there")
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	d := demo.Demo{Name: "deaf", Racy: demo.Way{Name: "racy"}, Alone: true}
	job := provoke.JobFor(&d, &d.Racy, demo.Written, 1)
	job.Beats = 1 << 30
	if o, err := self(t).Run(ctx, job, time.Minute); err != context.Canceled {
		t.Errorf("it ended as %v, with %v", o, err)
	}
}

// Anomalies are what the code did. A child that ends itself is none, and stops
// the trials at once instead of being tried for ever.
func TestRateOfFaults(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("children do not inherit descriptors there")
	}
	for _, tt := range []struct {
		name                               string
		trials, anomalies, crashes, unable int
	}{
		{"fine", 6, 0, 0, 0},
		{"panic", 6, 6, 0, 0},
		{"nil", 6, 6, 6, 0},
		{"exit3", 0, 0, 0, 1},
		{"exit66", 0, 0, 0, 1},
		{"unknown", 0, 0, 0, 1},
	} {
		d := demo.Demo{Name: tt.name, Racy: demo.Way{Name: "racy"}, Alone: true}
		r, err := self(t).Rate(t.Context(), &d, &d.Racy, demo.Written, provoke.Amount{Processes: 2, Trials: 3})
		if err != nil {
			t.Fatal(err)
		}
		if r.Trials != tt.trials || r.Anomalies != tt.anomalies || r.Crashes != tt.crashes || len(r.Ends) != tt.unable {
			data, _ := json.Marshal(r)
			t.Errorf("%s: %s, want %d trials, %d anomalies, %d crashes, %d children that could not", tt.name, data, tt.trials, tt.anomalies, tt.crashes, tt.unable)
		}
	}
}
