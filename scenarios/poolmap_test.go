package scenarios

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-go/interleave/bench"
)

// smallGrain makes a grain of n items known for the time of the test, and
// returns a setup that asks for it.
func smallGrain(t *testing.T, n, workers int, item func(uint64) uint64) bench.Setup {
	t.Helper()
	name := t.Name()
	grains[name] = newGrain(n, time.Millisecond, noise, item, nil)
	t.Cleanup(func() { delete(grains, name) })
	return bench.Setup{Workers: workers, N: Poolmap.Fixed, Procs: 2, Param: func(string) string { return name }}
}

// eachMap calls f for every variant at each of its worker counts.
func eachMap(t *testing.T, f func(t *testing.T, v *bench.Variant, workers int)) {
	for i := range Poolmap.Variants {
		v := &Poolmap.Variants[i]
		for _, workers := range Poolmap.WorkerCounts(v) {
			t.Run(fmt.Sprintf("%s/workers=%d", v.Name, workers), func(t *testing.T) {
				defer goleak.VerifyNone(t)
				f(t, v, workers)
			})
		}
	}
}

// newMap makes a trial of a variant.
func newMap(t *testing.T, v *bench.Variant, setup bench.Setup) *bench.Trial {
	t.Helper()
	trial, err := v.New(t.Context(), setup)
	if err != nil {
		t.Fatal(err)
	}
	return trial
}

// Items that let others pass, some more often than others, are done each once,
// and their results are in order.
func TestPoolmapMaps(t *testing.T) {
	eachMap(t, func(t *testing.T, v *bench.Variant, workers int) {
		for _, n := range []int{0, 1, 7, 500} {
			calls := make([]atomic.Int64, n)
			running := false
			setup := smallGrain(t, n, workers, func(x uint64) uint64 {
				if running { // and not Verify
					calls[uint32(x)].Add(1)
				}
				for range x % 5 {
					runtime.Gosched()
				}
				return spin(x, 3)
			})
			trial := newMap(t, v, setup)
			running = true
			if err := trial.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			running = false
			if err := trial.Verify(); err != nil {
				t.Error(err)
			}
			for i := range calls {
				if got := calls[i].Load(); got != 1 {
					t.Errorf("item %d of %d was done %d times", i, n, got)
				}
			}
		}
	})
}

func TestPoolmapWithCancelledContext(t *testing.T) {
	eachMap(t, func(t *testing.T, v *bench.Variant, workers int) {
		trial := newMap(t, v, smallGrain(t, 100, workers, spinOne))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := trial.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v, want the context's error", err)
		}
		if trial.Verify() == nil {
			t.Error("Verify accepts a slice that was not mapped")
		}
	})
}

// No item ends before the context is cancelled. So what a variant does at all
// is what its workers had begun by then, and what it cannot take back.
func TestPoolmapStopsWhenCancelled(t *testing.T) {
	const n = 500
	most := func(v *bench.Variant, workers int) int {
		switch v.Name {
		case "sequential":
			return n / mapBlocks
		case "chunked": // every worker its first chunk
			sum := 0
			for range workers {
				sum += chunkSize(n, workers)
			}
			return sum
		case "goroutine-per-item", "lo":
			return n
		}
		return workers + 1 // one more may have been waiting for its place
	}
	eachMap(t, func(t *testing.T, v *bench.Variant, workers int) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var done atomic.Int64
		trial := newMap(t, v, smallGrain(t, n, workers, func(x uint64) uint64 {
			cancel()
			<-ctx.Done()
			done.Add(1)
			return spinOne(x)
		}))
		if err := trial.Run(ctx); v.GivesUp == "" && !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v, want the context's error", err)
		}
		if got := int(done.Load()); got > most(v, workers) {
			t.Errorf("%d of %d items were done after the context was cancelled, want at most %d", got, n, most(v, workers))
		}
	})
}

