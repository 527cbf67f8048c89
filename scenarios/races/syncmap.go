package races

import (
	"runtime"
	"sync"

	"github.com/interleave-go/interleave/bench/demo"
)

// SyncMap makes one step of two, though each is safe.
var SyncMap = add(demo.Demo{
	Name:   "sync-map",
	Doc:    "A sync.Map is asked for a key and then given one; two goroutines both find none and both compute it.",
	Racy:   demo.Way{Name: "load-store", Doc: "Load, and Store if there was none", New: syncMap, Yield: syncMapYield},
	Expect: demo.Expectation{Kind: demo.LogicBug, Detector: demo.Never},
	Many:   5000,
	Fixes: []demo.Way{
		{Name: "one-step", Doc: "LoadOrStore: the first to store is who everybody sees", New: syncMapOnce, Yield: syncMapOnceYield},
		{Name: "mutex", Doc: "an ordinary map, and one lock around both steps", New: mapOnce},
	},
	Read: []string{"https://pkg.go.dev/sync#Map.LoadOrStore", "https://pkg.go.dev/golang.org/x/sync/singleflight"},
})

func syncMap(s demo.Setup) demo.Trial {
	var m sync.Map
	views := views(s)
	return demo.Trial{
		Body: func(w int) {
			for key := range s.N {
				v, ok := m.Load(key)
				if !ok {
					v = &config{id: w}
					m.Store(key, v) // race: not of data, but of the steps
				}
				views[w].configs[key] = v.(*config)
			}
		},
		Check: func() string { return differ(s, views) },
	}
}

func syncMapYield(s demo.Setup) demo.Trial {
	var m sync.Map
	views := views(s)
	return demo.Trial{
		Body: func(w int) {
			for key := range s.N {
				v, ok := m.Load(key)
				if !ok {
					runtime.Gosched()
					v = &config{id: w}
					m.Store(key, v)
				}
				views[w].configs[key] = v.(*config)
			}
		},
		Check: func() string { return differ(s, views) },
	}
}

func syncMapOnce(s demo.Setup) demo.Trial {
	var m sync.Map
	views := views(s)
	return demo.Trial{
		Body: func(w int) {
			for key := range s.N {
				v, ok := m.Load(key)
				if !ok {
					v, _ = m.LoadOrStore(key, &config{id: w})
				}
				views[w].configs[key] = v.(*config)
			}
		},
		Check: func() string { return differ(s, views) },
	}
}

func syncMapOnceYield(s demo.Setup) demo.Trial {
	var m sync.Map
	views := views(s)
	return demo.Trial{
		Body: func(w int) {
			for key := range s.N {
				v, ok := m.Load(key)
				if !ok {
					runtime.Gosched()
					v, _ = m.LoadOrStore(key, &config{id: w})
				}
				views[w].configs[key] = v.(*config)
			}
		},
		Check: func() string { return differ(s, views) },
	}
}

func mapOnce(s demo.Setup) demo.Trial {
	var mu sync.Mutex
	m := make(map[int]*config)
	views := views(s)
	return demo.Trial{
		Body: func(w int) {
			for key := range s.N {
				mu.Lock()
				v, ok := m[key]
				if !ok {
					v = &config{id: w}
					m[key] = v
				}
				mu.Unlock()
				views[w].configs[key] = v
			}
		},
		Check: func() string { return differ(s, views) },
	}
}
