package chart

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func TestWrap(t *testing.T) {
	check := func(s string, width vg.Length, want ...string) {
		t.Helper()
		if got := labelPen.wrap(s, width); !slices.Equal(got, want) {
			t.Errorf("wrap(%q, %v) = %q, want %q", s, width, got, want)
		}
	}
	fits := labelPen.width("one two")
	check("", 100)
	check(" one  two\n", fits, "one two")
	check("one two three", fits, "one two", "three")
	check("one two", fits-0.1, "one", "two")
	check("onetwothree more", labelPen.width("onetwo")+0.1, "onetwo", "three", "more")
	check("one two\u00a0%", labelPen.width("one two"), "one", "two\u00a0%")
	check("漢字漢字", 0, "漢", "字", "漢", "字")

	// Nothing is lost, and no line is too wide.
	title := strings.TrimSpace(strings.Repeat("Only counters that share nothing get faster ", 5))
	for _, lines := range [][]string{titlePen.wrap(title, innerWidth), titlePen.balance(title, innerWidth)} {
		if strings.Join(lines, " ") != title {
			t.Errorf("words lost: %q", lines)
		}
		if w := titlePen.widest(lines...); w > innerWidth {
			t.Errorf("%q is %v wide, more than %v", lines, w, innerWidth)
		}
	}
	greedy, balanced := titlePen.wrap(title, innerWidth), titlePen.balance(title, innerWidth)
	if len(greedy) != len(balanced) || titlePen.widest(balanced...) > titlePen.widest(greedy...) {
		t.Errorf("balanced %q is no better than %q", balanced, greedy)
	}
}

func TestElide(t *testing.T) {
	forty := strings.Repeat("a name, ", 5)
	for s, want := range map[string]string{
		"Mutex":                  "Mutex",
		forty:                    forty,
		strings.Repeat("i", 46):  strings.Repeat("i", 44) + "…",
		strings.Repeat("é", 100): strings.Repeat("é", 44) + "…",
	} {
		if got := labelPen.elide(s, maxLabel, 1000); got != want {
			t.Errorf("elide(%q) = %q, want %q", s, got, want)
		}
	}
	if got := labelPen.elide("Mutex", maxLabel, 20); labelPen.width(got) > 20 || !strings.HasSuffix(got, "…") {
		t.Errorf("elide to 20 points = %q", got)
	}
	if got := labelPen.elide("Mutex", maxLabel, 0); got != "…" {
		t.Errorf("elide to nothing = %q", got)
	}
}

func TestShorten(t *testing.T) {
	long := strings.Repeat("é", 30) + strings.Repeat("b", 30)
	if got, want := labelPen.shorten(long, maxLabel, 1000), strings.Repeat("é", 22)+"…"+strings.Repeat("b", 22); got != want {
		t.Errorf("shortened %q, want %q", got, want)
	}
	for width := vg.Length(0); width < 80; width++ {
		if got := labelPen.shorten("goroutine-per-item-7", maxLabel, width); labelPen.width(got) > max(width, labelPen.width("…")) {
			t.Errorf("%q is wider than %v", got, width)
		}
	}
	if got := labelPen.shorten("Mutex", maxLabel, 1000); got != "Mutex" {
		t.Errorf("shortened %q", got)
	}
	if got := labelPen.shorten("goroutine-per-item-7", maxLabel, 50); !strings.HasSuffix(got, "7") || !strings.HasPrefix(got, "go") {
		t.Errorf("shortened %q", got)
	}
}

func TestFlow(t *testing.T) {
	keys := seriesKeys([]string{"one", "", "two", strings.Repeat("long ", 20)})
	rows := flow(keys, 80)
	if len(keys) != 3 || len(rows) != 2 || len(rows[0]) != 2 || rows[1][0].width() > 80 {
		t.Errorf("keys %d, rows %v", len(keys), rows)
	}
}

