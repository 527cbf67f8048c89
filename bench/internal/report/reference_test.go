package report

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
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
	drawn := 0
	for i := range r.Sections {
		if err := r.Draw(&r.Sections[i], dir); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.DrawSummary(dir); err != nil {
		t.Fatal(err)
	}
	r.Charts["summary"] = r.Summary
	for _, paths := range r.Charts {
		for _, path := range paths {
			sameChart(t, path, filepath.Join(reference, "charts", filepath.Base(path)))
			drawn++
		}
	}
	committed, err := filepath.Glob(filepath.Join(reference, "charts", "*"))
	if err != nil || len(committed) != drawn {
		t.Errorf("%d charts are committed (%v), and the run file gives %d", len(committed), err, drawn)
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
