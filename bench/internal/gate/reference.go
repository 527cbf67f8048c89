package gate

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// A Reference is a number of earlier runs to compare with, the oldest first.
// More than one are kept, since whole runs of the same program differ by more
// than the processes of one run say: memory is laid out in another way, a
// neighbour is there or is not.
type Reference struct {
	Dir  string
	runs []referenceRun
}

type referenceRun struct {
	*record.Run
	file  string
	facts Facts
}

const (
	// keptReferences is how many runs are kept.
	keptReferences = 5

	// enoughReferences is from how many on the variance between them is
	// estimated. Below that the interval is widened by a floor on either side:
	// Check.Floor, which a calibration of this machine measured, or
	// DefaultFloor.
	enoughReferences = 3

	// DefaultFloor is by how much two runs of one binary on one machine
	// differ now and then although nothing has changed. Samples of the same
	// binary in two processes differed by 1 to 4 % (the standard deviation of
	// their medians), and a run averages over several.
	DefaultFloor = 0.03
)

// ReadReference reads the runs in a directory, nil if there is none. A file that
// is not whole or not a run is an error: to leave it out in silence would move
// the reference.
func ReadReference(dir string) (*Reference, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the reference in %s: %w", dir, reason(err))
	}
	r := &Reference{Dir: dir}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".txt" {
			continue
		}
		run, err := readReferenceRun(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		r.runs = append(r.runs, run)
	}
	if len(r.runs) == 0 {
		return nil, nil
	}
	return r, nil
}

func readReferenceRun(path string) (referenceRun, error) {
	const remedy = "remove it, and measure another with check -update-reference"
	run, err := record.ReadFile(path)
	if err != nil {
		return referenceRun{}, fmt.Errorf("the reference cannot be read: %w; or %s", err, remedy)
	}
	switch {
	case run.GoTest:
		return referenceRun{}, fmt.Errorf("%s: this is the output of go test, not a reference: %s", path, remedy)
	case run.Interrupted != "":
		return referenceRun{}, fmt.Errorf("%s: the reference was interrupted: %s", path, remedy)
	case run.Partial:
		return referenceRun{}, fmt.Errorf("%s: the reference has no end: it is truncated, or was still being written: %s", path, remedy)
	case len(run.Voids) > 0:
		return referenceRun{}, fmt.Errorf("%s: the reference has the void case %s: %s", path, run.Voids[0].Case, remedy)
	case len(run.Measurements) == 0:
		return referenceRun{}, fmt.Errorf("%s: the reference holds no measurements: %s", path, remedy)
	}
	return referenceRun{Run: run, file: path, facts: FactsOf(run.Settings, run.Measurements[0].Case.Procs)}, nil
}

// Facts returns the facts of the newest run.
func (r *Reference) Facts() Facts { return r.runs[len(r.runs)-1].facts }

// UpdateReference makes a complete run file one of the reference's runs, and
// removes the oldest beyond five.
func UpdateReference(dir, file string, now time.Time) (path string, err error) {
	if _, err := readReferenceRun(file); err != nil {
		return "", err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("cannot write %s: %w", dir, reason(err))
	}
	// Names sort by time.
	path = filepath.Join(dir, now.UTC().Format("20060102-150405.000")+".txt")
	beside := filepath.Join(dir, ".new")
	if err := errors.Join(os.WriteFile(beside, data, 0o644), os.Rename(beside, path)); err != nil {
		return "", fmt.Errorf("cannot write %s: %w", path, reason(err))
	}
	all, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return "", err
	}
	slices.Sort(all)
	for len(all) > keptReferences {
		if err := os.Remove(all[0]); err != nil {
			return "", fmt.Errorf("cannot remove the oldest reference: %w", err)
		}
		all = all[1:]
	}
	return path, nil
}

// A quantity is what a regression is about: the logarithm of a time, or of how
// many times the baseline's it is, with the standard error over forks.
type quantity struct {
	log, err float64
	forks    int
}

// quantityOf returns the quantity of a question in a run, at the GOMAXPROCS of
// that run. ok is false if the run has not measured it in two forks or more.
func quantityOf(run *record.Run, q *Question) (quantity, bool) {
	samples := func(c bench.Case) (s []stats.Sample) {
		for i := range run.Measurements {
			m := &run.Measurements[i]
			of := m.Case
			of.Procs = c.Procs
			if of == c && !m.Racy {
				s = append(s, stats.Sample{Fork: m.Fork, Round: m.Round, Value: m.PerOp()})
			}
		}
		return s
	}
	i := stats.Level(samples(q.Case), stats.Confidence)
	if q.Rule.Portable {
		i = stats.Ratio(samples(q.Case), samples(q.Base), stats.Confidence)
	}
	if !i.Bounded() {
		return quantity{}, false
	}
	half := math.Log(i.Hi/i.Lo) / 2
	return quantity{math.Log(i.Value), half / stats.TQuantile((1+stats.Confidence)/2, i.N-1), i.N}, true
}

// change returns the log ratio of a new run's quantity to that of earlier runs,
// with an interval that holds the variance between runs.
//
// The new run is one more draw from what runs of this program come to, so that
// the variance of the difference is s²(1+1/k) for k earlier runs with variance
// s² of their means, and beside it the error of the new run itself, which may
// have had fewer forks. The degrees of freedom are Welch's. Counting the error
// within runs twice makes the interval wider than it need be, never narrower.
// Where there are too few runs for a variance, it is widened by a part.
func change(now quantity, earlier []quantity, confidence, widened float64) stats.Interval {
	means := make([]float64, len(earlier))
	within := 0.0
	for i, q := range earlier {
		means[i] = q.log
		within += q.err * q.err / float64(len(earlier)*len(earlier))
	}
	k := float64(len(earlier))
	mean := stats.Mean(means, confidence)
	a, b := within, now.err*now.err
	dfA, dfB := math.Inf(1), float64(now.forks-1)
	floor := math.Log1p(widened)
	if len(earlier) >= enoughReferences {
		standard := mean.Half() / stats.TQuantile((1+confidence)/2, len(earlier)-1) // of the mean: s/√k
		a, dfA, floor = standard*standard*(k+1), k-1, 0
	} else if len(earlier) > 0 {
		dfA = float64(earlier[0].forks - 1)
	}
	out := stats.Interval{Value: now.log - mean.Value, N: now.forks}
	half := floor
	if a+b > 0 {
		df := (a + b) * (a + b) / (a*a/dfA + b*b/dfB)
		half += stats.TQuantile((1+confidence)/2, max(int(df), 1)) * math.Sqrt(a+b)
	}
	out.Lo, out.Hi = out.Value-half, out.Value+half
	return out
}
