package runner

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
)

// A profiler watches trials in this process.
//
// Mutex and block profiles see Run and nothing else: they add up over time, so
// sampling is on while Run runs and off otherwise. A CPU profile and a trace
// cannot be halted and go on in one file. They watch all trials with their
// set-up and verification, and mark what belongs to Run: with the label
// phase=run on the goroutine that calls it and those that it starts, or with a
// region "Run". The pilot is never watched.
type profiler struct {
	suffix string                           // of the file
	start  func(io.Writer) error            // before the first trial
	around func(run func() error) error     // in place of each Run
	stop   func(io.Writer) error            // after the last trial
	look   func(binary, file string) string // the line that shows it
	note   string                           // what a reader must know
}

const profileKinds = "cpu, mutex, block or trace"

// newProfiler returns the profiler of a kind.
func newProfiler(ctx context.Context, kind string) (*profiler, error) {
	switch kind {
	case "cpu":
		return &profiler{
			suffix: "cpu.pprof", start: pprof.StartCPUProfile, look: pprofLine,
			around: func(run func() error) (err error) {
				pprof.Do(ctx, pprof.Labels("phase", "run"), func(context.Context) { err = run() })
				return err
			},
			stop: func(io.Writer) error { pprof.StopCPUProfile(); return nil },
			note: "set-up and verification are in it, too: add -tagfocus=phase=run to see Run alone",
		}, nil
	case "mutex":
		return collecting("mutex", "no goroutine waited for a lock", func(run func() error) error {
			defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
			return run()
		}), nil
	case "block":
		return collecting("block", "no goroutine waited for another (sleeping and the network do not count)", func(run func() error) error {
			runtime.SetBlockProfileRate(1)
			defer runtime.SetBlockProfileRate(0)
			return run()
		}), nil
	case "trace":
		return &profiler{
			suffix: "trace", start: trace.Start,
			look: func(_, file string) string { return "go tool trace " + quoted(file) },
			around: func(run func() error) (err error) {
				trace.WithRegion(ctx, "Run", func() { err = run() })
				return err
			},
			stop: func(io.Writer) error { trace.Stop(); return nil },
			note: `set-up and verification are in it, too: "User-defined regions" shows each Run`,
		}, nil
	}
	return nil, fmt.Errorf("-profile %q: choose %s", kind, profileKinds)
}

func pprofLine(binary, file string) string {
	return "go tool pprof -http=: " + quoted(binary) + " " + quoted(file)
}

// collecting returns the profiler of a kind that the runtime adds up while
// around lets it.
func collecting(kind, nothing string, around func(run func() error) error) *profiler {
	p := &profiler{suffix: kind + ".pprof", around: around, look: pprofLine}
	p.start = func(io.Writer) error { return nil }
	p.stop = func(w io.Writer) error {
		sums := pprof.Lookup(kind)
		if sums.Count() == 0 {
			p.note = "it is empty: while Run ran, " + nothing
		}
		return sums.WriteTo(w, 0)
	}
	return p
}
