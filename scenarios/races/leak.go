package races

import (
	"bytes"
	"runtime"

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
		{Name: "buffer", Doc: "the channel has room for the answer, read or not", New: leakNotBuffer},
		{Name: "done", Doc: "a second channel tells the goroutine that nobody waits", New: leakNotDone},
	},
	Read: []string{"https://go.dev/blog/pipelines", "https://pkg.go.dev/go.uber.org/goleak"},
})

// ask starts a goroutine for an answer, and does not wait for it: its time is
// already over, so that nothing here depends on how fast the machine is.
func ask(answers <-chan int, answer func()) {
	late := make(chan struct{})
	go func() {
		<-late
		answer()
	}()
	timeout := make(chan struct{})
	close(timeout)
	select {
	case <-answers:
	case <-timeout:
	}
	close(late)
}

// stuck counts the goroutines that wait for somebody to take their answer.
func stuck() int {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	n := 0
	for _, g := range bytes.Split(buf, []byte("\n\n")) {
		head, stack, _ := bytes.Cut(g, []byte("\n"))
		if bytes.Contains(head, []byte("[chan send")) && bytes.Contains(stack, []byte("races.ask")) {
			n++
		}
	}
	return n
}

// asking makes a trial of asking. At its end either the goroutines are gone, or
// they are seen to wait; which of the two is only a matter of time, and however
// long that takes on a busy machine, it is not mistaken for the other.
func asking(s demo.Setup, question func()) demo.Trial {
	before, stuckBefore := runtime.NumGoroutine(), stuck()
	return demo.Trial{
		Body: func(int) {
			for range s.N {
				question()
			}
		},
		Check: func() string {
			for {
				left := runtime.NumGoroutine() - before
				if left <= 0 {
					return ""
				}
				if n := stuck() - stuckBefore; n >= left {
					return demo.Some(n, s.N, "goroutines stay")
				}
				runtime.Gosched()
			}
		},
	}
}

func leak(s demo.Setup) demo.Trial {
	return asking(s, func() {
		answers := make(chan int)
		ask(answers, func() {
			answers <- 42 // race: not of data: who asked has given up
		})
	})
}

func leakNotBuffer(s demo.Setup) demo.Trial {
	return asking(s, func() {
		answers := make(chan int, 1)
		ask(answers, func() { answers <- 42 })
	})
}

func leakNotDone(s demo.Setup) demo.Trial {
	return asking(s, func() {
		answers, done := make(chan int), make(chan struct{})
		defer close(done)
		ask(answers, func() {
			select {
			case answers <- 42:
			case <-done:
			}
		})
	})
}
