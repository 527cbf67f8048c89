package provoke_test

import (
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench/demo"
	"github.com/interleave-go/interleave/bench/internal/measure"
	"github.com/interleave-go/interleave/bench/internal/provoke"
	"github.com/interleave-go/interleave/bench/internal/race"
	"github.com/interleave-go/interleave/scenarios/races"
)

// each runs a test for each demonstration of the catalogue.
func each(t *testing.T, test func(*testing.T, *demo.Demo)) {
	if runtime.GOOS == "windows" {
		t.Skip("children do not inherit descriptors there")
	}
	c := races.All()
	for i := range c.Demos {
		d := &c.Demos[i]
		t.Run(d.Name, func(t *testing.T) { test(t, d) })
	}
}

func TestCatalogue(t *testing.T) {
	c := races.All()
	if err := demo.Validate(c.Demos); err != nil {
		t.Error(err)
	}
	if n := len(c.Demos); n < 24 {
		t.Errorf("there are %d demonstrations, want at least 24", n)
	}
	for i := range c.Demos {
		d := &c.Demos[i]
		source, err := provoke.Code(c.Sources, &d.Racy)
		if err != nil {
			t.Errorf("%s: %v", d.Name, err)
			continue
		}
		text, err := fs.ReadFile(c.Sources, source.File)
		if err != nil {
			t.Fatal(err)
		}
		if len(provoke.MarkedLines(string(text))) == 0 {
			t.Errorf("%s: %s marks no line that conflicts", d.Name, source.File)
		}
		if len(d.Read) == 0 {
			t.Errorf("%s: there is nothing to read on", d.Name)
		}
	}
}

// Each bug shows, where it can, and what hides it is declared.
func TestBugsShow(t *testing.T) {
	each(t, func(t *testing.T, d *demo.Demo) {
		cores := min(runtime.NumCPU(), runtime.GOMAXPROCS(0))
		visible, why := d.Expect.Here(runtime.GOARCH, cores)
		if measure.RaceBuild && d.Expect.Detector == demo.Always {
			// Its own calls stand between all accesses: a loop no longer
			// hangs, a string is hardly ever torn.
			t.Skip("the detector changes what the code does: TestDetector asks whether it reports")
		}
		// Fresh processes differ, so there are some more before a bug
		// counts as hidden. The first is nearly always enough.
		const processes, trials = 10, 10
		seen := 0
		for range processes {
			for _, l := range bestLevels(d) {
				r := rate(t, d, &d.Racy, l, trials)
				seen += r.Anomalies
				if !visible && r.Anomalies > 0 {
					t.Fatalf("it shows (%s), and should not: %s", r.Example, why)
				}
			}
			if seen > 0 || !visible {
				return
			}
		}
		t.Errorf("it never showed in %d processes at %v", processes, bestLevels(d))
	})
}

// bestLevels are the levels at which a bug shows most.
func bestLevels(d *demo.Demo) []demo.Level {
	switch {
	case d.Alone:
		return []demo.Level{demo.Written}
	case d.Racy.Yield != nil:
		return []demo.Level{demo.Yielding}
	case runtime.NumCPU() < 2:
		return []demo.Level{demo.More}
	}
	return []demo.Level{demo.Aligned}
}

func rate(t *testing.T, d *demo.Demo, w *demo.Way, l demo.Level, trials int) *provoke.Rate {
	t.Helper()
	if d.Expect.Hangs && w == &d.Racy || d.Expect.Leaks {
		trials = 1
	}
	r, err := self(t).Rate(t.Context(), d, w, l, provoke.Amount{Processes: 1, Trials: trials})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Ends {
		if e.Kind != provoke.Reported { // under the detector
			t.Fatalf("%s, %v: a child ended as it should not: %v", w.Name, l, e)
		}
	}
	return r
}

