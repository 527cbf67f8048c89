package hunt

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/bench/internal/tempdir"
)

// Options say what to hunt in, and how long.
type Options struct {
	Packages []string // patterns as go list takes them; none: the one in Dir
	Dir      string   // where go runs; "": here
	For      time.Duration
	Run      string // expression of test names, as go test -run
	Tags     string
	NoRace   bool // do without the detector
	Seed     uint64
	// Progress, if not nil, is told what happens, from one goroutine.
	Progress func(step string, passed time.Duration)
}

// A Result is what a hunt found.
type Result struct {
	Packages    []string      `json:"packages"`
	Detector    bool          `json:"race_detector"`
	Notes       []string      `json:"notes,omitempty"` // what could not be done
	Processes   int           `json:"processes"`
	Elapsed     time.Duration `json:"elapsed_ns"`
	Procs       []int         `json:"gomaxprocs"`
	OneCore     bool          `json:"one_core"` // some processes were bound to a core
	Seed        uint64        `json:"seed"`
	Tests       []Test        `json:"tests"`
	Findings    []Finding     `json:"findings"`
	Interrupted bool          `json:"interrupted,omitempty"`
}

// A Test is one of the tests, with the number of processes that showed each
// kind of fault in it.
type Test struct {
	Package   string       `json:"package"`
	Name      string       `json:"name"`
	Runs      int          `json:"runs"` // at least: of a process that died, one
	Processes int          `json:"processes"`
	Showed    map[Kind]int `json:"showed,omitempty"`
}

// Run hunts. When the context ends early, the result holds what was found up
// to then. An error means that nothing could be tried.
func Run(ctx context.Context, o Options) (*Result, error) {
	dir, err := tempdir.New("hunt")
	if err != nil {
		return nil, fmt.Errorf("no temporary directory to build tests in: %w", err)
	}
	defer tempdir.Remove(dir)
	h := &hunter{Options: o, dir: dir, tools: toolchain{o.Dir, o.Tags}, random: rand.New(rand.NewPCG(o.Seed, 0)), ledger: newLedger(o.Tags)}
	if err := h.prepare(ctx); err != nil {
		return nil, err
	}
	h.runner = &processes{dir: dir, rest: below(o.Run)}
	if err := h.loop(ctx); err != nil {
		return nil, err
	}
	return h.result(ctx.Err() != nil)
}

// A hunter is one hunt.
type hunter struct {
	Options
	dir      string
	tools    toolchain
	random   *rand.Rand
	runner   runner
	classify classifier
	ledger   *ledger
	packages []*pkg
	jobs     []*job
	detector bool
	notes    []string
	ended    int // processes that came to their end
	began    time.Time
	elapsed  time.Duration
}

func (h *hunter) note(format string, args ...any) {
	if line := fmt.Sprintf(format, args...); !slices.Contains(h.notes, line) {
		h.notes = append(h.notes, line)
	}
}

func (h *hunter) progress(step string) {
	if h.Progress != nil {
		passed := time.Duration(0)
		if !h.began.IsZero() {
			passed = time.Since(h.began)
		}
		h.Progress(step, passed)
	}
}

// prepare builds the tests and makes the jobs.
func (h *hunter) prepare(ctx context.Context) error {
	if len(h.Packages) == 0 {
		h.Packages = []string{"."}
	}
	env, err := h.tools.environment(ctx)
	if err != nil {
		return err
	}
	base, err := filepath.Abs(h.Dir)
	if err != nil {
		return err
	}
	h.classify = classifier{goroot: env.GOROOT, base: base}
	packages, without, err := h.tools.list(ctx, h.Packages)
	if err != nil {
		return err
	}
	if len(packages) == 0 {
		return fmt.Errorf("no tests in %s: name packages that have _test.go files", strings.Join(h.Packages, " "))
	}
	if n := len(without); n > 0 {
		h.note("without tests: %s", some(without, 4))
	}
	h.detector = !h.NoRace
	if why := env.detector(); h.detector && why != "" {
		h.detector = false
		h.note("race detector: not run, %s", why)
	}
	if err := h.build(ctx, packages, env.GOROOT); err != nil {
		return err
	}
	h.detector = false
	for _, p := range h.packages {
		h.detector = h.detector || p.binary[true] != ""
		h.addJobs(p)
	}
	if len(h.jobs) == 0 {
		if h.Options.Run != "" {
			return fmt.Errorf("-run %s matches no test of %s", h.Options.Run, some(paths(packages), 4))
		}
		return fmt.Errorf("no tests in %s: benchmarks are not run", some(paths(packages), 4))
	}
	return nil
}

