package chart

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Timeline shows who did what when: a lane for each worker, lanes in groups,
// all groups on one time axis so that their lengths can be compared.
type Timeline struct {
	Title, Subtitle string
	Groups          []Group
	XLabel          string
	Unit            float64  // seconds per unit of the axis: 0.001 for milliseconds; 0 means 1
	Kinds           []string // order of keys and colours; kinds not named follow as they appear
	Idle            []string // kinds in which nothing is done: pale within an outline
}

// A Group is lanes under a heading.
type Group struct {
	Name  string
	Lanes []Lane
}

// A Lane is one worker's time.
type Lane struct {
	Name  string
	Spans []Span
}

// A Span is a stretch of time in seconds, or if it ends where it starts a mark.
// The label is printed if there is room for it: in its bar, or if the bars of a
// lane are too short for that, for some of them below.
type Span struct {
	Start, End  float64
	Kind, Label string
}

func (s Span) mark() bool { return s.Start == s.End }

const (
	lanePitch   = vg.Length(16)
	laneHeight  = vg.Length(12)
	headingLine = vg.Length(15)
	groupGap    = vg.Length(7)
	captionLine = vg.Length(12) // below a lane whose labels do not fit into it
)

// Figure lays the chart out. It is an error if there is no span, or if one
// ends before it starts or has a time that is no number; the error names the
// lane.
func (t Timeline) Figure() (*Figure, error) {
	if t.Unit == 0 {
		t.Unit = 1
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	kinds := t.kinds()
	var names []string
	var marks []extent
	for _, group := range t.Groups {
		for _, lane := range group.Lanes {
			names = append(names, lane.Name)
			marks = append(marks, t.extents(lane)...)
		}
	}
	labels := newRowLabels(names)
	in := insets{left: labels.width()}
	width := innerWidth - in.left
	x := fit(false, width, marks)
	layer, height := t.stack(kinds, func(v float64) vg.Length { return vg.Length(x.norm(v)) * width })
	labels.centers = layer.centers
	axis := bottomAxis{x.ticks(nil, x.beside(width)), t.XLabel}
	in.bottom = axis.height()
	return newFigure(newHead(t.Title, t.Subtitle, t.keys(kinds)), in, height, x, scale{hi: float64(height)},
		tracks{labels.centers}, axis, labels, layer), nil
}

func (t Timeline) check() error {
	if err := checkValue(t.Unit, true); err != nil {
		return fmt.Errorf("chart: unit of the time axis: %w", err)
	}
	empty := true
	for _, g := range t.Groups {
		for _, l := range g.Lanes {
			for _, s := range l.Spans {
				empty = false
				err := cmp.Or(checkValue(s.Start/t.Unit, false), checkValue(s.End/t.Unit, false))
				if err == nil && s.End < s.Start {
					err = fmt.Errorf("it ends at %g s, before it starts at %g s", s.End, s.Start)
				}
				if err != nil {
					return fmt.Errorf("chart: group %q, lane %q, span %q: %w", g.Name, l.Name, s.Label, err)
				}
			}
		}
	}
	if empty {
		return errEmpty
	}
	return nil
}

// kinds returns the kinds in the order of their colours.
func (t Timeline) kinds() []string {
	kinds := slices.Clone(t.Kinds)
	for _, g := range t.Groups {
		for _, l := range g.Lanes {
			for _, s := range l.Spans {
				if !slices.Contains(kinds, s.Kind) {
					kinds = append(kinds, s.Kind)
				}
			}
		}
	}
	return kinds
}

// keys explains the kinds that occur, those that are only marks by a mark.
func (t Timeline) keys(kinds []string) []key {
	long, short := make([]bool, len(kinds)), make([]bool, len(kinds))
	for _, g := range t.Groups {
		for _, l := range g.Lanes {
			for _, s := range l.Spans {
				k := slices.Index(kinds, s.Kind)
				long[k] = long[k] || !s.mark()
				short[k] = short[k] || s.mark()
			}
		}
	}
	var keys []key
	for i, name := range kinds {
		switch {
		case name == "" || !long[i] && !short[i]:
		case long[i]:
			keys = append(keys, key{name, func(c *draw.Canvas, at vg.Point) {
				var b bars
				b.add(at.X-keyBox/2, at.X+keyBox/2, at.Y, keyBox/2)
				b.draw(c, colorOf(i), slices.Contains(t.Idle, name))
			}})
		default:
			keys = append(keys, key{name, func(c *draw.Canvas, at vg.Point) { moment(c, i, at, keyBox/2+1) }})
		}
	}
	return keys
}

// A heading is the name of a group, written so far above the bottom.
type heading struct {
	name     string
	baseline vg.Length
}

// stack puts groups below one another and returns the lanes with where they
// are, and the height of the whole. toX says where in the data area a time is.
func (t Timeline) stack(kinds []string, toX func(float64) vg.Length) (l lanesLayer, height vg.Length) {
	for _, k := range kinds {
		l.idle = append(l.idle, slices.Contains(t.Idle, k))
	}
	for i, g := range t.Groups {
		if i > 0 {
			height += groupGap
		}
		if g.Name != "" {
			height += headingLine
		}
		l.headings = append(l.headings, heading{g.Name, height - 4})
		for _, lane := range g.Lanes {
			spans := t.spans(lane, kinds)
			crowded := crowded(spans, toX)
			l.lanes = append(l.lanes, spans)
			l.crowded = append(l.crowded, crowded)
			l.centers = append(l.centers, height+lanePitch/2)
			height += lanePitch
			if crowded {
				height += captionLine
			}
		}
	}
	height += groupGap / 2
	// So far it counts from the top, and the plot does from the bottom.
	for i := range l.headings {
		l.headings[i].baseline = height - l.headings[i].baseline
	}
	for i := range l.centers {
		l.centers[i] = height - l.centers[i]
	}
	l.sparsely(toX)
	return l, height
}

// extents returns what has to fit on the time axis: the ends of all spans, and
// the labels of marks at the very end of the lane, which have no room before.
func (t Timeline) extents(l Lane) []extent {
	if len(l.Spans) == 0 {
		return nil
	}
	first, last := l.Spans[0].Start, l.Spans[0].End
	for _, s := range l.Spans {
		first, last = min(first, s.Start), max(last, s.End)
	}
	var all []extent
	for _, s := range l.Spans {
		end := extent{v: s.End / t.Unit}
		if s.mark() && s.Label != "" && last-s.End <= (last-first)/100 {
			end.right = valuePen.width(s.Label) + 2*labelRoom
		}
		all = append(all, extent{v: s.Start / t.Unit}, end)
	}
	return all
}

// spans returns the spans of a lane in units of the axis, with their kinds as
// numbers, in order of their start: what starts later is drawn on top.
func (t Timeline) spans(l Lane, kinds []string) []laneSpan {
	spans := make([]laneSpan, len(l.Spans))
	for i, s := range l.Spans {
		spans[i] = laneSpan{s.Start / t.Unit, s.End / t.Unit, s.mark(), slices.Index(kinds, s.Kind), s.Label}
	}
	slices.SortStableFunc(spans, func(a, b laneSpan) int { return cmp.Compare(a.start, b.start) })
	return spans
}
