package scenarios

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/panjf2000/ants/v2"
	"github.com/samber/lo/parallel"
	"github.com/sourcegraph/conc/iter"
	"golang.org/x/sync/errgroup"

	"github.com/interleave-go/interleave/bench"
)

// mapBuffer is the capacity of the buffered pool's channel: enough that the
// feeder and the workers rarely wait for each other.
const mapBuffer = 256

// mapBlocks is how often the loop of the baseline looks at its context.
const mapBlocks = 100

// Whoever imports ants gets a pool with two goroutines that wake up twice a
// second, in every process that measures, whatever it measures. Nothing here
// uses that pool: the variant makes one of its own.
func init() { ants.Release() }

func mapSequential(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return mapTrial(setup, func(ctx context.Context, m *mapping) error {
		block := max(1, len(m.in)/mapBlocks)
		for i := 0; i < len(m.in) && ctx.Err() == nil; i += block {
			end := min(i+block, len(m.in))
			m.leaf(m.in[i:end], m.out[i:end])
		}
		return ctx.Err()
	})
}

func mapGoroutinePerItem(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return mapTrial(setup, func(ctx context.Context, m *mapping) error {
		var items sync.WaitGroup
		for i := range m.in {
			if ctx.Err() != nil {
				break
			}
			items.Go(func() { m.do(i) })
		}
		items.Wait()
		return ctx.Err()
	})
}

func mapSemaphore(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return mapTrial(setup, func(ctx context.Context, m *mapping) error {
		places := make(chan struct{}, m.workers)
		var items sync.WaitGroup
		for i := range m.in {
			places <- struct{}{}
			if ctx.Err() != nil {
				break
			}
			items.Go(func() {
				m.do(i)
				<-places
			})
		}
		items.Wait()
		return ctx.Err()
	})
}

func mapErrgroup(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return mapTrial(setup, func(ctx context.Context, m *mapping) error {
		var items errgroup.Group
		items.SetLimit(m.workers)
		for i := range m.in {
			if ctx.Err() != nil {
				break
			}
			items.Go(func() error {
				m.do(i)
				return nil
			})
		}
		return cmp.Or(items.Wait(), ctx.Err())
	})
}

func mapPool(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return mapTrial(setup, func(ctx context.Context, m *mapping) error { return m.pool(ctx, 0) })
}

func mapPoolBuffered(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return mapTrial(setup, func(ctx context.Context, m *mapping) error { return m.pool(ctx, mapBuffer) })
}

// pool sends the items to a fixed number of workers. The feeder does not wait
// for the context and the channel at once, which would double the price of an
// item: the workers always take what it sends.
func (m *mapping) pool(ctx context.Context, capacity int) error {
	items := make(chan int, capacity)
	var workers sync.WaitGroup
	for range m.workers {
		workers.Go(func() {
			for i := range items {
				if ctx.Err() == nil {
					m.do(i)
				}
			}
		})
	}
	for i := range m.in {
		if ctx.Err() != nil {
			break
		}
		items <- i
	}
	close(items)
	workers.Wait()
	return ctx.Err()
}

func mapInChunks(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return mapTrial(setup, func(ctx context.Context, m *mapping) error {
		return mapChunked(ctx, m.workers, m.in, m.out, m.leaf)
	})
}

// The peers, each as its documentation has it. Where they return a slice of
// their own, making it is part of the job, as it is for whoever calls them.

func mapConc(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return mapTrial(setup, func(ctx context.Context, m *mapping) error {
		mapper := iter.Mapper[uint64, uint64]{MaxGoroutines: m.workers}
		m.out = mapper.Map(m.in, func(x *uint64) uint64 {
			if ctx.Err() != nil {
				return 0
			}
			return m.item(*x)
		})
		return ctx.Err()
	})
}

func mapPond(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return mapTrial(setup, func(ctx context.Context, m *mapping) error {
		pool := pond.NewResultPool[uint64](m.workers)
		defer pool.StopAndWait()
		items := pool.NewGroupContext(ctx)
		for _, x := range m.in {
			items.Submit(func() uint64 { return m.item(x) })
		}
		out, err := items.Wait()
		m.out = out
		return err
	})
}

func mapAnts(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return mapTrial(setup, func(ctx context.Context, m *mapping) (err error) {
		var items sync.WaitGroup
		pool, err := ants.NewPoolWithFuncGeneric(m.workers, func(i int) {
			defer items.Done()
			m.do(i)
		})
		if err != nil {
			return err
		}
		// Release alone returns before the pool's goroutines have ended.
		defer func() { err = errors.Join(err, pool.ReleaseContext(context.WithoutCancel(ctx))) }()
		for i := range m.in {
			if ctx.Err() != nil {
				break
			}
			items.Add(1)
			if err := pool.Invoke(i); err != nil {
				return err
			}
		}
		items.Wait()
		return ctx.Err()
	})
}

func mapLo(_ context.Context, setup bench.Setup) (*bench.Trial, error) {
	return mapTrial(setup, func(ctx context.Context, m *mapping) error {
		m.out = parallel.Map(m.in, func(x uint64, _ int) uint64 {
			if ctx.Err() != nil {
				return 0
			}
			return m.item(x)
		})
		return ctx.Err()
	})
}
