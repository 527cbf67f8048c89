package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// samples are the charts of sample_test.go, with some text each must show.
var samples = []struct {
	name  string
	chart figurer
	texts []string
}{
	{"dots", sampleDots(), []string{"channel owner, buffer 1024", "8 workers", "10.9 ns", "not run", "interval unknown", "0.3 ns", "time per increment"}},
	{"speedups", sampleSpeedups(), []string{"errgroup.SetLimit(2)", "0.62 ±0.04", "as fast as sequential", "1.5×"}},
	{"lines", sampleLines(), []string{"static split", "2 cores", "ideal", "16", "1.5×", "speedup over the sequential loop"}},
	{"keys", sampleManyLines(), []string{"channel as a lock", "300 ns", "goroutines"}},
	{"timeline", sampleTimeline(), []string{"sequential", "worker 2", "step 5", "done after 51.5 ms", "100"}},
	{"schedule", sampleSchedule(), []string{"A", "B", "n (at first 0)", "load", "n = 3", "lost write", "12"}},
	{"bands", sampleBands(), []string{"third customer", "balance (at first 100)", "load balance", "15"}},
	{"strips", sampleStrips(), []string{"Mutex with defer", "median", "10 ns"}},
}

// mustFigure lays out a chart that has to be good.
func mustFigure(t *testing.T, c figurer) *Figure {
	t.Helper()
	f, err := c.Figure()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// mustSVG draws a chart that has to be good.
func mustSVG(t *testing.T, c figurer) []byte {
	t.Helper()
	svg, err := mustFigure(t, c).SVG()
	if err != nil {
		t.Fatal(err)
	}
	return svg
}

// keep draws a chart where go test -artifacts finds it, to be looked at.
func keep(t *testing.T, name string, c figurer) {
	t.Helper()
	paths, err := Write(t.ArtifactDir(), name, mustFigure(t, c))
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(paths[1])
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	img, err := png.DecodeConfig(file)
	if err != nil || img.Width != 1260 {
		t.Errorf("%s: width %d, error %v; want 1260 pixels", paths[1], img.Width, err)
	}
}

var numbers = regexp.MustCompile(`-?\d+(\.\d+)?`)

// sameSVG reports whether two SVGs differ at most by 0.02 in their numbers.
// Other processors fuse multiplications and may round the last digit otherwise.
func sameSVG(a, b string) bool {
	if numbers.ReplaceAllString(a, "#") != numbers.ReplaceAllString(b, "#") {
		return false
	}
	x, y := numbers.FindAllString(a, -1), numbers.FindAllString(b, -1)
	for i := range x {
		v, _ := strconv.ParseFloat(x[i], 64)
		w, _ := strconv.ParseFloat(y[i], 64)
		if math.Abs(v-w) > 0.02 {
			return false
		}
	}
	return true
}

func TestGolden(t *testing.T) {
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			got := mustSVG(t, s.chart)
			path := filepath.Join("testdata", s.name+".svg")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !sameSVG(string(got), string(want)) {
				keep(t, s.name, s.chart)
				t.Errorf("drawing differs from %s (mine: see -artifacts); look at it, then run with -update", path)
			}
		})
	}
}

// parse returns the texts of an SVG by element and fails if it is not XML.
func parse(t *testing.T, svg []byte) map[string][]string {
	t.Helper()
	texts := map[string][]string{}
	in := ""
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			in = tok.Name.Local
			for _, a := range tok.Attr {
				if in == "svg" && a.Name.Local == "role" {
					texts["role"] = append(texts["role"], a.Value)
				}
			}
		case xml.CharData:
			if s := strings.TrimSpace(string(tok)); s != "" {
				texts[in] = append(texts[in], s)
			}
		}
	}
}

