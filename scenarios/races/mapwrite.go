package races

import (
	"sync"

	"github.com/interleave-go/interleave/bench/demo"
)

// MapWrite ends the program.
var MapWrite = add(demo.Demo{
	Name:   "map-write",
	Doc:    "Two goroutines write to one map, even to different keys; the runtime notices, and ends the program.",
	Racy:   demo.Way{Name: "map", Doc: "a map without a lock", New: mapWrite},
	Expect: demo.Expectation{Kind: demo.DataRace, Detector: demo.Always, Runtime: "concurrent map"},
	Fixes: []demo.Way{
		{Name: "mutex", Doc: "a lock around each write", New: mapMutex},
		{Name: "sync-map", Doc: "sync.Map", New: mapSync},
		{Name: "own-map", Doc: "a map for each goroutine", New: mapOwn},
	},
	Read: []string{"https://go.dev/doc/faq#atomic_maps", "https://go.dev/blog/maps#concurrency"},
})

// keys bounds the maps, so that their size does not follow the number of
// operations.
const keys = 1 << 10

func mapWrite(s demo.Setup) demo.Trial {
	m := make(map[int]int)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				m[w*keys+i%keys] = i // race
			}
		},
		Check: func() string { return demo.Expected("keys", s.Workers*min(s.N, keys), len(m)) },
	}
}

func mapMutex(s demo.Setup) demo.Trial {
	var mu sync.Mutex
	m := make(map[int]int)
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				mu.Lock()
				m[w*keys+i%keys] = i
				mu.Unlock()
			}
		},
		Check: func() string { return demo.Expected("keys", s.Workers*min(s.N, keys), len(m)) },
	}
}

func mapSync(s demo.Setup) demo.Trial {
	var m sync.Map
	return demo.Trial{
		Body: func(w int) {
			for i := range s.N {
				m.Store(w*keys+i%keys, i)
			}
		},
		Check: func() string {
			n := 0
			m.Range(func(any, any) bool { n++; return true })
			return demo.Expected("keys", s.Workers*min(s.N, keys), n)
		},
	}
}

func mapOwn(s demo.Setup) demo.Trial {
	own := make([]map[int]int, s.Workers)
	return demo.Trial{
		Body: func(w int) {
			m := make(map[int]int)
			for i := range s.N {
				m[w*keys+i%keys] = i
			}
			own[w] = m
		},
		Check: func() string {
			n := 0
			for _, m := range own {
				n += len(m)
			}
			return demo.Expected("keys", s.Workers*min(s.N, keys), n)
		},
	}
}
