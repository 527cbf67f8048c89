package calibrate

import (
	"context"
	"sync"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
)

// A load is a busy neighbour that can be switched on and off.
type load struct {
	starter measure.Starter
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// on starts the neighbour, if it does not run.
func (l *load) on(ctx context.Context) error {
	if l.stop != nil {
		return nil
	}
	fork, err := l.starter.Start(ctx, 1)
	if err != nil {
		return err
	}
	ctx, l.stop = context.WithCancel(ctx)
	l.done.Go(func() {
		// The answer never comes: the process is killed when the context
		// ends.
		_, _ = fork.Trial(ctx, measure.Request{Case: bench.Case{Scenario: prefix + "burn", Variant: "busy", Workers: 1, Procs: 1}, N: 1})
		fork.Close()
	})
	return nil
}

// off stops the neighbour and waits until it is gone.
func (l *load) off() {
	if l.stop != nil {
		l.stop()
		l.done.Wait()
		l.stop = nil
	}
}
