package benchtest

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
)

// An outcome is what a trial that ran has to say.
type outcome struct {
	wrong   error // what is wrong with the result, or nil
	metrics map[string]float64
}

// untimed is for once in a test.
func untimed(run func() error) error { return run() }

// once takes one trial of a case through its life: New, Run, Verify, Metrics,
// Close. It calls timed with the part to be timed. After an error of New or Run
// there is no outcome; Close is called whenever there is a trial. A panic in
// any of them is an error, so that the other cases get their turn.
func once(tb testing.TB, s *bench.Scenario, c bench.Case, n int, timed func(run func() error) error) (result outcome, err error) {
	dir, err := os.MkdirTemp(tb.TempDir(), "trial")
	if err != nil {
		return outcome{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	start := time.Now()
	setup := s.Setup(c, n)
	setup.Dir = dir
	setup.Clock = func() time.Duration { return time.Since(start) }

	var trial *bench.Trial
	err = guard("New", func() (err error) {
		trial, err = s.Variant(c.Variant).New(tb.Context(), setup)
		return err
	})
	if err != nil {
		return outcome{}, err
	}
	if trial != nil && trial.Close != nil {
		defer func() { err = errors.Join(err, guard("Close", trial.Close)) }()
	}
	if err := bench.CheckTrial(trial); err != nil {
		return outcome{}, err
	}
	err = guard("Run", func() error {
		return timed(func() error { return trial.Run(tb.Context()) })
	})
	if err != nil {
		return outcome{}, err
	}
	result.wrong = guard("Verify", trial.Verify)
	if trial.Metrics != nil {
		err = guard("Metrics", func() error {
			result.metrics = trial.Metrics()
			return nil
		})
	}
	return result, err
}

// guard calls f and says of an error, or of a panic, where it came from.
func guard(where string, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s panicked: %v\n%s", where, p, debug.Stack())
		}
	}()
	if err := f(); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	return nil
}
