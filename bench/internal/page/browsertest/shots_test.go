package browsertest

import (
	"bytes"
	"fmt"
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
	for _, page := range pages(t) {
		url := asFile(t, page.html)
		for _, v := range append(screens, paper) {
			t.Run(page.name+"/"+v.String(), func(t *testing.T) {
				for i, shot := range open(t, browser, url, v).pictures() {
					drawn(t, shot, v)
					name := fmt.Sprintf("%s-%s-%d.png", page.name, v, i)
					if i == 0 {
						name = fmt.Sprintf("%s-%s-screen.png", page.name, v)
					}
					path := filepath.Join(dir, name)
					if err := os.WriteFile(path, shot, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
}

// drawn tests that there is something to see in a picture.
func drawn(t *testing.T, shot []byte, v view) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds()
	if int64(size.Dx()) != v.width {
		t.Errorf("a picture has a size of %v, want a width of %d", size, v.width)
	}
	colours := make(map[color.Color]bool)
	for x := range size.Dx() {
		for y := range min(size.Dy(), 2000) {
			colours[img.At(x, y)] = true
		}
	}
	if len(colours) < 10 {
		t.Errorf("a picture has %d colours: nothing was drawn", len(colours))
	}
}
