package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/urfave/cli/v3"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/report"
	"github.com/interleave-go/interleave/bench/internal/tempdir"
)

const (
	profileFlag = "profile"

	// profileTime is how long trials are watched when -for does not say. A CPU
	// profile has 100 samples a second of each core: 2 s give some hundreds.
	profileTime = 2 * time.Second

	// A rate scenario's trial takes this part of it, much longer than one that
	// is measured, so that what stands around Run stays small beside it.
	profileTrials = 10
)

// profileWith are the flags that mean something beside -profile.
var profileWith = []string{profileFlag, "workers", "cpu", "param", "for", "benchtime", "o"}

// profile runs one case in this process, outside the statistics, and writes
// what a profiler saw. It touches nothing of the run that lies in the
// directory.
func (p *program) profile(ctx context.Context, c *cli.Command, sel measure.Selection, opts measure.Options) error {
	for _, f := range c.Flags {
		if name := f.Names()[0]; c.IsSet(name) && !slices.Contains(profileWith, name) {
			return fmt.Errorf("-profile runs one case, outside the statistics, and -%s has no meaning there: leave it out", name)
		}
	}
	prof, err := newProfiler(ctx, c.String(profileFlag))
	if err != nil {
		return err
	}
	s, one, err := p.single(sel)
	if err != nil {
		return err
	}
	if measure.RaceBuild {
		return errors.New("this program was built with the race detector, which changes what takes time: build it without -race")
	}
	long := cmp.Or(opts.Budget, profileTime)
	fmt.Fprintf(p.stderr, "profiling %s for about %v\n", record.ShortName(one.Name()), long)
	path := filepath.Join(c.String("o"), profileName(one, prof.suffix))
	h := &measure.Here{Scenario: s, Case: one, Clock: measure.RealClock(), Around: prof.around}
	var n int
	var all measure.Repeated
	var watched error
	err = writeBesideWith(path, func(w io.Writer) error {
		n, all, watched = watch(ctx, h, prof, cmp.Or(opts.Target, long/profileTrials), long, w)
		return watched
	})
	var wrong *wrongResult
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(watched, &wrong):
		fmt.Fprintf(p.stderr, "interleave: no profile was written: %v\n", wrong)
		return &finding{exitFinding}
	case watched != nil:
		return watched
	case err != nil:
		return fmt.Errorf("cannot write %s: %w: choose another directory with -o", path, reason(err))
	}
	return p.tellProfile(h, prof, path, n, all)
}

// A wrongResult ends a profile: what gives a wrong result is not worth making
// faster.
type wrongResult struct{ text string }

func (w *wrongResult) Error() string { return w.text }

// watch sizes the trials, and repeats them under the eyes of the profiler.
func watch(ctx context.Context, h *measure.Here, prof *profiler, target, long time.Duration, w io.Writer) (n int, all measure.Repeated, err error) {
	if h.Dir, err = tempdir.New("profile"); err != nil {
		return 0, all, err
	}
	defer tempdir.Remove(h.Dir)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(h.Case.Procs))
	n, problem := h.Size(ctx, target)
	if problem != nil {
		return 0, all, failed(problem)
	}
	if err := prof.start(w); err != nil {
		return 0, all, fmt.Errorf("cannot profile: %w", err)
	}
	all, problem = h.Repeat(ctx, n, long)
	err = prof.stop(w) // whatever the trials did
	if problem != nil {
		err = failed(problem)
	}
	return n, all, err
}

func failed(p *measure.Problem) error {
	if p.Wrong {
		return &wrongResult{p.Text}
	}
	return errors.New(p.Text)
}

// single returns the one case that is selected.
func (p *program) single(sel measure.Selection) (*bench.Scenario, bench.Case, error) {
	const most = 5
	sel.Alone = true
	blocks, _, err := measure.Select(p.scenarios, sel)
	if err != nil {
		return nil, bench.Case{}, err
	}
	var names []string
	for _, b := range blocks {
		for _, c := range b.Cases {
			names = append(names, record.ShortName(c.Name()))
		}
	}
	if n := len(names); n > 1 {
		list := strings.Join(names[:min(n, most)], ", ")
		if n > most {
			list += fmt.Sprintf(" and %d more", n-most)
		}
		return nil, bench.Case{}, fmt.Errorf("-profile takes one case, and the pattern %q matches %d: name one of %s", sel.Pattern, n, list)
	}
	if blocks[0].Racy {
		return nil, bench.Case{}, fmt.Errorf("%s is racy: a race may take its process with it, so it runs in processes of its own only: profile another variant", names[0])
	}
	return blocks[0].Scenario, blocks[0].Cases[0], nil
}

// profileName is the name of a case's file: letters, digits and -_.+ only, as
// every system and shell takes them.
func profileName(c bench.Case, suffix string) string {
	name := "profile-" + c.Scenario
	for part := range strings.SplitSeq(c.Params, "/") {
		if _, value, ok := strings.Cut(part, "="); ok {
			name += "-" + value
		}
	}
	name += fmt.Sprintf("-%s-w%d-p%d.%s", c.Variant, c.Workers, c.Procs, suffix)
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.+", r) {
			return r
		}
		return '_'
	}, name)
}

// tellProfile names the file, and the line to type next.
func (p *program) tellProfile(h *measure.Here, prof *profiler, path string, n int, all measure.Repeated) error {
	binary, err := os.Executable()
	if err != nil {
		binary = os.Args[0]
	}
	if dir, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(dir, binary); err == nil && filepath.IsLocal(rel) {
			binary = rel
		}
	}
	what := "a job each"
	if h.Scenario.Fixed == 0 {
		what = fmt.Sprintf("%d %ss each", n, cmp.Or(h.Scenario.Unit, "operation"))
	}
	trials := "1 trial"
	if all.Trials > 1 {
		trials = fmt.Sprintf("%d trials", all.Trials)
	}
	fmt.Fprintf(p.stdout, "%s, %s, %s in Run\n", trials, what, report.Duration(all.Ran))
	fmt.Fprintf(p.stdout, "profile: %s\n%s\n", path, prof.look(binary, path))
	if prof.note != "" {
		fmt.Fprintf(p.stdout, "(%s)\n", prof.note)
	}
	return nil
}

// quoted returns a file name as a shell takes it for one word.
func quoted(name string) string {
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.+/\\:=,@%", r)
	}
	if name != "" && strings.IndexFunc(name, func(r rune) bool { return !plain(r) }) < 0 {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
