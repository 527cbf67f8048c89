package schedules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/bench/explore"
)

// AppendWithRoom appends to a slice that has capacity for all.
var AppendWithRoom = add(appending("append-with-room", func(th *explore.Thread, s shared, x string) {
	n := s.length.Load(th)
	s.cells[n].Store(th, x)
	s.length.Store(th, n+1)
}))

// AppendGrowing appends to a slice that has none: append copies what is there
// and publishes the copy.
var AppendGrowing = add(growing())

func growing() explore.Pattern {
	p := appending("append-growing", appendCopy)
	p.Ways = append(p.Ways, explore.Way{Name: "channel", Body: appendOwned})
	return p
}

func appendCopy(th *explore.Thread, s shared, x string) {
	old := s.grown.Load(th)
	s.grown.Store(th, old+x)
}

// A shared slice, in both forms: cells with a length, or a string for the
// whole.
type shared struct {
	length *explore.Int
	cells  []*explore.Var[string]
	grown  *explore.Var[string]
	mu     *explore.Mutex
	queue  *explore.Chan[string]
}

// appending is the pattern of a way to append.
func appending(demo string, plain func(*explore.Thread, shared, string)) explore.Pattern {
	return explore.Pattern{
		Name: demo,
		Ways: []explore.Way{
			{Name: "append", Body: appended(plain), Wrong: true},
			{Name: "mutex", Body: appended(func(th *explore.Thread, s shared, x string) {
				s.mu.Lock(th)
				defer s.mu.Unlock(th)
				plain(th, s, x)
			})},
			{Name: "by-index", Body: byIndex},
		},
	}
}

func newShared(t *explore.T) shared {
	return shared{
		length: explore.NewInt(t, "length", 0),
		cells:  []*explore.Var[string]{explore.NewVar(t, "s[0]", ""), explore.NewVar(t, "s[1]", "")},
		grown:  explore.NewVar(t, "s", ""),
		mu:     explore.NewMutex(t, "mu"),
		queue:  explore.NewChan[string](t, "results", 2),
	}
}

// elements is the outcome: what is in the slice. Its order is not wrong.
func (s shared) elements(t *explore.T) string {
	text := s.grown.Value()
	for _, c := range s.cells[:s.length.Value()] {
		text += c.Value()
	}
	sorted := strings.Split(text, "")
	slices.Sort(sorted)
	if strings.Join(sorted, "") != "AB" {
		t.Errorf("two were appended, and %d are there", len(text))
	}
	return strconv.Quote(text)
}

func appended(add func(*explore.Thread, shared, string)) explore.Body {
	return func(t *explore.T) string {
		s := newShared(t)
		both(t, func(th *explore.Thread, _ int) { add(th, s, th.Name()) })
		return s.elements(t)
	}
}

func byIndex(t *explore.T) string {
	s := newShared(t)
	both(t, func(th *explore.Thread, i int) { s.cells[i].Store(th, th.Name()) })
	return strconv.Quote(s.cells[0].Value() + s.cells[1].Value())
}

// appendOwned sends to one thread, which alone appends.
func appendOwned(t *explore.T) string {
	s := newShared(t)
	t.Go("owner", func(th *explore.Thread) {
		for range 2 {
			x, _ := s.queue.Receive(th)
			appendCopy(th, s, x)
		}
	})
	both(t, func(th *explore.Thread, _ int) { s.queue.Send(th, th.Name()) })
	return s.elements(t)
}
