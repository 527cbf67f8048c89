package races

import (
	"runtime"
	"time"

	"github.com/interleave-go/interleave/bench/demo"
)

// Leak gives up waiting, and leaves the other behind.
var Leak = add(demo.Demo{
	Name:   "goroutine-leak",
	Doc:    "Who asked gives up after a timeout; the goroutine that answers sends into a channel that nobody reads, and stays.",
	Racy:   demo.Way{Name: "unbuffered", Doc: "the answer goes over an unbuffered channel", New: leak},
	Expect: demo.Expectation{Kind: demo.LogicBug, Detector: demo.Never, Leaks: true, OneCore: true},
	Alone:  true,
	Small:  1, Many: 10,
	Fixes: []demo.Way{
		{Name: "buffer", Doc: "the channel has room for the answer, read or not", New: noLeakBuffer},
		{Name: "done", Doc: "a second channel tells the goroutine that nobody waits", New: noLeakDone},
	},
	Read: []string{"https://go.dev/blog/pipelines", "https://pkg.go.dev/go.uber.org/goleak"},
})

// ask starts a goroutine for an answer, and does not wait for it: its time is
// already over, so that nothing here depends on how fast the machine is.
func ask(answers chan int, done <-chan struct{}) {
	late := make(chan struct{})
	go func() {
		<-late
		select {
		case answers <- 42:
		case <-done:
		}
	}()
	timeout := make(chan struct{})
	close(timeout)
	select {
	case <-answers:
	case <-timeout:
	}
	close(late)
}

// left says how many goroutines are there that were not there before, after
// they had time to end.
func left(before func() int) string {
	for range 100 {
		if runtime.NumGoroutine() <= before() {
			return ""
		}
		runtime.Gosched()
	}
	// Only what stays gets this far, or a machine that is very busy.
	for range 20 {
		if runtime.NumGoroutine() <= before() {
			return ""
		}
		time.Sleep(100 * time.Microsecond)
	}
	return "goroutines stay"
}

// leaking makes a trial of asking.
func leaking(s demo.Setup, question func()) demo.Trial {
	before := runtime.NumGoroutine() + s.Workers - 1
	if s.Workers == 1 {
		before = runtime.NumGoroutine()
	}
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				question()
			}
		},
		Check: func() string { return left(func() int { return before }) },
	}
}

func leak(s demo.Setup) demo.Trial {
	return leaking(s, func() {
		answers := make(chan int)
		ask(answers, nil) // race: not of data: the timeout wins
	})
}

func noLeakBuffer(s demo.Setup) demo.Trial {
	return leaking(s, func() {
		answers := make(chan int, 1)
		ask(answers, nil)
	})
}

func noLeakDone(s demo.Setup) demo.Trial {
	return leaking(s, func() {
		answers, done := make(chan int), make(chan struct{})
		defer close(done)
		ask(answers, done)
	})
}
