package measure

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench"
)

// A served child works in this process, on pipes in memory.
type served struct {
	requests *json.Encoder
	in       *io.PipeWriter
	answers  *json.Decoder
	orphaned chan struct{}
	ended    chan error
	started  chan struct{} // a trial has begun
	release  chan struct{} // closed: it may end
}

func newServed(t *testing.T) *served {
	requestsIn, requestsOut := io.Pipe()
	answersIn, answersOut := io.Pipe()
	s := &served{
		requests: json.NewEncoder(requestsOut), in: requestsOut, answers: json.NewDecoder(answersIn),
		orphaned: make(chan struct{}), ended: make(chan error, 1),
		started: make(chan struct{}, 1), release: make(chan struct{}),
	}
	run := func(context.Context) error {
		s.started <- struct{}{}
		<-s.release
		return nil
	}
	all := []bench.Scenario{{Name: "other", Variants: []bench.Variant{{Name: "v", New: neverNew}}}, {Name: "toy", Variants: []bench.Variant{{
		Name: "v", New: func(context.Context, bench.Setup) (*bench.Trial, error) {
			return &bench.Trial{Run: run, Verify: func() error { return nil }}, nil
		},
	}}}}
	go func() {
		s.ended <- serve(all, hello{Protocol: protocol, Nonce: "abc", Hash: "h"}, requestsIn, answersOut, RealClock(), func() { close(s.orphaned) })
		answersOut.Close()
	}()
	var h hello
	if err := s.answers.Decode(&h); err != nil || h != (hello{Protocol: protocol, Nonce: "abc", Hash: "h"}) {
		t.Fatalf("hello %+v, %v", h, err)
	}
	return s
}

func (s *served) ask(t *testing.T, c bench.Case, dir string) {
	t.Helper()
	if err := s.requests.Encode(order{Request: Request{Case: c, N: 1}, Dir: dir}); err != nil {
		t.Fatal(err)
	}
}

func (s *served) answer(t *testing.T) (a Answer) {
	t.Helper()
	if err := s.answers.Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}

var toyCase = bench.Case{Scenario: "toy", Variant: "v", Workers: 1, Procs: 2}

// A child answers one request after the other until they end.
func TestServe(t *testing.T) {
	s := newServed(t)
	close(s.release)
	dir := t.TempDir()
	for range 3 {
		s.ask(t, toyCase, dir)
		<-s.started
		if a := s.answer(t); a.Problem != nil || a.Elapsed <= 0 {
			t.Errorf("answer %+v", a)
		}
	}
	for _, c := range []bench.Case{{Scenario: "toy", Variant: "x", Workers: 1, Procs: 1}, {Scenario: "none", Variant: "v", Workers: 1, Procs: 1}} {
		s.ask(t, c, dir)
		if a := s.answer(t); a.Problem == nil || a.Problem.Text != "the child does not know "+c.Name() {
			t.Errorf("answer %+v", a.Problem)
		}
	}
	s.in.Close()
	if err := <-s.ended; err != nil {
		t.Error(err)
	}
	select {
	case <-s.orphaned:
		t.Error("the child took itself for an orphan")
	default:
	}
}

// When requests end in the middle of a trial the parent is dead. The directory
// is removed, since nobody else will.
func TestServeOrphaned(t *testing.T) {
	s := newServed(t)
	dir := t.TempDir()
	s.ask(t, toyCase, dir)
	<-s.started
	s.in.Close()
	<-s.orphaned
	if _, err := os.Stat(dir); err == nil {
		t.Error("the directory of the fork is still there")
	}
	close(s.release)
	if a := s.answer(t); a.Problem != nil {
		t.Errorf("answer %+v", a)
	}
	if err := <-s.ended; err != nil {
		t.Error(err)
	}
}

// That holds when the end comes before the trial has begun.
func TestServeOrphanedAtOnce(t *testing.T) {
	for range 200 {
		s := newServed(t)
		s.ask(t, toyCase, t.TempDir())
		s.in.Close()
		<-s.orphaned
		close(s.release)
		s.answer(t)
		if err := <-s.ended; err != nil {
			t.Error(err)
		}
	}
}

// Nonsense in the place of a request ends the child.
func TestServeNonsense(t *testing.T) {
	s := newServed(t)
	io.WriteString(s.in, "{\"case\":3}\n")
	if err := <-s.ended; err != nil {
		t.Error(err)
	}
	s.in.Close()
}

// A child that cannot answer says so.
func TestServeAnswersFail(t *testing.T) {
	answersIn, answersOut := io.Pipe()
	answersIn.Close()
	err := serve(nil, hello{}, strings.NewReader(""), answersOut, RealClock(), func() {})
	if message(err) != "cannot answer the parent: io: read/write on closed pipe" {
		t.Errorf("error %v", err)
	}
}

// Both sides mean the same by a list of scenarios, or they notice.
func TestListHash(t *testing.T) {
	base := chosen()
	seen := map[string]int{listHash(base): -1}
	for i, change := range []func([]bench.Scenario){
		func(all []bench.Scenario) { all[0].Name = "x" },
		func(all []bench.Scenario) { all[0].Fixed = 3 },
		func(all []bench.Scenario) { all[0].Workers = []int{1} },
		func(all []bench.Scenario) { all[1].Params[0].Values = []string{"slow"} },
		func(all []bench.Scenario) { all[0].Variants[1].Name = "x" },
		func(all []bench.Scenario) { all[0].Variants[1].Workers = []int{9} },
		func(all []bench.Scenario) { all[0].Variants[1].Racy = true },
		func(all []bench.Scenario) { all[0], all[1] = all[1], all[0] },
	} {
		all := chosen()
		change(all)
		if j, twice := seen[listHash(all)]; twice {
			t.Errorf("changes %d and %d cannot be told apart", i, j)
		}
		seen[listHash(all)] = i
	}
	if listHash(chosen()) != listHash(base) {
		t.Error("the same list has two hashes")
	}
}
