// Package loud has faults that end a process: what comes after them in the
// same process is not run.
package loud

import (
	"math/rand/v2"
	"sync"
	"testing"
)

func seldom(n int) bool { return rand.IntN(n) == 0 }

// The order of two locks is not the same everywhere.
func TestLockOrder(t *testing.T) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	both := func(x, y *sync.Mutex) {
		defer wg.Done()
		x.Lock()
		defer x.Unlock()
		y.Lock()
		defer y.Unlock()
	}
	wg.Add(2)
	go both(&a, &b)
	go both(&b, &a)
	wg.Wait()
}

// A panic that takes a rare value.
func TestRareNil(t *testing.T) {
	var m map[string]int
	if !seldom(400) {
		m = map[string]int{}
	}
	m["apples"]++
}

// A failure that takes a rare value.
func TestRareFailure(t *testing.T) {
	if seldom(400) {
		t.Errorf("counted %d, want %d", 1, 2)
	}
}

// Two close what one should.
func TestDoubleClose(t *testing.T) {
	c := make(chan bool)
	stop := func() {
		select {
		case <-c:
		default:
			close(c)
		}
	}
	var wg sync.WaitGroup
	wg.Go(stop)
	wg.Go(stop)
	wg.Wait()
}

// A goroutine that nobody waits for, seldom.
func TestRareLeak(t *testing.T) {
	c := make(chan int)
	go func() {
		select {
		case c <- 1:
		case <-t.Context().Done():
			if seldom(50) {
				c <- 2
			}
		}
	}()
}

// A race behind all of these.
func TestRace(t *testing.T) {
	n := 0
	var wg sync.WaitGroup
	wg.Go(func() { n++ })
	wg.Go(func() { n++ })
	wg.Wait()
}

// Right.
func TestClean(t *testing.T) {}
