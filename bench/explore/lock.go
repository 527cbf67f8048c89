package explore

import (
	"slices"
	"strconv"
	"strings"
)

// A Mutex is a lock that one thread holds at a time. To lock and to unlock are
// steps.
type Mutex struct {
	obj    Object
	holder *Thread
}

// NewMutex makes a mutex that nobody holds.
func NewMutex(t *T, name string) *Mutex {
	m := new(Mutex)
	m.obj.register(t, name, m)
	return m
}

// Lock waits until nobody holds the mutex, and takes it.
func (m *Mutex) Lock(th *Thread) {
	th.step(op{verb: "lock", obj: &m.obj, reads: true, writes: true, wait: m})
	m.holder = th
}

// TryLock takes the mutex if nobody holds it, and reports whether it did.
func (m *Mutex) TryLock(th *Thread) bool {
	th.step(op{verb: "try to lock", obj: &m.obj, reads: true, writes: true})
	if m.holder != nil {
		th.note("failed")
		return false
	}
	m.holder = th
	return true
}

// Unlock gives the mutex back. As in Go, any thread may do it, and to unlock
// one that nobody holds ends the program.
func (m *Mutex) Unlock(th *Thread) {
	th.step(op{verb: "unlock", obj: &m.obj, reads: true, writes: true})
	if m.holder == nil {
		th.fatal("fatal error: sync: unlock of unlocked mutex")
	}
	m.holder = nil
}

func (m *Mutex) ready(*Thread) bool { return m.holder == nil }

func (m *Mutex) blocked(*Thread) string {
	return "waits to lock " + m.obj.name + ", held by " + m.holder.name
}

func (m *Mutex) show() string {
	if m.holder == nil {
		return "free"
	}
	return m.holder.name
}

func (m *Mutex) append(key []byte) []byte { return appendThread(key, m.holder) }

// appendThread adds a thread to a fingerprint.
func appendThread(key []byte, th *Thread) []byte {
	if th == nil {
		return append(key, '-')
	}
	return strconv.AppendInt(key, int64(th.index), 10)
}

// An RWMutex is a lock that many readers or one writer hold. As in Go, a writer
// that waits lets no further reader in, so a thread that takes the read lock
// twice may wait for ever. Lock is therefore two steps: to queue, and to lock.
type RWMutex struct {
	obj     Object
	readers []*Thread // one entry for each read lock
	queued  *Thread   // the writer that waits or holds
	writing bool
}

// NewRWMutex makes a lock that nobody holds.
func NewRWMutex(t *T, name string) *RWMutex {
	m := new(RWMutex)
	m.obj.register(t, name, m)
	return m
}

const (
	toRead gate = iota
	toQueue
	toWrite
)

// Lock waits for the other writers, then for the readers, and takes the lock.
func (m *RWMutex) Lock(th *Thread) {
	th.step(op{verb: "queue for", obj: &m.obj, reads: true, writes: true, wait: m, gate: toQueue})
	m.queued = th
	th.step(op{verb: "lock", obj: &m.obj, reads: true, writes: true, wait: m, gate: toWrite})
	m.writing = true
}

// Unlock gives up the lock.
func (m *RWMutex) Unlock(th *Thread) {
	th.step(op{verb: "unlock", obj: &m.obj, reads: true, writes: true})
	if !m.writing {
		th.fatal("fatal error: sync: Unlock of unlocked RWMutex")
	}
	m.queued, m.writing = nil, false
}

// RLock waits until no writer holds the lock or waits for it, and takes the
// lock for reading.
func (m *RWMutex) RLock(th *Thread) {
	th.step(op{verb: "read-lock", obj: &m.obj, reads: true, writes: true, wait: m, gate: toRead})
	m.readers = append(m.readers, th)
}

// RUnlock gives up one read lock.
func (m *RWMutex) RUnlock(th *Thread) {
	th.step(op{verb: "read-unlock", obj: &m.obj, reads: true, writes: true})
	if len(m.readers) == 0 {
		th.fatal("fatal error: sync: RUnlock of unlocked RWMutex")
	}
	// Go does not know whose lock it is; here it is for the trace alone.
	i := max(0, slices.Index(m.readers, th))
	m.readers = slices.Delete(m.readers, i, i+1)
}

func (m *RWMutex) ready(th *Thread) bool {
	if th.pending.gate == toWrite {
		return len(m.readers) == 0
	}
	return m.queued == nil
}

func (m *RWMutex) blocked(th *Thread) string {
	what := map[gate]string{toRead: "read-lock ", toQueue: "lock ", toWrite: "lock "}[th.pending.gate]
	by := ", held by " + m.show()
	if th.pending.gate == toRead && !m.writing {
		by = ", for which " + m.queued.name + " waits"
	}
	return "waits to " + what + m.obj.name + by
}

// show names the readers or the writer that hold the lock.
func (m *RWMutex) show() string {
	switch {
	case m.writing:
		return m.queued.name
	case len(m.readers) == 0:
		return "free"
	}
	var names []string
	for _, th := range m.readers {
		names = append(names, th.name)
	}
	return strings.Join(names, " and ")
}

func (m *RWMutex) append(key []byte) []byte {
	key = strconv.AppendBool(appendThread(key, m.queued), m.writing)
	for _, th := range m.readers {
		key = appendThread(append(key, ' '), th)
	}
	return key
}
