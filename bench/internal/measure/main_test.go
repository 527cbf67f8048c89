package measure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-go/interleave/bench"
)

// The test binary is also the program that is started to measure. These say
// how it is to behave, and where it is to report that it lives.
const (
	modeEnv = "MEASURE_TEST_MODE"
	lifeEnv = "MEASURE_TEST_LIFE"
)

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0") // processes that we start end at once
	mode := os.Getenv(modeEnv)
	switch {
	case mode == "sleep": // started by a scenario
		alive()
		time.Sleep(time.Hour)
	case mode == "parent":
		if !IsChild() {
			parent()
		}
		os.Exit(ServeChild(processScenarios()))
	case IsChild():
		os.Exit(asChild(mode))
	}
	goleak.VerifyTestMain(m)
}

// asChild is what main is in a process that was started to measure.
func asChild(mode string) int {
	switch mode {
	case "silent": // a main that does something else
		alive()
		fmt.Println("listening on :8080")
		time.Sleep(time.Hour)
	case "exit":
		fmt.Fprintln(os.Stderr, "flag provided but not defined: -x")
		return 2
	case "other":
		return ServeChild(processScenarios()[:0])
	case "old":
		json.NewEncoder(os.NewFile(answerFD, "answers")).Encode(hello{Protocol: "0"})
		time.Sleep(time.Hour)
	case "nonsense":
		os.NewFile(answerFD, "answers").WriteString("hello\n")
		time.Sleep(time.Hour)
	case "version":
		os.Setenv(childEnv, "0:abc")
	}
	return ServeChild(processScenarios())
}

// parent starts a fork that hangs, and waits to be killed.
func parent() {
	p, err := NewProcesses(processScenarios())
	if err != nil {
		panic(err)
	}
	f, err := p.Start(context.Background(), 1)
	if err != nil {
		panic(err)
	}
	f.Trial(context.Background(), Request{Case: processCase("hangs"), N: 1})
}

// alive opens a connection to the test. It breaks when the process dies, which
// is how the test gets to know.
func alive() {
	if address := os.Getenv(lifeEnv); address != "" {
		var err error
		if lifeline, err = net.Dial("tcp", address); err != nil {
			panic(err)
		}
	}
}

var lifeline net.Conn // open as long as the process lives

func processCase(variant string) bench.Case {
	return bench.Case{Scenario: "process", Variant: variant, Workers: 1, Procs: 1}
}

// processScenarios behave in all the ways that a process can.
func processScenarios() []bench.Scenario {
	variant := func(name string, run func(context.Context, bench.Setup) error) bench.Variant {
		return bench.Variant{Name: name, New: func(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
			return &bench.Trial{
				Run:    func(ctx context.Context) error { return run(ctx, setup) },
				Verify: func() error { return nil },
				Metrics: func() map[string]float64 {
					return map[string]float64{"pid": float64(os.Getpid()), "procs": float64(runtime.GOMAXPROCS(0)), "n": float64(setup.N)}
				},
			}, nil
		}}
	}
	return []bench.Scenario{{Name: "process", Variants: []bench.Variant{
		variant("works", func(_ context.Context, setup bench.Setup) error {
			if os.Getenv(childEnv) != "" {
				return errors.New("the scenario is told that it is a child")
			}
			for deadline, now := setup.Clock()+20*time.Microsecond*time.Duration(setup.N), setup.Clock; now() < deadline; {
			}
			return os.WriteFile(setup.Dir+"/file", nil, 0o600)
		}),
		variant("panics", func(context.Context, bench.Setup) error {
			go deep(50, "out of luck")
			select {}
		}),
		variant("exits", func(context.Context, bench.Setup) error { os.Exit(7); return nil }),
		variant("hangs", func(context.Context, bench.Setup) error {
			alive()
			time.Sleep(time.Hour)
			return nil
		}),
		variant("talks", func(context.Context, bench.Setup) error {
			for range 4 {
				fmt.Fprintln(os.Stdout, strings.Repeat("out ", 1<<18))
				fmt.Fprintln(os.Stderr, strings.Repeat("err ", 1<<18))
			}
			return nil
		}),
		variant("leaves", func(context.Context, bench.Setup) error {
			path, err := os.Executable()
			if err != nil {
				return err
			}
			cmd := exec.Command(path)
			cmd.Env = append(os.Environ(), modeEnv+"=sleep")
			cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
			if err := cmd.Start(); err != nil {
				return err
			}
			os.Exit(7)
			return nil
		}),
		variant("wrong", func(context.Context, bench.Setup) error { return errors.New("on purpose") }),
	}}}
}

// deep panics at the end of a long trace.
func deep(depth int, text string) {
	if depth == 0 {
		panic(text)
	}
	deep(depth-1, text)
}
