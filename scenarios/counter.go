package scenarios

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/puzpuzpuz/xsync/v4"

	"github.com/interleave-go/interleave/bench"
)

// counterBuffer is the capacity of the buffered channel: room enough that a
// worker and the owner rarely wait for each other.
const counterBuffer = 1024

// Counter is the second lesson: work that is nothing but sharing gets slower
// with every worker, unless the workers stop sharing. Whatever the number of
// workers, they do the same number of increments between them.
var Counter = add(bench.Scenario{
	Name:    "counter",
	Doc:     "goroutines increment one counter: what it costs to share a word, and what it takes not to",
	Unit:    "increment",
	Workers: []int{1, 2, 4, 8},
	Versus:  "mutex",
	Keeps:   "read while counting",
	Lesson: bench.Lesson{
		Variant: "mutex",
		Workers: 2,
		Slower:  true,
		Text:    "with 2 workers the mutex counter takes %s times as long as one goroutine without a lock",
	},
	Exercises: []bench.Exercise{
		{
			Title: "two workers add 100 000 each to one number, with a lock", Why: "the lock lets one in at a time, and costs more than the work",
			N: 200_000, Workers: 2, Sequential: "sequential", Concurrent: "mutex",
		},
		{
			Title: "the same without a lock", Why: "it does not do the work: updates get lost",
			N: 200_000, Workers: 2, Concurrent: "unsynchronised", Repeat: 20,
		},
	},
	Variants: []bench.Variant{
		{
			Name: "sequential", New: countSequential, Headline: true, Workers: []int{1},
			Doc: "one goroutine increments a plain word, without a lock",
		},
		{
			Name: "mutex", New: countMutex, Headline: true, Contended: true,
			Doc: "a sync.Mutex is locked around each increment",
		},
		{
			Name: "rwmutex", New: countRWMutex, Contended: true,
			Doc: "a sync.RWMutex is locked for writing around each increment",
		},
		{
			Name: "atomic", New: countAtomic, Headline: true, Contended: true,
			Doc: "one atomic add on a shared word",
		},
		{
			Name: "cas", New: countCAS, Contended: true,
			Doc: "load the word, compare and swap it, and try again when another worker came between",
		},
		{
			Name: "channel", New: countChannel, Contended: true,
			Doc: "each increment is a message to the goroutine that owns the word, over an unbuffered channel",
		},
		{
			Name: "channel-buffered", New: countChannelBuffered, Contended: true,
			Doc:     "each increment is a message to the goroutine that owns the word, over a channel with 1024 places",
			GivesUp: "an increment is still on its way when its worker goes on",
		},
		{
			Name: "sharded", New: countSharded, Contended: true,
			Doc:     "an atomic word for each worker, all in one cache line: false sharing",
			GivesUp: "reading adds up all shards, as they were at no one moment",
		},
		{
			Name: "sharded-padded", New: countShardedPadded, Headline: true,
			Doc:     "an atomic word for each worker, each in cache lines of its own",
			GivesUp: "reading adds up all shards, as they were at no one moment",
		},
		{
			Name: "local", New: countLocal, Headline: true,
			Doc:     "each worker counts for itself and adds its sum to the total at its end",
			GivesUp: "the total is known only at the end",
		},
		{
			Name: "xsync", New: countXsync, Contended: true,
			Doc:     "the striped Counter of github.com/puzpuzpuz/xsync",
			GivesUp: "reading adds up all stripes, as they were at no one moment",
		},
		{
			Name: "unsynchronised", New: countUnsynchronised, Headline: true, Contended: true, Racy: true,
			Doc:     "every worker increments the same plain word: a data race, which loses increments",
			GivesUp: "increments get lost",
			Workers: []int{2, 4, 8}, // one worker alone races with nobody
		},
	},
})

func countSequential(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	c := new(cell)
	return tally{
		inc:   func(_, n int) { incPlain(&c.n, n) },
		total: func() int64 { return c.n },
	}.trial(setup)
}

func countMutex(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	c := new(mutexCell)
	return tally{
		inc:   func(_, n int) { incMutex(&c.mu, &c.n, n) },
		total: func() int64 { return c.n },
	}.trial(setup)
}

func countRWMutex(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	c := new(rwMutexCell)
	return tally{
		inc:   func(_, n int) { incRWMutex(&c.mu, &c.n, n) },
		total: func() int64 { return c.n },
	}.trial(setup)
}

func countAtomic(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	c := new(atomicCell)
	return tally{
		inc:   func(_, n int) { incAtomic(&c.n, n) },
		total: c.n.Load,
	}.trial(setup)
}

func countCAS(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	c := new(atomicCell)
	return tally{
		inc:   func(_, n int) { incCAS(&c.n, n) },
		total: c.n.Load,
	}.trial(setup)
}

func countChannel(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return ownedTally(0).trial(setup)
}

func countChannelBuffered(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return ownedTally(counterBuffer).trial(setup)
}

// ownedTally counts in a goroutine of its own, which lives as long as Run.
func ownedTally(capacity int) tally {
	var (
		c        = new(cell)
		messages = make(chan struct{}, capacity)
		owner    sync.WaitGroup
	)
	return tally{
		begin: func() { owner.Go(func() { incOwned(messages, &c.n) }) },
		inc:   func(_, n int) { incChannel(messages, n) },
		end:   func() { close(messages); owner.Wait() },
		total: func() int64 { return c.n },
	}
}

func countSharded(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	// Room for 16 words, so that the shards share cache lines with each other
	// and with nothing else.
	shards := make([]atomic.Int64, setup.Workers, max(setup.Workers, 16))
	return tally{
		inc: func(worker, n int) { incAtomic(&shards[worker], n) },
		total: func() (sum int64) {
			for i := range shards {
				sum += shards[i].Load()
			}
			return sum
		},
	}.trial(setup)
}

func countShardedPadded(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	shards := make([]atomicCell, setup.Workers)
	return tally{
		inc: func(worker, n int) { incAtomic(&shards[worker].n, n) },
		total: func() (sum int64) {
			for i := range shards {
				sum += shards[i].n.Load()
			}
			return sum
		},
	}.trial(setup)
}

func countLocal(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	sums := make([]cell, setup.Workers)
	c := new(atomicCell)
	return tally{
		inc:   func(worker, n int) { incPlain(&sums[worker].n, n) },
		merge: func(worker int) { c.n.Add(sums[worker].n) },
		total: c.n.Load,
	}.trial(setup)
}

func countXsync(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	c := xsync.NewCounter()
	return tally{
		inc:   func(_, n int) { incXsync(c, n) },
		total: c.Value,
	}.trial(setup)
}

func countUnsynchronised(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	c := new(cell)
	return tally{
		inc:   func(_, n int) { incPlain(&c.n, n) },
		total: func() int64 { return c.n },
		loses: true,
	}.trial(setup)
}
