package quiet

import (
	"sync"
	"testing"
)

// A rare value on both sides at once.
func TestRefresh(t *testing.T) {
	c := &Cache{fresh: func() bool { return !Seldom(50) }}
	get := func() { c.Get() }
	Both(get, get)
}

// An order of goroutines that is not the usual one.
func TestHandOver(t *testing.T) {
	b := &Box{}
	done := make(chan bool)
	go func() { b.Put(1); done <- true }()
	Walk(2000, make([]int, 8))
	b.Get()
	<-done
}

// Two that seldom meet.
func TestLog(t *testing.T) {
	l := &Log{}
	add := func() { Pause(); l.Add() }
	Both(add, add)
}

// A value that is published too early, seldom, and read at that moment.
func TestSettings(t *testing.T) {
	s := &Settings{}
	Both(s.Load, func() {
		for range 20 {
			if s.Name() != "" {
				return
			}
		}
	})
}

// The other access is long ago.
func TestLongAgo(t *testing.T) {
	n := 0
	started, done := make(chan bool), make(chan bool)
	go func() { n++; close(done) }()
	go func() { close(started) }()
	<-started
	Walk(200_000, make([]int, 8))
	n++
	<-done
}

// WaitGroup.Add in the goroutine: Wait may come first.
func TestAddInside(t *testing.T) {
	var wg sync.WaitGroup
	n := 0
	for range 2 {
		go func() {
			wg.Add(1)
			defer wg.Done()
			if Seldom(20) {
				n++
			}
		}()
	}
	Walk(5000, make([]int, 8))
	wg.Wait()
}

var shared int

// Two tests that run at the same time share a variable.
func TestParallelA(t *testing.T) {
	t.Parallel()
	if Seldom(20) {
		shared++
	}
}

func TestParallelB(t *testing.T) {
	t.Parallel()
	if Seldom(20) {
		shared--
	}
}

// Right.
func TestClean(t *testing.T) {
	var mu sync.Mutex
	n := 0
	add := func() { mu.Lock(); n++; mu.Unlock() }
	Both(add, add)
	if n != 2 {
		t.Errorf("counted %d, want 2", n)
	}
}