func TestSVG(t *testing.T) {
	long := regexp.MustCompile(`\d\.\d{3}|\de[-+]\d`)
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			svg := mustSVG(t, s.chart)
			f := mustFigure(t, s.chart)
			texts := parse(t, svg)
			if !slices.Equal(texts["role"], []string{"img"}) || !slices.Equal(texts["title"], []string{f.title}) {
				t.Errorf("role %q, title %q", texts["role"], texts["title"])
			}
			for _, want := range s.texts {
				if !slices.Contains(texts["text"], want) {
					t.Errorf("no text %q in %q", want, texts["text"])
				}
			}
			for _, tag := range tag.FindAll(svg, -1) {
				if long.Match(tag) {
					t.Errorf("more than two decimals: %s", tag)
				}
			}
			if n := bytes.Count(svg, []byte("font-family")); n != 1 || !bytes.Contains(svg, []byte(`font-family="`+families+`"`)) {
				t.Errorf("%d font families, want one: %s", n, families)
			}
		})
	}
}

func TestEscape(t *testing.T) {
	const nasty = "a<b> & \"c\" 'd' \x00\x1b\nnew\xff 漢字 ✓ \ufffe"
	svg := mustSVG(t, Dots{Title: nasty, Subtitle: nasty, XLabel: nasty, Series: []string{nasty}, Reference: 1, ReferenceLabel: nasty,
		Rows: []Row{{nasty, []Point{{X: 2, Label: nasty}}}}})
	want := strings.TrimSpace(clean(nasty))
	texts := parse(t, svg)
	if texts["title"][0] != want || texts["desc"][0] != want {
		t.Errorf("title %q, description %q, want %q", texts["title"], texts["desc"], want)
	}
	if n := strings.Count(strings.Join(texts["text"], "\n"), "漢字 ✓"); n != 7 {
		t.Errorf("%d texts with the glyphs as given, want 7: %q", n, texts["text"])
	}
}

// drawAll returns all samples as SVG, PNG and SVG again.
func drawAll(t *testing.T) []byte {
	var all bytes.Buffer
	for _, s := range samples {
		f := mustFigure(t, s.chart)
		for _, draw := range []func() ([]byte, error){f.SVG, f.PNG, f.SVG} {
			b, err := draw()
			if err != nil {
				t.Fatal(err)
			}
			all.Write(b)
		}
	}
	return all.Bytes()
}

func TestDrawTwice(t *testing.T) {
	f := mustFigure(t, sampleTimeline())
	for _, draw := range []func() ([]byte, error){f.SVG, f.PNG} {
		first, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		if second, _ := draw(); !bytes.Equal(first, second) {
			t.Error("the second drawing of a figure differs from the first")
		}
	}
}

// slowUnderRace skips a test that draws very much in a short run: under the
// race detector each PNG takes seconds, and drawing starts no goroutine.
func slowUnderRace(t *testing.T) {
	if testing.Short() {
		t.Skip("draws very much, which a short run leaves out")
	}
}

// TestFreshProcess draws everything here and in another process, where maps
// are seeded otherwise.
func TestFreshProcess(t *testing.T) {
	slowUnderRace(t)
	const child = "CHART_TEST_CHILD"
	if path := os.Getenv(child); path != "" {
		if err := os.WriteFile(path, drawAll(t), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "drawn")
	cmd := exec.Command(os.Args[0], "-test.run=^TestFreshProcess$")
	cmd.Env = append(os.Environ(), child+"="+path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	there, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(drawAll(t), there) {
		t.Error("a fresh process draws other bytes")
	}
}

func TestPanicIsError(t *testing.T) {
	f := mustFigure(t, sampleDots())
	f.plot.X.Min = -1 // gonum panics: no place on a log axis
	for _, draw := range []func() ([]byte, error){f.SVG, f.PNG} {
		if b, err := draw(); err == nil || b != nil || !strings.Contains(err.Error(), f.title) {
			t.Errorf("%d bytes, error %v; want an error that names the chart", len(b), err)
		}
	}
	f = mustFigure(t, sampleSpeedups())
	f.plot.X.Max = math.NaN()
	if _, err := f.SVG(); err == nil {
		t.Error("no error for coordinates that are not numbers")
	}
}
