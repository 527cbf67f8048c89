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
