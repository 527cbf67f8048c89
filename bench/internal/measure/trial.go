package measure

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
)

// A Request asks a fork for one trial.
type Request struct {
	Case     bench.Case `json:"case"`
	N        int        `json:"n"`                  // operations; ignored by fixed scenarios
	Timeline bool       `json:"timeline,omitempty"` // for looking at, not for measuring

	// Alone says that the process makes trials of this case only, so that the
	// garbage of earlier ones is its own. See timed.
	Alone bool `json:"alone,omitempty"`

	Start bench.Start `json:"start,omitempty"`
	Print bool        `json:"print,omitempty"` // return what the trial prints
	Out   io.Writer   `json:"-"`               // or write it here, in this process only

	Around func(run func() error) error `json:"-"` // see Here; in this process only
}

// An Answer is what one trial gave.
type Answer struct {
	Elapsed time.Duration      `json:"elapsed"`
	Metrics map[string]float64 `json:"metrics,omitempty"`
	Anomaly string             `json:"anomaly,omitempty"` // what a racy variant got wrong
	Problem *Problem           `json:"problem,omitempty"`
	Spans   []bench.Span       `json:"spans,omitempty"`
	Printed string             `json:"printed,omitempty"`
}

// A Problem is the reason why a trial gave no measurement.
type Problem struct {
	Wrong bool   `json:"wrong,omitempty"` // the result was wrong; otherwise the trial failed
	Text  string `json:"text"`
}

// Trial runs one trial in this process: set up, timed run, verification. dir
// is a directory in which it may make one for the trial.
func Trial(ctx context.Context, s *bench.Scenario, req Request, clock Clock, dir string) (answer Answer) {
	v := s.Variant(req.Case.Variant)
	fail := func(format string, args ...any) Answer {
		text := fmt.Sprintf("scenario %q, variant %q: %s", s.Name, v.Name, fmt.Sprintf(format, args...))
		return Answer{Problem: &Problem{Text: brief(text)}}
	}
	phase := "New"
	defer func() {
		if p := recover(); p != nil {
			answer = fail("%s panicked: %v", phase, p)
		}
	}()

	setup := s.Setup(req.Case, req.N)
	setup.Clock = clock
	setup.Dir = filepath.Join(dir, "trial")
	if err := os.MkdirAll(setup.Dir, 0o700); err != nil {
		return fail("%v", err)
	}
	defer removeIfUsed(setup.Dir)
	setup.Start, setup.Out = req.Start, req.Out
	if req.Timeline {
		setup.Timeline = bench.NewTimeline(clock)
	}
	var printed strings.Builder
	if req.Print {
		setup.Out = &printed
		defer func() { answer.Printed = printed.String() }()
	}
	trial, err := v.New(ctx, setup)
	if err != nil {
		return fail("New failed: %v", err)
	}
	if err := bench.CheckTrial(trial); err != nil {
		return fail("%v", err)
	}
	defer func() {
		if err := closeTrial(trial); err != nil && answer.Problem == nil {
			answer = fail("%v", err)
		}
	}()

	run := trial.Run
	if req.Around != nil {
		run = func(ctx context.Context) error { return req.Around(func() error { return trial.Run(ctx) }) }
	}
	phase = "Run"
	if answer, err = timed(ctx, run, clock, operations(s, req.N), !req.Alone); err != nil {
		return fail("Run failed: %v", err)
	}
	answer.Spans = setup.Timeline.Spans()
	for i := range answer.Spans {
		answer.Spans[i].Label = brief(answer.Spans[i].Label)
	}
	phase = "Verify"
	if err := trial.Verify(); err != nil {
		if !v.Racy {
			answer = fail("wrong result: %v", err)
			answer.Problem.Wrong = true
			return answer
		}
		answer.Anomaly = cmp.Or(brief(err.Error()), "wrong result")
	}
	if trial.Metrics != nil {
		phase = "Metrics"
		own := trial.Metrics()
		for _, unit := range slices.Sorted(maps.Keys(own)) {
			if err := record.CheckMetric(unit, own[unit]); err != nil {
				return fail("Metrics failed: %v", err)
			}
		}
		maps.Copy(answer.Metrics, own)
	}
	return answer
}

// closeTrial closes a trial. It may have panicked before: a second panic must
// not hide the first.
func closeTrial(trial *bench.Trial) (err error) {
	if trial.Close == nil {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("Close panicked: %v", p)
		}
	}()
	if err := trial.Close(); err != nil {
		return fmt.Errorf("Close failed: %w", err)
	}
	return nil
}

// brief makes text of a scenario's fit for a line of the run file, whose
// length is bounded, and for a table.
func brief(text string) string {
	const limit = 400
	text = record.OneLine(text)
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return text
}

// timed calls run between two readings of the clock. Everything else that
// is read stands outside of these.
func timed(ctx context.Context, run func(context.Context) error, clock Clock, ops int, collect bool) (Answer, error) {
	// Garbage of other cases must not be collected on the time of this one.
	// A process with a single case goes on instead: then every trial pays for
	// as much garbage as it makes, sooner or later. Starting each from a clean
	// heap made the number of cycles in it a matter of a few bytes, and 5 %
	// more operations took 11 % more time.
	if collect {
		runtime.GC()
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	used := usage()
	start := clock()
	err := run(ctx)
	elapsed := clock() - start
	used = usage().since(used)
	runtime.ReadMemStats(&after)

	metrics := map[string]float64{
		"B/op":      float64(after.TotalAlloc-before.TotalAlloc) / float64(ops),
		"allocs/op": float64(after.Mallocs-before.Mallocs) / float64(ops),
	}
	if used.cpu > 0 && elapsed > 0 {
		metrics["cpus"] = float64(used.cpu) / float64(elapsed)
	}
	if used.known {
		metrics["nivcsw"] = float64(used.switches)
	}
	return Answer{Elapsed: elapsed, Metrics: metrics}, err
}

// operations is what a trial counts as: n operations, or one job.
func operations(s *bench.Scenario, n int) int {
	if s.Fixed > 0 {
		return 1
	}
	return n
}

// removeIfUsed empties a trial's directory. Most trials never touch theirs, so
// it is kept when it is empty: making a new one costs more than looking.
func removeIfUsed(dir string) {
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		os.RemoveAll(dir)
	}
}

// listHash identifies a list of scenarios: parent and child must mean the same
// thing by a case.
func listHash(all []bench.Scenario) string {
	var b strings.Builder
	for i := range all {
		s := &all[i]
		fmt.Fprintf(&b, "%q %d %q %v\n", s.Name, s.Fixed, s.AllParams(), s.Workers)
		for _, v := range s.Variants {
			fmt.Fprintf(&b, "  %q %v %v\n", v.Name, v.Workers, v.Racy)
		}
	}
	return hash(b.String())
}