// Every right fix is right at every level.
func TestFixesAreRight(t *testing.T) {
	if measure.RaceBuild {
		t.Skip("TestDetector runs them all")
	}
	each(t, func(t *testing.T, d *demo.Demo) {
		for i := range d.Fixes {
			w := &d.Fixes[i]
			levels := []demo.Level{demo.Written, demo.Aligned}
			if w.Yield != nil {
				levels = append(levels, demo.Yielding)
			}
			if d.Alone || runtime.NumCPU() < 2 {
				levels = slices.DeleteFunc(levels, func(l demo.Level) bool { return l == demo.Aligned })
			}
			for _, l := range levels {
				if r := rate(t, d, w, l, 3); r.Anomalies > 0 {
					t.Errorf("%s, %v: %d of %d went wrong: %s", w.Name, l, r.Anomalies, r.Trials, r.Example)
				}
			}
		}
	})
}

// A wrong fix is wrong still, and as silent or loud as declared.
func TestWrongFixesAreWrong(t *testing.T) {
	each(t, func(t *testing.T, d *demo.Demo) {
		for i := range d.Wrong {
			w := &d.Wrong[i]
			if r := rate(t, d, w, demo.Yielding, 10); w.Yield != nil && r.Anomalies == 0 {
				t.Errorf("%s: nothing went wrong in %d trials", w.Name, r.Trials)
			}
			if !measure.RaceBuild {
				continue
			}
			got := detect(t, d, w, provoke.Wrong, 3)
			if silent := got.Reported == 0; silent != (w.Unfixed == demo.LogicBug) {
				t.Errorf("%s is declared to be a %v, and the detector reported in %d of %d runs", w.Name, w.Unfixed, got.Reported, got.Runs)
			}
		}
	})
}

func detect(t *testing.T, d *demo.Demo, w *demo.Way, role provoke.Role, runs int) *provoke.Detection {
	t.Helper()
	built := provoke.Built{Program: self(t), Dir: t.TempDir()}
	got, err := built.Detect(t.Context(), d, w, role, runs)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range got.Ends {
		t.Errorf("%s: a child ended as it should not: %v", w.Name, e)
	}
	return got
}

// The detector says of the racy code and of the fixes what is declared, and
// points at marked lines. The test binary under -race is the program.
func TestDetector(t *testing.T) {
	if !measure.RaceBuild {
		t.Skip("this program has no race detector: go test -race")
	}
	c := races.All()
	each(t, func(t *testing.T, d *demo.Demo) {
		got := detect(t, d, &d.Racy, provoke.Racy, 3)
		switch d.Expect.Detector {
		case demo.Always:
			if got.Reported != got.Runs {
				t.Errorf("the detector reported in %d of %d runs, and is declared to report always", got.Reported, got.Runs)
			}
		case demo.Never:
			if got.Reported != 0 {
				t.Errorf("the detector reported in %d of %d runs, and is declared to be silent", got.Reported, got.Runs)
			}
		}
		for _, r := range got.Races {
			for _, a := range r.Accesses {
				if !slices.ContainsFunc(a.Stack, inCatalogue) {
					continue // package sync leaves the frame that called it out of some reports
				}
				f := a.Headline(provoke.Skip)
				text := sourceOf(t, c.Sources, path.Base(f.File))
				if !slices.Contains(provoke.MarkedLines(text), f.Line) {
					t.Errorf("the detector points at %s, which is not marked", f.Pos())
				}
			}
		}
		for i := range d.Fixes {
			if got := detect(t, d, &d.Fixes[i], provoke.Right, 5); got.Reported > 0 {
				t.Errorf("the detector objects to the fix %s: %s", d.Fixes[i].Name, got.Races[0].Key(provoke.Skip))
			}
		}
	})
}

// inCatalogue reports whether a frame is of a demonstration.
func inCatalogue(f race.Frame) bool {
	return strings.Contains(f.File, "/scenarios/races/") && !provoke.Skip(f)
}

func sourceOf(t *testing.T, sources fs.FS, base string) string {
	for _, dir := range []string{".", "flagged"} {
		if text, err := fs.ReadFile(sources, path.Join(dir, base)); err == nil {
			return string(text)
		}
	}
	t.Fatalf("there is no %s among the sources", base)
	return ""
}
