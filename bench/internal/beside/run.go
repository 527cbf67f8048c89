package beside

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/tempdir"
)

// fewestRounds is how many give an interval.
const fewestRounds = 2

// Tests are in more of a hurry.
var (
	mostRounds  = 8 // more add little to the intervals
	helloWithin = 5 * time.Second
	jobWithin   = 20 * time.Second // a process that takes longer is killed
)

// A Config is what a set needs to be run.
type Config struct {
	Procs  int           // GOMAXPROCS of the cases to stand beside
	Budget time.Duration // for all rounds; no round is begun that would exceed it
	Seed   uint64        // of all orders
	Clock  func() time.Duration
	Sink   func(record.Event) error // takes up everything as it is measured
	Found  func(record.Interpreter) // if not nil, is told what was found, before the first round
}

// Run runs the programs of a set, if there is an interpreter for them. It
// returns the error of the context, of the sink, or of having no room to begin
// at all; what goes wrong with a job is an event that makes it void.
func (s *Set) Run(ctx context.Context, c Config) (err error) {
	began := c.Clock()
	dir, err := tempdir.New("beside")
	if err != nil {
		return fmt.Errorf("no temporary directory for the programs in %s: %w", s.Language, err)
	}
	defer tempdir.Remove(dir)
	if err := os.CopyFS(dir, s.Files); err != nil {
		return fmt.Errorf("cannot write the programs in %s: %w", s.Language, err)
	}
	found, err := s.find(ctx, dir)
	if err != nil {
		return err
	}
	if c.Found != nil {
		c.Found(found.Interpreter)
	}
	r := &run{Set: s, Config: c, began: began, dir: dir, path: found.path, void: make(map[string]bool), rng: rand.New(rand.NewPCG(c.Seed, 0))}
	if err := r.describe(found.Interpreter); err != nil || found.Absent != "" {
		return err
	}
	stop, err := r.serve()
	if err != nil {
		return err
	}
	return errors.Join(r.rounds(ctx), stop())
}

// A run is one call of Run.
type run struct {
	*Set
	Config
	began  time.Duration
	dir    string // of the programs
	path   string // of the interpreter
	served []string
	void   map[string]bool // jobs
	rng    *rand.Rand
}

// describe records what the rounds are about.
func (r *run) describe(i record.Interpreter) error {
	events := []*record.Peer{{Interpreter: &i}}
	for _, j := range r.Jobs {
		for _, w := range j.Ways {
			c := w.Case
			c.Procs = r.Procs
			events = append(events, &record.Peer{Way: &record.PeerWay{
				PeerKey: record.PeerKey{Job: j.Name, Way: w.Name, Workers: w.Workers},
				Title:   w.Title, Unit: j.Unit, Case: c.Name(), PerOp: j.PerOp, Racy: w.Racy, Notes: w.Note,
			}})
		}
	}
	for _, e := range events {
		if err := r.Sink(record.Event{Peer: e}); err != nil {
			return err
		}
	}
	return nil
}

// serve starts what some jobs need. Without it these are void.
func (r *run) serve() (stop func() error, err error) {
	stop = func() error { return nil }
	if !slices.ContainsFunc(r.Jobs, func(j Job) bool { return j.Served }) {
		return stop, nil
	}
	args, stopServing, failed := r.Serve()
	if failed == nil {
		r.served = args
		return stopServing, nil
	}
	for i := range r.Jobs {
		if j := &r.Jobs[i]; j.Served {
			if err := r.fail(j, failed); err != nil {
				return stop, err
			}
		}
	}
	return stop, nil
}

// fail makes a job void.
func (r *run) fail(j *Job, why error) error {
	r.void[j.Name] = true
	var wrong *wrongResult
	return r.Sink(record.Event{Peer: &record.Peer{Void: &record.PeerVoid{
		Job: j.Name, Wrong: errors.As(why, &wrong), Why: record.OneLine(why.Error()),
	}}})
}

// rounds measures as often as the budget allows, judging the next round by the
// longest so far.
func (r *run) rounds(ctx context.Context) error {
	longest := time.Duration(0)
	for fork := 1; fork <= mostRounds && len(r.void) < len(r.Jobs); fork++ {
		start := r.Clock()
		if fork > fewestRounds && start-r.began+longest > r.Budget {
			return nil
		}
		for _, i := range r.rng.Perm(len(r.Jobs)) {
			if j := &r.Jobs[i]; !r.void[j.Name] {
				if err := r.job(ctx, j, fork); err != nil {
					return err
				}
			}
		}
		longest = max(longest, r.Clock()-start)
	}
	return nil
}

// job does one job in all of its ways, in a fresh process.
func (r *run) job(ctx context.Context, j *Job, fork int) error {
	ways := slices.Clone(j.Ways)
	r.rng.Shuffle(len(ways), func(a, b int) { ways[a], ways[b] = ways[b], ways[a] })
	trials, err := r.measure(ctx, j, ways)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return r.fail(j, err)
	}
	for i, t := range trials {
		if err := r.Sink(record.Event{Peer: &record.Peer{Trial: &record.PeerTrial{
			PeerKey: record.PeerKey{Job: j.Name, Way: t.way, Workers: t.workers},
			Fork:    fork, Order: i + 1, Units: j.Units, Elapsed: t.elapsed, Total: t.total, Expected: t.expected,
		}}}); err != nil {
			return err
		}
	}
	return nil
}

// measure runs the program of a job and returns a trial for each of the ways.
func (r *run) measure(ctx context.Context, j *Job, ways []Way) ([]trial, error) {
	args := append(r.arguments(), j.Program, "--json", "--ways="+list(ways))
	args = append(args, j.Args...)
	if j.Served {
		args = append(args, r.served...)
	}
	printed, failed := output(ctx, jobWithin, r.dir, r.path, args...)
	trials, err := parseTrials(j.Program, printed)
	if err == nil {
		err = asked(j.Program, trials, ways)
	}
	// A wrong result has the program exit with 1, and is what is to be told.
	var wrong *wrongResult
	if failed != nil && !errors.As(err, &wrong) {
		return nil, fmt.Errorf("%s: %w", j.Program, failed)
	}
	return trials, err
}

// list writes ways as the programs take them.
func list(ways []Way) string {
	parts := make([]string, len(ways))
	for i, w := range ways {
		parts[i] = fmt.Sprintf("%s:%d", w.Name, w.Workers)
	}
	return strings.Join(parts, ",")
}

// A wrongResult is what a way came to that must not be wrong.
type wrongResult struct{ text string }

func (w *wrongResult) Error() string { return w.text }

// asked checks that the trials are of the ways that were asked for, and right
// where they must be.
func asked(program string, trials []trial, ways []Way) error {
	for i, t := range trials {
		if i >= len(ways) || t.way != ways[i].Name || t.workers != ways[i].Workers {
			return fmt.Errorf("%s did %.40q with %d workers, which is not what was asked for", program, t.way, t.workers)
		}
		if t.total != t.expected && !ways[i].Racy {
			return &wrongResult{fmt.Sprintf("%s: %s with %d workers came to %d, expected %d", program, t.way, t.workers, t.total, t.expected)}
		}
	}
	if len(trials) < len(ways) {
		return fmt.Errorf("%s did %d of %d ways", program, len(trials), len(ways))
	}
	return nil
}
