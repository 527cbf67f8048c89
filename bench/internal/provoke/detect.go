package provoke

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/race"
)

// A Detection is what the race detector said about one way.
type Detection struct {
	Runs     int // processes, or trials of a fix
	Reported int // of them with at least one report

	// Races are the distinct pairs of lines, with the report that showed each
	// first.
	Races []race.Report

	Ends []End // of children that ended as they should not
}

// Skip is what a headline passes over: the machinery of Go, and our own.
var Skip = race.Skip(race.Machinery).Or(Own)

// Own reports whether a frame is of the package that runs demonstrations.
func Own(f race.Frame) bool { return f.Package() == demoPackage }

// gorace are the options of the detector. Without atexit_sleep_ms every process
// would sleep for a second at its end, reports or none. With the default
// history_size the detector forgets what a goroutine that has ended did, after
// 25 000 operations of another one, and says nothing.
const gorace = "halt_on_error=0 exitcode=66 atexit_sleep_ms=0 history_size=7"

// Detect runs a way in so many processes, one trial each. For a fix one process
// makes all trials: there is nothing to find that a fresh process would find
// sooner.
func (b *Built) Detect(ctx context.Context, d *demo.Demo, w *demo.Way, role Role, runs int) (*Detection, error) {
	det := &Detection{Runs: runs}
	seen := make(map[string]bool)
	processes, trials := runs, 1
	if role == Right {
		processes, trials = 1, runs
	}
	for range processes {
		job := JobFor(d, w, demo.Written, trials)
		reports, end, err := b.once(ctx, job)
		if err != nil {
			return nil, err
		}
		if len(reports) > 0 {
			det.Reported++
		}
		for _, r := range reports {
			if key := r.Key(Skip); !seen[key] {
				seen[key] = true
				det.Races = append(det.Races, r)
			}
		}
		if k := end.Kind; k != Done && k != Reported && !end.Crash() && k != Hung {
			det.Ends = append(det.Ends, end)
		}
	}
	return det, nil
}

// once runs one child under the detector and returns what is in its log. A
// directory for the log is made anew: one that is missing would give the exit
// code of a report, and no report.
func (b *Built) once(ctx context.Context, job demo.Job) ([]race.Report, End, error) {
	dir, err := os.MkdirTemp(b.Dir, "log-")
	if err != nil {
		return nil, End{}, fmt.Errorf("no directory for the detector's log: %w", err)
	}
	defer os.RemoveAll(dir)
	p := b.Program
	p.Env = append(p.Env, fmt.Sprintf("GORACE=%s log_path=%s", gorace, filepath.Join(dir, "r")))
	o, err := p.Run(ctx, job, Silence)
	if err != nil {
		return nil, End{}, err
	}
	text, err := logs(dir)
	if err != nil {
		return nil, End{}, fmt.Errorf("cannot read the detector's log: %w", err)
	}
	reports := race.Parse(text)
	for i := range reports {
		shorten(&reports[i])
	}
	if len(reports) == 0 && o.End.Kind == Reported {
		o.End = End{Failed, o.End.Code, "it exited as after a report, and there is no report: can the temporary directory be written to?"}
	}
	return reports, o.End, nil
}

// logs returns all log files of a directory together.
func logs(dir string) (string, error) {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	var all strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return "", err
		}
		all.Write(text)
		all.WriteByte('\n')
	}
	return all.String(), nil
}

// shorten takes from the positions what the temporary module has put before
// them: "example.com/races@v0.0.0/x.go" becomes "example.com/races/x.go".
func shorten(r *race.Report) {
	for i := range r.Accesses {
		for _, stack := range [][]race.Frame{r.Accesses[i].Stack, r.Accesses[i].Created} {
			for j := range stack {
				stack[j].File = strings.Replace(stack[j].File, "@v0.0.0/", "/", 1)
			}
		}
	}
}
