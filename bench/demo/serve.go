package demo

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// beat is the time between two heartbeats.
const beat = 5 * time.Millisecond

// Serve does the job that the environment asks for and ends the process. In a
// process that is no child it returns at once. leaks, if not nil, is called at
// the end of a job whose demonstration leaves goroutines behind, and describes
// them.
func Serve(demos []Demo, leaks func() []string) {
	text, child := os.LookupEnv(ChildEnv)
	if !child {
		return
	}
	os.Unsetenv(ChildEnv) // what the code starts is no child of ours
	syscall.CloseOnExec(EventFD)
	s := &server{out: os.NewFile(EventFD, "events"), leaks: leaks}
	var job Job
	switch err := json.Unmarshal([]byte(text), &job); {
	case s.out == nil:
		fmt.Fprintf(os.Stderr, "%s is set in the environment, but not by this program: unset it\n", ChildEnv)
		os.Exit(2)
	case err != nil:
		s.fail(fmt.Sprintf("%s holds no job: %v", ChildEnv, err))
	case job.Protocol != Protocol:
		s.fail(fmt.Sprintf("the child speaks protocol %q, its parent %q: build one program of one version", Protocol, job.Protocol))
	}
	for i := range demos {
		if d := &demos[i]; d.Name == job.Demo && d.Way(job.Way) != nil {
			s.do(d, job)
			os.Exit(0)
		}
	}
	s.fail(fmt.Sprintf("the child does not know %s, way %s", job.Demo, job.Way))
}

// A server is the child's end of a job.
type server struct {
	out   *os.File
	leaks func() []string
	trial atomic.Int64 // that is going on, from 1; 0 between trials
}

// send writes an event, whole and at once: the next instruction may be the
// last of the process.
func (s *server) send(e Event) {
	line, err := json.Marshal(e)
	if err == nil {
		_, err = s.out.Write(append(line, '\n'))
	}
	if err != nil {
		os.Exit(3) // nobody is left to hear
	}
}

func (s *server) fail(why string) {
	s.send(Event{Failed: why})
	os.Exit(2)
}

// do makes the trials of a job.
func (s *server) do(d *Demo, job Job) {
	s.send(Event{Hello: Protocol})
	go s.watch(job.Beats)
	setup := Setup{Workers: job.Workers, N: job.N}
	newTrial := d.Way(job.Way).At(job.Level)
	var c crew = loose{workers: job.Workers, yield: job.Level == Yielding}
	if job.Level == Aligned && !d.Alone {
		c = newHot(job.Workers)
	}
	made := 0
	for made < job.Trials && (job.Until == 0 || time.Since(epoch) < time.Duration(job.Until)*time.Millisecond) {
		made++
		began := time.Now()
		r := s.one(c, newTrial(setup), job.Bare, int64(made))
		r.Nanos = time.Since(began).Nanoseconds()
		s.send(Event{Result: &r})
	}
	sum := &Summary{Trials: made, Pinned: c.pinned()}
	if d.Expect.Leaks && s.leaks != nil {
		sum.Leaked = s.leaks()
	}
	s.send(Event{Done: sum})
}

// one makes one trial.
func (s *server) one(c crew, t Trial, bare bool, number int64) (r Result) {
	var panicked atomic.Pointer[string]
	body := t.Body
	if !bare {
		body = func(w int) {
			defer func() {
				if p := recover(); p != nil {
					text := fmt.Sprint("panic: ", p)
					panicked.Store(&text)
				}
			}()
			t.Body(w)
		}
	}
	s.trial.Store(number)
	spans := c.run(body)
	s.trial.Store(0)
	if text := panicked.Load(); text != nil {
		r.Anomaly, r.Panic = *text, true
	} else {
		r.Anomaly = t.Check()
	}
	r.Overlap = overlap(spans)
	return r
}

// watch counts heartbeats, and ends the process when a trial has seen too many
// of them. A beat means that this process was given a core, so a hang is not
// mistaken for a machine that is busy with something else.
func (s *server) watch(limit int) {
	var trial int64
	beats := 0
	for {
		time.Sleep(beat)
		now := s.trial.Load()
		if now == 0 || now != trial {
			trial, beats = now, 0
			continue
		}
		if beats++; beats >= limit {
			s.send(Event{Hung: &Hung{Beats: beats, States: states()}})
			os.Exit(0)
		}
	}
}

// states returns what the goroutines that came from this package's crews do.
func states() []string {
	buf := make([]byte, 1<<16)
	buf = buf[:runtime.Stack(buf, true)]
	var list []string
	for _, g := range strings.Split(string(buf), "\n\n") {
		head, stack, _ := strings.Cut(g, "\n")
		_, state, ok := strings.Cut(head, " [")
		if !ok || !strings.Contains(stack, "demo.timed(") {
			continue
		}
		state, _, _ = strings.Cut(strings.TrimSuffix(state, "]:"), ",")
		if state == "runnable" {
			state = "running" // but for this moment, in which all stand still
		}
		list = append(list, state)
	}
	return list
}
