package chart

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Write draws the figure to dir/name.svg and dir/name.png and returns both
// paths. Each file is written beside its place and renamed, so a reader never
// sees half a chart, and both are drawn before the first is written.
func Write(dir, name string, f *Figure) (paths []string, err error) {
	if name == "" || name != filepath.Base(name) {
		return nil, fmt.Errorf("chart: %q cannot name a file: want a word without a path", name)
	}
	svg, err := f.SVG()
	if err != nil {
		return nil, err
	}
	png, err := f.PNG()
	if err != nil {
		return nil, err
	}
	for _, file := range []struct {
		ext  string
		data []byte
	}{{".svg", svg}, {".png", png}} {
		path := filepath.Join(dir, name+file.ext)
		if err := replace(path, file.data); err != nil {
			return paths, fmt.Errorf("chart: write %s: %w", path, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// replace writes a temporary file in the directory of path and renames it.
func replace(path string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	_, err = tmp.Write(data)
	// CreateTemp makes files that only their owner can read; charts are for all.
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
