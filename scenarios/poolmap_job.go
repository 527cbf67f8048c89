package scenarios

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// microsecond is how many rounds of spin take about 1 µs: 1.6 ns each, on an
// EPYC of 2024. Work is counted in rounds and not in time, so that every
// variant does the same work, whatever the machine does meanwhile.
const microsecond = 630

// poolmapItems is how many items of about 1 µs a slice has.
const poolmapItems = 20_000

// spin computes for a number of rounds. Each needs the result of the one
// before, so the processor cannot do several at once.
func spin(x uint64, rounds int) uint64 {
	x += 0x9e3779b97f4a7c15 // no rounds are work as well: the result is not x
	for range rounds {
		x ^= x >> 32
		x *= 0xd6e8feb86659fd93
	}
	return x
}

// A grain is a slice and the function to map over it.
type grain struct {
	items int
	time  time.Duration // of all items one after the other, for planning
	item  func(uint64) uint64
	leaf  func(in, out []uint64) // item for each of in; len(out) == len(in)

	// The input and the right answer are made once in a process, by whoever
	// asks first, which is New or Verify, and only read from then on.
	input, answer func() []uint64
}

// grains are the values of the parameter, each a job of 10 to 20 ms, but for
// tiny, which would need 20 million items for that. The low half of an input
// is its place in the slice, and the other half something else, so that no
// result is 0: one that was never stored would look right.
var grains = map[string]*grain{
	"1us":   newGrain(poolmapItems, 20*time.Millisecond, noise, spinOne, nil),
	"100us": newGrain(200, 20*time.Millisecond, noise, func(x uint64) uint64 { return spin(x, 100*microsecond) }, nil),
	"tiny":  newGrain(1_000_000, time.Millisecond, noise, func(x uint64) uint64 { return 2 * x }, double),

	// Every whole number of microseconds from 0 to 200 once, so the mean is
	// 100 and the heavy ones come as they come.
	"skewed": newGrain(201, 20100*time.Microsecond,
		func(rng *rand.Rand, n int) []uint64 {
			weights := make([]uint64, n)
			for i, w := range rng.Perm(n) {
				weights[i] = uint64(w)
			}
			return weights
		},
		func(x uint64) uint64 { return spin(x, int(x>>32)*microsecond) }, nil),
}

// five is the classroom's slice. It is no value of the parameter: nobody needs
// to measure what five additions cost.
const five = "five"

var fiveNumbers = &grain{
	items: 5, item: func(x uint64) uint64 { return 2 * x }, leaf: double,
	input:  func() []uint64 { return []uint64{1, 2, 3, 4, 5} },
	answer: func() []uint64 { return []uint64{2, 4, 6, 8, 10} },
}

func spinOne(x uint64) uint64 { return spin(x, microsecond) }

// double is the leaf of the grain tiny. Written out it takes about 1 ns an item,
// as much as memory allows; with a call through a variable for each item it
// would be 2 ns, and the baseline slower than what anybody would write.
func double(in, out []uint64) {
	out = out[:len(in)] // so that the compiler need not check in the loop
	for i, x := range in {
		out[i] = 2 * x
	}
}

func noise(rng *rand.Rand, n int) []uint64 {
	upper := make([]uint64, n)
	for i := range upper {
		upper[i] = 1 + rng.Uint64N(1<<30)
	}
	return upper
}

// newGrain makes a grain, with the upper halves of its inputs from upper. A nil
// leaf is a loop that calls item.
func newGrain(items int, total time.Duration, upper func(rng *rand.Rand, n int) []uint64, item func(uint64) uint64, leaf func(in, out []uint64)) *grain {
	g := &grain{items: items, time: total, item: item, leaf: leaf}
	if leaf == nil {
		g.leaf = leafOf(item)
	}
	g.input = sync.OnceValue(func() []uint64 {
		in := upper(rand.New(rand.NewPCG(1, 2)), items)
		for i := range in {
			in[i] = in[i]<<32 | uint64(i)
		}
		return in
	})
	g.answer = sync.OnceValue(func() []uint64 {
		want := slices.Clone(g.input())
		for i, x := range want {
			want[i] = item(x)
		}
		return want
	})
	return g
}

// grainOf returns the grain that a setup asks for.
func grainOf(setup bench.Setup) (*grain, error) {
	name := setup.Param("grain")
	if name == five {
		return fiveNumbers, nil
	}
	if g := grains[cmp.Or(name, "1us")]; g != nil {
		return g, nil
	}
	return nil, fmt.Errorf("there is no grain %q: choose 1us, 100us, tiny or skewed", name)
}

// A mapping is one trial: a slice to map, and the place for the results.
type mapping struct {
	*grain
	workers int
	in, out []uint64
}

// do maps one item. Results go to their place by index, which needs neither a
// lock nor a second pass to put them in order.
func (m *mapping) do(i int) { m.out[i] = m.item(m.in[i]) }

// mapTrial makes a trial of a way of mapping. A way starts all that it needs in
// Run, where it has ended when Run returns: goroutines and pools are part of
// the job, for the peers as for the others. It makes little difference: the
// pool that costs most to make and to end, ants, takes 4 µs for it.
func mapTrial(setup bench.Setup, way func(context.Context, *mapping) error) (*bench.Trial, error) {
	g, err := grainOf(setup)
	if err != nil {
		return nil, err
	}
	m := &mapping{grain: g, workers: setup.Workers, in: g.input(), out: make([]uint64, g.items)}
	clear(m.out) // make only reserves pages: to touch them first takes longer than a tiny job
	draw := func() {}
	if setup.Timeline != nil {
		m.grain, draw = drawn(g, setup.Timeline)
	}
	return &bench.Trial{
		Run: func(ctx context.Context) error {
			defer draw()
			err := way(ctx, m)
			if g == fiveNumbers {
				setup.Printf("%v doubled is %v\n", m.in, m.out)
			}
			return err
		},
		Verify: func() error { return checkMapped(m.out, g.answer()) },
	}, nil
}

// checkMapped returns what is wrong with a result, or nil.
func checkMapped(got, want []uint64) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d results of %d items", len(got), len(want))
	}
	for i, w := range want {
		if got[i] == w {
			continue
		}
		if j := slices.Index(want, got[i]); j >= 0 {
			return fmt.Errorf("item %d of %d has the result of item %d", i, len(want), j)
		}
		return fmt.Errorf("item %d of %d came to %#x, want %#x", i, len(want), got[i], w)
	}
	return nil
}
