package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Schedule shows one interleaving: a lane for each thread, a box for each step
// in the lane of who took it, one step a column, and below them what the shared
// state was after each. A schedule that is too long for the page goes on in
// further bands, as music does.
type Schedule struct {
	Title, Subtitle string
	Lanes           []string
	Steps           []Step
	State           []StateRow
	Arrows          []Arrow
	Kinds           []string // order of keys and colours; kinds not named follow as they appear
}

// A Step is a box of a [Schedule]. The detail stands below the label. A step of
// no kind is pale, and has no key.
type Step struct {
	Lane                int
	Label, Detail, Kind string
}

// A StateRow is one thing that the threads share: what it held at first, and
// after each step.
type StateRow struct {
	Name, Start string
	Values      []string
}

// An Arrow leads from one step to another of a different lane. Both are indices
// of Steps.
type Arrow struct{ From, To int }

const (
	stepPitch  = vg.Length(37) // from lane to lane
	boxHeight  = vg.Length(26)
	boxRoom    = vg.Length(4) // free on the left and right of the text in a box
	boxGap     = vg.Length(3) // between the boxes of two columns
	statePitch = vg.Length(13)
	stateGap   = vg.Length(5)
	numberLine = vg.Length(12)
	bandGap    = vg.Length(12)
	leastBox   = vg.Length(22)
)

// Figure lays the chart out. It is an error if there is no step, or if one is
// in a lane that does not exist; the error names the step.
func (s Schedule) Figure() (*Figure, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	kinds := s.kinds()
	names := s.names(true)
	in := insets{left: newRowLabels(append(s.names(false), names...)).width()}
	width := innerWidth - in.left
	columns := s.columns(width)
	bands := (len(s.Steps) + columns - 1) / columns
	columns = (len(s.Steps) + bands - 1) / bands // all about equally long
	layer := bandsLayer{s: s, kinds: kinds, columns: columns, pitch: min(width/vg.Length(columns), 4*leastBox)}
	height := vg.Length(bands)*layer.band() + vg.Length(bands-1)*bandGap
	all := names
	for range bands - 1 {
		all = append(all, s.names(false)...)
	}
	labels := newRowLabels(all)
	for i := range labels.centers {
		top := height - vg.Length(i/len(names))*(layer.band()+bandGap)
		labels.centers[i] = layer.rowCenter(top, i%len(names))
	}
	return newFigure(newHead(s.Title, s.Subtitle, s.keys(kinds)), in, height,
		scale{hi: float64(width)}, scale{hi: float64(height)}, labels, layer), nil
}

// names are the labels of the rows of a band. The first band says what the
// state was at first.
func (s Schedule) names(first bool) []string {
	names := slices.Clone(s.Lanes)
	for _, r := range s.State {
		if first && r.Start != "" {
			r.Name = fmt.Sprintf("%s (at first %s)", r.Name, r.Start)
		}
		names = append(names, r.Name)
	}
	return names
}

func (s Schedule) check() error {
	for i, step := range s.Steps {
		if step.Lane < 0 || step.Lane >= len(s.Lanes) {
			return fmt.Errorf("chart: step %d, %q: lane %d of %d", i+1, step.Label, step.Lane, len(s.Lanes))
		}
	}
	for _, r := range s.State {
		if len(r.Values) != len(s.Steps) {
			return fmt.Errorf("chart: state %q has %d values for %d steps", r.Name, len(r.Values), len(s.Steps))
		}
	}
	for _, a := range s.Arrows {
		if min(a.From, a.To) < 0 || max(a.From, a.To) >= len(s.Steps) || s.Steps[a.From].Lane == s.Steps[a.To].Lane {
			return fmt.Errorf("chart: arrow from step %d to step %d of %d: want steps of two lanes", a.From+1, a.To+1, len(s.Steps))
		}
	}
	if len(s.Steps) == 0 {
		return errEmpty
	}
	return nil
}

// columns is how many boxes as wide as the widest text fit side by side.
func (s Schedule) columns(width vg.Length) int {
	box := leastBox
	for _, step := range s.Steps {
		box = max(box, valuePen.widest(step.Label, step.Detail)+2*boxRoom+boxGap)
	}
	for _, r := range s.State {
		for _, v := range r.Values {
			box = max(box, valuePen.width(v)+boxGap+boxRoom)
		}
	}
	return max(1, min(len(s.Steps), int(width/box)))
}

// kinds returns the kinds in the order of their colours.
func (s Schedule) kinds() []string {
	kinds := slices.Clone(s.Kinds)
	for _, step := range s.Steps {
		if step.Kind != "" && !slices.Contains(kinds, step.Kind) {
			kinds = append(kinds, step.Kind)
		}
	}
	return kinds
}

// keys explains the kinds that occur.
func (s Schedule) keys(kinds []string) []key {
	var keys []key
	for i, name := range kinds {
		if slices.ContainsFunc(s.Steps, func(step Step) bool { return step.Kind == name }) {
			keys = append(keys, key{name, func(c *draw.Canvas, at vg.Point) { square(c, i, at) }})
		}
	}
	return keys
}

// stepNumber is what stands above a column.
func stepNumber(i int) string { return strconv.Itoa(i + 1) }

// before returns what a row of state held before a step.
func (r StateRow) before(i int) string {
	if i == 0 {
		return cmp.Or(r.Start, r.Values[0])
	}
	return r.Values[i-1]
}
