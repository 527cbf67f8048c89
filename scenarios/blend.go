package scenarios

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/interleave-go/interleave/bench"
)

const (
	blendWaits = 10
	blendWait  = 2 * time.Millisecond

	// A goroutine that computes keeps its core for so long when others want
	// it: a time slice of 10 ms, and about as long again until the scheduler
	// has seen that it is over. It is why a waiting task is late.
	blendSlice = 20 * time.Millisecond

	// blendPiece is about 20 µs of computing: how long it takes at most until
	// the computing ends with the job.
	blendPiece = 20 * microsecond
)

// Blend is the lesson about sharing a process: a task that waits needs a core
// for a moment only, but needs it at once. Goroutines that compute leave it one
// as long as there are fewer of them than cores; from then on it waits for the
// end of somebody's time slice.
var Blend = add(bench.Scenario{
	Name:    "blend",
	Doc:     "a task waits 2 ms, 10 times, beside goroutines that compute: how late it is each time",
	Unit:    "wait",
	Worker:  "task",
	Fixed:   blendWaits,
	Workers: []int{1},

	Conditions: true,
	Lesson: bench.Lesson{
		Variant: "all-cores", Workers: 1, Slower: true,
		Text: "beside as many computing goroutines as cores, a task that mostly waits takes %s times as long",
	},
	Variants: []bench.Variant{
		{
			Name: "alone", New: blendOf(func(int) int { return 0 }, false), Headline: true, Estimate: blendEstimate(blendWait + 100*time.Microsecond),
			Doc: "nobody computes",
		},
		{
			Name: "core-free", New: blendOf(func(procs int) int { return procs - 1 }, false), Headline: true, Estimate: blendEstimateFree,
			Doc: "a goroutine computes on each core but one",
		},
		{
			Name: "all-cores", New: blendOf(func(procs int) int { return procs }, false), Headline: true, Estimate: blendEstimate(blendSlice),
			Doc: "as many goroutines compute as there are cores",
		},
		{
			Name: "yielding", New: blendOf(func(procs int) int { return procs }, true), Estimate: blendEstimate(blendWait + 100*time.Microsecond),
			Doc:     "the same, and each calls runtime.Gosched every 20 µs",
			GivesUp: "the computing goroutines must be written for it",
		},
	},
})

func blendEstimate(wait time.Duration) func(bench.Setup) time.Duration {
	return func(bench.Setup) time.Duration { return blendWaits * wait }
}

// blendEstimateFree knows that a single core has none to leave free, and nobody
// computes.
func blendEstimateFree(bench.Setup) time.Duration {
	return blendWaits * (blendWait + 100*time.Microsecond)
}

// A blend is one trial: a task that waits, and the computing beside it.
type blend struct {
	setup  bench.Setup
	yield  bool
	stop   atomic.Bool
	pieces []int           // of computing, by goroutine
	wrong  atomic.Int64    // pieces with a wrong result
	waits  int             // that are over
	late   []time.Duration // of each wait, if there is a clock
}

// blendOf returns the constructor of a variant with so many computing
// goroutines on so many cores.
func blendOf(computing func(procs int) int, yield bool) func(context.Context, bench.Setup) (*bench.Trial, error) {
	return func(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
		b := &blend{setup: setup, yield: yield, pieces: make([]int, computing(max(setup.Procs, 1))), late: make([]time.Duration, 0, blendWaits)}
		return &bench.Trial{Run: b.run, Verify: b.verify, Metrics: b.metrics}, nil
	}
}

// run starts the computing, and waits beside it once all of it has begun.
func (b *blend) run(ctx context.Context) error {
	var begun, ended sync.WaitGroup
	begun.Add(len(b.pieces))
	for i := range b.pieces {
		ended.Go(func() { b.compute(i, begun.Done) })
	}
	begun.Wait()
	err := b.wait(ctx)
	b.stop.Store(true)
	ended.Wait()
	return err
}

// blendAnswer is what a piece of computing comes to.
var blendAnswer = sync.OnceValue(func() uint64 { return spin(0, blendPiece) })

// compute works until it is stopped, one piece after the other.
func (b *blend) compute(i int, begun func()) {
	defer b.setup.Timeline.Span(1+i, bench.Work, "computes")()
	for {
		if spin(0, blendPiece) != blendAnswer() {
			b.wrong.Add(1)
		}
		if b.pieces[i]++; b.pieces[i] == 1 {
			begun()
		}
		if b.stop.Load() {
			return
		}
		if b.yield {
			runtime.Gosched()
		}
	}
}

// wait is the waiting task. It notes how much later than asked it goes on.
func (b *blend) wait(ctx context.Context) error {
	now := b.setup.Clock
	for i := range blendWaits {
		awake := b.setup.Timeline.Span(0, bench.Wait, strconv.Itoa(i+1))
		start := time.Duration(0)
		if now != nil {
			start = now()
		}
		err := sleep(ctx, blendWait)
		if now != nil {
			b.late = append(b.late, now()-start-blendWait)
		}
		awake()
		if err != nil {
			return err
		}
		b.waits++
	}
	return nil
}

// verify checks that nobody was cut short: the waiting by a timer that is
// early, the computing by never having its turn.
func (b *blend) verify() error {
	if b.waits != blendWaits {
		return fmt.Errorf("%d of %d waits are over", b.waits, blendWaits)
	}
	for i, late := range b.late {
		if late < 0 {
			return fmt.Errorf("wait %d was over %v early", i+1, -late)
		}
	}
	for i, n := range b.pieces {
		if n == 0 {
			return fmt.Errorf("computing goroutine %d of %d never computed", i+1, len(b.pieces))
		}
	}
	if n := b.wrong.Load(); n > 0 {
		return fmt.Errorf("%d pieces of computing came to something else than %#x", n, blendAnswer())
	}
	return nil
}

// metrics are how late the waiting task was: in the middle of its waits, and at
// worst.
func (b *blend) metrics() map[string]float64 {
	if len(b.late) == 0 {
		return nil
	}
	late := slices.Sorted(slices.Values(b.late))
	return map[string]float64{
		"late-ns":  float64(late[len(late)/2]),
		"worst-ns": float64(late[len(late)-1]),
	}
}
