package races

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// LazyInit builds what must be built once.
var LazyInit = add(demo.Demo{
	Name:   "lazy-init",
	Doc:    "Two goroutines both find that something is not built yet, and both build it.",
	Racy:   demo.Way{Name: "nil-check", Doc: "if it is nil, build it", New: lazyInit, Yield: lazyInitYield},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always},
	Many:   5000,
	Fixes: []demo.Way{
		{Name: "once", Doc: "sync.Once", New: lazyOnce, Yield: lazyOnceYield},
		{Name: "cas", Doc: "both may build, but compare and swap lets only the first be seen", New: lazyCAS, Yield: lazyCASYield},
	},
	Read: []string{"https://pkg.go.dev/sync#Once", "https://pkg.go.dev/sync#OnceValue"},
})

// A config is what is built lazily; its id says who built it.
type config struct{ id int }

// seen is what one worker got to see.
type seen struct {
	configs []*config
	_       [104]byte
}

func views(s demo.Setup) []seen {
	all := make([]seen, s.Workers)
	for w := range all {
		all[w].configs = make([]*config, s.N)
	}
	return all
}

// differ counts the things of which two workers have seen different ones.
func differ(s demo.Setup, views []seen) string {
	twice := 0
	for i := range s.N {
		for w := range views[1:] {
			if views[w+1].configs[i] != views[0].configs[i] {
				twice++
				break
			}
		}
	}
	return demo.Some(twice, s.N, "built twice")
}

func lazyInit(s demo.Setup) demo.Trial {
	built, views := make([]*config, s.N), views(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if built[i] == nil { // race
					built[i] = &config{id: w} // race
				}
				views[w].configs[i] = built[i] // race
			}
		},
		Check: func() string { return differ(s, views) },
	}
}

func lazyInitYield(s demo.Setup) demo.Trial {
	built, views := make([]*config, s.N), views(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if built[i] == nil { // race
					own := &config{id: w}
					runtime.Gosched()
					built[i] = own // race
				}
				views[w].configs[i] = built[i] // race
			}
		},
		Check: func() string { return differ(s, views) },
	}
}

func lazyOnce(s demo.Setup) demo.Trial {
	once, built, views := make([]sync.Once, s.N), make([]*config, s.N), views(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				once[i].Do(func() { built[i] = &config{id: w} })
				views[w].configs[i] = built[i]
			}
		},
		Check: func() string { return differ(s, views) },
	}
}

func lazyOnceYield(s demo.Setup) demo.Trial {
	once, built, views := make([]sync.Once, s.N), make([]*config, s.N), views(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				once[i].Do(func() {
					own := &config{id: w}
					runtime.Gosched()
					built[i] = own
				})
				views[w].configs[i] = built[i]
			}
		},
		Check: func() string { return differ(s, views) },
	}
}

func lazyCAS(s demo.Setup) demo.Trial {
	built, views := make([]atomic.Pointer[config], s.N), views(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if built[i].Load() == nil {
					built[i].CompareAndSwap(nil, &config{id: w})
				}
				views[w].configs[i] = built[i].Load()
			}
		},
		Check: func() string { return differ(s, views) },
	}
}

func lazyCASYield(s demo.Setup) demo.Trial {
	built, views := make([]atomic.Pointer[config], s.N), views(s)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				if built[i].Load() == nil {
					own := &config{id: w}
					runtime.Gosched()
					built[i].CompareAndSwap(nil, own)
				}
				views[w].configs[i] = built[i].Load()
			}
		},
		Check: func() string { return differ(s, views) },
	}
}