func TestPoolmapVerify(t *testing.T) {
	want := []uint64{10, 11, 12, 13}
	for _, tt := range []struct {
		name string
		got  []uint64
		want string
	}{
		{"right", []uint64{10, 11, 12, 13}, "<nil>"},
		{"swapped", []uint64{10, 12, 11, 13}, "item 1 of 4 has the result of item 2"},
		{"wrong value", []uint64{10, 11, 12, 31}, "item 3 of 4 came to 0x1f, want 0xd"},
		{"not done", []uint64{0, 11, 12, 13}, "item 0 of 4 came to 0x0, want 0xa"},
		{"too few", []uint64{10, 11, 12}, "3 results of 4 items"},
		{"too many", []uint64{10, 11, 12, 13, 14}, "5 results of 4 items"},
		{"none", nil, "0 results of 4 items"},
	} {
		if got := fmt.Sprint(checkMapped(tt.got, want)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A way that does its work wrong is found out.
func TestPoolmapVerifiesTheRun(t *testing.T) {
	for _, tt := range []struct {
		name string
		way  func(context.Context, *mapping) error
	}{
		{"nothing", func(context.Context, *mapping) error { return nil }},
		{"all but the last", func(_ context.Context, m *mapping) error {
			last := len(m.in) - 1
			m.leaf(m.in[:last], m.out[:last])
			return nil
		}},
		{"a pair swapped", func(_ context.Context, m *mapping) error {
			m.leaf(m.in, m.out)
			m.out[3], m.out[4] = m.out[4], m.out[3]
			return nil
		}},
	} {
		for _, name := range []string{"100us", "skewed"} {
			setup := bench.Setup{Workers: 1, Param: func(string) string { return name }}
			trial, err := mapTrial(setup, tt.way)
			if err != nil {
				t.Fatal(err)
			}
			if err := trial.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if trial.Verify() == nil {
				t.Errorf("grain %s: Verify accepts a way that does %s", name, tt.name)
			}
		}
	}
}

func TestPoolmapGrains(t *testing.T) {
	if values := Poolmap.Params[0].Values; len(values) != len(grains) {
		t.Errorf("the scenario has the grains %v, and there are %d", values, len(grains))
	}
	for _, name := range Poolmap.Params[0].Values {
		g := grains[name]
		if g == nil {
			t.Errorf("there is no grain %q", name)
			continue
		}
		in, answer := g.input(), g.answer()
		if len(in) != g.items || len(answer) != g.items {
			t.Errorf("%s has %d inputs and %d answers, want %d", name, len(in), len(answer), g.items)
		}
		for i, x := range in {
			if int(uint32(x)) != i || answer[i] == 0 {
				t.Fatalf("%s: item %d is %#x, and its answer %#x", name, i, x, answer[i])
			}
		}
		if sorted := slices.Sorted(slices.Values(answer)); len(slices.Compact(sorted)) != g.items {
			t.Errorf("%s: two items have the same answer, so nobody can see that they were swapped", name)
		}
		out := make([]uint64, 20)
		if g.leaf(in[100:120], out); !slices.Equal(out, answer[100:120]) {
			t.Errorf("%s: the leaf does not do what the item does", name)
		}
	}
}

func TestPoolmapSkewedWeights(t *testing.T) {
	var weights []int
	for _, x := range grains["skewed"].input() {
		weights = append(weights, int(x>>32))
	}
	// Neither half of the slice is much heavier, yet they are not alike.
	first := 0
	for _, w := range weights[:100] {
		first += w
	}
	if first < 8000 || first > 12000 || first == 10000 {
		t.Errorf("the first half weighs %d, want about 10000", first)
	}
	slices.Sort(weights)
	for i, w := range weights {
		if w != i {
			t.Fatalf("the weights are %v, want 0 to 200 once each", weights)
		}
	}
}

func TestPoolmapUnknownGrain(t *testing.T) {
	setup := bench.Setup{Workers: 1, Param: func(string) string { return "huge" }}
	for _, v := range Poolmap.Variants {
		if _, err := v.New(t.Context(), setup); err == nil || !strings.Contains(err.Error(), `no grain "huge"`) {
			t.Errorf("%s: New returned %v", v.Name, err)
		}
		if got := v.Estimate(setup); got != 0 {
			t.Errorf("%s: estimate %v", v.Name, got)
		}
	}
}

func TestPoolmapEstimates(t *testing.T) {
	for _, tt := range []struct {
		variant, grain string
		workers, procs int
		want           time.Duration
	}{
		{"sequential", "1us", 1, 2, 20 * time.Millisecond},
		{"sequential", "", 1, 2, 20 * time.Millisecond},
		{"chunked", "1us", 1, 2, 20 * time.Millisecond},
		{"chunked", "1us", 2, 2, 10 * time.Millisecond},
		{"chunked", "1us", 8, 2, 10 * time.Millisecond},
		{"chunked", "1us", 8, 4, 5 * time.Millisecond},
		{"pool", "1us", 2, 2, 15 * time.Millisecond},
		{"pool", "tiny", 1, 2, 251 * time.Millisecond},
		{"goroutine-per-item", "100us", 1, 2, 10*time.Millisecond + 120*time.Microsecond},
	} {
		setup := bench.Setup{Workers: tt.workers, Procs: tt.procs, Param: func(string) string { return tt.grain }}
		if got := Poolmap.Variant(tt.variant).Estimate(setup); got != tt.want {
			t.Errorf("%+v: got %v", tt, got)
		}
	}
}

func TestNoiseIsNotZero(t *testing.T) {
	if slices.Contains(noise(rand.New(rand.NewPCG(3, 4)), 1000), 0) {
		t.Error("an input is 0, so its result looks as if nobody had stored it")
	}
}
