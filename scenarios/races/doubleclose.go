package races

import (
	"runtime"
	"sync"

	"github.com/interleave-go/interleave/bench/demo"
)

// DoubleClose asks whether a channel is closed, and closes it.
var DoubleClose = add(demo.Demo{
	Name:   "double-close",
	Doc:    "Two goroutines both find a channel open and both close it; the second close panics.",
	Racy:   demo.Way{Name: "select", Doc: "a select with a default asks whether it is closed", New: doubleClose, Yield: doubleCloseYield},
	Expect: demo.Expectation{Kind: demo.LogicBug, Detector: demo.Never, Runtime: "close of closed channel"},
	Many:   5000,
	Fixes: []demo.Way{
		{Name: "once", Doc: "sync.Once around the close", New: closeOnce},
		{Name: "mutex", Doc: "one lock around the question and the close", New: closeLocked, Yield: closeLockedYield},
	},
	Read: []string{"https://github.com/moby/moby/pull/24007"},
})

// A stopper can be stopped, many times.
type stopper struct {
	mu   sync.Mutex
	once sync.Once
	done chan struct{}
}

func stoppers(n int) []stopper {
	all := make([]stopper, n)
	for i := range all {
		all[i].done = make(chan struct{})
	}
	return all
}

func doubleClose(s demo.Setup) demo.Trial {
	all := stoppers(s.N)
	return demo.Trial{
		Body: func(int) {
			for i := range all {
				select {
				case <-all[i].done:
				default:
					close(all[i].done) // race: not of data, but of the steps
				}
			}
		},
		Check: func() string { return "" },
	}
}

func doubleCloseYield(s demo.Setup) demo.Trial {
	all := stoppers(s.N)
	return demo.Trial{
		Body: func(int) {
			for i := range all {
				select {
				case <-all[i].done:
				default:
					runtime.Gosched()
					close(all[i].done)
				}
			}
		},
		Check: func() string { return "" },
	}
}

func closeOnce(s demo.Setup) demo.Trial {
	all := stoppers(s.N)
	return demo.Trial{
		Body: func(int) {
			for i := range all {
				all[i].once.Do(func() { close(all[i].done) })
			}
		},
		Check: func() string { return "" },
	}
}

func closeLocked(s demo.Setup) demo.Trial {
	all := stoppers(s.N)
	return demo.Trial{
		Body: func(int) {
			for i := range all {
				all[i].mu.Lock()
				select {
				case <-all[i].done:
				default:
					close(all[i].done)
				}
				all[i].mu.Unlock()
			}
		},
		Check: func() string { return "" },
	}
}

func closeLockedYield(s demo.Setup) demo.Trial {
	all := stoppers(s.N)
	return demo.Trial{
		Body: func(int) {
			for i := range all {
				all[i].mu.Lock()
				select {
				case <-all[i].done:
				default:
					runtime.Gosched()
					close(all[i].done)
				}
				all[i].mu.Unlock()
			}
		},
		Check: func() string { return "" },
	}
}
