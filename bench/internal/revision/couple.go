package revision

import (
	"context"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/interleave-go/interleave/bench/internal/revision/served"
)

// A couple is a process of each side, started together. When one benchmark is
// done with it, another may use it: starting processes takes longer than the
// slices of most benchmarks. No benchmark gets the same couple twice, so that
// each fork is a draw of its own from what a process's memory happens to be.
type couple struct {
	processes [2]process
	kind      kind
	served    map[*Pair]bool
	untidy    atomic.Bool // a benchmark left goroutines behind
}

// A member is a process of a couple.
type member struct {
	process
	couple *couple
}

func (m member) Ask(ctx context.Context, r served.Request) (served.Answer, error) {
	a, err := m.process.Ask(ctx, r)
	if a.Run != nil && a.Run.Others > 0 {
		m.couple.untidy.Store(true)
	}
	return a, err
}

// A kind is what the users of a couple must agree about.
type kind struct {
	arms   [2]arm
	layout int
	launch served.Launch
}

// couples are those that nobody uses.
type couples struct {
	mu   sync.Mutex
	idle []*couple // the last one was used last
}

// mostServed bounds how many benchmarks share a couple: what one of them leaves
// in memory should not meet all.
const mostServed = 8

// mostIdle bounds the couples that wait, for each core.
const mostIdle = 2

// couple returns two processes that a pair has not had: idle ones, if the pair
// may use such, or fresh ones.
func (r *measuring) couple(ctx context.Context, p *Pair, layout, first int, l served.Launch) (*couple, error) {
	k := kind{p.arms, layout, l}
	if c := r.idle(p, k); c != nil {
		return c, nil
	}
	processes, err := r.both(ctx, p, layout, first, l)
	if err != nil {
		closeAll(processes)
		return nil, err
	}
	c := &couple{kind: k, served: map[*Pair]bool{p: true}}
	for side, process := range processes {
		c.processes[side] = member{process, c}
	}
	return c, nil
}

// idle takes an idle couple of a kind for a pair.
func (r *measuring) idle(p *Pair, k kind) *couple {
	r.couples.mu.Lock()
	defer r.couples.mu.Unlock()
	for i := len(r.couples.idle) - 1; i >= 0 && !p.apart; i-- {
		if c := r.couples.idle[i]; c.kind == k && !c.served[p] {
			r.couples.idle = append(r.couples.idle[:i], r.couples.idle[i+1:]...)
			c.served[p] = true
			return c
		}
	}
	return nil
}

// release gives a couple back. One that failed is of no more use.
func (r *measuring) release(c *couple, failed bool) {
	if c == nil {
		return
	}
	if failed || c.untidy.Load() || len(c.served) >= mostServed {
		closeAll(c.processes)
		return
	}
	r.couples.mu.Lock()
	r.couples.idle = append(r.couples.idle, c)
	var oldest *couple
	if len(r.couples.idle) > mostIdle*(len(r.cores)+1) {
		oldest, r.couples.idle = r.couples.idle[0], r.couples.idle[1:]
	}
	r.couples.mu.Unlock()
	if oldest != nil {
		closeAll(oldest.processes)
	}
}

// closeIdle ends the processes that nobody uses.
func (r *measuring) closeIdle() {
	r.couples.mu.Lock()
	defer r.couples.mu.Unlock()
	for _, c := range r.couples.idle {
		closeAll(c.processes)
	}
	r.couples.idle = nil
}

// used reports whether another benchmark has used a couple before. What fails
// there may not have been this benchmark's fault.
func (c *couple) used() bool { return c != nil && len(c.served) > 1 }

// both starts a process of each side, the first of them first: it may get the
// better memory. They come up at the same time.
func (r *measuring) both(ctx context.Context, p *Pair, layout, first int, l served.Launch) (processes [2]process, err error) {
	var group errgroup.Group
	for _, side := range []int{first, 1 - first} {
		l := l
		l.Test = p.arms[side].test
		group.Go(func() error {
			process, err := r.launch(ctx, p, side, layout, l)
			if err != nil {
				return &sideError{side, interrupted(ctx, err)}
			}
			processes[side] = process
			return nil
		})
	}
	err = group.Wait()
	return processes, err
}

func closeAll(processes [2]process) {
	for _, p := range processes {
		if p != nil {
			p.Close()
		}
	}
}