func TestSpread(t *testing.T) {
	check := func(wish []float64, gap, lo, hi float64, want ...float64) {
		t.Helper()
		if got := spread(wish, gap, lo, hi); !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
			t.Errorf("spread(%v, %v, %v, %v) = %v, want %v", wish, gap, lo, hi, got, want)
		}
	}
	check(nil, 10, 0, 100)
	check([]float64{50}, 10, 0, 100, 50)
	check([]float64{-5}, 10, 0, 100, 0)
	check([]float64{20, 40}, 10, 0, 100, 20, 40)
	check([]float64{50, 50}, 10, 0, 100, 45, 55)
	check([]float64{50, 48}, 10, 0, 100, 54, 44)
	check([]float64{100, 100, 100}, 10, 0, 100, 80, 90, 100)
	check([]float64{0, 30, 30}, 10, 0, 100, 0, 25, 35)
	check([]float64{1, 1, 1}, 10, 0, 10, 0, 5, 10)
}

// TestSpreadKeepsApart asks for all the promises on many sets of wishes.
func TestSpreadKeepsApart(t *testing.T) {
	const gap, lo, hi = 11, 5, 190
	for n := 1; n <= 16; n++ {
		for seed := range 50 {
			wish := make([]float64, n)
			for i := range wish {
				wish[i] = math.Mod(float64((i+1)*(seed+3))*37.7, 230) - 20
			}
			got := spread(wish, gap, lo, hi)
			for i := range got {
				if got[i] < lo-1e-9 || got[i] > hi+1e-9 {
					t.Fatalf("%v: %v is out of bounds", wish, got)
				}
				for k := range i {
					if math.Abs(got[i]-got[k]) < gap-1e-9 || (wish[i]-wish[k])*(got[i]-got[k]) < 0 {
						t.Fatalf("%v: %v too close or out of order", wish, got)
					}
				}
			}
		}
	}
}

func TestTicks(t *testing.T) {
	check := func(lo, hi float64, log bool, want ...string) {
		t.Helper()
		s := scale{lo, hi, log}
		var got []string
		for _, tick := range s.ticks(nil, s.beside(340)) {
			got = append(got, tick.label)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: ticks %q, want %q", s, got, want)
		}
	}
	check(0, 1, false, "0", "0.2", "0.4", "0.6", "0.8", "1")
	check(0, 2.3, false, "0", "0.5", "1", "1.5", "2")
	check(-8.5, 9, false, "-8", "-6", "-4", "-2", "0", "2", "4", "6", "8")
	check(0, 4e9, false, "0", "1e+09", "2e+09", "3e+09", "4e+09")
	check(0.25, 700, true, "0.3", "1", "3", "10", "30", "100", "300")
	check(0.8, 45, true, "1", "2", "5", "10", "20")
	check(0.5, 2e6, true, "1", "10", "100", "1000", "10000", "100000", "1000000")
	check(1.1, 1.9, true, "1.2", "1.4", "1.6", "1.8")
	check(1e-20, 1e20, true, "1e-20", "1e-10", "1", "1e+10", "1e+20")
}

// TestTicksFit: whatever the range, labels stand apart and are not the same.
func TestTicksFit(t *testing.T) {
	wide := func(v float64) string { return shortest(v) + " operations" }
	rough := func(v float64) string { return shortest(math.Round(v)) }
	for _, format := range []func(float64) string{nil, wide, rough} {
		for span := 1e-6; span < 1e7; span *= 1.7 {
			for _, s := range []scale{{1, 1 + span, false}, {-span, span / 3, false}, {1, 1 + span, true}} {
				ticks := s.ticks(format, s.beside(340))
				if len(ticks) == 0 && format == nil || len(ticks) > maxTicks || !s.beside(340)(ticks) || !distinct(ticks) {
					t.Errorf("%v: ticks %v", s, ticks)
				}
			}
		}
	}
}

