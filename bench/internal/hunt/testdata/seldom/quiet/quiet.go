// Package quiet has data races that the detector sees in few runs only: they
// take a rare value, an order of goroutines that is not the usual one, or more
// memory of the past than the detector has.
package quiet

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// A Cache is filled again when it is too old, which its readers see seldom.
type Cache struct {
	mu    sync.Mutex
	value int
	fresh func() bool
}

// Get returns the value. The path that refreshes forgot the lock.
func (c *Cache) Get() int {
	if !c.fresh() {
		c.value++ // want: race with itself
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.value
}

// Seldom is true once in n times.
func Seldom(n int) bool { return rand.IntN(n) == 0 }

// Both runs two functions at the same time and waits for them.
func Both(f, g func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { defer wg.Done(); f() }()
	go func() { defer wg.Done(); g() }()
	wg.Wait()
}

// A Box hands a value over through a lock that orders writer and reader only
// when the writer comes first.
type Box struct {
	mu    sync.Mutex
	ready bool
	value int
}

// Put writes before it locks.
func (b *Box) Put(v int) {
	b.value = v
	b.mu.Lock()
	b.ready = true
	b.mu.Unlock()
}

// Get reads after it locked, whether the writer was there or not.
func (b *Box) Get() int {
	b.mu.Lock()
	b.mu.Unlock()
	return b.value
}

// A Log is written to by two, whose sleeps keep them apart nearly always.
type Log struct {
	busy  atomic.Int32
	lines int
}

// Add counts a line. Whoever finds the log busy does not wait.
func (l *Log) Add() {
	if l.busy.Add(1) > 1 {
		l.lines++ // want: race with the line below
	} else {
		l.lines += 2
	}
	l.busy.Add(-1)
}

// Settings are read before they are complete if the loader is slow.
type Settings struct {
	done atomic.Bool
	name string
}

// Load writes after it said that it is done, once in a hundred times.
func (s *Settings) Load() {
	if Seldom(100) {
		s.done.Store(true)
		s.name = "late"
		return
	}
	s.name = "in time"
	s.done.Store(true)
}

// Name returns the name, if it is there.
func (s *Settings) Name() string {
	if s.done.Load() {
		return s.name
	}
	return ""
}

// Walk makes the detector forget what happened before: it remembers only so
// many accesses.
func Walk(n int, memory []int) {
	for i := range n {
		memory[i%len(memory)]++
	}
}

// Pause waits for a moment that is never the same.
func Pause() { time.Sleep(time.Duration(rand.IntN(200)) * time.Microsecond) }
