package hunt

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestChild is what the processes of TestProcesses run: this binary again.
func TestChild(t *testing.T) {
	switch mode := os.Getenv("HUNT_TEST_CHILD"); mode {
	case "":
		t.Skip("for TestProcesses")
	case "passes":
	case "prints megabytes":
		line := bytes.Repeat([]byte("x"), 1023)
		for range 4 << 10 {
			os.Stdout.Write(append(line, '\n'))
		}
		t.Error("last words")
	case "exits 3":
		os.Exit(3)
	case "dies of a signal":
		p, _ := os.FindProcess(os.Getpid())
		p.Kill()
		select {}
	case "faults":
		var p *int
		*p = 1
	case "hangs":
		<-make(chan bool)
	case "ignores signals":
		signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
		for {
			time.Sleep(time.Second)
		}
	case "leaves a child that holds its output":
		if err := exec.Command("sleep", "600").Start(); err != nil {
			t.Skip(err)
		}
		cmd := exec.Command("sleep", "600")
		cmd.Stdout = os.Stdout
		cmd.Start()
	case "leaves files":
		os.WriteFile(filepath.Join(os.TempDir(), "left"), nil, 0o444)
		fmt.Println("TMPDIR", os.TempDir())
		os.Exit(0)
	case "exits 66":
		os.Exit(66)
	}
}

// However a process ends, it is classified as what it is, and nothing of it is
// left.
func TestProcesses(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs signals")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := shop("TestChild")
	p.Dir, p.binary, p.watched = t.TempDir(), map[bool]string{false: self}, false
	j := aJob(p, false, "TestChild")
	for mode, want := range map[string]string{
		"passes":                               "",
		"prints megabytes":                     "failure process_test.go:29: last words",
		"exits 3":                              "exit the process left with exit status 3",
		"exits 66":                             "exit the process left with exit status 66",
		"dies of a signal":                     "exit the process left with signal: killed",
		"faults":                               "panic runtime error: invalid memory address or nil pointer dereference",
		"hangs":                                "deadlock ",
		"ignores signals":                      "timeout did not end, and was killed; it printed no stacks",
		"leaves a child that holds its output": "",
		"leaves files":                         "panic unexpected call to os.Exit(0) during test",
	} {
		t.Run(mode, func(t *testing.T) {
			t.Setenv("HUNT_TEST_CHILD", mode)
			dir := t.TempDir()
			r := &processes{dir: dir}
			limit := time.Minute
			if mode == "ignores signals" || mode == "hangs" {
				limit = 2 * time.Second
			}
			o, err := r.run(t.Context(), j, Way{Setting: Setting{Procs: 2, Core: mode == "passes"}, Count: 1}, limit)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, s := range (classifier{}).sightings(j, o) {
				got += string(s.kind) + " " + s.title
			}
			if mode == "hangs" {
				got = got[:min(len(got), len(want))] // by the runtime or by us
			}
			if got != want {
				t.Errorf("%q, want %q; it said %s", got, want, tail(o.Output))
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("left %v", left)
			}
			if len(o.Output) > 3*keep {
				t.Errorf("kept %d bytes of output", len(o.Output))
			}
		})
	}
}

// An interrupt kills a process that listens to nothing, at once.
func TestProcessInterrupted(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HUNT_TEST_CHILD", "ignores signals")
	p := shop("TestChild")
	p.Dir, p.binary = t.TempDir(), map[bool]string{false: self}
	ctx, cancel := context.WithCancel(t.Context())
	defer time.AfterFunc(200*time.Millisecond, cancel).Stop()
	if o, err := (&processes{dir: t.TempDir()}).run(ctx, aJob(p, false, "TestChild"), Way{Setting: Setting{Procs: 1}, Count: 1}, time.Hour); err == nil {
		t.Errorf("it ended by itself: %+v", o)
	}
	p.binary[false] = filepath.Join(t.TempDir(), "nothing")
	_, err = (&processes{dir: t.TempDir()}).run(t.Context(), aJob(p, false, "TestChild"), Way{Setting: Setting{Procs: 1}, Count: 1}, time.Hour)
	if err == nil || !strings.Contains(err.Error(), "example.com/shop") {
		t.Errorf("a missing binary: %v", err)
	}
}

// The beginning and the end of a long output are kept, whole lines or not.
func TestEnds(t *testing.T) {
	for _, size := range []int{0, 10, keep, keep + 1, 2 * keep, 5*keep + 3} {
		text := make([]byte, size)
		for i := range text {
			text[i] = byte('a' + i%26)
		}
		var e ends
		for at := 0; at < size; at += 1000 {
			e.Write(text[at:min(size, at+1000)])
		}
		got := e.String()
		switch {
		case size <= 2*keep && got != string(text):
			t.Errorf("%d bytes: not kept whole", size)
		case size > 2*keep && (!strings.HasPrefix(got, string(text[:keep])) || !strings.HasSuffix(got, string(text[size-keep:])) || len(got) > 2*keep+10):
			t.Errorf("%d bytes: kept %d", size, len(got))
		}
	}
}