func TestFit(t *testing.T) {
	const width = 300
	marks := []extent{{v: 0.9, left: 30}, {v: 1, right: 80}, {v: 1.2, right: 60}}
	for _, log := range []bool{false, true} {
		s := fit(log, width, marks)
		for _, m := range marks {
			if x := vg.Length(s.norm(m.v)) * width; x < m.left-0.1 || x > width-m.right+0.1 {
				t.Errorf("%v: %v stands at %v of %v", s, m, x, width)
			}
		}
	}
	if s := fit(false, width, []extent{{v: 1}, {v: 3}}); s.lo != 0 {
		t.Errorf("values near zero: %v, want an axis from zero", s)
	}
	if s := fit(false, width, []extent{{v: 2}, {v: 3}}); s.lo < 1.9 {
		t.Errorf("values far from zero: %v", s)
	}
}

func TestPlaceLabels(t *testing.T) {
	area := vg.Rectangle{Max: vg.Point{X: 100, Y: 10}}
	toX := func(v float64) vg.Length { return vg.Length(v) }
	check := func(want string, spans ...laneSpan) {
		t.Helper()
		var got []string
		for _, l := range placeLabels(area, toX, spans, false) {
			got = append(got, l.text)
			if l.from < 0 || l.to > 100 {
				t.Errorf("label %v leaves the lane", l)
			}
		}
		if strings.Join(got, ",") != want {
			t.Errorf("%v: labels %q, want %q", spans, got, want)
		}
	}
	w := float64(valuePen.width("label"))
	bar := func(from, to float64) laneSpan { return laneSpan{from, to, false, 0, "label"} }
	mark := func(at float64) laneSpan { return laneSpan{at, at, true, 0, "label"} }
	check("label", bar(10, 16+w))
	check("", bar(10, 10+w))
	check("label,label", bar(10, 15+w), bar(15+w, 20+2*w)) // side by side
	check("", bar(10, 90), bar(45, 55))                    // hidden below, and too short on top
	check("label", mark(10))
	check("label", mark(99)) // to the left
	check("", laneSpan{start: 0, end: 49}, mark(50), laneSpan{start: 51, end: 100})
	check("label,label", mark(50), mark(52)) // one to either side
	check("label", mark(2), mark(3))         // none to the left
}

func TestMedian(t *testing.T) {
	samples := []float64{3, 1, 2}
	if m := median(samples); m != 2 || samples[0] != 3 {
		t.Errorf("median = %v, samples now %v", m, samples)
	}
	if m := median([]float64{4, 1, 2, 3}); m != 2.5 {
		t.Errorf("median of an even number = %v", m)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	f := mustFigure(t, sampleSpeedups())
	want := []string{filepath.Join(dir, "speedups.svg"), filepath.Join(dir, "speedups.png")}
	for range 2 { // the second time over the first
		paths, err := Write(dir, "speedups", f)
		if err != nil || !slices.Equal(paths, want) {
			t.Fatalf("Write = %q, %v", paths, err)
		}
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 2 {
		t.Errorf("%v: temporary files left", files)
	}
	for _, path := range want {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
}

func TestWriteErrors(t *testing.T) {
	dir := t.TempDir()
	f := mustFigure(t, sampleSpeedups())
	check := func(dir, name, want string) {
		t.Helper()
		if paths, err := Write(dir, name, f); err == nil || !strings.Contains(err.Error(), want) || len(paths) > 0 {
			t.Errorf("Write(%q, %q) = %q, %v; want an error with %q", dir, name, paths, err, want)
		}
	}
	gone := filepath.Join(dir, "gone")
	check(gone, "a", filepath.Join(gone, "a.svg"))
	check(dir, "../a", "../a")
	check(dir, "", "name")

	// A directory in the place of the file lets the rename fail.
	taken := filepath.Join(dir, "taken.svg")
	if err := os.Mkdir(taken, 0o755); err != nil {
		t.Fatal(err)
	}
	check(dir, "taken", taken)
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%v: temporary files left", files)
	}
}
