package browsertest

import (
	"bytes"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// The page as people see it is kept for people to look at, where
// INTERLEAVE_SHOTS says. Only that something was drawn is tested.
func TestShots(t *testing.T) {
	dir := os.Getenv("INTERLEAVE_SHOTS")
	if dir == "" {
		t.Skip("INTERLEAVE_SHOTS does not say where to put the pictures: make browser does")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	browser := start(t)
	for name, html := range map[string]string{"reference": reference(t), "hostile": hostile(t)} {
		url := asFile(t, html)
		for _, v := range append(screens, paper) {
			t.Run(name+"/"+v.String(), func(t *testing.T) {
				shot := open(t, browser, url, v).picture()
				img, err := png.Decode(bytes.NewReader(shot))
				if err != nil {
					t.Fatal(err)
				}
				size := img.Bounds()
				if int64(size.Dx()) != v.width || size.Dy() < 800 {
					t.Errorf("the picture has a size of %v, want a width of %d", size, v.width)
				}
				colours := make(map[color.Color]bool)
				for x := range size.Dx() {
					for y := range min(size.Dy(), 2000) {
						colours[img.At(x, y)] = true
					}
				}
				if len(colours) < 10 {
					t.Errorf("the picture has %d colours: nothing was drawn", len(colours))
				}
				if err := os.WriteFile(filepath.Join(dir, name+"-"+v.String()+".png"), shot, 0o644); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}
