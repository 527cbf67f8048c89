package race

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected results in testdata")

// golden compares what was read from each text below testdata/dir with the
// JSON beside it. The texts were printed by real programs, but lost.txt,
// words.txt, cut.txt and subtest.txt.
func golden(t *testing.T, dir string, read func(text string) any) {
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*.txt"))
	if err != nil || len(files) < 10 {
		t.Fatalf("testdata/%s has %d files (%v)", dir, len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		enc := json.NewEncoder(&got)
		enc.SetIndent("", " ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(read(string(text))); err != nil {
			t.Fatal(err)
		}
		want := strings.TrimSuffix(file, ".txt") + ".json"
		if *update {
			if err := os.WriteFile(want, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		expected, _ := os.ReadFile(want)
		if d := cmp.Diff(string(expected), got.String()); d != "" {
			t.Errorf("%s: read another thing (-want +got):\n%s", file, d)
		}
	}
}

func TestReports(t *testing.T) {
	type result struct {
		Reports []Report
		Keys    []string
		Found   int      `json:",omitempty"`
		Tests   []string `json:",omitempty"`
	}
	golden(t, "reports", func(text string) any {
		r := result{Reports: Parse(text), Found: Found(text), Tests: RacedTests(text)}
		for _, report := range r.Reports {
			r.Keys = append(r.Keys, report.Key(Machinery))
		}
		return r
	})
}

func TestVerdicts(t *testing.T) {
	type result struct {
		Verdict
		Headline string
	}
	golden(t, "verdicts", func(text string) any {
		var all []result
		for _, v := range Verdicts(text) {
			all = append(all, result{v, v.Headline(Machinery).Pos()})
		}
		return all
	})
}

// The same race is the same key, whichever side came first and whatever the
// addresses and goroutines are.
func TestKeyIsUnordered(t *testing.T) {
	r := Parse(read(t, "reports/map.txt"))[0]
	swapped := r
	swapped.Accesses[0], swapped.Accesses[1] = r.Accesses[1], r.Accesses[0]
	swapped.Accesses[0].Goroutine = 99
	if a, b := r.Key(Machinery), swapped.Key(Machinery); a != b {
		t.Errorf("keys differ: %q and %q", a, b)
	}
}

// A report that is cut off anywhere is still read, and says so.
func TestTruncatedAnywhere(t *testing.T) {
	text := read(t, "reports/map.txt")
	end := strings.LastIndex(text, strings.Repeat("=", 18))
	first := strings.Index(text, "by goroutine 8:\n") + len("by goroutine 8:\n")
	for i := first; i < end; i++ {
		reports := Parse(text[:i])
		if len(reports) != 1 || !reports[0].Truncated || reports[0].Accesses[0].Op != "read" {
			t.Fatalf("cut after %d bytes: %+v", i, reports)
		}
	}
	if r := Parse(text)[0]; r.Truncated {
		t.Error("the whole report is called truncated")
	}
}

func TestPackage(t *testing.T) {
	for name, want := range map[string]string{
		"main.main": "main", "sync/atomic.AddInt64": "sync/atomic", "example.com/shop.(*Cart).Add": "example.com/shop",
		"example.com/shop.v2/cart.f.func1": "example.com/shop.v2/cart", "panic": "panic",
		"example.com/shop.Map[example.com/other.T].Get": "example.com/shop", "gopkg.in/yaml%2ev3.f": "gopkg.in/yaml%2ev3", "": "",
	} {
		if got := (Frame{Func: name}).Package(); got != want {
			t.Errorf("package of %q: %q, want %q", name, got, want)
		}
	}
}

// A frame of the library is not the reader's line, if the Skip knows it.
func TestHeadlineSkips(t *testing.T) {
	r := Parse(read(t, "reports/buffer.txt"))[0]
	library := Skip(func(f Frame) bool { return strings.HasPrefix(f.File, "/go/src/") })
	if got := r.Accesses[0].Headline(Machinery).Pos(); got != "/go/src/bytes/buffer.go:206" {
		t.Errorf("without the library's files: %s", got)
	}
	if got := r.Accesses[0].Headline(library.Or(Machinery)).Pos(); got != "/src/shop/shop_test.go:60" {
		t.Errorf("with the library's files: %s", got)
	}
	if got := Skip(func(Frame) bool { return true }).First(r.Accesses[0].Stack).Pos(); got != "/go/src/bytes/buffer.go:206" {
		t.Errorf("all skipped: %s", got)
	}
}

func read(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
