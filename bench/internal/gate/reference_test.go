package gate

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/bench"
	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/stats"
)

// runFile is a run of two cases of nap, the second faster by a factor.
func runFile(t *testing.T, seed uint64, speedup, scale float64, cpu string, change ...func(*record.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	w := record.NewWriter(&b)
	put := func(e record.Event) {
		t.Helper()
		if err := w.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	put(record.Event{Run: &record.Header{Format: record.Format, ID: "test"}})
	put(record.Event{Settings: []record.Setting{{Key: "goos", Value: "linux"}, {Key: "cpu", Value: cpu}, {Key: "cpus", Value: "2"}, {Key: "go", Value: "go1.26.8"}}})
	nap := toys()[0]
	for _, e := range record.Describe(&nap, "") {
		put(e)
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	for fork := 1; fork <= 12; fork++ {
		for i, c := range nap.Cases("", 2) {
			if c.Workers != 2 {
				continue
			}
			each := 40e6 * scale
			if c.Variant == "many" {
				each /= speedup
			}
			elapsed := time.Duration(each * math.Exp(0.005*rng.NormFloat64()))
			put(record.Event{Measurement: &record.Measurement{Case: c, Place: record.Place{Fork: fork, Round: 1, Order: i + 1}, Ops: 1, Elapsed: elapsed}})
		}
	}
	for _, f := range change {
		f(w)
	}
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// references writes so many runs and reads them.
func references(t *testing.T, n int, speedup float64, cpu string) *Reference {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.txt", i)), runFile(t, uint64(i), speedup, 1, cpu), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r, err := ReadReference(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRegressions(t *testing.T) {
	const (
		portable = "  - cases: nap/many/workers=2$\n    regression: {against: reference, tolerance: 5%}\n    portable: true\n"
		local    = "  - cases: nap/many/workers=2$\n    regression: {against: reference, tolerance: 5%}\n"
		required = local + "    required: true\n"
		eight    = "  - cases: nap/many/workers=8$\n    regression: {against: reference, tolerance: 5%}\n    portable: true\n"
	)
	slow := usual()
	before := slow.cost
	slow.cost = func(c bench.Case, fork int) time.Duration {
		if c.Variant == "many" {
			return before(c, fork) * 3 / 2
		}
		return before(c, fork)
	}
	slightly := usual()
	slightly.cost = func(c bench.Case, fork int) time.Duration {
		if c.Variant == "many" {
			return before(c, fork) * 21 / 20
		}
		return before(c, fork)
	}
	for _, tt := range []struct {
		name, rules string
		world       *world
		runs        int
		speedup     float64
		cpu         string
		want        Outcome
		reason      string
	}{
		{"as before", portable, usual(), 5, 2, "abacus", Pass, ""},
		{"faster", portable, usual(), 5, 1.5, "abacus", Pass, ""},
		{"slower", portable, slow, 5, 2, "abacus", Fail, "with the variance between 5 reference runs, is beyond the tolerance; measured again"},
		{"slower by the tolerance", portable, slightly, 5, 2, "abacus", Undecided, "reaches over the tolerance"},
		{"few references", portable, usual(), 1, 2, "abacus", Pass, ""},
		{"few references, slightly slower", portable, slightly, 2, 2, "abacus", Undecided, "widened by 3 % since fewer than 3 reference runs"},
		{"few references, much slower", portable, slow, 1, 2, "abacus", Fail, "is beyond the tolerance"},
		{"another machine, portable", portable, slow, 5, 2, "slide rule", Fail, "is beyond the tolerance"},
		{"another machine", local, slow, 5, 2, "slide rule", Skipped, "not comparable: the reference was measured on another machine (CPU slide rule, here abacus)"},
		{"another machine, required", required, slow, 5, 2, "slide rule", Undecided, "not comparable: the reference was measured on another machine"},
		{"time as before", local, usual(), 5, 2, "abacus", Pass, ""},
		{"time", local, slow, 5, 2, "abacus", Fail, "is beyond the tolerance"},
		{"a new case", eight, usual(), 5, 2, "abacus", Skipped, "new: the reference has no measurements of it"},
	} {
		r, err := tt.world.check(t, tt.rules, func(c *Check) { c.Reference = references(t, tt.runs, tt.speedup, tt.cpu) })
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := r.Results[0]
		if got.Outcome != tt.want || !strings.Contains(got.Reason, tt.reason) {
			t.Errorf("%s: %v (%s), want %v (%s)", tt.name, got.Outcome, got.Reason, tt.want, tt.reason)
		}
		if told := strings.Contains(r.Advice(), "if it was meant, remove the files in "); told != (tt.want == Fail) {
			t.Errorf("%s: the advice is %q", tt.name, r.Advice())
		}
		if listed := len(r.Listed) > 0; listed != strings.Contains(got.Reason, "not comparable") && listed != (tt.want == Skipped) {
			t.Errorf("%s: listed are %q", tt.name, r.Listed)
		}
	}
}

// Runs of different code make a reference that decides nothing: that is said,
// with what to do.
func TestMixedReference(t *testing.T) {
	mixed := references(t, 4, 2, "abacus")
	mixed.runs[3] = references(t, 1, 4, "abacus").runs[0]
	r, err := usual().check(t, "  - cases: nap/many/workers=2$\n    regression: {against: reference, tolerance: 5%}\n    portable: true\n", func(c *Check) { c.Reference = mixed })
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Results[0]; got.Outcome != Undecided || !strings.Contains(got.Reason, "the reference runs themselves differ by +") || !strings.Contains(got.Reason, "remove their files in "+mixed.Dir) {
		t.Errorf("%v (%s)", got.Outcome, got.Reason)
	}
}

func TestNoReference(t *testing.T) {
	const rule = "  - cases: nap/many/workers=2$\n    regression: {against: reference, tolerance: 5%}\n    portable: true\n"
	if _, err := usual().check(t, rule); err == nil || !strings.Contains(err.Error(), "budgets.yaml:3: the rule compares with a reference, and there is none") {
		t.Errorf("error %v", err)
	}
	measured := 0
	r, err := usual().check(t, rule, func(c *Check) {
		c.Updating = true
		c.Sink = func(e record.Event) error {
			if e.Measurement != nil {
				measured++
			}
			return nil
		}
	})
	if err != nil || r.Results[0].Outcome != Skipped || measured < 2*referenceForks {
		t.Errorf("the first run: %+v, %d measurements, error %v", r, measured, err)
	}
}

// TestGone holds that a case which the reference has and the program has not
// breaks the check, unless the reference is being renewed.
func TestGone(t *testing.T) {
	const rule = "  - cases: nap/many/workers=2$\n    regression: {against: reference, tolerance: 5%}\n    portable: true\n"
	gone := func(c *Check) {
		c.Reference = references(t, 1, 2, "abacus")
		m := &c.Reference.runs[0].Measurements[0]
		m.Case.Variant = "renamed"
	}
	r, err := usual().check(t, rule, gone)
	if err != nil {
		t.Fatal(err)
	}
	if code := r.ExitCode(false); code != exitFailed || !strings.Contains(strings.Join(r.Listed, "\n"), "missing: the reference has it") {
		t.Errorf("exit code %d, listed %q", code, r.Listed)
	}
	r, err = usual().check(t, rule, gone, func(c *Check) { c.Updating = true })
	if err != nil {
		t.Fatal(err)
	}
	if code := r.ExitCode(false); code != exitOK || len(r.Listed) == 0 {
		t.Errorf("when updating: exit code %d, listed %q", code, r.Listed)
	}
}

// TestBadReferences is the part of the table of bad inputs that is about the
// reference.
func TestBadReferences(t *testing.T) {
	good := runFile(t, 1, 2, 1, "abacus")
	void := runFile(t, 1, 2, 1, "abacus", func(w *record.Writer) {
		w.Write(record.Event{Void: &record.Void{Case: "BenchmarkNap/variant=many/workers=2-2", Wrong: true, Why: "no"}})
	})
	interrupted := runFile(t, 1, 2, 1, "abacus", func(w *record.Writer) {
		w.Write(record.Event{Interrupted: &record.Interrupted{Why: "interrupted"}})
	})
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "the run file is empty"},
		{"truncated", good[:len(good)-200], "the reference has no end"},
		{"another format", bytes.Replace(good, []byte(`"format":1`), []byte(`"format":99`), 1), "99"},
		{"NaN", bytes.Replace(good, []byte(" ns/op"), []byte("NaN ns/op"), 1), "1.txt:"},
		{"a time of zero", []byte("#il {\"run\":{\"format\":1,\"id\":\"x\"}}\n#il {\"trial\":{\"fork\":1,\"round\":1,\"order\":1}}\nBenchmarkNap/variant=many/workers=2-2 1 0 ns/op\n"), "1.txt:"},
		{"a negative time", []byte("#il {\"run\":{\"format\":1,\"id\":\"x\"}}\n#il {\"trial\":{\"fork\":1,\"round\":1,\"order\":1}}\nBenchmarkNap/variant=many/workers=2-2 1 -5 ns/op\n"), "1.txt:"},
		{"void", void, "the reference has the void case"},
		{"interrupted", interrupted, "the reference was interrupted"},
		{"go test", []byte("goos: linux\npkg: x\nBenchmarkNap/variant=many/workers=2-2 1 5 ns/op\nPASS\n"), "this is the output of go test"},
		{"text", []byte("hello\n"), "neither a run file"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "1.txt"), tt.data, 0o644); err != nil {
			t.Fatal(err)
		}
		r, err := ReadReference(dir)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "1.txt") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: reference %v, error %v, want %q", tt.name, r != nil, err, tt.want)
		}
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "1.txt"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadReference(dir); err == nil || !strings.Contains(err.Error(), "this is a directory") {
		t.Errorf("a directory in place of a file: %v", err)
	}
	if r, err := ReadReference(filepath.Join(dir, "none")); r != nil || err != nil {
		t.Errorf("no directory: %v, %v", r, err)
	}
}

