package page

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Document is what another command left beside the run, as it wrote it.
type Document struct {
	Head   []Block // what stands before the first chapter
	Pages  []Chapter
	Charts []template.HTML
	Other  string // why it is not shown: it is of another machine
}

// A Chapter is a part of a document under a heading of its own.
type Chapter struct {
	ID, Title string
	Blocks    []Block
}

// besideFile reads a document from dir. It is nil when there is none.
func besideFile(dir, name string) (*Document, []Block, error) {
	if dir == "" {
		return nil, nil, nil
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read what is to be shown beside the run: %w", err)
	}
	blocks := parse(string(data))
	if len(blocks) > 0 && blocks[0].Level == 1 {
		blocks = blocks[1:]
	}
	return &Document{}, blocks, nil
}

// races reads what interleave race left: the matrix and a chapter for each
// demonstration, or one chapter alone. machine is how the run names the machine
// that it was made on; the results of another one do not belong on its page.
func races(dir, machine string) (*Document, error) {
	d, blocks, err := besideFile(dir, "race.md")
	if d == nil || err != nil {
		return nil, err
	}
	if len(blocks) > 0 && len(blocks[0].Lines) > 0 && blocks[0].Lines[0] != machine {
		d.Other = "Races were demonstrated on another machine or with another Go (" + blocks[0].Lines[0] + "): interleave race demonstrates them on this one."
		return d, nil
	}
	for _, b := range blocks {
		if b.Items != nil { // the charts are shown
			b.Items = slices.DeleteFunc(b.Items, func(i Item) bool { return strings.HasPrefix(i.Text, "charts: ") })
			if len(b.Items) == 0 {
				continue
			}
		}
		switch {
		case b.Level == 2:
			d.Pages = append(d.Pages, Chapter{Title: b.Text})
		case len(d.Pages) == 0:
			d.Head = append(d.Head, b)
		default:
			last := &d.Pages[len(d.Pages)-1]
			last.Blocks = append(last.Blocks, b)
		}
	}
	name := "race"
	if len(d.Pages) == 1 && !slices.ContainsFunc(d.Head, func(b Block) bool { return b.Table != nil }) {
		name += "-" + filepath.Base(d.Pages[0].Title)
	}
	for _, kind := range []string{"-rates", "-prices"} {
		if err := d.chart(filepath.Join(dir, "charts", name+kind+".svg")); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// calibration reads what interleave calibrate left.
func calibration(dir string) (*Document, error) {
	d, blocks, err := besideFile(dir, "calibration.md")
	if d == nil || err != nil {
		return nil, err
	}
	d.Head = blocks
	files, err := os.ReadDir(filepath.Join(dir, "calibration"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot read the charts of the calibration: %w", err)
	}
	for _, f := range files {
		if filepath.Ext(f.Name()) != ".svg" {
			continue
		}
		if err := d.chart(filepath.Join(dir, "calibration", f.Name())); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// chart adds a chart, if it was drawn.
func (d *Document) chart(path string) error {
	name := strings.TrimSuffix(filepath.Base(path), ".svg")
	svg, err := inlineFile(path, "c-"+plainID(name)+"-")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		d.Charts = append(d.Charts, svg)
	}
	return err
}
