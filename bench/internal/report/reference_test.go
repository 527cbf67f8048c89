package report

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/bench/internal/record"
)

// The charts that are committed are those of the run file that is committed:
// drawn again they are the same, SVG as text and PNG by pixels. Fonts are drawn
// by the same code everywhere, but floating point differs between processors.
func TestReferenceCharts(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the reference was drawn on linux/amd64")
	}
	if testing.Short() {
		t.Skip("draws many PNGs, which a short run leaves out")
	}
	reference := filepath.Join("..", "..", "..", "results", "reference")
	run, err := record.ReadFile(filepath.Join(reference, "run.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if run.Partial || len(run.Voids) > 0 {
		t.Errorf("the reference is partial (%v), or has void cases (%d)", run.Partial, len(run.Voids))
	}
	dir := t.TempDir()
	r := New(run)
	for i := range r.Sections {
		if s := &r.Sections[i]; len(s.For) == 0 {
			if err := r.Draw(s, dir); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(r.DrawClaims(dir), r.DrawSummary(dir)); err != nil {
		t.Fatal(err)
	}
	drawn, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range drawn {
		sameChart(t, path, filepath.Join(reference, "charts", filepath.Base(path)))
	}
	committed, err := filepath.Glob(filepath.Join(reference, "charts", "*"))
	if err != nil {
		t.Fatal(err)
	}
	committed = slices.DeleteFunc(committed, func(path string) bool { return strings.HasPrefix(filepath.Base(path), "race") })
	if len(committed) != len(drawn) {
		t.Errorf("%d charts of the run are committed, and its file gives %d", len(committed), len(drawn))
	}
}

// withInterval is a number with its interval.
var withInterval = regexp.MustCompile(`[0-9/.]+ ±[0-9.]+`)

// What the documents say was measured stands in the reference run.
func TestReferenceFigures(t *testing.T) {
	top := filepath.Join("..", "..", "..")
	run, err := record.ReadFile(filepath.Join(top, "results", "reference", "run.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	r := New(run)
	if err := errors.Join(r.Texts(&text), r.ClaimsText(&text), r.Tail(&text)); err != nil {
		t.Fatal(err)
	}
	measured := withInterval.FindAllString(text.String(), -1)
	for _, name := range []string{"README.md", filepath.Join("results", "README.md")} {
		data, err := os.ReadFile(filepath.Join(top, name))
		if err != nil {
			t.Fatal(err)
		}
		shown := withInterval.FindAllString(string(data), -1)
		if len(shown) < 10 {
			t.Errorf("%s shows %d figures: is this the right file?", name, len(shown))
		}
		for _, f := range shown {
			if !slices.Contains(measured, f) {
				t.Errorf("%s shows %s, which the reference run has not", name, f)
			}
		}
	}
}

func sameChart(t *testing.T, drawn, committed string) {
	t.Helper()
	got, err := os.ReadFile(drawn)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(committed)
	if err != nil {
		t.Errorf("%v: make reference draws it", err)
		return
	}
	if filepath.Ext(drawn) == ".png" {
		got, want = pixels(t, got), pixels(t, want)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what its run file gives: draw it again with interleave report", committed)
	}
}

// pixels decodes a PNG: two files of the same picture may be compressed
// differently.
func pixels(t *testing.T, data []byte) []byte {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	out := image.NewRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			out.Set(x, y, img.At(x, y))
		}
	}
	return out.Pix
}
