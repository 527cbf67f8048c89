package measure

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/interleave-go/interleave/bench"
)

// The protocol between parent and child: the child finds its nonce in the
// environment, says hello on the answer descriptor, and then answers one
// request after the other until the request descriptor ends. Both are JSON, a
// line a message. Standard output and error belong to the scenario.
const (
	childEnv   = "INTERLEAVE_CHILD" // version:nonce
	protocol   = "1"
	requestFD  = 3
	answerFD   = 4
	exitOrphan = 3
)

// hello is the first message of a child.
type hello struct {
	Protocol string `json:"protocol"`
	Nonce    string `json:"nonce"`
	Hash     string `json:"hash"` // of its scenarios
}

// order is a request on its way to a child.
type order struct {
	Request
	Dir string `json:"dir"` // where the child may write
}

// IsChild reports whether this process was started to measure.
func IsChild() bool { return os.Getenv(childEnv) != "" }

// ServeChild answers the parent's requests and returns the exit code of the
// child.
func ServeChild(all []bench.Scenario) int {
	version, nonce, _ := strings.Cut(os.Getenv(childEnv), ":")
	os.Unsetenv(childEnv) // what the scenario starts is no child of ours
	if version != protocol {
		fmt.Fprintf(os.Stderr, "%s is set in the environment, but not by this program: unset it\n", childEnv)
		return 2
	}
	// What the scenario starts must not hold the descriptors open, or the
	// parent would never see them end.
	syscall.CloseOnExec(requestFD)
	syscall.CloseOnExec(answerFD)
	requests := os.NewFile(requestFD, "requests")
	answers := os.NewFile(answerFD, "answers")
	greeting := hello{Protocol: protocol, Nonce: nonce, Hash: listHash(all)}
	orphaned := func() { os.Exit(exitOrphan) }
	if err := serve(all, greeting, requests, answers, RealClock(), orphaned); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	return 0
}

// serve answers requests until they end. When they end in the middle of a
// trial the parent is dead: nobody is left to answer, the trial may be long
// and may not listen to its context, so orphaned is called to end the process.
func serve(all []bench.Scenario, greeting hello, requests io.Reader, answers io.Writer, clock Clock, orphaned func()) error {
	out := json.NewEncoder(answers)
	if err := out.Encode(greeting); err != nil {
		return fmt.Errorf("cannot answer the parent: %w", err)
	}
	var open atomic.Int64 // requests that are not yet answered
	work := make(chan order)
	go func() {
		defer close(work)
		var dir string
		for in := json.NewDecoder(requests); ; {
			var o order
			if in.Decode(&o) != nil {
				break
			}
			dir = o.Dir
			open.Add(1) // here and not below: the end may follow at once
			work <- o
		}
		if open.Load() > 0 {
			os.RemoveAll(dir)
			orphaned()
		}
	}()
	for o := range work {
		answer := answerTo(context.Background(), all, o, clock)
		open.Add(-1)
		if err := out.Encode(answer); err != nil {
			return fmt.Errorf("cannot answer the parent: %w", err)
		}
	}
	return nil
}

func answerTo(ctx context.Context, all []bench.Scenario, o order, clock Clock) Answer {
	for i := range all {
		if all[i].Name == o.Case.Scenario && all[i].Variant(o.Case.Variant) != nil {
			return Trial(ctx, &all[i], o.Request, clock, o.Dir)
		}
	}
	return Answer{Problem: &Problem{Text: fmt.Sprintf("the child does not know %s", o.Case.Name())}}
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}
