package beside

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// fakeEnv makes the test binary an interpreter of programs that need not exist.
// Its value is what goes wrong with the program bad.py, or with the greeting.
const fakeEnv = "INTERLEAVE_TEST_FAKE"

func TestMain(m *testing.M) {
	if mode := os.Getenv(fakeEnv); mode != "" {
		os.Exit(fake(mode, os.Args[1:]))
	}
	mostRounds = 4
	os.Setenv("GORACE", "atexit_sleep_ms=0") // of the children: a second each
	goleak.VerifyTestMain(m)
}

// fake is the interpreter: -flag hello.py, or -flag good.py --json --ways=a:1,b:2.
func fake(mode string, args []string) int {
	if len(args) < 2 || args[0] != "-flag" {
		fmt.Fprintf(os.Stderr, "called as %q\n", args)
		return 3
	}
	program, rest := args[1], args[2:]
	if program == "hello.py" {
		return fakeHello(mode)
	}
	if program != "bad.py" {
		mode = "fine"
	}
	name := strings.TrimSuffix(program, ".py")
	var ways []string
	served := false
	for _, arg := range rest {
		if list, ok := strings.CutPrefix(arg, "--ways="); ok {
			ways = strings.Split(list, ",")
		}
		served = served || arg == "--served"
	}
	if name == "served" && !served {
		fmt.Fprintln(os.Stderr, "nobody serves")
		return 1
	}
	switch mode {
	case "garbage":
		fmt.Println("Traceback")
	case "exits":
		fmt.Fprintf(os.Stderr, "Traceback\n  File x\nOSError: [Errno 28] no space\n")
		return 1
	case "talks":
		for range 2 * mostOutput / 100 {
			fmt.Println(strings.Repeat("x", 99))
		}
	case "hangs":
		time.Sleep(time.Hour)
	case "few":
		ways = ways[:1]
	case "other":
		ways[0], ways[1] = ways[1], ways[0]
	}
	code := fakeTrials(mode, name, ways)
	if mode == "late" {
		fmt.Fprintln(os.Stderr, "too late")
		code = 5
	}
	return code
}

func fakeHello(mode string) int {
	python, executable := "3.11.7", os.Args[0]
	switch mode {
	case "mute":
		return 0
	case "broken":
		fmt.Fprintln(os.Stderr, "no such thing here")
		return 9
	case "silent":
		time.Sleep(time.Hour)
	case "old":
		python = "3.7.16"
	case "elsewhere":
		executable = "/nowhere/python"
	}
	fmt.Printf("{\"python\":%q,\"implementation\":\"CPython\",\"gil\":true,\"executable\":%q}\n", python, executable)
	return 0
}

func fakeTrials(mode, name string, ways []string) int {
	code := 0
	for _, way := range ways {
		way, workers, _ := strings.Cut(way, ":")
		total := 10
		if mode == "wrong" && way == "locked" || mode == "loses" && way == "racy" {
			total = 7
		}
		if total != 10 && way != "racy" {
			code = 1
		}
		fmt.Printf("{\"python\":\"3.11.7\",\"implementation\":\"CPython\",\"gil\":true,\"program\":%q,\"way\":%q,\"workers\":%s,\"seconds\":0.25,\"total\":%d,\"expected\":10,\"ok\":%v}\n",
			name, way, workers, total, total == 10)
	}
	return code
}
