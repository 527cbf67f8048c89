package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
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

func TestExtremes(t *testing.T) {
	slowUnderRace(t)
	rows := func(n int, at func(i int) Point) (rows []Row) {
		for i := range n {
			rows = append(rows, Row{fmt.Sprint("row ", i), []Point{at(i)}})
		}
		return rows
	}
	flat := func(i int) Point { return Point{X: 3, Lo: 3, Hi: 3, Label: "3"} }
	words := strings.Repeat("many words ", 30)
	series := make([]string, 30)
	many := Row{Label: strings.Repeat("W", 60)}
	lines := Lines{Title: "many", IdealFrom: 1}
	for i := range series {
		series[i] = fmt.Sprint("series ", i)
		many.Points = append(many.Points, Point{X: float64(i), Label: words})
		lines.Series = append(lines.Series, Line{series[i], []XY{{X: float64(i + 1), Y: 1}}})
	}
	crowd := Lane{Name: words}
	for i := range 500 {
		at := float64(i) * 1e-9
		crowd.Spans = append(crowd.Spans, Span{at, at + 2e-9, "k" + fmt.Sprint(i%12), words}, Span{at, at, "note", "n"})
	}
	for name, c := range map[string]figurer{
		"one row":        Dots{Rows: rows(1, flat)},
		"marks":          Dots{Title: "t", Rows: rows(3, flat), Marks: []float64{0, 1e6, 5}, MarkLabel: words},
		"forty rows":     Dots{Title: "t", Rows: rows(40, flat), Reference: -5, ReferenceLabel: words},
		"six decades":    Dots{Log: true, Rows: rows(7, func(i int) Point { v := math.Pow10(i - 3); return Point{X: v, Lo: v / 3, Hi: v * 3} })},
		"forty decades":  Dots{Log: true, Rows: rows(41, func(i int) Point { return Point{X: math.Pow10(i - 20)} })},
		"hardly apart":   Dots{Rows: rows(2, func(i int) Point { return Point{X: 1 + float64(i)*1e-15} })},
		"hardly apart 2": Dots{Log: true, Rows: rows(2, func(i int) Point { return Point{X: 1 + float64(i)*1e-6} })},
		"zero":           Dots{Rows: rows(1, func(int) Point { return Point{} })},
		"huge":           Dots{Rows: rows(2, func(i int) Point { return Point{X: 1e299 * float64(1-2*i)} })},
		"tiny":           Dots{Rows: rows(2, func(i int) Point { return Point{X: 1e-299 * float64(1+i)} })},
		"missing":        Dots{Rows: append(rows(1, flat), Row{"gone", []Point{{X: math.NaN(), Missing: true}}})},
		"long labels":    Dots{Title: words, Subtitle: words, Series: series, Rows: []Row{many}, XLabel: words},
		"long word":      Strips{Title: strings.Repeat("x", 300), Rows: []Strip{{"one", []float64{1}}, {"none", nil}}},
		"single point":   Lines{Series: []Line{{"only", []XY{{4, 3, 2.9, 3.2}}}, {"empty", nil}}, IdealFrom: 1, Mark: 2, MarkLabel: words, YLabel: words},
		"thirty lines":   lines,
		"no names":       Timeline{Groups: []Group{{Lanes: []Lane{{Spans: []Span{{1, 1, "", ""}}}}}}},
		"one step":       Schedule{Lanes: []string{""}, Steps: []Step{{}}},
		"wide steps":     Schedule{Title: words, Lanes: []string{words, "b"}, Steps: []Step{{0, words, words, words}, {1, "b", "", "k"}}, State: []StateRow{{words, words, []string{words, "1"}}}, Arrows: []Arrow{{0, 1}}},
		"crowd":          Timeline{Groups: []Group{{Name: words, Lanes: []Lane{crowd, {}}}, {}}, Unit: 1e-9, Kinds: []string{"unused"}},
	} {
		t.Run(name, func(t *testing.T) {
			parse(t, mustSVG(t, c))
			keep(t, strings.ReplaceAll(name, " ", "-"), c)
		})
	}
}

func TestErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	dots := func(log bool, p Point) Dots {
		return Dots{Log: log, Series: []string{"2 workers"}, Rows: []Row{{"Mutex", []Point{p}}}}
	}
	line := func(p XY) Lines { return Lines{LogY: true, Series: []Line{{"Mutex", []XY{p}}}} }
	lane := func(s Span) Timeline {
		return Timeline{Groups: []Group{{"g", []Lane{{"worker 1", []Span{s}}}}}}
	}
	for _, c := range []struct {
		chart figurer
		want  []string
	}{
		{Dots{}, []string{"nothing to draw"}},
		{Dots{Rows: []Row{{"a", []Point{{Missing: true}}}}}, []string{"nothing to draw"}},
		{Lines{Series: []Line{{Name: "a"}}}, []string{"nothing to draw"}},
		{Timeline{Groups: []Group{{"a", []Lane{{"b", nil}}}}}, []string{"nothing to draw"}},
		{Strips{Rows: []Strip{{"a", nil}}}, []string{"nothing to draw"}},
		{dots(false, Point{X: nan}), []string{`"Mutex"`, `"2 workers"`, "not a number"}},
		{dots(false, Point{X: inf}), []string{`"Mutex"`, "not finite"}},
		{dots(true, Point{X: 0}), []string{`"Mutex"`, "log axis"}},
		{dots(true, Point{X: 1, Lo: -1, Hi: 2}), []string{`"Mutex"`, "interval -1 to 2", "log axis"}},
		{dots(false, Point{X: 1, Lo: -inf, Hi: inf}), []string{`"Mutex"`, "interval", "not finite"}},
		{dots(false, Point{X: 1, Lo: 2, Hi: 0}), []string{`"Mutex"`, "ends before"}},
		{Dots{Series: []string{"a", "b"}, Rows: []Row{{"Mutex", make([]Point, 1)}}}, []string{`"Mutex"`, "1 points for 2 series"}},
		{Dots{Marks: []float64{1, 2}, Rows: []Row{{"a", []Point{{X: 1}}}}}, []string{"2 marks for 1 rows"}},
		{Dots{Marks: []float64{-1}, Log: true, Rows: []Row{{"a", []Point{{X: 1}}}}}, []string{`mark of row "a"`, "log axis"}},
		{Dots{Reference: -1, Log: true, Rows: []Row{{"a", []Point{{X: 1}}}}}, []string{"reference", "log axis"}},
		{line(XY{X: 0, Y: 1}), []string{`"Mutex"`, "x: ", "log axis"}},
		{line(XY{X: 1, Y: 0}), []string{`"Mutex"`, "log axis"}},
		{line(XY{X: 1, Y: 1, Lo: nan, Hi: 1}), []string{`"Mutex"`, "not a number"}},
		{Lines{Mark: -2, Series: []Line{{"a", []XY{{X: 1}}}}}, []string{"mark", "log axis"}},
		{Lines{Ticks: []float64{0}, Series: []Line{{"a", []XY{{X: 1}}}}}, []string{"tick", "log axis"}},
		{lane(Span{Start: 2, End: 1, Label: "step"}), []string{`"worker 1"`, `"step"`, "before it starts"}},
		{lane(Span{Start: nan}), []string{`"worker 1"`, "not a number"}},
		{Timeline{Unit: -1}, []string{"unit"}},
		{Schedule{}, []string{"nothing to draw"}},
		{Schedule{Lanes: []string{"A"}, Steps: []Step{{Lane: 1, Label: "load"}}}, []string{`"load"`, "lane 1 of 1"}},
		{Schedule{Lanes: []string{"A"}, Steps: []Step{{}}, State: []StateRow{{Name: "n"}}}, []string{`"n"`, "0 values for 1 steps"}},
		{Schedule{Lanes: []string{"A"}, Steps: []Step{{}, {}}, Arrows: []Arrow{{0, 1}}}, []string{"step 1 to step 2", "two lanes"}},
		{Schedule{Lanes: []string{"A"}, Steps: []Step{{}}, Arrows: []Arrow{{0, 1}}}, []string{"step 1 to step 2 of 1"}},
		{Strips{Log: true, Rows: []Strip{{"Mutex", []float64{1, -1}}}}, []string{`"Mutex"`, "sample 2", "log axis"}},
	} {
		_, err := c.chart.Figure()
		if err == nil {
			t.Errorf("%+v: no error, want %q", c.chart, c.want)
			continue
		}
		for _, want := range append(c.want, "chart: ") {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error %q does not say %q", err, want)
			}
		}
	}
}

// TestOpenIgnoresInterval: an unknown interval is often given as infinite.
func TestOpenIgnoresInterval(t *testing.T) {
	p := Point{X: 1, Lo: math.Inf(-1), Hi: math.Inf(1), Open: true}
	mustSVG(t, Dots{Rows: []Row{{"a", []Point{p}}}})
}