// build builds the tests of all packages with and without the detector, and
// lists them.
func (h *hunter) build(ctx context.Context, packages []*pkg, goroot string) error {
	overlay := filepath.Join(h.dir, "overlay.json")
	replace := map[string]string{}
	for i, p := range packages {
		why, err := watch(p, i, h.dir, goroot, replace)
		switch {
		case err != nil:
			p.watched = false // the compiler will say it better
		case why != "":
			h.note("leaks: not looked for in %s, %s", p.ImportPath, why)
		}
	}
	if err := writeOverlay(overlay, replace); err != nil {
		return err
	}
	for i, p := range packages {
		if err := h.buildOne(ctx, p, i, overlay); err != nil {
			return err
		}
		list, err := h.tools.tests(ctx, p, h.Options.Run)
		if err != nil {
			return err
		}
		if p.tests = list; len(list) > 0 {
			h.packages = append(h.packages, p)
		}
	}
	return nil
}

// buildOne builds a package. Where our additions make it fail, it is built
// without them.
func (h *hunter) buildOne(ctx context.Context, p *pkg, n int, overlay string) error {
	file := func(race bool) string { return filepath.Join(h.dir, fmt.Sprintf("test%d-%t.exe", n, race)) }
	h.progress("building " + p.ImportPath)
	if !p.watched {
		overlay = ""
	}
	err := h.tools.build(ctx, p, false, overlay, file(false))
	if err != nil && ctx.Err() == nil && overlay != "" {
		overlay = ""
		if err = h.tools.build(ctx, p, false, "", file(false)); err == nil {
			p.watched = false
			h.note("leaks: not looked for in %s, it does not build with the file that does", p.ImportPath)
		}
	}
	if err != nil {
		return buildError(p, err)
	}
	if !h.detector {
		return nil
	}
	h.progress("building " + p.ImportPath + " with -race")
	var said *toolError
	if err := h.tools.build(ctx, p, true, overlay, file(true)); errors.As(err, &said) {
		first, _, _ := strings.Cut(said.text, "\n")
		h.note("race detector: not run in %s, which go test -race does not build: %s", p.ImportPath, strings.TrimPrefix(first, "go: "))
	} else if err != nil {
		return err
	}
	return nil
}

func buildError(p *pkg, err error) error {
	var said *toolError
	if errors.As(err, &said) {
		return fmt.Errorf("the tests of %s do not build:\n%w", p.ImportPath, err)
	}
	return err
}

// addJobs makes a job of each test, and one of all together.
func (h *hunter) addJobs(p *pkg) {
	for _, t := range p.tests {
		h.jobs = append(h.jobs, h.newJob(p, []string{t}, false))
	}
	if len(p.tests) > 1 {
		h.jobs = append(h.jobs, h.newJob(p, p.tests, true))
	}
}

func (h *hunter) newJob(p *pkg, tests []string, group bool) *job {
	all := settings(procsList(runtime.NumCPU()), p.binary[true] != "", canPin())
	return &job{pkg: p, tests: tests, group: group, settings: shuffled(all, h.random), random: h.random, pace: map[bool]*pace{}}
}

// result draws up what was found.
func (h *hunter) result(interrupted bool) (*Result, error) {
	for _, j := range h.jobs {
		if !j.pkg.fragile(j.tests) {
			h.ledger.process(j.held) // too late to try again
		}
	}
	r := &Result{
		Packages: paths(h.packages), Detector: h.detector, Notes: h.notes, Elapsed: h.elapsed, Seed: h.Seed,
		Procs: procsList(runtime.NumCPU()), OneCore: canPin() && runtime.NumCPU() > 1,
		Findings: h.ledger.findings(), Interrupted: interrupted,
	}
	var missed []string
	for _, p := range h.packages {
		for _, name := range p.tests {
			t := h.ledger.test(p, name)
			if r.Tests = append(r.Tests, t); t.Processes == 0 {
				missed = append(missed, name)
			}
		}
		if again := slices.Sorted(maps.Keys(p.again)); len(again) > 0 {
			r.Notes = append(r.Notes, fmt.Sprintf("cannot run twice in one process, so each process runs them once: %s", some(again, 4)))
		}
	}
	for _, c := range h.ledger.places {
		r.Processes += c.processes
	}
	if h.ended == 0 && len(r.Findings) == 0 && !interrupted {
		return nil, fmt.Errorf("no test came to its end within %v: give more time with -for", h.For)
	}
	if len(missed) > 0 {
		r.Notes = append(r.Notes, "no time for, or no end of: "+some(missed, 4))
	}
	return r, nil
}

func paths(packages []*pkg) []string {
	var list []string
	for _, p := range packages {
		list = append(list, p.ImportPath)
	}
	return list
}

// some lists a few of many.
func some(list []string, most int) string {
	text := strings.Join(list[:min(most, len(list))], ", ")
	if more := len(list) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
