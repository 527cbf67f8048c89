package races

import (
	"sync"
	"sync/atomic"

	"github.com/interleave-go/interleave/bench/demo"
)

// DoubleChecked is lazy initialisation with a lock that is avoided where it was
// needed.
var DoubleChecked = add(demo.Demo{
	Name: "double-checked",
	Doc:  "A pointer is read without the lock under which it is set; it may be seen before what it points to.",
	Racy: demo.Way{Name: "double-check", Doc: "look without the lock, and again with it", New: doubleChecked},
	Expect: demo.Expectation{
		Kind: demo.DataRace, Detector: demo.Always,
		HiddenOn: []string{"amd64", "386"},
		Hidden:   "memory order: this processor keeps stores in order, and the compiler does too; arm64 does not",
	},
	Many: 5000,
	Fixes: []demo.Way{
		{Name: "atomic", Doc: "the pointer is an atomic.Pointer", New: doubleCheckedAtomic},
		{Name: "once", Doc: "sync.Once, which does exactly this, and rightly", New: doubleCheckedOnce},
	},
	Read: []string{memoryModel, "https://www.cs.umd.edu/~pugh/java/memoryModel/DoubleCheckedLocking.html"},
})

// A table is what takes long to build.
type table struct {
	mu    sync.Mutex
	once  sync.Once
	rows  *rows
	atom  atomic.Pointer[rows]
	empty [2]int // per worker: how often it was seen half built
}

type rows struct{ n int }

// empties counts the tables that somebody has seen half built.
func empties(s demo.Setup, tables []table) string {
	n := 0
	for i := range tables {
		for w := range s.Workers {
			n += tables[i].empty[w%2]
		}
	}
	return demo.Some(n, s.N, "seen half built")
}

func doubleChecked(s demo.Setup) demo.Trial {
	tables := make([]table, s.N)
	return demo.Trial{
		Body: func(w int) {
			for i := range tables {
				t := &tables[i]
				if t.rows == nil { // race
					t.mu.Lock()
					if t.rows == nil {
						t.rows = &rows{n: 1} // race
					}
					t.mu.Unlock()
				}
				if t.rows.n == 0 { // race
					t.empty[w]++
				}
			}
		},
		Check: func() string { return empties(s, tables) },
	}
}

func doubleCheckedAtomic(s demo.Setup) demo.Trial {
	tables := make([]table, s.N)
	return demo.Trial{
		Body: func(w int) {
			for i := range tables {
				t := &tables[i]
				if t.atom.Load() == nil {
					t.mu.Lock()
					if t.atom.Load() == nil {
						t.atom.Store(&rows{n: 1})
					}
					t.mu.Unlock()
				}
				if t.atom.Load().n == 0 {
					t.empty[w%2]++
				}
			}
		},
		Check: func() string { return empties(s, tables) },
	}
}

func doubleCheckedOnce(s demo.Setup) demo.Trial {
	tables := make([]table, s.N)
	return demo.Trial{
		Body: func(w int) {
			for i := range tables {
				t := &tables[i]
				t.once.Do(func() { t.rows = &rows{n: 1} })
				if t.rows.n == 0 {
					t.empty[w%2]++
				}
			}
		},
		Check: func() string { return empties(s, tables) },
	}
}
