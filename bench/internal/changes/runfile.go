package changes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/interleave-go/interleave/bench/internal/record"
	"github.com/interleave-go/interleave/bench/internal/revision"
)

// A File is the measurements of a comparison in the Go benchmark format, each
// written as it is made:
//
//	benchstat -col revision run.txt
//
// shows them side by side. The configuration line "revision" says which side a
// line is of, "pkg" of which package. Fork, round and order stand in lines that
// begin with #slice, which benchmark readers pass over.
type File struct {
	w    io.Writer
	pkg  string
	side string
}

// NewFile writes what is known before measuring. It is not a run file of the
// record package, which has one setting of everything.
func NewFile(w io.Writer, settings []record.Setting) (*File, error) {
	var b bytes.Buffer
	for _, s := range settings {
		if text := record.OneLine(s.Value); text != "" {
			fmt.Fprintf(&b, "%s: %s\n", s.Key, text)
		}
	}
	_, err := w.Write(b.Bytes())
	return &File{w: w}, err
}

// sharedUnit is the unit of times on a shared core. They are processor time, and
// not to be mixed with others.
const sharedUnit = "cpu-ns/op"

// Take writes a slice, with one call to Write.
func (f *File) Take(p *revision.Pair, s *revision.Slice) error {
	var b bytes.Buffer
	if f.pkg != p.Package {
		f.pkg = p.Package
		fmt.Fprintf(&b, "pkg: %s\n", f.pkg)
	}
	side := s.Side
	if p.Control {
		side += "-again"
	}
	if f.side != side {
		f.side = side
		fmt.Fprintf(&b, "revision: %s\n", side)
	}
	unit := revision.TimeUnit
	if s.Design == revision.SharedCore {
		unit = sharedUnit
	}
	place, err := json.Marshal(struct {
		record.Place
		Layout int    `json:"layout,omitempty"`
		Design string `json:"design"`
	}{s.Place, s.Layout, s.Design.String()})
	if err != nil {
		return err
	}
	fmt.Fprintf(&b, "%s%s\n%s\t%d\t%s %s", record.SliceMark, place, p.FullName(), s.N, number(s.PerOp()), unit)
	for _, unit := range slices.Sorted(maps.Keys(s.Metrics)) {
		fmt.Fprintf(&b, "\t%s %s", number(s.Metrics[unit]), unit)
	}
	b.WriteByte('\n')
	_, err = f.w.Write(b.Bytes())
	return err
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
