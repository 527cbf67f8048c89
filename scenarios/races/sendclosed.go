package races

import (
	"sync"

	"github.com/interleave-go/interleave/bench/demo"
)

// SendClosed closes a channel into which others still send.
var SendClosed = add(demo.Demo{
	Name:   "send-closed",
	Doc:    "One goroutine closes a channel while another still sends; a send on a closed channel panics.",
	Racy:   demo.Way{Name: "close", Doc: "the receiver closes when it has enough", New: sendClosed},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always, Runtime: "send on closed channel"},
	Many:   5000,
	Fixes: []demo.Way{
		{Name: "owner", Doc: "the sender closes, as it alone knows when it is done", New: senderCloses},
		{Name: "done", Doc: "a second channel says that nobody listens any more; the first is never closed", New: doneChannel},
	},
	Read: []string{"https://go.dev/ref/spec#Close", "https://go.dev/blog/pipelines"},
})

func channels(n int) []chan int {
	all := make([]chan int, n)
	for i := range all {
		all[i] = make(chan int, 1)
	}
	return all
}

func sendClosed(s demo.Setup) demo.Trial {
	all := channels(s.N)
	return demo.Trial{
		Body: func(w int) {
			for _, ch := range all {
				if w == 0 {
					ch <- 1 // race
				} else {
					close(ch) // race
				}
			}
		},
		Check: func() string { return "" },
	}
}

func senderCloses(s demo.Setup) demo.Trial {
	all := channels(s.N)
	var received sync.Map // worker → count
	return demo.Trial{
		Body: func(w int) {
			n := 0
			for _, ch := range all {
				if w == 0 {
					ch <- 1
					close(ch)
					continue
				}
				for range ch {
					n++
				}
			}
			received.Store(w, n)
		},
		Check: func() string {
			n := 0
			received.Range(func(_, v any) bool { n += v.(int); return true })
			if s.Workers == 1 {
				return ""
			}
			return demo.Expected("messages", s.N, n)
		},
	}
}

func doneChannel(s demo.Setup) demo.Trial {
	all, done := channels(s.N), make([]chan struct{}, s.N)
	for i := range done {
		done[i] = make(chan struct{})
	}
	return demo.Trial{
		Body: func(w int) {
			for i, ch := range all {
				switch w {
				case 0:
					select {
					case ch <- 1:
					case <-done[i]:
					}
				case 1:
					close(done[i])
				}
			}
		},
		Check: func() string { return "" },
	}
}
