package scenarios

import (
	"time"

	"github.com/interleave-go/interleave/bench"
)

// Poolmap asks what handing out work costs. Every variant maps the same
// function over the same slice and leaves the results in the order of the
// input; what differs is how items get to the goroutines that work on them.
// All work is computing, so that no variant can be faster than the cores are
// many, and what it is short of that is the price of handing out.
var Poolmap = add(bench.Scenario{
	Name:    "poolmap",
	Doc:     "a function is mapped over a slice, results in the order of the input: what handing out items costs",
	Unit:    "slice",
	Worker:  "worker",
	Fixed:   1, // the grain says how many items the slice has
	Workers: []int{1, 2, 4, 8},
	Params: []bench.Param{{
		Name:   "grain",
		Doc:    "how long an item takes: about 1 µs, 100 µs, less than 1 ns (tiny), or from 0 to 200 µs (skewed)",
		Values: []string{"1us", "100us", "tiny", "skewed"},
	}},
	Lesson: bench.Lesson{
		Variant: "chunked",
		Workers: 2,
		Text:    "two workers that take the slice in chunks are %s times as fast as one loop",
	},
	Exercises: []bench.Exercise{{
		Title: "2 workers double the numbers from 1 to 5, in order", Why: "five numbers are far too little work to share",
		Params: "grain=" + five, Workers: 2, Sequential: "sequential", Concurrent: "pool",
	}},
	Variants: []bench.Variant{
		{
			Name: "sequential", New: mapSequential, Estimate: mapEstimate(0), Headline: true, Workers: []int{1},
			Doc: "one loop",
		},
		{
			Name: "goroutine-per-item", New: mapGoroutinePerItem, Estimate: mapEstimateUnlimited, Headline: true,
			Doc:     "a goroutine for each item",
			GivesUp: unlimited,
		},
		{
			Name: "semaphore", New: mapSemaphore, Estimate: mapEstimate(500 * time.Nanosecond),
			Doc: "a goroutine for each item, which waits for a place in a channel before it starts",
		},
		{
			Name: "errgroup", New: mapErrgroup, Estimate: mapEstimate(500 * time.Nanosecond), Headline: true,
			Doc: "a goroutine for each item, limited by SetLimit of golang.org/x/sync/errgroup",
		},
		{
			Name: "pool", New: mapPool, Estimate: mapEstimate(250 * time.Nanosecond), Headline: true,
			Doc: "a fixed number of goroutines that receive the items over an unbuffered channel",
		},
		{
			Name: "pool-buffered", New: mapPoolBuffered, Estimate: mapEstimate(70 * time.Nanosecond),
			Doc: "a fixed number of goroutines that receive the items over a channel with 256 places",
		},
		{
			Name: "chunked", New: mapInChunks, Estimate: mapEstimate(0), Headline: true,
			Doc: "the caller and its helpers take chunks of the slice, ever smaller ones, with one atomic add for each",
		},
		{
			Name: "conc", New: mapConc, Estimate: mapEstimate(30 * time.Nanosecond),
			Doc: "iter.Mapper of github.com/sourcegraph/conc",
		},
		{
			Name: "pond", New: mapPond, Estimate: mapEstimate(500 * time.Nanosecond),
			Doc: "a ResultPool of github.com/alitto/pond, an item a task",
		},
		{
			Name: "ants", New: mapAnts, Estimate: mapEstimate(800 * time.Nanosecond),
			Doc: "a PoolWithFunc of github.com/panjf2000/ants, an item a call",
		},
		{
			Name: "lo", New: mapLo, Estimate: mapEstimateUnlimited,
			Doc:     "parallel.Map of github.com/samber/lo, which starts a goroutine for each item",
			GivesUp: unlimited,
		},
	},
})

// unlimited is what the variants give up that start all goroutines at once.
// They are measured at every number of workers all the same: whoever reads the
// table along a row sees that the number makes no difference, where a single
// column would say that they got by with so many.
const unlimited = "a limit: however many workers are asked for, there are as many as items"

// mapEstimate returns an estimate for a way in which handing out an item takes
// so long (measured with the grain tiny, where it is all there is). It is done
// by one goroutine at a time, and the items themselves by all workers at once.
func mapEstimate(handing time.Duration) func(bench.Setup) time.Duration {
	return func(setup bench.Setup) time.Duration {
		g, err := grainOf(setup)
		if err != nil {
			return 0 // New will say so
		}
		cores := max(1, min(setup.Workers, setup.Procs))
		return g.time/time.Duration(cores) + time.Duration(g.items)*handing
	}
}

// mapEstimateUnlimited is the estimate for a goroutine for each item, on all
// cores whatever the number of workers.
func mapEstimateUnlimited(setup bench.Setup) time.Duration {
	setup.Workers = setup.Procs
	return mapEstimate(600 * time.Nanosecond)(setup)
}