func TestUpdateReference(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "reference")
	file := filepath.Join(t.TempDir(), "run.txt")
	if err := os.WriteFile(file, runFile(t, 1, 2, 1, "abacus"), 0o644); err != nil {
		t.Fatal(err)
	}
	var paths []string
	for i := range 7 {
		path, err := UpdateReference(dir, file, time.Unix(int64(1000+i), 0))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	got, _ := filepath.Glob(filepath.Join(dir, "*"))
	if strings.Join(got, " ") != strings.Join(paths[2:], " ") {
		t.Errorf("kept are %q, want the last five of %q", got, paths)
	}
	if err := os.WriteFile(file, []byte("#il {\"run\":{\"format\":1,\"id\":\"x\"}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := UpdateReference(dir, file, time.Unix(2000, 0)); err == nil {
		t.Error("a run that is not whole became a reference")
	}
}

// TestChange holds the interval of a change to its promise by simulation: runs
// that differ by nothing but the variance between runs and within them are
// outside of it no more often than the level says.
func TestChange(t *testing.T) {
	const trials = 4000
	rng := rand.New(rand.NewPCG(3, 4))
	run := func(between, within float64) quantity {
		const forks = 12
		at := between * rng.NormFloat64()
		logs := make([]float64, forks)
		for i := range logs {
			logs[i] = at + within*rng.NormFloat64()
		}
		m := stats.Mean(logs, stats.Confidence)
		return quantity{m.Value, m.Half() / stats.TQuantile((1+stats.Confidence)/2, forks-1), forks}
	}
	for _, tt := range []struct {
		k               int
		between, within float64
	}{{3, 0.02, 0.01}, {5, 0.02, 0.01}, {5, 0, 0.02}, {5, 0.02, 0.1}, {1, 0, 0.05}, {2, 0, 0.05}, {1, 0.01, 0.001}} {
		missed := 0
		for range trials {
			earlier := make([]quantity, tt.k)
			for i := range earlier {
				earlier[i] = run(tt.between, tt.within)
			}
			if i := change(run(tt.between, tt.within), earlier, 0.95, DefaultFloor); i.Lo > 0 || i.Hi < 0 {
				missed++
			}
		}
		// Three standard errors above 5 %.
		if most := 0.05 + 3*math.Sqrt(0.05*0.95/trials); float64(missed)/trials > most {
			t.Errorf("%d runs, sd %g between and %g within: outside in %.3f of trials, at most %.3f are allowed", tt.k, tt.between, tt.within, float64(missed)/trials, most)
		}
	}
}
